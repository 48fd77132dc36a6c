/** When to look at a running job again: seldom while it has long to go, soon before it ends. */

/** How far the org was with a job at a time (ms). */
export type JobProgress = { readonly time: number; readonly processed: number };

/** Jobs of fewer rows may be done by the time that one can ask. */
const smallJob = 1_000;
/** No org that we know of is faster, with all the batches of a job in parallel. */
const leastPerRow = 0.1;
const firstPause = 500;
const greatestFirst = 5_000;
const growth = 1.6;
/** At most 15 looks an hour, once the pauses have grown. */
const greatestPause = 240_000;

/** Milliseconds before a job is looked at for the first time. */
export function pauseBeforeFirst(rows: number): number {
  return rows <= smallJob ? 0 : Math.min(greatestFirst, Math.max(firstPause, rows * leastPerRow));
}

/**
 * Milliseconds until the next look: ever longer, but not beyond the time at which the job will be done at its present pace.
 * @param last pause, 0 if there was none
 */
export function nextPause(rows: number, last: number, before: JobProgress, now: JobProgress): number {
  const grown = Math.min(greatestPause, Math.max(firstPause, last * growth));
  const done = now.processed - before.processed;
  if (done <= 0 || rows <= now.processed) return grown;
  const left = ((rows - now.processed) * (now.time - before.time)) / done;
  return Math.min(grown, Math.max(firstPause, left));
}
