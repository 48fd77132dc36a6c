/** Usernames: form, lower case, and how far they must be unique (docs/salesforce-facts.md#identities, #row-errors). */
import type { FieldValue } from '../../contracts.ts';
import { hasEmailForm } from '../emailForm.ts';
import { labelOf } from '../orgForDml.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import { statement } from '../../statements.ts';
import type { Family } from './family.ts';

const duplicateText =
  "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match the user's email address). ";

/** Before the required fields are looked at: form only. Usernames are stored in lower case. */
export function normalizeUsername(chunk: Chunk, values: Record<string, FieldValue>): void {
  const username = values['Username'];
  if (typeof username !== 'string') return;
  if (!hasEmailForm(username)) {
    const text = 'Username must be in the form of an email address (for example, john@acme.com)';
    refuse('FIELD_INTEGRITY_EXCEPTION', `${text}: ${labelOf(chunk.object, 'Username')}`, ['Username']);
  }
  values['Username'] = username.toLowerCase();
}

export function checkUsernameFree(chunk: Chunk, username: string, family: Family, ownId: string | undefined): void {
  const sql = 'SELECT "Id" FROM "User" WHERE "Username" = ? AND "Id" <> ? LIMIT 1';
  const takenHere = statement(chunk.org.store.db, sql).get(username, ownId ?? '') !== undefined;
  if (takenHere || (isGlobal(chunk, family) && chunk.org.switches.users.usernamesElsewhere.has(username))) {
    refuse('DUPLICATE_USERNAME', duplicateText, ['Username']);
  }
}

/** Customers: unique in the org. Partners: over all orgs, unless the org has its own name space. Internal users: over all orgs. */
function isGlobal(chunk: Chunk, family: Family): boolean {
  if (family === 'partner') return !chunk.org.switches.users.uniquePartnerUsernamesInOrg;
  return family === 'internal';
}
