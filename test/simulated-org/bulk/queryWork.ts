/** Runs query jobs in small steps, so that a large one does not stop the server from answering. */
import type { Org } from '../org.ts';
import { runQuery } from '../soql/runQuery.ts';
import type { QueryRow } from '../soql/types.ts';
import { delimiters, lineEnds } from './csvIn.ts';
import { terminalStates } from './ingestJob.ts';
import type { QueryJob } from './queryJob.ts';

const lookBudgetMs = 40;
const stepBudgetMs = 25;
const rowsBetweenLooksAtTheClock = 500;

export type QueryWork = {
  /**
   * UploadComplete, then InProgress until its time is over, then done: seen by the look at it. A large result goes on in
   * the background; under a stopped clock it is done at once.
   */
  moveOn(job: QueryJob): void;
};

export function createQueryWork(org: Org): QueryWork {
  const inWork = new Map<QueryJob, Iterator<string>>();

  function moveOn(job: QueryJob): void {
    if (terminalStates.has(job.state) || org.switches.bulk.stuck) return;
    job.state = 'InProgress';
    if (org.clock.now() - job.createdMs < org.switches.bulk.queryMs || inWork.has(job)) return;
    inWork.set(job, linesOf(job));
    work(job, org.clock.isFrozen() ? Number.POSITIVE_INFINITY : lookBudgetMs);
  }

  function work(job: QueryJob, budgetMs: number): void {
    const lines = inWork.get(job);
    // The org may have been stopped, the job aborted meanwhile.
    if (lines === undefined || !org.store.db.isOpen) return;
    const isDone = terminalStates.has(job.state) || readLines(job, lines, performance.now() + budgetMs);
    if (!isDone) {
      // Not unref'ed: a loop without any other event would sleep instead.
      setImmediate(() => {
        work(job, stepBudgetMs);
      });
      return;
    }
    inWork.delete(job);
    lines.return?.();
    if (terminalStates.has(job.state)) return;
    job.state = 'JobComplete';
    job.modifiedMs = org.clock.now();
  }

  function* linesOf(job: QueryJob): Generator<string> {
    const result = runQuery(org, job.query, { runningUserId: job.createdById, apiVersion: job.apiVersion });
    const delimiter = delimiters[job.columnDelimiter];
    const lineEnd = lineEnds[job.lineEnding];
    job.header = result.columns.map((column) => quoted(column.name)).join(delimiter) + lineEnd;
    for (const row of result.rows()) yield lineOf(row, result.columns.length, delimiter) + lineEnd;
  }

  return { moveOn };
}

/** Says whether all are read. */
function readLines(job: QueryJob, lines: Iterator<string>, until: number): boolean {
  for (;;) {
    for (let left = rowsBetweenLooksAtTheClock; left > 0; left -= 1) {
      const next = lines.next();
      if (next.done === true) return true;
      job.lines.add(next.value);
    }
    if (performance.now() >= until) return false;
  }
}

/** All cells are quoted, null is `""`. */
function lineOf(row: QueryRow, columns: number, delimiter: string): string {
  let line = '';
  for (let index = 0; index < columns; index += 1) {
    const value = row[index] ?? null;
    line += `${index === 0 ? '' : delimiter}${quoted(value === null ? '' : String(value))}`;
  }
  return line;
}

function quoted(text: string): string {
  return text.includes('"') ? `"${text.replaceAll('"', '""')}"` : `"${text}"`;
}
