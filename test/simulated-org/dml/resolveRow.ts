/** From the columns a client wrote to the fields of the object: unknown ones, relations by external id, rights to write. */
import type { FieldValue } from '../contracts.ts';
import type { FieldDefinition } from '../schema/types.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';

export type WrittenField = { readonly field: FieldDefinition; readonly value: FieldValue };

export type ResolvedRow = { readonly id: FieldValue; readonly written: readonly WrittenField[] };

export function resolveRow(
  chunk: Chunk,
  row: Readonly<Record<string, FieldValue>>,
  operation: 'insert' | 'update',
): ResolvedRow {
  let id: FieldValue = null;
  const written: WrittenField[] = [];
  for (const [column, value] of Object.entries(row)) {
    if (column.toLowerCase() === 'attributes') continue;
    if (column.toLowerCase() === 'id') {
      id = value;
      continue;
    }
    const one = column.includes('.') ? resolveRelation(chunk, column, value) : { field: fieldOf(chunk, column), value };
    if (one !== undefined) written.push(one);
  }
  checkWriteable(written, operation);
  return { id, written };
}

function fieldOf(chunk: Chunk, column: string): FieldDefinition {
  const field = chunk.org.schema.field(chunk.object, column);
  return field ?? refuse('INVALID_FIELD', `No such column '${column}' on sobject of type ${chunk.object.name}`);
}

/** `Relation.Field__c`: the parent by external id (docs/salesforce-facts.md#bulk-csv). */
function resolveRelation(chunk: Chunk, column: string, value: FieldValue): WrittenField | undefined {
  const [relation = '', key = ''] = column.split('.');
  const field = chunk.org.schema.relation(chunk.object, relation);
  const parentName = field?.referenceTo[0];
  const parent = parentName === undefined ? undefined : chunk.org.schema.object(parentName);
  const keyField = parent === undefined ? undefined : chunk.org.schema.field(parent, key);
  if (field === undefined || parent === undefined || keyField === undefined) {
    return refuse('INVALID_FIELD', `No such column '${column}' on sobject of type ${chunk.object.name}`);
  }
  if (value === null || value === '') return undefined;
  const found = chunk.org.store.find(parent.name, { [keyField.name]: value });
  if (found.length === 0) {
    refuse(
      'INVALID_FIELD',
      `Foreign key external ID: ${value} not found for field ${keyField.name} in entity ${parent.name}`,
    );
  }
  if (found.length > 1) {
    refuse(
      'INVALID_FIELD',
      `More than one record found for external id field ${keyField.name}: ${found.map((record) => record.Id).join(', ')}`,
    );
  }
  return { field, value: found[0]?.Id ?? null };
}

/** The text is the one Salesforce uses for every object; which fields, docs/salesforce-facts.md#insert-of-a-user says. */
function checkWriteable(written: readonly WrittenField[], operation: 'insert' | 'update'): void {
  const closed = written
    .filter(({ field }) => !(operation === 'insert' ? field.createable : field.updateable))
    .map(({ field }) => field.name);
  if (closed.length === 0) return;
  refuse(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${closed.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    closed,
  );
}
