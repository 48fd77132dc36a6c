/** Compiles a WHERE clause to SQL with Salesforce's two-valued logic: a comparison with null is false, its negation true. */
import type { FieldDefinition } from '../schema/types.ts';
import type { ConditionTree, Comparison } from './conditionTree.ts';
import { conditionTree } from './conditionTree.ts';
import { dayRange, dayStart, localDay } from './dates.ts';
import type { Place } from './errors.ts';
import { malformed, queryError } from './errors.ts';
import { unescape } from './lexer.ts';
import type { Bound, Literal } from './literals.ts';
import { boundValue, checkKind } from './literals.ts';
import type { ParsedQuery } from './parse.ts';
import type { Column, Paths } from './paths.ts';
import type { QueryCaller } from './types.ts';

/** A piece of SQL and the values for its question marks, in order. */
export type Sql = { readonly text: string; readonly values: readonly Bound[] };

/** Compiles the inner query of a semi-join; given from outside, because it needs the whole compiler. */
export type CompileInner = (comparison: Comparison, column: Column) => Sql;

export class Conditions {
  private readonly parsed: ParsedQuery;
  private readonly paths: Paths;
  private readonly caller: QueryCaller;
  private readonly compileInner: CompileInner;

  constructor(parsed: ParsedQuery, paths: Paths, caller: QueryCaller, compileInner: CompileInner) {
    this.parsed = parsed;
    this.paths = paths;
    this.caller = caller;
    this.compileInner = compileInner;
  }

  where(clause: NonNullable<ParsedQuery['tree']['where']>): Sql {
    const tree = conditionTree(this.parsed, clause);
    this.checkSemiJoins(tree);
    return this.compile(tree, false);
  }

  private compile(tree: ConditionTree, negated: boolean): Sql {
    if (tree.kind === 'leaf') return this.leaf(tree.comparison, negated);
    if (tree.kind === 'not') return this.compile(tree.item, !negated);
    const operator = (tree.kind === 'and') === !negated ? ' AND ' : ' OR ';
    return joined(
      tree.items.map((item) => this.compile(item, negated)),
      operator,
    );
  }

  private checkSemiJoins(tree: ConditionTree): void {
    const all = leaves(tree).filter((leaf) => leaf.inner !== undefined);
    const top = (tree.kind === 'and' ? tree.items : [tree]).filter(
      (item) => item.kind === 'leaf' && item.comparison.inner !== undefined,
    );
    const place = { soql: this.parsed.soql, offset: undefined };
    if (all.length > 2) throw malformed(place, 'Maximum 2 semi join sub-selects are allowed');
    if (all.length > top.length) {
      throw malformed(
        place,
        'Semi join sub-selects are only allowed at the top level WHERE expressions and not in nested WHERE expressions',
      );
    }
  }

  private leaf(comparison: Comparison, negated: boolean): Sql {
    const column = this.paths.resolve(comparison.field);
    const place = this.paths.place(comparison.field);
    this.checkFilterable(column.field, place);
    if (comparison.inner) return this.semiJoin(comparison, column, negated);
    const literals = comparison.values.map((value, index) =>
      this.literal(comparison.kinds[index] ?? 'STRING', value, place),
    );
    for (const literal of literals) checkKind(column.field, literal, place);
    const { operator } = comparison;
    checkOperator(column.field, operator, comparison.isList, place);
    if (operator === 'IN' || operator === 'NOT IN')
      return this.list(column, literals, (operator === 'NOT IN') !== negated, place);
    if (operator === 'LIKE') return this.like(column, literals, negated, place);
    if (operator === 'INCLUDES' || operator === 'EXCLUDES')
      return this.includes(column, literals, (operator === 'EXCLUDES') !== negated);
    const [literal] = literals;
    if (!literal) throw malformed(place, "unexpected token: '<EOF>'");
    return this.compare(column, operator, literal, negated, place);
  }

  private checkFilterable(field: FieldDefinition, place: Place): void {
    const noLicenseFilter = field.name === 'UsedLicenses' && Number(this.caller.apiVersion) >= 64;
    if (!field.filterable || noLicenseFilter)
      throw queryError('INVALID_FIELD', place, `field '${field.name}' can not be filtered in a query call`);
  }

