/** How many rows go into one ingest job, and what a plan of a given size costs. */
import type { LicenseFamily } from './reasons.js';

/** A plan above this size begins with a job of one row. */
export const canaryThreshold = 200;

/** Rows of one internal batch (Bulk API 2.0, limits). */
const batchRows = 10_000;

/** Half of the five minutes after which Salesforce gives up a batch and starts it again. */
const comfortableMilliseconds = 150_000;

const sizes: Readonly<
  Record<LicenseFamily, { readonly first: number; readonly most: number; readonly lanes: number }>
> = {
  // The org works the batches of one job in parallel, and these users take no group-membership locks (portal-users §13).
  highVolume: { first: 10_000, most: 50_000, lanes: 4 },
  // One batch a job and one job at a time: portal roles are made under locks, and inserts are slow.
  roleBased: { first: 2_000, most: 10_000, lanes: 1 },
};

/** How many jobs of a family may run at the same time. */
export function lanesOf(family: LicenseFamily): number {
  return sizes[family].lanes;
}

export function firstJobSize(family: LicenseFamily): number {
  return sizes[family].first;
}

/** The size of the next job, from how long the last one of the family took. */
export function nextJobSize(
  family: LicenseFamily,
  last: { readonly size: number; readonly milliseconds: number; readonly troubled: boolean },
): number {
  if (last.troubled || last.milliseconds > comfortableMilliseconds) return Math.max(200, Math.floor(last.size / 2));
  const grows = last.milliseconds < comfortableMilliseconds / 2;
  return grows ? Math.min(sizes[family].most, last.size * 2) : last.size;
}

/** Internal batches for a plan: the canary and full batches, and some room for rows that are sent again. */
export function expectedBatches(planned: number): number {
  return planned === 0 ? 0 : 2 + Math.ceil((planned / batchRows) * 1.5);
}

/** Rows of one call that assigns permission sets (REST API guide, sObject Collections). */
const collectionRows = 200;

/** API calls for a plan: six a job and a dozen polls, for jobs of one batch; then the permission sets. */
export function expectedCalls(bulkRows: number, rowsByCollections: number): number {
  return expectedBatches(bulkRows) * 18 + Math.ceil(rowsByCollections / collectionRows);
}
