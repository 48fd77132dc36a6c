/** The work that is under way at a time: jobs, each in a lane of its license family, and results that are being read. */
import type { LicenseFamily, Send } from '../model/steps.js';

/** `collecting`: the job has ended in the org, so that its lane is free. */
export type Lane = LicenseFamily | 'collecting';

export class Lanes {
  private readonly running: Readonly<Record<Lane, Set<Promise<void>>>> = {
    highVolume: new Set(),
    roleBased: new Set(),
    collecting: new Set(),
  };

  /** Numbers of jobs. */
  private readonly worked: Readonly<Record<LicenseFamily, Set<number>>> = {
    highVolume: new Set(),
    roleBased: new Set(),
  };
  private seen = Promise.withResolvers<undefined>();

  /** @param work never rejects */
  public track(lane: Lane, work: Promise<void>): void {
    const tracked = work.finally(() => this.running[lane].delete(tracked));
    this.running[lane].add(tracked);
  }

  /** A job until it has ended in the org. @param work never rejects */
  public trackJob({ n, family }: Send, work: Promise<void>): void {
    this.track(
      family,
      work.finally(() => this.worked[family].delete(n)),
    );
  }

  /** The org was seen to work on a job that is tracked. */
  public seeAtWork({ n, family }: Send): void {
    if (this.worked[family].has(n)) return;
    this.worked[family].add(n);
    this.seen.resolve(undefined);
    this.seen = Promise.withResolvers();
  }

  public countAtWork(family: LicenseFamily): number {
    return this.worked[family].size;
  }

  public count(lane: Lane): number {
    return this.running[lane].size;
  }

  public areEmpty(): boolean {
    return this.underWay().length === 0;
  }

  /** Resolves when the first work ends, or when the org is seen to begin with another job. */
  public async next(): Promise<void> {
    await Promise.race([...this.underWay(), this.seen.promise]);
  }

  /** Resolves when all work has ended, and what came of it. */
  public async all(): Promise<void> {
    while (!this.areEmpty()) await Promise.all(this.underWay());
  }

  private underWay(): Array<Promise<void>> {
    return Object.values(this.running).flatMap((lane) => [...lane]);
  }
}
