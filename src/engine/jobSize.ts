/** How many rows go into one ingest job, and what a plan of a given size costs. */
import type { ApiBudget } from '../model/result.js';
import type { LicenseFamily } from '../model/steps.js';

/**
 * Waiting steps of a kind that takes collections: above this, a job costs fewer calls and less time. So the rest of a large plan
 * goes by collections, once no job is under way.
 */
export const mostByCollections = 2_000;

/** A plan above this size begins with a job of one row. */
export const canaryThreshold = 200;

/** Rows of one internal batch (Bulk API 2.0, limits). */
const batchRows = 10_000;

/** Half of the five minutes after which Salesforce gives up a batch and starts it again. */
const comfortableMilliseconds = 150_000;

type Sizes = {
  readonly first: number;
  readonly most: number;
  readonly lanes: number;
  /** Whether a job that the org works on leaves its lane to another one. */
  readonly makesRoom: boolean;
};

const sizes: Readonly<Record<LicenseFamily, Sizes>> = {
  // The org cuts a job into batches that it works in parallel, whatever the job's size, and these users take no
  // group-membership locks (docs/salesforce-facts.md#locks).
  highVolume: { first: 50_000, most: 50_000, lanes: 5, makesRoom: true },
  // One batch a job and one job at a time: portal roles are made under locks, and inserts are slow.
  roleBased: { first: 2_000, most: 10_000, lanes: 1, makesRoom: false },
};

/**
 * How many jobs of a family may be under way at the same time: as many as the org is seen to work on, and some that wait for it.
 * @param atWork jobs of the family that it is seen to work on
 */
export function lanesOf(family: LicenseFamily, atWork: number): number {
  const { lanes, makesRoom } = sizes[family];
  return makesRoom ? lanes + atWork : lanes;
}

export function firstJobSize(family: LicenseFamily): number {
  return sizes[family].first;
}

const leastRows = 200;

/**
 * The greatest size of the next job, from how long a batch of the last one of the family took.
 * @param last of the same kind, and no canary. `most`: what it was allowed to have, `rows`: what it had, `milliseconds`: of all its batches
 *   together, `troubled`: it failed, or many of its rows have to be sent again (src/engine/planSend.ts)
 */
export function nextJobSize(
  family: LicenseFamily,
  last: { readonly most: number; readonly rows: number; readonly milliseconds: number; readonly troubled: boolean },
): number {
  const batch = Math.min(last.rows, batchRows);
  const milliseconds = (last.milliseconds * batch) / last.rows;
  if (last.troubled) return half(last.rows);
  if (milliseconds > comfortableMilliseconds) return half(batch);
  const grows = milliseconds < comfortableMilliseconds / 2;
  return grows ? Math.min(sizes[family].most, last.most * 2) : last.most;
}

function half(rows: number): number {
  return Math.max(leastRows, Math.floor(rows / 2));
}

/** Rows of the jobs that are kept for the end. */
const lastRows = 5_000;

/**
 * What a job takes of the rows that wait: whole batches, but for the last rows. Those go by small jobs, one a lane, so that
 * the lanes end together, however many batches the org works at once.
 * @param most rows that the job may have
 */
export function shareOf(family: LicenseFamily, most: number, waiting: number): number {
  const { lanes } = sizes[family];
  if (lanes === 1 || most <= lastRows || waiting <= lastRows) return most;
  const batches = Math.floor((waiting - lanes * lastRows) / batchRows);
  return Math.min(most, Math.max(lastRows, batches * batchRows));
}

/** Steps of one composite call (REST API guide, Composite), and the questions right before it about its users. */
const compositeRows = 25;
const callsPerComposite = 4;

/** Up to six calls a job, and the looks at it: up to ten. */
const callsPerJob = 16;

/** What is to be written, by the way that it goes: rows, and calls of collections with the questions right before calls and jobs. */
export type RowsByWay = Readonly<Record<LicenseFamily | 'collections' | 'byCalls', number>>;

/** To learn what became of a job that Salesforce has: its state, and its three results. */
const callsToCollect = 4;

/**
 * What the rest of a plan takes.
 * @param rows that Salesforce does not have yet
 * @param jobs that it has
 */
export function restBudgetOf(rows: RowsByWay, jobs: number): ApiBudget {
  const { calls, batches } = apiBudgetOf(rows);
  return { calls: calls + jobs * callsToCollect, batches };
}

/** The test row, full jobs and batches, the small ones at the end, and room for a quarter of the rows to be sent again. */
export function apiBudgetOf(rows: RowsByWay): ApiBudget {
  const families: readonly LicenseFamily[] = ['highVolume', 'roleBased'];
  const budgets = families.flatMap((family) => {
    if (rows[family] === 0) return [];
    const { first, most, lanes } = sizes[family];
    const canary = rows[family] > canaryThreshold ? 1 : 0;
    const last = Math.min(lanes, Math.ceil(rows[family] / lastRows));
    const jobs = canary + last + Math.ceil((rows[family] / most) * 1.25);
    const batches = canary + 1 + Math.ceil((rows[family] / Math.min(batchRows, first)) * 1.25);
    return [{ calls: jobs * callsPerJob, batches }];
  });
  return {
    calls: budgets.reduce(
      (sum, { calls }) => sum + calls,
      rows.collections + Math.ceil(rows.byCalls / compositeRows) * callsPerComposite,
    ),
    batches: budgets.reduce((sum, { batches }) => sum + batches, 0),
  };
}
