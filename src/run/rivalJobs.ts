/** Jobs of others that make users at the same time: a second run with the same contacts, user and templates. */
import { listIngestJobs, type ListedIngestJob } from '../org/ingestJobList.js';
import type { OrgClient } from '../org/orgClient.js';
import { OrgError } from '../org/orgErrors.js';
import type { Job } from './jobRecords.js';

/** From when until when (ms, the org's clock) it may have made users. */
export type Rival = { readonly from: number; readonly until: number };

/**
 * Jobs that insert users as the same user as `job`, and are none of this run's.
 * @param ownJobIds of this run
 * @returns none where the org does not give the list
 * @throws OrgError for what passes by itself, or by a new login
 */
export async function readRivals(client: OrgClient, job: Job, ownJobIds: ReadonlySet<string>): Promise<Rival[]> {
  try {
    const jobs = await listIngestJobs(client);
    return jobs.filter((each) => isRival(each, job) && !ownJobIds.has(each.id)).map(rivalOf);
  } catch (error) {
    if (error instanceof OrgError && ['refused', 'gone', 'malformed'].includes(error.kind)) return [];
    throw error;
  }
}

/** Whether one of them may have made a user. @param createdDate of the user */
export function mayBeMadeBy(rivals: readonly Rival[], createdDate: string): boolean {
  const time = Date.parse(createdDate);
  return rivals.some(({ from, until }) => from - clocksDiffer <= time && time <= until + lingers);
}

/** Milliseconds between the clocks of an org's servers; also what is cut off where times are to the second. */
const clocksDiffer = 2_000;

/** Milliseconds: how soon after a job's last rows its end is stamped, or how long before, is not documented. */
const lingers = 60_000;

function isRival({ object, operation, state, createdById }: ListedIngestJob, job: Job): boolean {
  // What is not worked on yet has made nothing: such as the empty job that a lost answer may have left.
  const isAtWork = state !== 'Open' && state !== 'UploadComplete';
  return object === 'User' && operation === 'insert' && createdById === job.createdById && isAtWork;
}

function rivalOf({ state, createdDate, systemModstamp }: ListedIngestJob): Rival {
  return { from: Date.parse(createdDate), until: state === 'InProgress' ? Infinity : Date.parse(systemModstamp) };
}
