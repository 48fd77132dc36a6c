/** Holds the numbers of a finished plan against those of the org. */
import type { DatabaseSync } from 'node:sqlite';
import { apiBudgetOf } from '../engine/jobSize.js';
import type { LicenseUse } from '../model/result.js';
import type { OrgClient } from '../org/orgClient.js';
import { countOpen, countSubjects } from '../store/queries/counts.js';
import { writeMeta } from '../store/meta.js';
import { readJoiners } from '../store/queries/permissionSetSteps.js';
import { seatsTaken } from './checks.js';
import { checkGuards, type GuardSettings } from './guards.js';
import type { GuardFailure } from '../model/guardFailure.js';
import type { OrgFacts } from './orgFacts.js';
import { rowsByWay } from './planBudget.js';
import { countSeats } from './seats.js';
import { expectedWelcomeEmails } from './welcomeEmails.js';

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
