/** What the rules remember between writes, and what tests look into or add to: `org.rules`. */
import { createAutomation } from './automation.ts';
import type { Automation } from './automation.ts';
import { createLockTable } from './locks.ts';
import type { LockTable } from './locks.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';
import { createOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';

export type RuleState = {
  readonly outbox: Outbox;
  readonly automation: Automation;
  readonly locks: LockTable;
  /** Which rows a storm hits: the same in every org. */
  readonly storm: Random;
};

export function createRuleState(): RuleState {
  return {
    outbox: createOutbox(),
    automation: createAutomation(),
    locks: createLockTable(),
    storm: createRandom(60),
  };
}
