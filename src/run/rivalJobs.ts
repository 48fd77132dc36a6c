/** Jobs of others that make users at the same time: a second run with the same contacts, user and templates. */
import { readIngestResults } from '../org/bulkIngest.js';
import { listIngestJobs, type ListedIngestJob } from '../org/ingestJobList.js';
import type { OrgClient } from '../org/orgClient.js';
import { OrgError } from '../org/orgErrors.js';
import type { Job } from './jobRecords.js';

/** A new user that may be ours. */
export type ClaimedUser = {
  readonly id: string;
  readonly contactId: string;
  /** The org's clock. */
  readonly createdDate: string;
};

/** What the jobs of others have to do with a user: one has made it, or one that has the same contact may have. */
export type RivalClaim = 'made' | 'mayHaveMade';

/**
 * Asks the other jobs that insert users as the same user as `job`. Most of them have other contacts.
 * @param ownJobIds of this run
 * @returns claims by the users' Ids; none where the org does not give the list of jobs
 * @throws OrgError for what passes by itself, or by a new login
 */
export async function readRivalClaims(
  client: OrgClient,
  job: Job,
  ownJobIds: ReadonlySet<string>,
  users: readonly ClaimedUser[],
): Promise<ReadonlyMap<string, RivalClaim>> {
  const claims = new Map<string, RivalClaim>();
  if (users.length === 0) return claims;
  const jobs = (await unlessRefused(listIngestJobs(client))) ?? [];
  for (const rival of jobs.filter((each) => isRival(each, job) && !ownJobIds.has(each.id))) {
    const concerned = users.filter((user) => wasAtWork(rival, user) && claims.get(user.id) !== 'made');
    if (concerned.length === 0) continue;
    const made = await unlessRefused(readMade(client, rival, concerned));
    for (const { id, contactId } of concerned) {
      const madeId = made === undefined ? '' : made.get(contactKey(contactId));
      if (madeId !== undefined) claims.set(id, madeId === id ? 'made' : 'mayHaveMade');
    }
  }
  return claims;
}

/** @returns the user that the job has made for each of the contacts that it had, '' for none; undefined: not known yet */
async function readMade(
  client: OrgClient,
  { id, state }: ListedIngestJob,
  users: readonly ClaimedUser[],
): Promise<ReadonlyMap<string, string> | undefined> {
  if (state === 'InProgress') return undefined;
  const contacts = new Set(users.map(({ contactId }) => contactKey(contactId)));
  const made = new Map<string, string>();
  for (const kind of ['unprocessedrecords', 'failedResults', 'successfulResults'] as const) {
    for await (const slice of readIngestResults(client, id, kind)) {
      for (const row of slice) {
        const contact = contactKey(row['ContactId'] ?? '');
        if (contacts.has(contact)) made.set(contact, row['sf__Id'] ?? '');
      }
    }
  }
  return made;
}

/** Undefined where the org does not say. */
async function unlessRefused<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof OrgError && ['refused', 'gone', 'malformed'].includes(error.kind)) return undefined;
    throw error;
  }
}

/** Ids are told apart by their first 15 characters. */
function contactKey(contactId: string): string {
  return contactId.slice(0, 15);
}

/** Milliseconds between the clocks of an org's servers; also what is cut off where times are to the second. */
const clocksDiffer = 2_000;

/** Milliseconds: how soon after a job's last rows its end is stamped, or how long before, is not documented. */
const lingers = 60_000;

/** Whether a job may have made a user, as far as the times tell. */
function wasAtWork({ state, createdDate, systemModstamp }: ListedIngestJob, user: ClaimedUser): boolean {
  const time = Date.parse(user.createdDate);
  const end = state === 'InProgress' ? Infinity : Date.parse(systemModstamp);
  return Date.parse(createdDate) - clocksDiffer <= time && time <= end + lingers;
}

function isRival({ object, operation, state, createdById }: ListedIngestJob, job: Job): boolean {
  // What is not worked on yet has made nothing: such as the empty job that a lost answer may have left.
  const isAtWork = state !== 'Open' && state !== 'UploadComplete';
  return object === 'User' && operation === 'insert' && createdById === job.createdById && isAtWork;
}
