/** The guards that stop a whole run before anything is written. Texts are in messages/guards.md. */
import type { GuardFailure } from '../model/guardFailure.js';
import type { License, Limit } from '../model/orgFacts.js';
import { seatsLeft } from './checks.js';
import type { WelcomeEmails } from './welcomeEmails.js';
import type { ApiBudget } from '../model/result.js';

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

/** All guards that forbid to go on; none for a plan without anything to write unless `--strict` asks for it. */
export function checkGuards(plan: PlanFacts, settings: GuardSettings): GuardFailure[] {
  const { selected, refused, planned, dailyApiRequests, dailyBulkApiBatches } = plan;
  const { maxUsers, strict, allowWelcomeEmails } = settings;
  const { calls, batches } = plan.apiBudget;
  const failures: GuardFailure[] = [];
  if (strict && selected === 0) failures.push({ guard: 'strictEmpty', facts: {} });
  if (strict && refused > 0) failures.push({ guard: 'strictRefused', facts: { refused, selected } });
  if (planned > maxUsers) failures.push({ guard: 'maxUsers', facts: { planned, maxUsers } });
  failures.push(...checkSeats(plan));
  if (!allowWelcomeEmails) failures.push(...checkWelcomeEmails(plan.welcomeEmails));
  if (dailyApiRequests !== undefined && dailyApiRequests.remaining < calls) {
    failures.push({ guard: 'apiCalls', facts: { needed: calls, left: dailyApiRequests.remaining } });
  }
  if (dailyBulkApiBatches !== undefined && dailyBulkApiBatches.remaining < batches) {
    failures.push({ guard: 'bulkBatches', facts: { needed: batches, left: dailyBulkApiBatches.remaining } });
  }
  return failures;
}

function checkSeats(plan: PlanFacts): GuardFailure[] {
  return plan.licenses.flatMap((license): GuardFailure[] => {
    const needed = plan.seatsNeeded.get(license.id) ?? 0;
    const free = seatsLeft(license);
    if (free === undefined || needed <= free) return [];
    const { name, total, used, counted = used } = license;
    const facts = { license: name, needed, free, missing: needed - free, total, used, counted };
    return [{ guard: 'licenses', facts }];
  });
}

/** Mails can't be taken back: whoever can't see all sites has to say that they may go out. */
function checkWelcomeEmails({ possible, sites, atLeast }: WelcomeEmails): GuardFailure[] {
  const guard = atLeast ? 'welcomeEmailsAtLeast' : 'welcomeEmails';
  if (possible > 0) return [{ guard, facts: { mails: possible, sites: sites.join(', ') } }];
  return atLeast ? [{ guard: 'welcomeEmailsUnseen', facts: {} }] : [];
}
