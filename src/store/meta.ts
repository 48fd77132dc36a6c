/** What a run knows of itself besides its subjects: plain texts by key in run.db. */
import type { DatabaseSync } from 'node:sqlite';
import { damagedRun, requiredText, selectRows, transaction } from './sqlite.js';

export type MetaKey =
  | 'operation'
  | 'mode'
  | 'protect'
  | 'fromRun'
  | 'fromOperation'
  | 'releaseLicenses'
  | 'againAfter'
  | 'includeLoggedIn'
  | 'includeSso'
  | 'passwordEmails'
  | 'inactiveSince'
  | 'neverLoggedInSince'
  | 'orgId'
  | 'userId'
  | 'username'
  | 'apiVersion'
  | 'dryRun'
  | 'columns'
  | 'keyColumn'
  | 'givenColumns'
  | 'plannedAt'
  | 'maxUsers'
  | 'strict'
  | 'consentAt'
  | 'startedAt'
  | 'canaryPassed'
  | 'byCollections'
  | 'oneByOne'
  | 'apiCalls'
  | 'allowWelcomeEmails'
  | 'orgKind'
  | 'selectedBy'
  | 'condition'
  | 'permissionSets'
  | 'declinedAt'
  | 'guards'
  | 'licenses'
  | 'profiles'
  | 'newUsers'
  | 'welcomeEmails'
  | 'siteMembers'
  | 'apiBudget'
  | 'usernamesUniquePerOrg'
  | 'definition'
  | 'definitionPath'
  | 'maxTakeAway'
  | 'orgTime'
  | 'syncFacts'
  | 'typedFlags';

/** What a run is told when it begins, and never again. */
export type RunDescription = Partial<Record<MetaKey, string>>;

export function writeMeta(db: DatabaseSync, values: RunDescription): void {
  const statement = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  transaction(db, () => {
    for (const [key, value] of Object.entries(values)) statement.run(key, value);
  });
}

export function readMeta(db: DatabaseSync, key: MetaKey): string | undefined {
  const [row] = selectRows(db, 'SELECT value FROM meta WHERE key = ?', key);
  return row === undefined ? undefined : requiredText(row['value']);
}

/** @throws RunFault runDamaged where it is missing */
export function requireMeta(db: DatabaseSync, key: MetaKey): string {
  const value = readMeta(db, key);
  if (value === undefined) throw damagedRun(db, `meta: no ${key}`);
  return value;
}

/** @throws RunFault runDamaged where it is missing, or neither true nor false */
export function requireSwitch(db: DatabaseSync, key: MetaKey): boolean {
  requireMeta(db, key);
  return readSwitch(db, key) === true;
}

/** Undefined where nobody knew. @throws RunFault runDamaged where it is neither true nor false */
export function readSwitch(db: DatabaseSync, key: MetaKey): boolean | undefined {
  const value = readMeta(db, key);
  if (value !== undefined && value !== 'true' && value !== 'false') throw damagedRun(db, `meta: ${key}`);
  return value === undefined ? undefined : value === 'true';
}

/** @throws RunFault runDamaged where it is missing, or no number of that kind */
export function requireCount(db: DatabaseSync, key: MetaKey): number {
  const value = requireMeta(db, key);
  if (!/^\d+$/.test(value)) throw damagedRun(db, `meta: ${key}`);
  return Number(value);
}

/** 0 where it is missing. @throws RunFault runDamaged where it is no number of that kind */
export function readCount(db: DatabaseSync, key: MetaKey): number {
  return readMeta(db, key) === undefined ? 0 : requireCount(db, key);
}

/** A list that was written as JSON. @throws RunFault runDamaged where it is missing, or anything else */
export function requireMetaList(db: DatabaseSync, key: MetaKey): string[] {
  requireMeta(db, key);
  return readMetaList(db, key);
}

/** A list that was written as JSON; empty when there is none. @throws RunFault runDamaged for anything else */
export function readMetaList(db: DatabaseSync, key: MetaKey): string[] {
  const list = readMetaJson(db, key) ?? [];
  if (!Array.isArray(list) || !list.every((each) => typeof each === 'string')) throw damagedRun(db, `meta: ${key}`);
  return list;
}

/** @returns undefined when there is none @throws RunFault runDamaged for what is no JSON */
export function readMetaJson(db: DatabaseSync, key: MetaKey): unknown {
  const value = readMeta(db, key);
  if (value === undefined) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    throw damagedRun(db, `meta: ${key}`);
  }
}

/** What every run knows has the form in which it was written. @throws RunFault runDamaged */
export function checkMeta(db: DatabaseSync): void {
  for (const key of ['dryRun', 'strict', 'allowWelcomeEmails'] as const) requireSwitch(db, key);
  requireCount(db, 'maxUsers');
  readCount(db, 'apiCalls');
  for (const key of ['orgId', 'userId', 'username'] as const) requireMeta(db, key);
  if (!/^\d+\.\d+$/.test(requireMeta(db, 'apiVersion'))) throw damagedRun(db, 'meta: apiVersion');
  const times = ['plannedAt', 'consentAt', 'declinedAt', 'startedAt', 'inactiveSince', 'neverLoggedInSince'] as const;
  for (const key of times) {
    const time = readMeta(db, key);
    if (time !== undefined && Number.isNaN(Date.parse(time))) throw damagedRun(db, `meta: ${key}`);
  }
  for (const key of ['canaryPassed', 'byCollections', 'oneByOne', 'typedFlags'] as const) readMetaList(db, key);
}
