/** Nickname, federation id and e-mail domain of a user (docs/salesforce-facts.md#identities, #row-errors). */
import type { FieldValue } from '../../contracts.ts';
import { labelOf } from '../orgForDml.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import { findTwin, refuseDuplicate } from '../uniqueFields.ts';

/** The org may allow users' addresses only in some domains. */
export function checkEmailDomain(chunk: Chunk, email: FieldValue | undefined): void {
  const allowed = chunk.org.switches.users.allowedEmailDomains;
  if (typeof email !== 'string' || allowed.length === 0) return;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (allowed.some((one) => one.toLowerCase() === domain)) return;
  const text = `Invalid Email Address: Must be in domain(s) ${allowed.join(', ')}`;
  refuse('FIELD_INTEGRITY_EXCEPTION', `${text}: ${labelOf(chunk.object, 'Email')}`, ['Email']);
}

export function checkNicknameFree(chunk: Chunk, nickname: FieldValue | undefined, ownId: string | undefined): void {
  if (typeof nickname !== 'string') return;
  const { nicknameCaseSensitive } = chunk.org.switches.users;
  if (findTwin(chunk, 'CommunityNickname', nickname, nicknameCaseSensitive, ownId) !== undefined) {
    const text = 'Duplicate Nickname.<br>Another user has already selected this nickname.<br>Please select another.';
    refuse('DUPLICATE_COMM_NICKNAME', text, ['CommunityNickname']);
  }
}

export function checkFederationIdFree(
  chunk: Chunk,
  federationId: FieldValue | undefined,
  ownId: string | undefined,
): void {
  if (typeof federationId !== 'string') return;
  const twin = findTwin(
    chunk,
    'FederationIdentifier',
    federationId,
    chunk.org.switches.users.federationIdCaseSensitive,
    ownId,
  );
  if (twin !== undefined) refuseDuplicate('FederationIdentifier', twin, ['FederationIdentifier']);
}

/** As recorded: the word User, the time in epoch milliseconds, seven digits. */
export function makeNickname(chunk: Chunk, userId: string): string {
  // The digits come from the Id instead of chance: unique, and a simulated run can be reproduced.
  const serial = [...userId.slice(6, 15)].reduce((sum, character) => sum * 62 + (character.codePointAt(0) ?? 0), 0);
  return `User${chunk.org.clock.now()}${String(serial % 9_999_991).padStart(7, '0')}`;
}
