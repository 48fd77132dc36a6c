/** Which rows go into the next job, and how many. */
import type { DatabaseSync } from 'node:sqlite';
import type { LicenseFamily, Send } from '../model/steps.js';
import { planJob, readLastJob } from '../store/sends.js';
import { countDue } from '../store/steps.js';
import { firstJobSize, nextJobSize, shareOf } from './jobSize.js';

/**
 * Records the intent of the next job, with its steps.
 * @param now milliseconds
 * @returns undefined when no step of the family may be sent now
 */
export function planNextJob(
  db: DatabaseSync,
  kind: string,
  family: LicenseFamily,
  canary: boolean,
  now: number,
): Send | undefined {
  if (canary) return planJob(db, { kind, family, canary, size: 1, most: 1 }, now);
  const last = readLastJob(db, kind, family);
  const most = last === undefined ? firstJobSize(family) : nextJobSize(family, last);
  return planJob(db, { kind, family, canary, size: shareOf(family, most, countDue(db, kind, family, now)), most }, now);
}
