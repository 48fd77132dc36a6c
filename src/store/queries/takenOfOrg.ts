/** The licenses and welcome emails of a run: what the guards expected of the plan, and what the steps that are done come to. */
import type { DatabaseSync } from 'node:sqlite';
import { isJsonObject } from '../../model/facts.js';
import type { LicenseUse, NewUsers, WelcomeEmails } from '../../model/result.js';
import { readMetaJson } from '../meta.js';
import { damagedRun } from '../sqlite.js';
import { countAssignable } from './assignmentSteps.js';
import { countByProfile } from './counts.js';
import { countJoining, readJoiners } from './permissionSetSteps.js';

/** As the guards keep it. */
export type PlannedLicense = Omit<LicenseUse, 'done'> & {
  /** By what its steps are known: the profiles with this license; or the Id of the license that is assigned besides. */
  readonly ids: readonly string[];
};

/**
 * @param started only then is anything done
 * @throws RunFault runDamaged for what src/preflight/guards.ts does not write
 */
export function readLicenseUse(db: DatabaseSync, started: boolean): LicenseUse[] {
  const list = readMetaJson(db, 'licenses') ?? [];
  if (!Array.isArray(list) || !list.every(isPlannedLicense)) throw damagedRun(db, 'meta: licenses');
  const done = started && list.length > 0 ? seatsDone(db) : undefined;
  return list.map(({ ids, ...use }) => ({
    ...use,
    ...(done !== undefined && { done: ids.reduce((sum, id) => sum + (done.get(id) ?? 0), 0) }),
  }));
}

/** Licenses that are taken by now (negative: freed), by the Id of the profile, or of the license that is assigned besides. */
function seatsDone(db: DatabaseSync): ReadonlyMap<string, number> {
  return new Map([
    ...Array.from(countByProfile(db, 'done'), ([id, { seats }]) => [id, seats] as const),
    ...countAssignable(db, 'done').map(({ id, seats }) => [id, seats] as const),
  ]);
}

function isPlannedLicense(value: unknown): value is PlannedLicense {
  if (!isJsonObject(value)) return false;
  if (value['of'] !== undefined && value['of'] !== 'permissionSet' && value['of'] !== 'package') return false;
  return (
    typeof value['name'] === 'string' &&
    ['total', 'used', 'needed'].every((key) => typeof value[key] === 'number') &&
    isListOfTexts(value['ids'])
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Of a create run; undefined for any other. @throws RunFault runDamaged, as above */
export function readNewUsers(db: DatabaseSync): NewUsers | undefined {
  const users = readMetaJson(db, 'newUsers');
  if (users === undefined) return undefined;
  if (!isJsonObject(users)) throw damagedRun(db, 'meta: newUsers');
  const { active, inactive } = users;
  if (!isCount(active) || !isCount(inactive)) throw damagedRun(db, 'meta: newUsers');
  return { active, inactive };
}

/** @param started only then is anything done @throws RunFault runDamaged, as above */
export function readWelcomeEmails(db: DatabaseSync, started: boolean): WelcomeEmails {
  const emails = readMetaJson(db, 'welcomeEmails') ?? { possible: 0, atLeast: false, sites: [], senders: [] };
  if (!isWelcomeEmails(emails)) throw damagedRun(db, 'meta: welcomeEmails');
  return { ...emails, ...(started && { done: emails.possible === 0 ? 0 : countWelcomed(db) }) };
}

/** One for each user that is done and each site that the user became a member of. */
function countWelcomed(db: DatabaseSync): number {
  const sites = readMetaJson(db, 'siteMembers');
  if (!Array.isArray(sites) || !sites.every(isListOfTexts)) throw damagedRun(db, 'meta: siteMembers');
  const joiners = readJoiners(db, 'done');
  return sites.reduce((sum, ids) => sum + countJoining(new Set(ids), joiners), 0);
}

function isWelcomeEmails(value: unknown): value is WelcomeEmails {
  if (!isJsonObject(value) || typeof value['possible'] !== 'number' || typeof value['atLeast'] !== 'boolean')
    return false;
  const { sites, senders } = value;
  return isListOfTexts(sites) && Array.isArray(senders) && senders.every(isSender);
}

function isSender(value: unknown): boolean {
  if (!isJsonObject(value) || typeof value['site'] !== 'string' || typeof value['address'] !== 'string') return false;
  return value['template'] === undefined || typeof value['template'] === 'string';
}

function isListOfTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
