/** When to look at a running job again: seldom while it has long to go, soon before it ends. */

/** How far the org was with a job at a time (ms). */
type JobProgress = { readonly time: number; readonly processed: number };

/** Jobs of fewer rows may be done by the time that one can ask. */
const smallJob = 1_000;
/** No org that we know of is faster, with all the batches of a job in parallel. */
const leastPerRow = 0.1;
const leastPause = 500;
/** A job that is late is not looked at more closely than it is long. */
const leastPart = 1 / 30;
const greatestFirst = 5_000;
const partBeforeFirst = 1 / 4;
const growth = 1.6;
const growthInQueue = 1.15;
/** A pace that was seen for a second says little about what comes after four. */
const trust = 4;
/** At most 15 looks an hour, once the pauses have grown. */
const greatestPause = 240_000;

/**
 * Milliseconds before a job is looked at for the first time: where earlier jobs have shown how long it takes, a part of that. It may
 * be done much sooner, as others slowed those down.
 * @param duration of the job, where that is known
 */
export function pauseBeforeFirst(rows: number, duration = 0): number {
  if (rows <= smallJob) return 0;
  const unseen = Math.min(greatestFirst, Math.max(leastPause, rows * leastPerRow));
  return Math.min(greatestPause, Math.max(unseen, duration * partBeforeFirst));
}

/**
 * How long the jobs of a run take once the org works on them, from the mean of what was seen. Rather too short for a small job, as
 * the batches of a large one are worked on in parallel: looking too early costs a call, too late costs time.
 */
export class SeenPace {
  private milliseconds = 0;
  private rows = 0;

  /** What happened between two looks at a job that was being worked on at both. */
  public see(before: JobProgress, now: JobProgress): void {
    const rows = now.processed - before.processed;
    if (before.processed === 0 || rows <= 0) return;
    this.milliseconds += now.time - before.time;
    this.rows += rows;
  }

  /** Milliseconds; undefined before anything was seen. */
  public durationOf(rows: number): number | undefined {
    return this.rows === 0 ? undefined : (rows * this.milliseconds) / this.rows;
  }
}

/**
 * Milliseconds until the next look: when the job will be done at its present pace. Before that can be trusted, as the job may have
 * waited in the queue for a part of the time, ever longer pauses lead there. While it waits, they are hardly longer than it will
 * take then: so it is seen at work, and its end foreseen.
 * @param rows of the job; fewer than are processed where nobody knows how many there will be
 * @param last pause, 0 if there was none
 * @param duration of the job, where that is known
 */
export function nextPause(
  rows: number,
  last: number,
  before: JobProgress,
  now: JobProgress,
  duration = Infinity,
): number {
  const grown = Math.min(greatestPause, Math.max(leastPause, last * growth));
  if (now.processed === 0) {
    return duration === Infinity
      ? grown
      : Math.min(greatestPause, Math.max(leastPause, duration, last * growthInQueue));
  }
  const done = now.processed - before.processed;
  if (done <= 0 || now.processed > rows) return grown;
  const seen = now.time - before.time;
  const perRow = seen / done;
  // From the queue on, it goes faster than it seems.
  const left = (rows - now.processed) * (before.processed === 0 ? Math.min(perRow, duration / rows) : perRow);
  const least = Math.max(leastPause, rows * perRow * leastPart);
  const foreseen = Math.min(left, seen * trust);
  return Math.min(duration === Infinity ? grown : greatestPause, Math.max(least, foreseen));
}
