/** What the rules remember between writes, and what tests look into or add to: `org.rules`. */
import { createAutomation } from './automation.ts';
import type { Automation } from './automation.ts';
import { createLockTable } from './locks.ts';
import type { LockTable } from './locks.ts';
import { createOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';

export type RuleState = { readonly outbox: Outbox; readonly automation: Automation; readonly locks: LockTable };

export function createRuleState(): RuleState {
  return { outbox: createOutbox(), automation: createAutomation(), locks: createLockTable() };
}
