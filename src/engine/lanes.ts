/** The work that is under way at a time: jobs, each in a lane of its license family, and results that are being read. */
import type { LicenseFamily } from '../model/steps.js';

/** `collecting`: the job has ended in the org, so that its lane is free. */
export type Lane = LicenseFamily | 'collecting';

export class Lanes {
  private readonly running: Readonly<Record<Lane, Set<Promise<void>>>> = {
    highVolume: new Set(),
    roleBased: new Set(),
    collecting: new Set(),
  };

  /** @param work never rejects */
  public track(lane: Lane, work: Promise<void>): void {
    const tracked = work.finally(() => this.running[lane].delete(tracked));
    this.running[lane].add(tracked);
  }

  public count(lane: Lane): number {
    return this.running[lane].size;
  }

  public areEmpty(): boolean {
    return this.underWay().length === 0;
  }

  /** Resolves when the first work ends. */
  public async next(): Promise<void> {
    await Promise.race(this.underWay());
  }

  /** Resolves when all work has ended, and what came of it. */
  public async all(): Promise<void> {
    while (!this.areEmpty()) await Promise.all(this.underWay());
  }

  private underWay(): Array<Promise<void>> {
    return Object.values(this.running).flatMap((lane) => [...lane]);
  }
}
