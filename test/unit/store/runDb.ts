/** Makes run databases with the records that a test wants; only what matters is said. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Decision, LicenseFamily } from '../../../lib/model/reasons.js';
import { insertRecords, type PlannedRecord } from '../../../lib/store/planRecords.js';
import { createRunDatabase, indexRecords } from '../../../lib/store/runDatabase.js';

export type Wanted = {
  readonly contactId?: string | null;
  readonly accountId?: string;
  readonly family?: LicenseFamily;
  readonly values?: Readonly<Record<string, string>>;
  readonly nickname?: string;
  readonly givenNickname?: string;
  readonly givenFederationId?: string;
  readonly decision?: Exclude<Decision, { action: 'create' }>;
};

/** `003000000000007AAA` */
export function contactIdOf(n: number): string {
  return `003${String(n).padStart(12, '0')}AAA`;
}

export function plannedRecord(n: number, wanted: Wanted = {}): PlannedRecord {
  const contactId = wanted.contactId === undefined ? contactIdOf(n) : wanted.contactId;
  const values = {
    ContactId: contactId ?? '',
    Username: `u${String(n)}@acme.example`,
    CommunityNickname: wanted.nickname ?? `user-${String(n)}`,
    ProfileId: '00e000000000001AAA',
    ...wanted.values,
  };
  return {
    n,
    key: contactId ?? '',
    line: null,
    cells: {},
    contactId,
    accountId: wanted.accountId ?? `001${String(n)}`,
    contactName: `Name ${String(n)}`,
    accountName: 'Acme',
    decision: wanted.decision ?? {
      action: 'create',
      values,
      family: wanted.family ?? 'highVolume',
      permissionSets: [],
    },
    givenNickname: wanted.givenNickname ?? null,
    givenFederationId: wanted.givenFederationId ?? null,
  };
}

export class RunDb {
  readonly folder: string;
  readonly db: DatabaseSync;

  private constructor(folder: string, db: DatabaseSync) {
    this.folder = folder;
    this.db = db;
  }

  static async with(...wanted: readonly Wanted[]): Promise<RunDb> {
    const folder = mkdtempSync(join(tmpdir(), 'portal-users-db-'));
    const run = new RunDb(folder, await createRunDatabase(folder));
    insertRecords(
      run.db,
      wanted.map((each, index) => plannedRecord(index + 1, each)),
    );
    indexRecords(run.db);
    return run;
  }

  /** One column of all records, in order. */
  column(name: string): unknown[] {
    return this.db
      .prepare(`SELECT ${name} AS value FROM record ORDER BY n`)
      .all()
      .map((row) => row['value']);
  }

  set(n: number, assignments: string): void {
    this.db.exec(`UPDATE record SET ${assignments} WHERE n = ${String(n)}`);
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
