/** Jobs of others that make users at the same time: a second run with the same contacts, user and templates. */
import { idKey, type ContactId, type IdKey, type JobId, type UserId } from '../model/ids.js';
import { listIngestJobs, readIngestResults, type ListedIngestJob } from '../org/bulk/bulkIngest.js';
import type { OrgClient } from '../org/orgClient.js';
import { OrgError } from '../model/orgError.js';
import { parseRowError } from '../org/bulk/rowError.js';
import type { AskContext } from '../engine/kind.js';
import { RunFault } from '../model/faults.js';
import type { RowRefusal } from '../model/outcomes.js';
import { classifyRowError } from '../model/rowErrors.js';

/** A new user that may be ours. */
export type ClaimedUser = {
  readonly id: string;
  readonly contactId: ContactId;
  readonly createdById: UserId;
  /** The org's clock. */
  readonly createdDate: string;
};

/** A job of another run has made the user; or it was refused because of it, as ours was, and was there before ours. */
export type RivalClaim = 'made' | 'refusedBefore';

type OwnJobs = {
  /** That was answered; undefined: none, the rows wait to be sent again, and every other job was there before theirs. */
  readonly jobId: JobId | undefined;
  /** Of all jobs of this run. */
  readonly ownJobIds: ReadonlySet<JobId>;
};

/**
 * Asks the other jobs that insert users as the same user as those of this run. Most of them have other contacts. Those that
 * are at work are waited for, as nobody knows before what they have made.
 * @returns claims by the users' Ids, none where the org does not tell; undefined when the run is to stop before that is known
 * @throws OrgError for what passes by itself, or by a new login; RunFault rivalAtWork
 */
export async function readRivalClaims(
  { client, sleep, isStopping }: RivalContext,
  { jobId, ownJobIds }: OwnJobs,
  users: readonly ClaimedUser[],
): Promise<ReadonlyMap<UserId, RivalClaim> | undefined> {
  const claims = new Map<UserId, RivalClaim>();
  if (users.length === 0) return claims;
  const wasBefore = ({ id }: ListedIngestJob): boolean => jobId === undefined || id < jobId;
  const concerns = (rival: ListedIngestJob, user: ClaimedUser): boolean =>
    wasThere(rival, user) && (hadBegun(rival, user) || wasBefore(rival));
  const readRivals = async (): Promise<ListedIngestJob[]> => {
    const jobs = (await unlessRefused(listIngestJobs(client))) ?? [];
    const others = jobs.filter((each) => isRival(each) && !ownJobIds.has(each.id));
    return others.filter((each) => users.some((user) => concerns(each, user)));
  };
  let rivals = await readRivals();
  for (let look = 1; look < mostLooks && rivals.some(isAtWork); look++) {
    if (isStopping()) return undefined;
    await sleep(firstPause * look);
    rivals = await readRivals();
  }
  // Those that have ended first: the others are of no matter where these have made the users.
  for (const rival of rivals.toSorted((a, b) => Number(isAtWork(a)) - Number(isAtWork(b)))) {
    const concerned = users.filter((user) => concerns(rival, user) && claims.get(user.id) !== 'made');
    if (concerned.length === 0) continue;
    if (isAtWork(rival)) throw new RunFault('rivalAtWork', { job: rival.id });
    const made = await unlessRefused(readMade(client, rival, concerned));
    for (const { id, contactId } of concerned) {
      const contact = idKey(contactId);
      if (made?.get(contact) === id) claims.set(id, 'made');
      else if (made?.has(contact) === true && wasBefore(rival)) claims.set(id, 'refusedBefore');
    }
  }
  return claims;
}

/** What is needed to ask the org, and to wait for it. */
export type RivalContext = Pick<AskContext, 'client' | 'sleep' | 'isStopping'>;

/** Seven minutes in all: a job that is stuck must not hold up the run for ever; it can be resumed when that one has ended. */
const mostLooks = 30;
/** Milliseconds. */
const firstPause = 1_000;

/**
 * @returns the users that the job has made, by contact; undefined where it was refused because of a user that was there. What it
 * did not get to, or failed for another reason, is no claim: that run does not count such a user either
 */
async function readMade(
  client: OrgClient,
  rival: ListedIngestJob,
  users: readonly ClaimedUser[],
): Promise<ReadonlyMap<IdKey<'Contact'>, UserId | undefined>> {
  const contacts = new Set(users.map(({ contactId }) => idKey(contactId)));
  const made = new Map<IdKey<'Contact'>, UserId | undefined>();
  for (const kind of ['failedResults', 'successfulResults'] as const) {
    for await (const slice of readIngestResults(client, rival.id, kind)) {
      for (const row of slice) {
        const contact = idKey<'Contact'>(row['ContactId']);
        if (contact === undefined || !contacts.has(contact)) continue;
        if (kind === 'successfulResults') made.set(contact, row['sf__Id']);
        else if (isOfUserThere(parseRowError(row['sf__Error'] ?? ''))) made.set(contact, undefined);
      }
    }
  }
  return made;
}

/** The row was refused because of a user that was there, as far as Salesforce says. */
export function isOfUserThere({ code, message }: RowRefusal): boolean {
  return ['ask', 'repairNickname'].includes(classifyRowError(code, message));
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

/** Milliseconds between the clocks of an org's servers; also what is cut off where times are to the second. */
const clocksDiffer = 2_000;

/** Milliseconds: how soon after a job's last rows its end is stamped, or how long before, is not documented. */
const lingers = 60_000;

/** Whether a job of the same maker may have met a user, as far as the times tell: made it, or been refused because of it. */
function wasThere(rival: ListedIngestJob, user: ClaimedUser): boolean {
  const end = isAtWork(rival) ? Infinity : Date.parse(rival.systemModstamp);
  return rival.createdById === user.createdById && Date.parse(user.createdDate) <= end + lingers;
}

/** Before that, a job has made nothing. */
function hadBegun(rival: ListedIngestJob, user: ClaimedUser): boolean {
  return Date.parse(rival.createdDate) - clocksDiffer <= Date.parse(user.createdDate);
}

function isAtWork({ state }: ListedIngestJob): boolean {
  return state === 'InProgress';
}

function isRival({ object, operation, state }: ListedIngestJob): boolean {
  // What is not worked on yet has made nothing: such as the empty job that a lost answer may have left.
  const hasBegun = state !== 'Open' && state !== 'UploadComplete';
  return object === 'User' && operation === 'insert' && hasBegun;
}