  private literal(kind: string, value: string, place: Place): Literal {
    if (kind === 'APEX_BIND_VARIABLE') throw malformed(place, 'Bind variables only allowed in Apex code');
    if (kind !== 'STRING') return { kind, text: value };
    return { kind, text: this.parsed.literals[Number(value.replaceAll("'", ''))] ?? '' };
  }

  private compare(column: Column, operator: string, literal: Literal, negated: boolean, place: Place): Sql {
    if (literal.kind.startsWith('DATE_')) return this.compareRange(column, operator, literal, negated, place);
    const value = boundValue(column.field, literal, place);
    if (operator === '=' || operator === '!=') return equality(column, value, (operator === '!=') !== negated);
    if (value === null) throw malformed(place, `Invalid comparison with null for field '${column.field.name}'`);
    return ordered(column.sql, operator, value, negated);
  }

  private compareRange(column: Column, operator: string, literal: Literal, negated: boolean, place: Place): Sql {
    const { timeZone, now } = this.caller;
    const range = dayRange(literal.text, localDay(now, timeZone));
    if (!range) throw malformed(place, `Invalid date literal: ${literal.text}`);
    const bound = (day: string): string => (column.field.type === 'date' ? day : dayStart(day, timeZone));
    const [start, end] = [bound(range.start), bound(range.end)];
    if (operator === '=' || operator === '!=') {
      const inside = joined([ordered(column.sql, '>=', start, false), ordered(column.sql, '<', end, false)], ' AND ');
      const outside = joined([ordered(column.sql, '>=', start, true), ordered(column.sql, '>=', end, false)], ' OR ');
      return (operator === '=') === !negated ? inside : outside;
    }
    // After the range means from its end on; up to the range means before its end.
    const [comparison, edge] = { '>': ['>=', end], '>=': ['>=', start], '<': ['<', start], '<=': ['<', end] }[
      operator
    ] ?? ['=', start];
    return ordered(column.sql, comparison ?? '=', edge ?? start, negated);
  }

  private list(column: Column, literals: readonly Literal[], negated: boolean, place: Place): Sql {
    if (literals.some((literal) => literal.kind.startsWith('DATE_'))) {
      return joined(
        literals.map((literal) => this.compare(column, '=', literal, negated, place)),
        negated ? ' AND ' : ' OR ',
      );
    }
    const values = literals.map((literal) => boundValue(column.field, literal, place));
    const present = values.filter((value) => value !== null);
    const withNull = present.length < values.length || (column.field.type === 'boolean' && present.includes(0));
    const folded = present.filter((value) => needsFolding(column, value));
    const plain = present.filter((value) => !needsFolding(column, value));
    const parts: Sql[] = [];
    if (plain.length > 0) parts.push(membership(column.sql, plain, negated));
    if (folded.length > 0)
      parts.push(
        membership(
          `sf_fold(${column.sql})`,
          folded.map((value) => String(value).toLowerCase()),
          negated,
        ),
      );
    const listed = joined(parts, negated ? ' AND ' : ' OR ');
    return withNulls(column.sql, listed, withNull !== negated, parts.length === 0);
  }

  private like(column: Column, literals: readonly Literal[], negated: boolean, place: Place): Sql {
    const [literal] = literals;
    if (literal?.kind !== 'STRING') throw malformed(place, `LIKE needs a string for field '${column.field.name}'`);
    const pattern = likePattern(literal.text);
    const text = `sf_fold(${column.sql}) ${negated ? 'NOT ' : ''}LIKE ? ESCAPE '\\'`;
    return withNulls(column.sql, { text, values: [pattern.toLowerCase()] }, negated, false);
  }

  private includes(column: Column, literals: readonly Literal[], negated: boolean): Sql {
    const each = literals.map((literal) => {
      const wanted = unescape(literal.text)
        .split(';')
        .map((value) => ({
          text: `INSTR(';' || LOWER(${column.sql}) || ';', ?) > 0`,
          values: [`;${value.toLowerCase()};`],
        }));
      return joined(wanted, ' AND ');
    });
    const any = joined(each, ' OR ');
    return negated ? { text: `COALESCE(NOT ${any.text}, 1)`, values: any.values } : any;
  }

