/** What a run is that takes from users what they hold (--release-licenses), or gives it back. */
import type { DatabaseSync } from 'node:sqlite';
import { assignKindNames, removeKindNames } from '../../model/access/assignments.js';
import { RunFault } from '../../model/faults.js';
import { modeRule, type Mode } from '../../model/modes.js';
import type { OrgClient } from '../../org/orgClient.js';
import { checkAssignments } from '../../store/integrity.js';
import { readMeta, readSwitch, requireMeta, type RunDescription } from '../../store/meta.js';
import { damagedRun } from '../../store/sqlite.js';

/** Only users who are switched off lose what they hold. @throws RunFault releaseUnused */
export function refuseUnusedRelease(mode: Mode, releases: boolean): void {
  if (releases && modeRule(mode).releases !== true) throw new RunFault('releaseUnused', { mode });
}

/** What `resume` needs to know of it later. */
export function describeRelease(client: Pick<OrgClient, 'now'>, releases: boolean): RunDescription {
  return releases ? { releaseLicenses: 'true', orgTime: new Date(client.now()).toISOString() } : {};
}

export function releasesLicenses(db: DatabaseSync): boolean {
  return readSwitch(db, 'releaseLicenses') === true;
}

/**
 * The kinds of steps that a run of the mode can have besides its own.
 * @throws RunFault runDamaged where what it says of itself doesn't fit together
 */
export function furtherKinds(db: DatabaseSync, mode: Mode): readonly string[] {
  checkAssignments(db);
  const { operation, releases } = modeRule(mode);
  if (operation === 'enable') return readMeta(db, 'fromRun') === undefined ? [] : assignKindNames;
  if (!releasesLicenses(db)) return [];
  if (releases !== true) throw damagedRun(db, 'meta: releaseLicenses');
  requireMeta(db, 'orgTime');
  return removeKindNames;
}
