/** Records that a row points to must exist (docs/salesforce-facts.md#row-errors). */
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { statement } from '../statements.ts';
import type { ConvertedField } from './valueRules.ts';

export function checkReferences(chunk: Chunk, fields: readonly ConvertedField[]): void {
  for (const { field, value } of fields) {
    if (field.type !== 'reference' || value === null) continue;
    const target = chunk.org.schema.objectOfId(String(value))?.name;
    if (target !== undefined && !exists(chunk, target, String(value))) {
      refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
    }
  }
}

function exists(chunk: Chunk, sobject: string, id: string): boolean {
  return statement(chunk.org.store.db, `SELECT 1 FROM "${sobject}" WHERE "Id" = ?`).get(id) !== undefined;
}
