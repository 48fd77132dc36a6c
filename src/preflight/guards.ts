/** The guards that stop a whole run before anything is written: numbers of the plan against those of the org. Texts are in messages/guards.md. */
import type { DatabaseSync } from 'node:sqlite';
import { apiBudgetOf, mostByCollections, type RowsByWay } from '../engine/jobSize.js';
import { kindsOf } from '../kinds/kinds.js';
import type { GuardFailure } from '../model/guardFailure.js';
import type { License, Limit } from '../model/orgFacts.js';
import type { ApiBudget, LicenseUse } from '../model/result.js';
import type { OrgClient } from '../org/orgClient.js';
import { writeMeta } from '../store/meta.js';
import { countOpen, countSubjects, countToSend } from '../store/queries/counts.js';
import { readJoiners } from '../store/queries/permissionSetSteps.js';
import { seatsLeft, seatsTaken } from './checks.js';
import type { OrgFacts } from './orgFacts.js';
import { countSeats } from './seats.js';
import { expectedWelcomeEmails, type WelcomeEmails } from './welcomeEmails.js';

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

/** Keeps the numbers for the result. @returns the guards that forbid to go on @throws OrgError */
export async function guardPlan(
  db: DatabaseSync,
  client: OrgClient,
  facts: OrgFacts,
  settings: GuardSettings,
): Promise<GuardFailure[]> {
  const { selected, refused } = countSubjects(db);
  const seats = await countSeats(client, db, facts);
  const licenses = seats.licenses.map((license): LicenseUse => ({
    name: license.name,
    total: license.total,
    used: seatsTaken(license),
    needed: seats.needed.get(license.id) ?? 0,
  }));
  const welcomeEmails = expectedWelcomeEmails(facts.siteMembers, readJoiners(db), facts.permissions);
  const apiBudget = apiBudgetOf(rowsByWay(db));
  const { dailyApiRequests, dailyBulkApiBatches } = facts;
  writeMeta(db, {
    licenses: JSON.stringify(licenses),
    welcomeEmails: JSON.stringify(welcomeEmails),
    apiBudget: JSON.stringify({
      ...apiBudget,
      callsLeft: dailyApiRequests?.remaining,
      batchesLeft: dailyBulkApiBatches?.remaining,
    }),
  });
  return checkGuards(
    {
      selected,
      planned: countOpen(db),
      refused,
      apiBudget,
      seatsNeeded: seats.needed,
      licenses: seats.licenses,
      welcomeEmails,
      dailyApiRequests,
      dailyBulkApiBatches,
    },
    settings,
  );
}

/** Few rows of what collections take go by collections, everything else by jobs. */
export function rowsByWay(db: DatabaseSync): RowsByWay {
  const byKind = new Map(kindsOf(db).map((kind) => [kind.name, kind]));
  const ways = { highVolume: 0, roleBased: 0, byCollections: 0 };
  for (const { kind, family, rows } of countToSend(db)) {
    const isFew = byKind.get(kind)?.takesCollections === true && rows <= mostByCollections;
    ways[isFew ? 'byCollections' : family] += rows;
  }
  return ways;
}

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
