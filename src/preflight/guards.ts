/**
 * The guards of a whole plan, before anything is written: numbers of the plan against those of the org. What kind each is
 * of, an obstacle, a decision or a warning, is in src/model/guards.ts; texts are in messages/guards.md.
 */
import type { DatabaseSync } from 'node:sqlite';
import { apiBudgetOf, mostByCollections, type RowsByWay } from '../engine/jobSize.js';
import type { RowKind } from '../engine/kind.js';
import { kindsOf } from '../kinds/kinds.js';
import { removeKindNames } from '../model/access/assignments.js';
import type { ProfileId } from '../model/ids.js';
import type { CheckOutcome } from '../model/checkOutcome.js';
import { kindOfGuard, type GuardFailure, type GuardFinding } from '../model/guards.js';
import type { License, Profile } from '../model/orgFacts.js';
import {
  operationRules,
  type ApiBudget,
  type EmailSender,
  type NewUsers,
  type ProfileUse,
  type WelcomeEmails,
} from '../model/result.js';
import { greatestCollection } from '../org/bulk/collections.js';
import type { OrgLimits } from '../org/facts/records.js';
import { domainOf } from '../org/facts/siteSenders.js';
import type { OrgClient } from '../org/orgClient.js';
import { mostByLists } from '../org/query.js';
import { readMetaList, writeMeta } from '../store/meta.js';
import {
  countByProfile,
  countFederationIdsHeld,
  countOpen,
  countSubjects,
  countToSend,
  type ProfileShare,
} from '../store/queries/counts.js';
import { readJoiners } from '../store/queries/permissionSetSteps.js';
import { readFindings, readOperation } from '../store/runResult.js';
import { licensesLeft, seatsTaken } from './checks.js';
import { readLicenseUses } from './licenseUses.js';
import type { OrgFacts } from './orgFacts.js';
import { warningsOf } from './planChecks.js';
import { areUsernamesUniquePerOrg, checkSenders } from './settingChecks.js';
import { expectedWelcomeEmails, membersOfSendingSites } from './welcomeEmails.js';

/** What a finished plan holds, for the guards. */
export type PlanFacts = OrgLimits & {
  readonly selects: 'Contact' | 'User';
  readonly selected: number;
  readonly planned: number;
  readonly refused: number;
  /** Contacts that are refused because the user that they had before still holds their federation id. */
  readonly federationIdsHeld: number;
  readonly apiBudget: ApiBudget;
  /** Active users that the plan makes, by UserLicense Id. */
  readonly seatsNeeded: ReadonlyMap<string, number>;
  readonly licenses: readonly License[];
  readonly welcomeEmails: WelcomeEmails;
};

export type GuardSettings = {
  readonly maxUsers: number;
  readonly strict: boolean;
  readonly allowWelcomeEmails: boolean;
};

/**
 * Keeps the numbers and the findings for the result.
 * @param found by the checks of the preflight, and by the operation itself
 * @returns all that stands in the way, is to be decided, or is warned of
 * @throws OrgError
 */
export async function guardPlan(
  db: DatabaseSync,
  client: OrgClient,
  facts: OrgFacts,
  settings: GuardSettings,
  found: { readonly checks: readonly CheckOutcome[]; readonly ofOperation: readonly GuardFailure[] },
): Promise<GuardFinding[]> {
  const { selected, refused } = countSubjects(db);
  const shares = countByProfile(db, 'planned');
  const { seatsNeeded, licenses, uses } = await readLicenseUses(db, client, facts, shares);
  const welcomeEmails = expectedWelcomeEmails(facts, readJoiners(db, 'planned'));
  const apiBudget = apiBudgetOf(rowsByWay(db));
  const { dailyApiRequests, dailyBulkApiBatches } = facts;
  const limits = { dailyApiRequests, dailyBulkApiBatches };
  const { selects, changes } = operationRules[readOperation(db)];
  const planned = countOpen(db);
  const numbers = { selected, planned, refused, federationIdsHeld: countFederationIdsHeld(db) };
  const plan = { selects, ...numbers, apiBudget, seatsNeeded, licenses, welcomeEmails, ...limits };
  // Users who come back, or who get a permission set, are welcomed as new ones are.
  const checks = [...found.checks, ...checkSenders(facts.senders, welcomeEmails.sites)];
  const findings = [...found.ofOperation, ...checkGuards(plan, settings), ...warningsOf(checks)];
  const usernamesUniquePerOrg = areUsernamesUniquePerOrg(
    facts.settings,
    facts.profiles.filter(({ id }) => shares.has(id)),
  );
  writeMeta(db, {
    ...(usernamesUniquePerOrg === undefined ? {} : { usernamesUniquePerOrg: String(usernamesUniquePerOrg) }),
    guards: JSON.stringify(findings),
    licenses: JSON.stringify(uses),
    profiles: JSON.stringify(profileUses(shares, facts.profiles)),
    ...(changes === 'created' && { newUsers: JSON.stringify(newUsersOf(shares)) }),
    welcomeEmails: JSON.stringify(welcomeEmails),
    siteMembers: JSON.stringify(Array.from(membersOfSendingSites(facts.siteMembers).values(), (ids) => [...ids])),
    apiBudget: JSON.stringify({
      ...apiBudget,
      callsLeft: dailyApiRequests?.remaining,
      batchesLeft: dailyBulkApiBatches?.remaining,
    }),
  });
  return findings;
}

