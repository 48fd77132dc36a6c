/** The guards that stop a whole run before anything is written. Texts are in messages/guards.md. */
import { seatsLeft, type License, type Limit } from './checks.js';
import type { WelcomeEmails } from './welcomeEmails.js';
import type { ApiBudget } from '../engine/jobSize.js';

/** What a finished plan holds, for the guards. */
export type PlanFacts = {
  readonly selected: number;
  readonly planned: number;
  readonly refused: number;
  readonly apiBudget: ApiBudget;
  /** Active users that the plan makes, by UserLicense Id. */
  readonly seatsNeeded: ReadonlyMap<string, number>;
  readonly licenses: readonly License[];
  readonly welcomeEmails: WelcomeEmails;
  readonly dailyApiRequests: Limit | undefined;
  readonly dailyBulkApiBatches: Limit | undefined;
};

export type GuardSettings = {
  readonly maxUsers: number;
  readonly strict: boolean;
  readonly allowWelcomeEmails: boolean;
};

export type GuardName =
  | 'maxUsers'
  | 'strictRefused'
  | 'strictEmpty'
  | 'licenses'
  | 'welcomeEmails'
  | 'welcomeEmailsAtLeast'
  | 'welcomeEmailsUnseen'
  | 'apiCalls'
  | 'bulkBatches';

export type GuardFailure = { readonly guard: GuardName; readonly tokens: ReadonlyArray<string | number> };

/** All guards that forbid to go on; none for a plan without anything to write unless `--strict` asks for it. */
export function checkGuards(plan: PlanFacts, settings: GuardSettings): GuardFailure[] {
  const failures: GuardFailure[] = [];
  const fail = (guard: GuardName, ...tokens: number[]): void => {
    failures.push({ guard, tokens });
  };
  if (settings.strict && plan.selected === 0) fail('strictEmpty');
  if (settings.strict && plan.refused > 0) fail('strictRefused', plan.refused, plan.selected);
  if (plan.planned > settings.maxUsers) fail('maxUsers', plan.planned, settings.maxUsers);
  failures.push(...checkSeats(plan));
  if (!settings.allowWelcomeEmails) failures.push(...checkWelcomeEmails(plan.welcomeEmails));
  const { calls, batches } = plan.apiBudget;
  if (plan.dailyApiRequests !== undefined && plan.dailyApiRequests.remaining < calls) {
    fail('apiCalls', calls, plan.dailyApiRequests.remaining);
  }
  if (plan.dailyBulkApiBatches !== undefined && plan.dailyBulkApiBatches.remaining < batches) {
    fail('bulkBatches', batches, plan.dailyBulkApiBatches.remaining);
  }
  return failures;
}

function checkSeats(plan: PlanFacts): GuardFailure[] {
  return plan.licenses.flatMap((license): GuardFailure[] => {
    const needed = plan.seatsNeeded.get(license.id) ?? 0;
    const left = seatsLeft(license);
    if (left === undefined || needed <= left) return [];
    const { total, used, counted = used } = license;
    const numbers = [needed, left, needed - left, total, used, counted];
    return [{ guard: 'licenses', tokens: [license.name, ...numbers] }];
  });
}

/** Mails can't be taken back: whoever can't see all sites has to say that they may go out. */
function checkWelcomeEmails({ possible, sites, atLeast }: WelcomeEmails): GuardFailure[] {
  const guard = atLeast ? 'welcomeEmailsAtLeast' : 'welcomeEmails';
  if (possible > 0) return [{ guard, tokens: [possible, sites.join(', ')] }];
  return atLeast ? [{ guard: 'welcomeEmailsUnseen', tokens: [] }] : [];
}
