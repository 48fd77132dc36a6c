/** Compiles the select list: plain and parent fields, FIELDS(), and aggregates with GROUP BY. */
import type { FieldType } from '@jetstreamapp/soql-parser-js';
import type { Schema } from '../schema/schema.ts';
import { malformed, queryError } from './errors.ts';
import type { ParsedQuery } from './parse.ts';
import type { Column, Paths } from './paths.ts';
import type { QueryColumn } from './types.ts';

export type SelectList = {
  readonly columns: readonly QueryColumn[];
  /** SQL expressions: first those of the columns, then the parents' Ids, then the record's own Id unless aggregated. */
  readonly expressions: readonly string[];
  readonly aggregated: boolean;
  readonly idAt: number;
};

const aggregates = new Set(['COUNT', 'COUNT_DISTINCT', 'MIN', 'MAX', 'SUM', 'AVG']);

/** `column` of a plain field; `value` is the field whose kind of value the expression has. */
type Entry = {
  readonly column?: Column;
  readonly value?: Column['field'];
  readonly sql: string;
  readonly alias: string | undefined;
};

export function compileSelect(schema: Schema, parsed: ParsedQuery, paths: Paths): SelectList {
  const { tree } = parsed;
  const groups = [tree.groupBy ?? []]
    .flat()
    .map((group) =>
      'field' in group ? groupColumn(paths, group.field) : unsupported(parsed, 'functions in GROUP BY'),
    );
  const fields = (tree.fields ?? []).flatMap((field) => expand(schema, parsed, paths, field));
  const aggregated = groups.length > 0 || fields.some((field) => field.type === 'FieldFunctionExpression');
  let unnamed = 0;
  const entries = fields.map((field) => entryOf(parsed, paths, field, () => `expr${unnamed++}`));
  if (aggregated) checkGrouped(paths, entries, groups);
  else checkDuplicates(parsed, entries);
  return layOut(paths, entries, aggregated);
}

function groupColumn(paths: Paths, written: string): Column {
  const column = paths.resolve(written);
  if (!column.field.groupable)
    throw queryError(
      'INVALID_FIELD',
      paths.place(written),
      `field '${column.field.name}' can not be grouped in a query call`,
    );
  return column;
}

function unsupported(parsed: ParsedQuery, what: string): never {
  throw malformed({ soql: parsed.soql, offset: undefined }, `${what} are not part of the simulated org`);
}

/** FIELDS(ALL) and its like become the fields themselves. */
function expand(schema: Schema, parsed: ParsedQuery, paths: Paths, field: FieldType): FieldType[] {
  if (field.type !== 'FieldFunctionExpression' || field.functionName.toUpperCase() !== 'FIELDS') return [field];
  const [parameter] = field.parameters;
  const which = typeof parameter === 'string' ? parameter.toUpperCase() : '';
  if (which !== 'STANDARD' && (parsed.tree.limit === undefined || parsed.tree.limit > 200)) {
    throw malformed(paths.place('FIELDS'), 'The SOQL FIELDS function must have a LIMIT of at most 200');
  }
  const wanted = schema.fields(paths.object).filter((each) => which === 'ALL' || (which === 'CUSTOM') === each.custom);
  return wanted.map((each) => ({ type: 'Field', field: each.name }));
}

function entryOf(parsed: ParsedQuery, paths: Paths, field: FieldType, nextName: () => string): Entry {
  if (field.type === 'Field') return plainEntry(paths, field.field, field.alias);
  if (field.type === 'FieldRelationship') {
    const prefix = 'objectPrefix' in field ? [field.objectPrefix] : [];
    const written = [...prefix, ...field.relationships, field.field].join('.');
    return plainEntry(paths, written, 'alias' in field ? field.alias : undefined);
  }
  if (field.type === 'FieldFunctionExpression') return aggregateEntry(parsed, paths, field, nextName);
  return unsupported(parsed, field.type === 'FieldSubquery' ? 'child sub-queries' : 'TYPEOF expressions');
}

function plainEntry(paths: Paths, written: string, alias: string | undefined): Entry {
  const column = paths.resolve(written);
  return { column, value: column.field, sql: column.sql, alias };
}

type FunctionField = Extract<FieldType, { type: 'FieldFunctionExpression' }>;

function aggregateEntry(parsed: ParsedQuery, paths: Paths, field: FunctionField, nextName: () => string): Entry {
  const name = field.functionName.toUpperCase();
  const [parameter] = field.parameters;
  if (!aggregates.has(name)) return unsupported(parsed, `functions like ${field.functionName}()`);
  if (typeof parameter !== 'string')
    throw malformed(paths.place(field.functionName), `unexpected token: '${field.functionName}'`);
  const column = paths.resolve(parameter);
  if (!aggregatable(column, name)) {
    throw queryError(
      'INVALID_FIELD',
      paths.place(parameter),
      `field '${column.field.name}' can not be aggregated in a query call`,
    );
  }
  const sql = name === 'COUNT_DISTINCT' ? `COUNT(DISTINCT ${column.sql})` : `${name}(${column.sql})`;
  const keepsKind = name === 'MIN' || name === 'MAX';
  return { ...(keepsKind ? { value: column.field } : {}), sql, alias: field.alias ?? nextName() };
}

function aggregatable(column: Column, name: string): boolean {
  const { type } = column.field;
  if (type === 'boolean' || type === 'address') return false;
  return (
    (name !== 'SUM' && name !== 'AVG') ||
    type === 'int' ||
    type === 'double' ||
    type === 'currency' ||
    type === 'percent'
  );
}

function checkGrouped(paths: Paths, entries: readonly Entry[], groups: readonly Column[]): void {
  const grouped = new Set(groups.map((group) => group.sql));
  for (const { column } of entries) {
    if (!column || grouped.has(column.sql)) continue;
    const written = column.path.join('.');
    throw malformed(paths.place(written), `Field must be grouped or aggregated: ${written}`);
  }
}

function checkDuplicates(parsed: ParsedQuery, entries: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const { sql, column } of entries) {
    if (seen.has(sql))
      throw queryError(
        'INVALID_FIELD',
        { soql: parsed.soql, offset: undefined },
        `duplicate field selected: ${column?.path.join('.') ?? ''}`,
      );
    seen.add(sql);
  }
}

function layOut(paths: Paths, entries: readonly Entry[], aggregated: boolean): SelectList {
  const expressions = entries.map((entry) => entry.sql);
  const idPositions = new Map<string, number>();
  const positionOf = (alias: string): number => {
    const known = idPositions.get(alias);
    if (known !== undefined) return known;
    idPositions.set(alias, expressions.length);
    return expressions.push(`${alias}."Id"`) - 1;
  };
  const columns = entries.map(({ column, value, alias }) => ({
    name: alias ?? column?.path.join('.') ?? '',
    // In an aggregated row a grouped parent field stands flat, under its own name.
    path: alias !== undefined ? [alias] : aggregated ? (column?.path.slice(-1) ?? []) : (column?.path ?? []),
    field: value,
    isAggregate: column === undefined,
    parents: aggregated
      ? []
      : (column?.parents ?? []).map((parent) => ({ object: parent.object, idAt: positionOf(parent.alias) })),
  }));
  const idAt = aggregated ? -1 : positionOf(paths.alias);
  return { columns, expressions, aggregated, idAt };
}
