/**
 * Missing values come in one list, whatever else is wrong with the row comes alone
 * (docs/salesforce-facts.md#insert-of-a-user).
 */
import type { FieldValue } from '../contracts.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/types.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';

/** As the describe says it (docs/salesforce-facts.md#field-values). */
function isRequired(field: FieldDefinition): boolean {
  return field.createable && !field.nillable && !field.defaultedOnCreate && field.type !== 'boolean';
}

const requiredByObject = new WeakMap<ObjectDefinition, readonly FieldDefinition[]>();

export function checkRequiredOnInsert(chunk: Chunk, values: Readonly<Record<string, FieldValue>>): void {
  let required = requiredByObject.get(chunk.object);
  if (required === undefined) {
    required = chunk.object.fields.filter(isRequired);
    requiredByObject.set(chunk.object, required);
  }
  report(required.filter((field) => (values[field.name] ?? null) === null && field.exists(chunk.org.switches)));
}

/** An update must not clear what may not be empty. */
export function checkRequiredOnUpdate(chunk: Chunk, values: Readonly<Record<string, FieldValue>>): void {
  report(
    chunk.object.fields.filter(
      (field) => values[field.name] === null && !field.nillable && field.updateable && field.type !== 'boolean',
    ),
  );
}

function report(missing: readonly FieldDefinition[]): void {
  if (missing.length === 0) return;
  const names = missing.map((field) => field.name).sort();
  refuse('REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
}
