/** Upsert of one row by an external id or an idLookup field. */
import type { FieldValue, RowResult } from '../contracts.ts';
import { insertRow } from './insertRow.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { updateRow } from './updateRow.ts';

export function upsertRow(chunk: Chunk, row: Readonly<Record<string, FieldValue>>, externalIdField: string): RowResult {
  const field = chunk.org.schema.field(chunk.object, externalIdField);
  if (field === undefined || !(field.externalId || field.idLookup)) {
    return refuse(
      'INVALID_FIELD',
      `Field name provided, ${externalIdField} is not an External ID or indexed field for ${chunk.object.name}`,
    );
  }
  const key = Object.entries(row).find(([column]) => column.toLowerCase() === field.name.toLowerCase())?.[1] ?? null;
  if (field.type === 'id') {
    return key === null || key === '' ? created(insertRow(chunk, without(row, 'Id'))) : updated(updateRow(chunk, row));
  }
  if (key === null || key === '') return refuse('MISSING_ARGUMENT', `${field.name} not specified`);
  const matches = chunk.org.store.find(chunk.object.name, { [field.name]: key });
  if (matches.length > 1) {
    const ids = matches.map((match) => match.Id).join(', ');
    return refuse('DUPLICATE_EXTERNAL_ID', `${field.name}: more than one record found for external id field: [${ids}]`);
  }
  const match = matches[0];
  return match === undefined
    ? created(insertRow(chunk, row))
    : updated(updateRow(chunk, { ...without(row, field.name), Id: match.Id }));
}

function without(row: Readonly<Record<string, FieldValue>>, name: string): Record<string, FieldValue> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => column.toLowerCase() !== name.toLowerCase()));
}

function created(id: string): RowResult {
  return { success: true, id, created: true };
}

function updated(id: string): RowResult {
  return { success: true, id, created: false };
}
