/**
 * Site member groups: a profile or permission set is in a site once; its users become members
 * (docs/salesforce-facts.md#sites-emails-and-passwords).
 */
import type { FieldValue } from '../contracts.ts';
import type { Chunk } from './orgForDml.ts';
import { refuseDuplicate } from './uniqueFields.ts';

export function checkMemberGroup(chunk: Chunk, values: Readonly<Record<string, FieldValue>>): void {
  const found = chunk.org.store.find('NetworkMemberGroup', {
    NetworkId: values['NetworkId'] ?? null,
    ParentId: values['ParentId'] ?? null,
  });
  if (found[0] !== undefined) refuseDuplicate('ParentId', found[0].Id);
}
