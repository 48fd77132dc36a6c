/** The nicknames that are made up for new users, and what becomes of one that is taken. */

import type { ContactId } from '../model/ids.js';

/** What all of them begin with: a prefix, and that of a ContactId. */
export const madeUpStart = 'user-003';

/** `user-` and the ContactId in lower case: 23 characters, unique without a look-up, and gives nobody's name away. */
export function makeNickname(contactId: ContactId): string {
  return `user-${contactId.toLowerCase()}`;
}

/** The one to try after a made-up nickname that is taken: `user-003…`, `user-003…-2`, `user-003…-3` … */
export function nextNickname(nickname: string): string {
  const [, base = nickname, count = '1'] = /^(user-[^-]+)-(\d+)$/.exec(nickname) ?? [];
  return `${base}-${String(Number(count) + 1)}`;
}