/** Of a run of which something was sent: what its operation finds by now takes the place of the obstacles of earlier. */
export function guardAgain(db: DatabaseSync, ofOperation: readonly GuardFailure[]): void {
  const others = readFindings(db).filter((finding) => kindOfGuard(finding) !== 'obstacle');
  writeMeta(db, { guards: JSON.stringify([...ofOperation, ...others]) });
}

/** Those of the users that a plan makes or changes, most users first. */
function profileUses(shares: ReadonlyMap<ProfileId, ProfileShare>, profiles: readonly Profile[]): ProfileUse[] {
  return profiles
    .map(({ id, name, userLicenseName }) => ({ name, license: userLicenseName, users: shares.get(id)?.users ?? 0 }))
    .filter(({ users }) => users > 0)
    .toSorted((one, other) => other.users - one.users);
}

/** Active users take a license, whether or not the running user can see which. */
function newUsersOf(shares: ReadonlyMap<ProfileId, ProfileShare>): NewUsers {
  const all = [...shares.values()];
  const active = all.reduce((sum, { seats }) => sum + seats, 0);
  return { active, inactive: all.reduce((sum, { users }) => sum + users, 0) - active };
}

/** Few rows of what collections take, and all that the org has refused to take by a job, go by collections. */
export function rowsByWay(db: DatabaseSync): RowsByWay {
  const byKind = new Map(kindsOf(db).map((kind) => [kind.name, kind]));
  const ways = { highVolume: 0, roleBased: 0, collections: 0, byCalls: 0 };
  for (const { kind: name, family, rows } of countToSend(db)) {
    const kind = byKind.get(name);
    if (kind?.calls !== undefined) ways.byCalls += rows;
    else if (kind !== undefined && goesByCollections(db, kind, rows)) {
      const calls = Math.ceil(rows / (kind.collectionSize ?? greatestCollection));
      ways.collections += asksBefore(name) ? calls * 2 : calls;
    } else {
      ways[family] += rows;
      // A job of more users is asked about by a single query.
      if (asksBefore(name)) ways.collections += Math.ceil(Math.min(rows, mostByLists) / leastOfList);
    }
  }
  return ways;
}

/** At least so many users are asked about by one query of Ids (src/org/query.ts). */
const leastOfList = 400;

/** Right before each call or job that takes away what users hold, they are asked about (`Operation.confirm`). */
function asksBefore(kind: string): boolean {
  return removeKindNames.includes(kind);
}

function goesByCollections(db: DatabaseSync, { name, takesCollections }: RowKind, rows: number): boolean {
  const isFew = takesCollections && rows <= mostByCollections;
  return isFew || readMetaList(db, 'byCollections').includes(name);
}

/** All at once. A plan without anything to write has none but those of `--strict`, and that nothing is selected. */
export function checkGuards(plan: PlanFacts, settings: GuardSettings): GuardFailure[] {
  const { selects, selected, refused, planned, dailyApiRequests, dailyBulkApiBatches } = plan;
  const { maxUsers, strict, allowWelcomeEmails } = settings;
  const { calls, batches } = plan.apiBudget;
  const failures: GuardFailure[] = [];
  if (selected === 0) failures.push({ guard: strict ? 'strictEmpty' : nothingSelected[selects], facts: {} });
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
  const { federationIdsHeld: contacts } = plan;
  if (contacts > 0) failures.push({ guard: 'federationIdsHeld', facts: { contacts } });
  return failures;
}

const nothingSelected = { Contact: 'nothingSelected.contacts', User: 'nothingSelected.users' } as const;

function checkSeats(plan: PlanFacts): GuardFailure[] {
  return plan.licenses.flatMap((license): GuardFailure[] => {
    const needed = plan.seatsNeeded.get(license.id) ?? 0;
    const free = licensesLeft(license);
    if (free === undefined || needed <= free) return [];
    const { name, total, used, counted = used } = license;
    // More can be used than there are: those are missing, too.
    const missing = needed + seatsTaken(license) - total;
    const facts = { license: name, needed, free, missing, total, used, counted };
    return [{ guard: 'licenses', facts }];
  });
}

/** Mails can't be taken back: users who can't see all sites must say that they may go out. */
function checkWelcomeEmails({ possible, sites, atLeast, senders }: WelcomeEmails): GuardFailure[] {
  if (possible === 0) return atLeast ? [{ guard: 'welcomeEmails.unseen', facts: {} }] : [];
  const facts = { mails: possible, sites: sites.join(', ') };
  if (senders.length === 0) return [{ guard: atLeast ? 'welcomeEmails.atLeast' : 'welcomeEmails.seen', facts }];
  const guard = atLeast ? 'welcomeEmails.atLeastFrom' : 'welcomeEmails.seenFrom';
  return [{ guard, facts: { ...facts, senders: senders.map(senderText).join('; ') } }];
}

/** By the domain, not the address: the sender may be a person, and guards are in logs. */
function senderText({ site, address, template }: EmailSender): string {
  const sender = `${site} (${domainOf(address)})`;
  return template === undefined ? sender : `${sender}, "${template}"`;
}
