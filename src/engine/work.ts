/** What the engine drives: rows of one kind, written by ingest jobs or, where they are few, by collections. */
import type { DatabaseSync } from 'node:sqlite';
import type { IngestJobRequest } from '../org/bulkIngest.js';
import type { LicenseFamily } from '../model/reasons.js';
import type { CollectContext, Collected } from './collectJob.js';
import type { CollectionContext, CollectionEnd } from './collectionCalls.js';
import type { Job } from '../store/jobRecords.js';

/** `users`: new users. `assignments`: their permission sets. `changes`: fields of users that exist. */
export type WorkName = 'users' | 'assignments' | 'changes';

/** A row that is under way. */
export type SentRow = {
  readonly n: number;
  /** Identifies the row in the results of a job. */
  readonly key: string;
  /** Times that Salesforce has refused it, and this one. */
  readonly attempts: number;
};

export type Work = {
  readonly name: WorkName;
  readonly request: IngestJobRequest;
  /** Whether a large plan tries single rows first. */
  readonly hasCanary: boolean;
  /** Records the intent of the next job and takes its rows; undefined when no row of the family may be sent now. */
  readonly planJob: (db: DatabaseSync, family: LicenseFamily, canary: boolean, now: number) => Job | undefined;
  /** The CSV that a job uploads; made from run.db, so that it can be made again. */
  readonly jobBody: (db: DatabaseSync, n: number) => string;
  /** @throws OrgError; nothing is recorded then, and the job can be collected again */
  readonly collect: (context: CollectContext, job: Job) => Promise<Collected | 'paused'>;
  /** Rows that wait to be sent, and the earliest time (ms) at which one may be; undefined when there is none. */
  readonly waiting: (db: DatabaseSync) => Waiting | undefined;
  /** Gives the rows of a job that has sent none back to the plan, and forgets the job. */
  readonly giveBack: (db: DatabaseSync, job: Job) => void;
  readonly collections?: {
    /** Writes up to 200 rows in one call; repeating it does no harm. */
    readonly send: (context: CollectionContext) => Promise<CollectionEnd>;
    /** Asks the org about rows of a call whose answer was lost. @throws OrgError */
    readonly settle: (context: CollectionContext) => Promise<void>;
  };
};

export type Waiting = { readonly rows: number; readonly time: number };
