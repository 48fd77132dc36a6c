/**
 * Works jobs off on the org's clock: 10,000-row batches, so many at a time over all jobs and first come, first served, each
 * in 200-row chunks (docs/salesforce-facts.md#bulk-ingest-jobs).
 *
 * A chunk begins when its batch gets a place or the chunk before it ends. It holds its locks from beginning to end, so it
 * meets those of every chunk that is in work in between; its rows are written when its time is over. With no costs all is
 * done at the first look, the batches taking turns.
 */
import { costOf, isTimedOut } from './batch.ts';
import type { Batch, OrgForWork } from './batch.ts';
import { endJob, terminalStates } from './ingestJob.ts';
import type { IngestJob } from './ingestJob.ts';
import { openJob } from './openJob.ts';
import { countChunk, writeChunk } from './runChunk.ts';
import type { WrittenChunk } from './runChunk.ts';

export type Worker = {
  /** A closed job enters the queue. */
  enqueue(job: IngestJob): void;
  /** Does what is due by now, for at most so many real milliseconds; says whether more is due. */
  work(budgetMs?: number): boolean;
  /** Jobs are waiting or in work. */
  isBusy(): boolean;
};

/** A batch that has a place, and the chunk it is at. */
type Lane = {
  readonly batch: Batch;
  chunkStart: number;
  /** When the chunk's next step is due: its rows, then the end of its wait for a lock. */
  due: number;
  written: WrittenChunk | undefined;
};

export function createWorker(org: OrgForWork): Worker {
  let waitingJobs: IngestJob[] = [];
  const waiting: Batch[] = [];
  /** In the order in which their chunks began. */
  let lanes: Lane[] = [];
  /** When places became free that nobody has taken since. */
  let freed: number[] = [];

  /** Jobs whose time in the queue is over are opened. */
  function admitJobs(now: number): void {
    for (const job of waitingJobs) {
      const due = (job.closedMs ?? now) + org.switches.bulk.msInQueue;
      if (job.state === 'UploadComplete' && due <= now) openJob(org, job, due).forEach(queue);
    }
    waitingJobs = waitingJobs.filter((job) => job.state === 'UploadComplete');
  }

  function queue(batch: Batch): void {
    const behind = waiting.findIndex((other) => other.readyMs > batch.readyMs);
    waiting.splice(behind < 0 ? waiting.length : behind, 0, batch);
  }

  function admitBatches(): void {
    while (lanes.length < org.switches.bulk.parallelBatches) {
      const batch = waiting.shift();
      if (batch === undefined) break;
      if (terminalStates.has(batch.job.state)) continue;
      batch.startedMs = Math.max(batch.readyMs, freed.shift() ?? 0);
      beginChunk({ batch, chunkStart: batch.startedMs, due: 0, written: undefined });
    }
    // A job that comes later is not ready earlier than these places were free.
    freed = [];
  }

  function beginChunk(lane: Lane): void {
    lane.due = lane.chunkStart + costOf(org, lane.batch);
    lane.written = undefined;
    org.rules.locks.begin(lane.batch.owner);
    lanes.push(lane);
  }

  function dropEnded(): void {
    for (const { batch } of lanes.filter(hasEnded)) {
      org.rules.locks.end(batch.owner);
      freed.push(batch.job.modifiedMs);
    }
    lanes = lanes.filter((lane) => !hasEnded(lane));
  }

  /** The next step of any chunk, if it is due. */
  function step(now: number): boolean {
    admitJobs(now);
    dropEnded();
    admitBatches();
    if (org.switches.bulk.stuck) return false;
    const lane = earliest(lanes);
    if (lane === undefined || lane.due > now) return false;
    if (lane.written === undefined) {
      lane.written = writeChunk(org, lane.batch);
      // It has waited for a lock in vain, and holds its own meanwhile.
      if (org.rules.locks.hasWaited(lane.batch.owner)) lane.due += org.switches.locks.waitMs;
    } else endChunk(lane, lane.written);
    return true;
  }

  function endChunk(lane: Lane, written: WrittenChunk): void {
    const { batch, chunkStart, due } = lane;
    org.rules.locks.end(batch.owner);
    lanes = lanes.filter((other) => other !== lane);
    countChunk(org, batch, written, chunkStart, due);
    if (terminalStates.has(batch.job.state) || batch.next >= batch.end) freed.push(due);
    else if (isTimedOut(org, batch, due)) {
      freed.push(due);
      retryBatch(org, batch, due);
      queue(batch);
    } else beginChunk({ ...lane, chunkStart: due });
  }

  return {
    enqueue: (job) => void waitingJobs.push(job),
    isBusy: () => waitingJobs.length + waiting.length + lanes.length > 0,
    work(budgetMs = Number.POSITIVE_INFINITY) {
      const began = performance.now();
      while (step(org.clock.now())) {
        if (performance.now() - began > budgetMs) return true;
      }
      return false;
    },
  };
}

function hasEnded({ batch }: Lane): boolean {
  return terminalStates.has(batch.job.state);
}

function earliest(lanes: readonly Lane[]): Lane | undefined {
  return lanes.reduce<Lane | undefined>(
    (first, lane) => (first === undefined || lane.due < first.due ? lane : first),
    undefined,
  );
}

/** A batch that takes too long goes back to the queue; after its last try the job fails and the rest stays unprocessed. */
function retryBatch(org: OrgForWork, batch: Batch, now: number): void {
  batch.tries += 1;
  batch.readyMs = now;
  batch.job.retries += 1;
  if (batch.tries <= org.switches.bulk.batchTries) return;
  endJob(batch.job, 'Failed', now, 'InternalServerError : Batch took too long to process. Batch will not be retried.');
}
