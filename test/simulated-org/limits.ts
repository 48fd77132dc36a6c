/** The org's daily allowances: API calls count themselves, other parts report what they use. */
import type { Switches } from './switches.ts';

export type LimitName = 'DailyApiRequests' | 'DailyBulkApiBatches' | 'DailyBulkV2QueryJobs' | 'SingleEmail';

export interface Limits {
  max(name: LimitName): number;
  used(name: LimitName): number;
  remaining(name: LimitName): number;
  /** Counts `count` more; may go over the maximum: the caller decides whether to refuse. */
  use(name: LimitName, count?: number): void;
}

export function createLimits(switches: Switches): Limits {
  const counts = new Map<LimitName, number>();
  const max = (name: LimitName): number => {
    if (name === 'DailyApiRequests') return switches.dailyApiRequests;
    if (name === 'DailyBulkApiBatches') return switches.dailyBulkApiBatches;
    return name === 'SingleEmail' ? switches.singleEmailsADay : switches.dailyBulkQueryJobs;
  };
  const used = (name: LimitName): number =>
    (counts.get(name) ?? 0) + (name === 'DailyApiRequests' ? switches.dailyApiRequestsUsed : 0);
  return {
    max,
    used,
    remaining: (name) => Math.max(0, max(name) - used(name)),
    use: (name, count = 1) => void counts.set(name, (counts.get(name) ?? 0) + count),
  };
}
