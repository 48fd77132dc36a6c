/** A guard that stops a whole run before anything is written, as a key and facts. The words are in messages/guards.md. */
import type { FactsOf, FactTable } from './facts.js';

/** Every guard, with the facts of its text. */
export const guardFacts = {
  maxUsers: ['planned', 'maxUsers'],
  strictRefused: ['refused', 'selected'],
  strictEmpty: [],
  licenses: ['license', 'needed', 'free', 'missing', 'total', 'used', 'counted'],
  welcomeEmails: ['mails', 'sites'],
  welcomeEmailsAtLeast: ['mails', 'sites'],
  welcomeEmailsUnseen: [],
  apiCalls: ['needed', 'left'],
  bulkBatches: ['needed', 'left'],
} as const satisfies FactTable;

export type GuardName = keyof typeof guardFacts;

/** A guard that forbids to go on, with the facts of its text. */
export type GuardFailure = {
  [Guard in GuardName]: { readonly guard: Guard; readonly facts: FactsOf<typeof guardFacts, Guard> };
}[GuardName];
