/** Names that a new user needs and a contact does not have: username form, alias. */
import { withoutAccents } from './templates.js';

const local = /^[\w!#$%&'*/=?^+\-`{|}~]+(\.[\w!#$%&'*/=?^+\-`{|}~]+)*$/;
const domain = /^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z0-9-]{2,}$/;

/** The form that Salesforce accepts for Email fields and usernames (Object Reference, Email field type). */
export function isEmailForm(value: string): boolean {
  const at = value.lastIndexOf('@');
  return at > 0 && at <= 64 && local.test(value.slice(0, at)) && domain.test(value.slice(at + 1));
}

/** Usernames are compared, and stored, in lower case (docs/salesforce-facts.md#identities). */
export function normalizeUsername(value: string): string {
  return value.trim().toLowerCase();
}

/** At most eight characters: first initial and last name. Aliases need not be unique. */
export function makeAlias(firstName: string | undefined, lastName: string | undefined): string {
  const initial = [...letters(firstName)].slice(0, 1).join('');
  let alias = '';
  for (const character of initial + letters(lastName)) {
    if (alias.length + character.length > 8) break;
    alias += character;
  }
  return alias === '' ? 'user' : alias;
}

function letters(name = ''): string {
  return withoutAccents(name)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
