/** What a run knows of itself besides its records: plain texts by key in run.db. */
import type { DatabaseSync } from 'node:sqlite';
import { textOf, transaction } from './sqlite.js';

export type MetaKey =
  | 'operation'
  | 'mode'
  | 'protect'
  | 'fromRun'
  | 'inactiveSince'
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
  | 'callsBy'
  | 'apiCalls'
  | 'allowWelcomeEmails'
  | 'licenses'
  | 'welcomeEmails'
  | 'apiBudget';

export function writeMeta(db: DatabaseSync, values: Partial<Record<MetaKey, string>>): void {
  const statement = db.prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  transaction(db, () => {
    for (const [key, value] of Object.entries(values)) statement.run(key, value);
  });
}

export function readMeta(db: DatabaseSync, key: MetaKey): string | undefined {
  const row = db.prepare('SELECT value FROM meta WHERE key = ?').get(key);
  return row === undefined ? undefined : textOf(row['value']);
}

/** A list that was written as JSON; empty when there is none. */
export function readMetaList(db: DatabaseSync, key: MetaKey): string[] {
  const parsed: unknown = JSON.parse(readMeta(db, key) ?? '[]');
  return Array.isArray(parsed) ? parsed.map(String) : [];
}
