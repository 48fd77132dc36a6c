/** From what a client sends (text in a CSV, typed values in JSON) to the value as it is stored. */
import type { FieldValue } from '../contracts.ts';
import { toId18 } from '../ids.ts';
import type { FieldDefinition } from '../schema/types.ts';
import { refuse } from './rowRefusal.ts';

export function convertValue(field: FieldDefinition, value: FieldValue): FieldValue {
  if (value === null) return null;
  switch (field.type) {
    case 'boolean':
      return toBoolean(field, value);
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return toNumber(field, value);
    case 'date':
    case 'datetime':
      return toDate(field, value);
    case 'id':
    case 'reference':
      return toId(field, value);
    default:
      return toText(field, value);
  }
}

function wrongType(field: FieldDefinition, value: FieldValue): never {
  return refuse('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${value}`, [
    field.name,
  ]);
}

/** Booleans of a CSV are true, false, 1 and 0 (docs/salesforce-facts.md#bulk-csv). */
function toBoolean(field: FieldDefinition, value: FieldValue): FieldValue {
  if (typeof value === 'boolean') return value;
  const text = String(value).trim().toLowerCase();
  if (text === '') return null;
  if (text === 'true' || text === '1') return true;
  return text === 'false' || text === '0' ? false : wrongType(field, value);
}

function toNumber(field: FieldDefinition, value: FieldValue): FieldValue {
  if (typeof value === 'string' && value.trim() === '') return null;
  const number = typeof value === 'number' ? value : Number(String(value).trim());
  const fits =
    Number.isFinite(number) && typeof value !== 'boolean' && (field.type !== 'int' || Number.isInteger(number));
  return fits ? number : wrongType(field, value);
}

function toDate(field: FieldDefinition, value: FieldValue): FieldValue {
  if (typeof value !== 'string') return wrongType(field, value);
  const text = value.trim();
  if (text === '') return null;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/.test(text);
  const time = day || moment ? Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) : Number.NaN;
  if (Number.isNaN(time)) return wrongType(field, value);
  const iso = new Date(time).toISOString();
  return field.type === 'date' ? iso.slice(0, 10) : iso;
}

/** An Id is judged by form here, by object and existence in referenceRules (docs/salesforce-facts.md#row-errors). */
function toId(field: FieldDefinition, value: FieldValue): FieldValue {
  const text = String(value).trim();
  if (text === '') return null;
  return toId18(text) ?? malformedId(field, String(value));
}

export function malformedId(field: FieldDefinition, value: string): never {
  return refuse('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, [field.name]);
}

/** Salesforce trims text on save, and an empty text is null. */
function toText(field: FieldDefinition, value: FieldValue): FieldValue {
  if (typeof value === 'boolean') return wrongType(field, value);
  const text = String(value).trim();
  return text === '' ? null : text;
}
