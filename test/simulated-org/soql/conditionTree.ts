/** Rebuilds the brackets of a WHERE clause, which the parser keeps as counts, and refuses what Salesforce's grammar refuses. */
import type { Query, WhereClause } from '@jetstreamapp/soql-parser-js';
import { malformed } from './errors.ts';
import type { ParsedQuery } from './parse.ts';

/** A comparison as the parser gives it. */
export type Comparison = {
  readonly field: string;
  readonly operator: string;
  readonly kinds: readonly string[];
  readonly values: readonly string[];
  readonly isList: boolean;
  readonly inner: Query | undefined;
};

export type ConditionTree =
  | { readonly kind: 'and' | 'or'; readonly items: readonly ConditionTree[] }
  | { readonly kind: 'not'; readonly item: ConditionTree }
  | { readonly kind: 'leaf'; readonly comparison: Comparison };

type Item = '(' | ')' | 'AND' | 'OR' | 'NOT' | Comparison;

export function conditionTree(parsed: ParsedQuery, where: WhereClause): ConditionTree {
  const items: Item[] = [];
  flatten(parsed, where, items);
  const reader = new Reader(parsed, items);
  const tree = reader.expression();
  reader.expectEnd();
  return tree;
}

/** The loose view of all shapes a clause can have. */
type LooseClause = { left: LooseCondition | null; operator?: string; right?: LooseClause };
type LooseCondition = {
  openParen?: number;
  closeParen?: number;
  field?: string;
  operator?: string;
  value?: string | string[];
  literalType?: string | string[];
  valueQuery?: Comparison['inner'];
};

function flatten(parsed: ParsedQuery, where: WhereClause, items: Item[]): void {
  for (let clause: LooseClause | undefined = where; clause; clause = clause.right) {
    const left: LooseCondition | null = clause.left;
    for (let open = left?.openParen ?? 0; open > 0; open -= 1) items.push('(');
    if (left?.operator !== undefined) items.push(comparison(parsed, left));
    for (let close = left?.closeParen ?? 0; close > 0; close -= 1) items.push(')');
    if (clause.operator !== undefined) items.push(clause.operator as 'AND' | 'OR' | 'NOT');
  }
}

function comparison(parsed: ParsedQuery, condition: LooseCondition): Comparison {
  if (condition.field === undefined)
    throw malformed({ soql: parsed.soql, offset: undefined }, 'functions in WHERE are not part of the simulated org');
  const values = condition.value === undefined ? [] : [condition.value].flat();
  const kinds = [condition.literalType ?? []].flat();
  return {
    field: condition.field,
    operator: (condition.operator ?? '').toUpperCase().replace('<>', '!='),
    values,
    kinds: values.map((_, index) => kinds[index] ?? kinds[0] ?? 'STRING'),
    isList: Array.isArray(condition.value),
    inner: condition.valueQuery,
  };
}

/** AND and OR must not be mixed without brackets, and NOT after them must be bracketed itself (soql-parser-js#201). */
class Reader {
  private position = 0;
  private readonly parsed: ParsedQuery;
  private readonly items: readonly Item[];

  constructor(parsed: ParsedQuery, items: readonly Item[]) {
    this.parsed = parsed;
    this.items = items;
  }

  expression(): ConditionTree {
    const first = this.peek() === 'NOT' ? this.negation() : this.simple();
    const operator = this.peek();
    if (operator !== 'AND' && operator !== 'OR') return first;
    const items = [first];
    while (this.peek() === operator) {
      this.position += 1;
      items.push(this.simple());
    }
    const next = this.peek();
    if (next === 'AND' || next === 'OR') throw this.unexpected(next);
    return { kind: operator === 'AND' ? 'and' : 'or', items };
  }

  expectEnd(): void {
    if (this.position < this.items.length) throw this.unexpectedHere();
  }

  private negation(): ConditionTree {
    this.position += 1;
    return { kind: 'not', item: this.peek() === 'NOT' ? this.negation() : this.simple() };
  }

  private simple(): ConditionTree {
    const item = this.peek();
    this.position += 1;
    if (item === '(') {
      const inner = this.expression();
      if (this.peek() !== ')') throw this.unexpectedHere();
      this.position += 1;
      return inner;
    }
    if (item === undefined || typeof item === 'string') throw this.unexpected(item ?? '<EOF>');
    return { kind: 'leaf', comparison: item };
  }

  private peek(): Item | undefined {
    return this.items[this.position];
  }

  private unexpectedHere(): Error {
    const item = this.peek();
    return this.unexpected(typeof item === 'object' ? item.field : (item ?? '<EOF>'));
  }

  private unexpected(text: string): Error {
    const token = this.parsed.tokens.findLast((each) => !each.isString && each.text.toUpperCase() === text);
    return malformed({ soql: this.parsed.soql, offset: token?.offset }, `unexpected token: '${token?.text ?? text}'`);
  }
}