  private semiJoin(comparison: Comparison, column: Column, negated: boolean): Sql {
    const inner = this.compileInner(comparison, column);
    const isAnti = (comparison.operator === 'NOT IN') !== negated;
    return { text: `${column.sql} ${isAnti ? 'NOT IN' : 'IN'} (${inner.text})`, values: inner.values };
  }
}

function leaves(tree: ConditionTree): Comparison[] {
  if (tree.kind === 'leaf') return [tree.comparison];
  return tree.kind === 'not' ? leaves(tree.item) : tree.items.flatMap(leaves);
}

const orderedTypes = new Set([
  'date',
  'datetime',
  'int',
  'double',
  'currency',
  'percent',
  'string',
  'email',
  'phone',
  'url',
  'picklist',
  'textarea',
  'id',
  'reference',
]);
const likeTypes = new Set(['string', 'email', 'phone', 'url', 'picklist', 'textarea', 'multipicklist']);

function checkOperator(field: FieldDefinition, operator: string, isList: boolean, place: Place): void {
  if ((operator === 'IN' || operator === 'NOT IN') && !isList)
    throw malformed(place, `unexpected token: '${operator}'`);
  if (operator === 'INCLUDES' || operator === 'EXCLUDES') {
    if (field.type !== 'multipicklist')
      throw queryError(
        'INVALID_QUERY_FILTER_OPERATOR',
        place,
        'includes or excludes operator only valid on multipicklist field',
      );
    return;
  }
  if (operator === 'LIKE' && !likeTypes.has(field.type)) {
    const kind =
      field.type === 'id' || field.type === 'reference'
        ? 'invalid operator on id field'
        : `invalid operator on ${field.type} field`;
    throw queryError('INVALID_QUERY_FILTER_OPERATOR', place, kind);
  }
  if (/^[<>]/.test(operator) && !orderedTypes.has(field.type)) {
    throw queryError('INVALID_QUERY_FILTER_OPERATOR', place, `invalid operator on ${field.type} field`);
  }
}

function joined(parts: readonly Sql[], operator: ' AND ' | ' OR '): Sql {
  return { text: `(${parts.map((part) => part.text).join(operator)})`, values: parts.flatMap((part) => part.values) };
}

/** SQLite compares without case only in ASCII; other letters are folded by a function, which no index helps. */
function needsFolding(column: Column, value: Bound): boolean {
  return (
    typeof value === 'string' &&
    !column.field.caseSensitive &&
    likeTypes.has(column.field.type) &&
    /[^\u0000-\u007f]/.test(value)
  );
}

function equality(column: Column, value: Bound, negated: boolean): Sql {
  if (value === null) return { text: `${column.sql} IS ${negated ? 'NOT ' : ''}NULL`, values: [] };
  // A boolean of a missing parent counts as false.
  if (column.field.type === 'boolean')
    return { text: `COALESCE(${column.sql}, 0) ${negated ? '<>' : '='} ?`, values: [value] };
  const folded = needsFolding(column, value);
  const side = folded ? `sf_fold(${column.sql})` : column.sql;
  const compared = folded ? String(value).toLowerCase() : value;
  return { text: negated ? `${side} IS NOT ?` : `${side} = ?`, values: [compared] };
}

function ordered(column: string, operator: string, value: Bound, negated: boolean): Sql {
  return negated
    ? { text: `(${column} IS NULL OR NOT ${column} ${operator} ?)`, values: [value] }
    : { text: `${column} ${operator} ?`, values: [value] };
}

function membership(side: string, values: readonly Bound[], negated: boolean): Sql {
  return { text: `${side} ${negated ? 'NOT IN' : 'IN'} (${values.map(() => '?').join(', ')})`, values };
}

/** Adds the null rows to a comparison that would drop them, or makes sure that they are dropped. */
function withNulls(column: string, sql: Sql, includeNulls: boolean, isEmpty: boolean): Sql {
  if (isEmpty) return { text: `${column} IS ${includeNulls ? '' : 'NOT '}NULL`, values: [] };
  return includeNulls ? { text: `(${column} IS NULL OR ${sql.text})`, values: sql.values } : sql;
}

function likePattern(raw: string): string {
  // What stood escaped must stay literal in SQL, where `\` escapes too.
  const marked = unescape(raw.replace(/\\\\/g, '\\u005c'), (character) => `\u0000${character}`);
  return marked.replaceAll('\\', '\\\\').replaceAll('\u0000', '\\');
}
