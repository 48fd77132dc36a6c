/** What every part of the simulated org can reach: the object that `SimulatedOrg` wires and hands to its parts. */
import type { Clock } from './clock.ts';
import type { ExecuteDml, Store } from './contracts.ts';
import type { RuleState } from './dml/ruleState.ts';
import type { Faults } from './faults.ts';
import type { Ledger } from './ledger.ts';
import type { Limits } from './limits.ts';
import type { Schema } from './schema/schema.ts';
import type { Sessions } from './session.ts';
import type { Switches } from './switches.ts';

export interface Org {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly orgId: string;
  /** The administrator whom the access token belongs to. */
  readonly runningUserId: string;
  readonly store: Store;
  readonly schema: Schema;
  readonly switches: Switches;
  readonly clock: Clock;
  readonly session: Sessions;
  readonly limits: Limits;
  readonly ledger: Ledger;
  readonly faults: Faults;
  /** What the rules remember between writes: mails, automation, locks (made by `createRuleState()`). */
  readonly rules: RuleState;
  /** The rules for written rows; every write of every API goes through it. */
  readonly executeDml: ExecuteDml;
  /** Effective right over profile, permission sets and permission set groups: `hasPermission(id, 'ManageUsers')`. */
  hasPermission(userId: string, permission: string): boolean;
}
