/**
 * The order of jobs: ours against what people would send instead, on an org with realistic costs and locks, for several
 * ways in which contacts are spread over accounts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { OrgClient } from '../../lib/org/orgClient.js';
import type { AccountSizes } from '../simulated-org/world/largeOptions.ts';
import { mainProfile } from '../simulated-org/world/mainSegment.ts';
import { jobsOf, RunLab } from '../scenarios/runLab.ts';
import { sendJobs, type UserRow } from './plainJobs.ts';
import { realisticCosts } from '../simulated-org/ruleSwitches.ts';
import {
  contactsOf,
  contactsOfLargeAccount,
  type Family,
  type Outcome,
  type Spread,
  type Way,
} from './scheduleWays.ts';
import { VirtualTime } from './virtualTime.ts';

const profiles: Readonly<Record<Family, string>> = { highVolume: mainProfile, roleBased: 'Acme Customer Plus' };

function accountSizes(spread: Spread, contacts: number): AccountSizes {
  if (spread === 'uniform') return 'uniform';
  return spread === 'Zipf' ? 'zipf' : { oneWith: contactsOfLargeAccount(contacts) };
}

/** @param contacts of the org, but for that with a large account */
export async function simulate(spread: Spread, family: Family, way: Way, contacts: number): Promise<Outcome> {
  const lab = await RunLab.start({
    world: {
      welcomeEmails: false,
      large: {
        contacts: contactsOf(spread, contacts),
        users: 0,
        accountSizes: accountSizes(spread, contacts),
        userProfile: profiles[family],
      },
    },
    switches: { ...realisticCosts, bulk: { ...realisticCosts.bulk, parallelBatches: 4 } },
  });
  lab.org.ledger.keepsBodies = false;
  const time = new VirtualTime(lab.org.clock);
  try {
    return await time.rule(async () => {
      const client = time.hold(await lab.client());
      return way === 'this plugin'
        ? await runPlugin(lab, client, time, family)
        : await runPlainJobs(lab, client, time, await rowsOf(lab, client, family, way), way);
    });
  } finally {
    await lab.stop();
  }
}

async function runPlugin(lab: RunLab, client: OrgClient, time: VirtualTime, family: Family): Promise<Outcome> {
  let begun = 0;
  const { folder, result } = await lab.create(
    { profile: profiles[family], maxUsers: 1_000_000 },
    {
      client,
      clock: time.runClock(),
      onEvent: ({ type }) => {
        if (type === 'begun') begun = lab.org.clock.now();
      },
    },
  );
  const { succeeded, planned } = result.counts;
  if (succeeded < planned) throw new Error(`this plugin left ${String(planned - succeeded)} rows`);
  const again = jobsOf(folder).reduce((sum, job) => sum + Number(job['again']), 0);
  return { minutes: (lab.org.clock.now() - begun) / 60_000, lockFailures: again, first: planned - again };
}

/** Everything once, then what failed, in one job again and again, until nothing fails. */
async function runPlainJobs(
  lab: RunLab,
  client: OrgClient,
  time: VirtualTime,
  rows: readonly UserRow[],
  way: Way,
): Promise<Outcome> {
  const begun = lab.org.clock.now();
  const sleep = (milliseconds: number): Promise<void> => time.sleep(milliseconds);
  let lockFailures = 0;
  let first: number | undefined;
  for (let left = rows; left.length > 0;) {
    left = await sendJobs(client, left, way === 'one job' ? rows.length : 10_000, sleep);
    lockFailures += left.length;
    first ??= rows.length - left.length;
  }
  return { minutes: (lab.org.clock.now() - begun) / 60_000, lockFailures, first: first ?? 0 };
}

/** The rows of our own plan, so that all ways send the same. */
async function rowsOf(lab: RunLab, client: OrgClient, family: Family, way: Way): Promise<UserRow[]> {
  const request = { profile: profiles[family], maxUsers: 1_000_000, dryRun: true };
  const { folder } = await lab.create(request, { client });
  const rows: UserRow[] = parse(readFileSync(join(folder, 'users.csv')), { columns: true });
  // Contacts of the world are in no order of accounts.
  return way === 'jobs of 10,000, by account' ? sortedByAccount(lab, rows) : rows;
}

function sortedByAccount(lab: RunLab, rows: readonly UserRow[]): UserRow[] {
  const accounts = new Map(lab.org.store.find('Contact').map(({ Id, AccountId }) => [Id, String(AccountId)]));
  const accountOf = (row: UserRow): string => accounts.get(row['ContactId'] ?? '') ?? '';
  return rows.toSorted((a, b) => (accountOf(a) < accountOf(b) ? -1 : 1));
}
