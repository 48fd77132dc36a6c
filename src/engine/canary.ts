/**
 * The canary: a large plan (`canaryThreshold` in src/engine/jobSize.ts) begins with jobs of one row, so that a fault of the whole
 * org costs one row and not 10,000. Kinds with `hasCanary` have one, unless they go by collections. One that stops ends the run,
 * and its rows are taken back into the plan.
 */
import type { DatabaseSync } from 'node:sqlite';
import { classifyRowError } from '../model/rowErrors.js';
import { countSteps, hasCanaryPassed, passCanary, triedRows, type TriedRow } from '../store/queries/canaries.js';
import { canaryThreshold } from './jobSize.js';

type CanaryVerdict =
  | { readonly verdict: 'passed' | 'another' }
  | { readonly verdict: 'stop'; readonly code: string; readonly message: string };

/** Failures of single rows may be their own fault: another account's row is tried, this many times. */
const mostCanaries = 3;

export function needsCanary(db: DatabaseSync, kind: string): boolean {
  return !hasCanaryPassed(db, kind) && countSteps(db, kind) > canaryThreshold;
}

/** Looks at the outcome of the canary jobs so far; `another` while there is none to go by. */
export function judgeCanary(db: DatabaseSync, kind: string): CanaryVerdict {
  const rows = triedRows(db, kind);
  const failed = rows.filter(({ state }) => state === 'failed');
  const isAlive = rows.some(showsLife);
  if (!isAlive && failed.length < mostCanaries) return { verdict: 'another' };
  const [first] = failed;
  if (!isAlive && first?.code !== undefined && failed.every(({ code }) => code === first.code)) {
    return { verdict: 'stop', code: first.code, message: first.message ?? '' };
  }
  passCanary(db, kind);
  return { verdict: 'passed' };
}

/** The org does it, or refuses this row for a reason that passes by itself. */
function showsLife({ state, code, message }: TriedRow): boolean {
  if (state === 'failed') return false;
  if (state !== 'planned') return true;
  return code !== undefined && ['again', 'repairNickname'].includes(classifyRowError(code, message ?? ''));
}
