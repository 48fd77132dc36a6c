/** Checks that a literal has the field's type, and turns it into a value as the store keeps it. */
import type { FieldDefinition } from '../schema/types.ts';
import { toId18 } from '../ids.ts';
import type { Place } from './errors.ts';
import { queryError } from './errors.ts';
import { unescape } from './lexer.ts';

/** One literal of a comparison. `text` of a string is what stood between the quotes, escapes and all. */
export type Literal = { readonly kind: string; readonly text: string };

export type Bound = string | number | null;

/** What kinds of literals a field takes. */
type Kinds = { readonly accepted: ReadonlySet<string>; readonly name: string; readonly quoted: boolean };

const textKinds: Kinds = { accepted: new Set(['STRING']), name: 'string', quoted: true };
const dateKinds = ['DATE_LITERAL', 'DATE_N_LITERAL'];
const kindsByType: Readonly<Partial<Record<FieldDefinition['type'], Kinds>>> = {
  boolean: { accepted: new Set(['BOOLEAN']), name: 'boolean', quoted: false },
  date: { accepted: new Set(['DATE', ...dateKinds]), name: 'date', quoted: false },
  datetime: { accepted: new Set(['DATETIME', ...dateKinds]), name: 'dateTime', quoted: false },
  int: { accepted: new Set(['INTEGER', 'DECIMAL']), name: 'int', quoted: false },
  double: { accepted: new Set(['INTEGER', 'DECIMAL']), name: 'double', quoted: false },
  currency: { accepted: new Set(['INTEGER', 'DECIMAL']), name: 'currency', quoted: false },
  percent: { accepted: new Set(['INTEGER', 'DECIMAL']), name: 'percent', quoted: false },
};

export function checkKind(field: FieldDefinition, literal: Literal, place: Place): void {
  if (literal.kind === 'NULL') return;
  const kinds = kindsByType[field.type] ?? textKinds;
  if (kinds.accepted.has(literal.kind)) return;
  const quotes = kinds.quoted ? 'should be enclosed in quotes' : 'should not be enclosed in quotes';
  throw queryError(
    'INVALID_FIELD',
    place,
    `value of filter criterion for field '${field.name}' must be of type ${kinds.name} and ${quotes}`,
  );
}

/** Not for date literals, which are ranges. */
export function boundValue(field: FieldDefinition, literal: Literal, place: Place): Bound {
  switch (literal.kind) {
    case 'NULL':
      return null;
    case 'BOOLEAN':
      return literal.text.toUpperCase() === 'TRUE' ? 1 : 0;
    case 'INTEGER':
    case 'DECIMAL':
      return Number(literal.text);
    case 'DATETIME':
      return instant(literal.text, place);
    case 'DATE':
      return realDay(literal.text, place);
    default:
      return textValue(field, unescape(literal.text), place);
  }
}

function textValue(field: FieldDefinition, text: string, place: Place): Bound {
  if (field.type === 'id' || field.type === 'reference') {
    const id = toId18(text);
    if (id === undefined) throw queryError('INVALID_QUERY_FILTER_OPERATOR', place, `invalid ID field: ${text}`);
    return id;
  }
  // Salesforce stores no empty text: it means null.
  return text === '' ? null : text;
}

function instant(text: string, place: Place): string {
  const milliseconds = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(milliseconds)) throw queryError('MALFORMED_QUERY', place, `Invalid datetime: ${text}`);
  return new Date(milliseconds).toISOString();
}

function realDay(text: string, place: Place): string {
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text) {
    throw queryError('MALFORMED_QUERY', place, `Invalid date: ${text}`);
  }
  return text;
}
