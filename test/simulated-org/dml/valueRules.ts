/** Rules that need only the value and its field: Ids of another object, lengths, e-mail addresses, restricted picklists. */
import type { FieldValue } from '../contracts.ts';
import type { FieldDefinition } from '../schema/types.ts';
import { malformedId } from './convertValue.ts';
import { hasEmailForm } from './emailForm.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';

export type ConvertedField = { readonly field: FieldDefinition; readonly value: FieldValue };

/**
 * Ids, lengths, e-mail addresses, picklists, in this order (docs/salesforce-facts.md#insert-of-a-user); within each, in
 * column order.
 */
export function checkValues(chunk: Chunk, fields: readonly ConvertedField[]): void {
  for (const rule of [checkIdType, checkLength, checkEmail, checkPicklist]) {
    for (const { field, value } of fields) {
      if (value !== null) rule(chunk, field, value);
    }
  }
}

function checkIdType(chunk: Chunk, field: FieldDefinition, value: FieldValue): void {
  if (field.type !== 'reference') return;
  const target = chunk.org.schema.objectOfId(String(value))?.name;
  // An object that this org does not have a table for (Individual, CallCenter) can't be judged by its prefix.
  const known = field.referenceTo.every((name) => chunk.org.schema.object(name) !== undefined);
  if (known && (target === undefined || !field.referenceTo.includes(target))) malformedId(field, String(value));
}

const textTypes = new Set(['string', 'textarea', 'email', 'phone', 'url', 'picklist', 'multipicklist']);

function checkLength(_chunk: Chunk, field: FieldDefinition, value: FieldValue): void {
  if (!textTypes.has(field.type) || field.length === 0) return;
  const text = String(value);
  if (text.length > field.length) {
    refuse('STRING_TOO_LONG', `${field.label}: data value too large: ${text} (max length=${field.length})`, [
      field.name,
    ]);
  }
}

function checkEmail(_chunk: Chunk, field: FieldDefinition, value: FieldValue): void {
  if (field.type === 'email' && !hasEmailForm(String(value))) {
    refuse('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name]);
  }
}

function checkPicklist(chunk: Chunk, field: FieldDefinition, value: FieldValue): void {
  if (!field.restrictedPicklist) return;
  const known = field.picklist(chunk.org.switches);
  // A definition without values leaves them to another part; keys are compared as written, labels are no keys
  // (docs/salesforce-facts.md#field-values).
  if (known.length > 0 && !known.some((entry) => entry.value === value)) {
    refuse(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `${field.label}: bad value for restricted picklist field: ${value}`,
      [field.name],
    );
  }
}
