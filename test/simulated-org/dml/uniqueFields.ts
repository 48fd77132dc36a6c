/** Unique fields of any object, the text as recorded: with the 15-character Id of the other record, without fields. */
import type { Chunk } from './orgForDml.ts';
import { refuse } from './rowRefusal.ts';
import { statement } from '../statements.ts';
import type { ConvertedField } from './valueRules.ts';

/** Username, CommunityNickname and FederationIdentifier have rules and codes of their own. */
const judgedElsewhere = new Set(['User.Username', 'User.CommunityNickname', 'User.FederationIdentifier']);

export function checkUniqueFields(chunk: Chunk, fields: readonly ConvertedField[], ownId: string | undefined): void {
  for (const { field, value } of fields) {
    if (!field.unique || value === null || judgedElsewhere.has(`${chunk.object.name}.${field.name}`)) continue;
    const twin = findTwin(chunk, field.name, String(value), field.caseSensitive, ownId);
    if (twin !== undefined) refuseDuplicate(field.name, twin);
  }
}

export function refuseDuplicate(fieldName: string, otherId: string, fields: readonly string[] = []): never {
  return refuse(
    'DUPLICATE_VALUE',
    `duplicate value found: ${fieldName} duplicates value on record with id: ${otherId.slice(0, 15)}`,
    fields,
  );
}

/** Another record with this value. */
export function findTwin(
  chunk: Chunk,
  fieldName: string,
  value: string,
  caseSensitive: boolean,
  ownId: string | undefined,
): string | undefined {
  // The column's own collation first, so that its index is used.
  const exactly = caseSensitive ? ` AND "${fieldName}" = ?2 COLLATE BINARY` : '';
  const sql = `SELECT "Id" FROM "${chunk.object.name}" WHERE "${fieldName}" = ?2 COLLATE NOCASE${exactly} AND "Id" <> ?1 LIMIT 1`;
  const found = statement(chunk.org.store.db, sql).get(ownId ?? '', value);
  return found === undefined ? undefined : String(found['Id']);
}
