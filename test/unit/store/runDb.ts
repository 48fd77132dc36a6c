/** Makes run databases with the subjects and steps that a test wants; only what matters is said. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { createUserStep } from '../../../lib/kinds/createUser.js';
import { permissionSetSteps } from '../../../lib/kinds/assignPermissionSet.js';
import type { StepOutcome } from '../../../lib/model/outcomes.js';
import type { NothingDone } from '../../../lib/model/reasons.js';
import type { LicenseFamily, PlannedStep, Step } from '../../../lib/model/steps.js';
import { createRunDatabase, indexPlan } from '../../../lib/store/runDatabase.js';
import { planJob } from '../../../lib/store/sends.js';
import { recordOutcomes, stepsOfSend } from '../../../lib/store/steps.js';
import { insertSubjects, type PlannedSubject } from '../../../lib/store/subjects.js';

/** A contact that is to get a user, unless `decision` or `steps` say otherwise. */
export type Wanted = {
  readonly key?: string;
  readonly line?: number;
  readonly cells?: Readonly<Record<string, string>>;
  /** null: there is none. */
  readonly contactId?: string | null;
  readonly accountId?: string;
  readonly family?: LicenseFamily;
  readonly values?: Readonly<Record<string, string>>;
  readonly nickname?: string;
  readonly givenNickname?: string;
  readonly givenFederationId?: string;
  readonly userId?: string;
  readonly username?: string;
  readonly snapshot?: Readonly<Record<string, string>>;
  /** What the user gets on top, by Id. */
  readonly permissionSets?: readonly string[];
  readonly decision?: NothingDone;
  /** Instead of a new user. */
  readonly steps?: readonly PlannedStep[];
};

export const profileId = '00e000000000001AAA';

/** `003000000000007AAA` */
export function contactIdOf(n: number): string {
  return `003${String(n).padStart(12, '0')}AAA`;
}

/** `005000000000007AAA` */
export function userIdOf(n: number): string {
  return `005${String(n).padStart(12, '0')}AAA`;
}

/** Of a kind that only tests know. */
export function paintStep(n: number, changes: Partial<PlannedStep> = {}): PlannedStep {
  return {
    kind: 'paintDoor',
    stage: 1,
    target: `a0d${String(n).padStart(12, '0')}AAA`,
    values: { Color__c: `color ${String(n)}` },
    seats: 0,
    family: 'highVolume',
    ...changes,
  };
}

export function plannedSubject(n: number, wanted: Wanted = {}): PlannedSubject {
  const contactId = wanted.contactId === undefined ? contactIdOf(n) : (wanted.contactId ?? undefined);
  const accountId = wanted.accountId ?? `001${String(n)}`;
  const { decision, steps = stepsOf(n, wanted, contactId ?? '', accountId) } = wanted;
  return {
    key: wanted.key ?? contactId ?? '',
    line: wanted.line,
    cells: wanted.cells,
    contactId,
    accountId,
    name: `Name ${String(n)}`,
    accountName: 'Acme',
    userId: wanted.userId,
    username: wanted.username,
    profileId: wanted.values?.['ProfileId'] ?? profileId,
    snapshot: wanted.snapshot,
    decision: decision ?? { action: 'steps', steps },
  };
}

function stepsOf(n: number, wanted: Wanted, contactId: string, accountId: string): PlannedStep[] {
  const sets = permissionSetSteps(
    (wanted.permissionSets ?? []).map((id) => ({
      id,
      name: `Set ${id}`,
      isGroup: id.startsWith('0PG'),
      userLicenseIds: [],
      permissionSetLicenseIds: [],
    })),
    contactId,
  );
  if (wanted.userId !== undefined) return sets;
  const nickname = wanted.nickname ?? `user-${String(n)}`;
  const values = {
    ContactId: contactId,
    Username: `u${String(n)}@acme.example`,
    CommunityNickname: nickname,
    ProfileId: profileId,
    ...wanted.values,
  };
  const user = createUserStep(
    values,
    { contactId, accountId, family: wanted.family ?? 'highVolume' },
    {
      username: values.Username,
      nickname,
      givenNickname: wanted.givenNickname,
      givenFederationId: wanted.givenFederationId,
    },
  );
  return [user, ...sets];
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
    insertSubjects(
      run.db,
      1,
      wanted.map((each, index) => plannedSubject(index + 1, each)),
    );
    indexPlan(run.db);
    return run;
  }

  /** One subject a step of the made-up kind. */
  static async painting(count: number, changes: (n: number) => Partial<PlannedStep> = () => ({})): Promise<RunDb> {
    return RunDb.with(
      ...Array.from({ length: count }, (_, index) => ({ steps: [paintStep(index + 1, changes(index + 1))] })),
    );
  }

  /** One column of all steps, in order. */
  steps(column: string): unknown[] {
    return this.#column('step', column);
  }

  /** One column of all subjects, in order. */
  subjects(column: string): unknown[] {
    return this.#column('subject', column);
  }

  setStep(n: number, assignments: string): void {
    this.db.exec(`UPDATE step SET ${assignments} WHERE n = ${String(n)}`);
  }

  setSubject(n: number, assignments: string): void {
    this.db.exec(`UPDATE subject SET ${assignments} WHERE n = ${String(n)}`);
  }

  /** All rows of a table. */
  table(name: string): Array<Record<string, unknown>> {
    return this.db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all();
  }

  /** Sends all steps of a kind that are due by one job, and gives each its outcome. @returns the number of the send */
  answer(kind: string, outcomeOf: (step: Step) => StepOutcome, now = 1000): number {
    const wanted = { kind, family: 'highVolume', canary: false, size: 100_000, most: 100_000 } as const;
    const send = planJob(this.db, wanted, now) ?? planJob(this.db, { ...wanted, family: 'roleBased' }, now);
    if (send === undefined) throw new Error(`no ${kind} is due`);
    const judged = stepsOfSend(this.db, send.n).map((step) => ({
      step,
      answer: 'unprocessed' as const,
      outcome: outcomeOf(step),
    }));
    recordOutcomes(this.db, send.n, judged, now);
    return send.n;
  }

  close(): void {
    if (this.db.isOpen) this.db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #column(table: string, name: string): unknown[] {
    return this.db
      .prepare(`SELECT ${name} AS value FROM ${table} ORDER BY n`)
      .all()
      .map((row) => row['value']);
  }
}
