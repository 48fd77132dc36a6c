/** Rules for records of custom objects. */
import type { FieldValue } from '../contracts.ts';
import { checkOwner } from './accountContact.ts';
import type { Chunk } from './orgForDml.ts';

type Values = Record<string, FieldValue>;

/** Without an owner, the user who inserts a record owns it; without a name, its Id names it (from public reports). */
export function completeCustomRecord(chunk: Chunk, values: Values): void {
  const has = (name: string): boolean => chunk.object.fields.some((field) => field.name === name && field.createable);
  if (has('OwnerId')) values['OwnerId'] ??= chunk.runningUserId;
  checkCustomOwner(chunk, values);
  if (!has('Name') || (values['Name'] ?? null) !== null) return;
  const id = chunk.org.store.newId(chunk.object.name);
  Object.assign(values, { Id: id, Name: id });
}

/** Owners may be queues, too; of people the same holds as for accounts. */
export function checkCustomOwner(chunk: Chunk, values: Readonly<Values>): void {
  const owner = values['OwnerId'] ?? null;
  if (owner !== null && chunk.org.schema.objectOfId(String(owner))?.name === 'User') checkOwner(chunk, values);
}
