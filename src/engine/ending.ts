/** What ends a run before its last row: the first thing that does counts. */
import type { DatabaseSync } from 'node:sqlite';
import { RunFault } from '../model/faults.js';
import type { RowRefusal } from '../model/outcomes.js';
import { isLimitJobError, isOrgLevelJobError } from '../model/rowErrors.js';
import { endOf, type ApplyEnd } from '../model/runEnd.js';
import { maskAddresses } from '../model/privacy/maskedText.js';
import { countUndone, hasUnsureSteps } from '../store/queries/counts.js';
import type { Kind } from './kind.js';

/** Sending the same rows for ever would use up the day's batches. */
const mostFruitlessJobs = 5;

export class Ending {
  /** Jobs in a row of which Salesforce judged no row. */
  public fruitless = 0;
  private readonly db: DatabaseSync;
  /** Jobs that are under way still come to a safe point. */
  private end: ApplyEnd | undefined;
  /** What is no end of a run. */
  private thrown: { readonly error: unknown } | undefined;

  public constructor(db: DatabaseSync) {
    this.db = db;
  }

  /** Whether nothing more is to be sent. */
  public get isReached(): boolean {
    return this.end !== undefined || this.isThrown;
  }

  public get isThrown(): boolean {
    return this.thrown !== undefined;
  }

  /** Undefined: nothing has ended the run. "Every row would be refused" says too much while the fate of some is not known. */
  public get first(): ApplyEnd | undefined {
    if (this.end?.end !== 'org' || !hasUnsureSteps(this.db)) return this.end;
    const { code, message } = this.end;
    return { end: 'call', fault: new RunFault('orgRefused', { code, message }) };
  }

  /** A failed call ends the run; anything else is thrown, once every lane has come to rest. */
  public stopOn(error: unknown): void {
    // The signal itself is the end.
    if (error instanceof RunFault && error.code === 'interrupted') return;
    const end = endOf(error);
    if (end === undefined) this.thrown ??= { error };
    else this.end ??= end;
  }

  public throwOn(): void {
    if (this.thrown !== undefined) throw this.thrown.error;
  }

  /** What Salesforce says may quote the rows; addresses go on no screen and in no log. */
  public stopAt({ name }: Kind, cause: 'org' | 'licenses' | 'storage', { code, message: text }: RowRefusal): void {
    const message = maskAddresses(text);
    if (cause === 'org') this.end ??= { end: 'org', code, message };
    else if (cause === 'storage') this.end ??= { end: 'call', fault: new RunFault('storageFull', { message }) };
    else this.end ??= { end: 'licenses', code, message, missing: countUndone(this.db, name) };
  }

  /** @param message of a failed job */
  public afterJob(kind: Kind, message: string, isFruitless: boolean): void {
    if (isLimitJobError(message)) this.end ??= endOf(new RunFault('orgLimit', { message }));
    this.fruitless = isFruitless ? this.fruitless + 1 : 0;
    const isOver = this.fruitless >= mostFruitlessJobs || isOrgLevelJobError(message);
    if (isOver) this.stopAt(kind, 'org', { code: 'JOB_FAILED', message });
  }
}
