/** Custom lookups to a record that is deleted: optional ones are emptied, a required one keeps the record (Salesforce Help, Lookup Relationships). */
import type { FieldDefinition, ObjectDefinition } from '../schema/types.ts';
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { statement } from '../statements.ts';

type Lookup = { readonly object: ObjectDefinition; readonly field: FieldDefinition };

/** To be asked before anything of the delete is done: a refused row has changed nothing. */
export function checkNoneRequires(chunk: Chunk, sobject: string, id: string): void {
  for (const { object, field } of customLookupsTo(chunk, sobject)) {
    const sql = `SELECT "Id" FROM "${object.name}" WHERE "${field.name}" = ? LIMIT 1`;
    if (field.nillable || statement(chunk.org.store.db, sql).get(id) === undefined) continue;
    // The words are unproven.
    refuse(
      'DELETE_FAILED',
      `Your attempt to delete this record could not be completed because it is associated with: ${object.labelPlural}`,
    );
  }
}

export function emptyLookups(chunk: Chunk, sobject: string, id: string): void {
  for (const { object, field } of customLookupsTo(chunk, sobject)) {
    const sql = `UPDATE "${object.name}" SET "${field.name}" = NULL WHERE "${field.name}" = ?`;
    statement(chunk.org.store.db, sql).run(id);
  }
}

/** Fields that the running user does not see count, too: they have their data all the same. */
function customLookupsTo(chunk: Chunk, sobject: string): Lookup[] {
  return chunk.org.schema
    .objects()
    .flatMap((object) =>
      object.fields
        .filter((field) => field.custom && field.referenceTo.includes(sobject))
        .map((field) => ({ object, field })),
    );
}
