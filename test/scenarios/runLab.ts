/** Drives runs of the plugin in this process against a simulated org, and compares what they say with what is true. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { ApplyEnd, StopRequest } from '../../lib/model/runEnd.js';
import type { BegunRun } from '../../lib/run/openRun.js';
import type { ChangeRunRequest } from '../../lib/operations/change.js';
import type { Clock } from '../../lib/engine/clock.js';
import type { InviteRunRequest } from '../../lib/operations/invite/invite.js';
import type { SyncRunRequest } from '../../lib/operations/sync/beginSync.js';
import type { CreateRunRequest } from '../../lib/operations/beginCreate.js';
import type { DriveOptions } from '../../lib/run/drive.js';
import type { DriveEnd } from '../../lib/model/runEnd.js';
import type { RunEvent } from '../../lib/model/events.js';
import type { GuardFinding } from '../../lib/model/guards.js';
import type { PlanDetail, NextCommand, RunResult } from '../../lib/model/result.js';
import type { OrgClient } from '../../lib/org/orgClient.js';
import type { Progress } from '../../lib/report/progress.js';
import type { StoredRecord } from '../simulated-org/contracts.ts';
import { SimulatedOrg, type SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { mainProfile, mainSegment } from '../simulated-org/world/seed.ts';
import { takeOwnHome } from '../ownHome.ts';

takeOwnHome('portal-users-lab-');
const { AuthInfo, Connection } = await import('@salesforce/core');
const { connectOrg } = await import('../../lib/org/connectOrg.js');
const { beginChange } = await import('../../lib/operations/change.js');
const { beginInvite } = await import('../../lib/operations/invite/invite.js');
const { beginCreate } = await import('../../lib/operations/beginCreate.js');
const { beginSync } = await import('../../lib/operations/sync/beginSync.js');
const { beginRun } = await import('../../lib/run/begin.js');
const { driveRun } = await import('../../lib/run/drive.js');
const { resumeRun } = await import('../../lib/run/resume.js');
const { GracefulStop } = await import('../../lib/engine/stop.js');
const { exportTexts } = await import('../../lib/report/fileTexts.js');
const { drawnProgress, lineProgress } = await import('../../lib/report/progress.js');

export { mainProfile, mainSegment };

/** What a screen is in a pipe. */
export const inPipe = { draw: undefined, verbose: false, columns: undefined, dialogColumns: undefined };

export type Run = {
  readonly end: DriveEnd;
  readonly result: RunResult;
  /** The result's `next`, each with what it is for. */
  readonly next: readonly NextCommand[];
  readonly detail: PlanDetail;
  readonly folder: string;
  readonly events: readonly RunEvent[];
};

export type DriveChanges = {
  /** Called with every event; may ask to stop. */
  readonly onEvent?: (event: RunEvent, stop: InstanceType<typeof GracefulStop>) => void;
  /** Minutes. */
  readonly wait?: number;
  readonly consent?: DriveOptions['consent'];
  /** Whether somebody can be asked: decisions are then part of the question. */
  readonly asks?: boolean;
  readonly token?: string;
  readonly client?: OrgClient;
  /** Makes the client when the run asks for it. */
  readonly connect?: () => Promise<OrgClient>;
  /** Real unless given. */
  readonly clock?: Clock;
};

/** What shows how a run goes on, on a terminal and in a pipe: each event of each scenario has its words. */
function allReaders(): readonly Progress[] {
  let now = 0;
  // So much later than the event before it that each is shown.
  const later = (): number => (now += 60_000);
  return [drawnProgress(() => undefined, 80, later), lineProgress(() => undefined, later)];
}

export class RunLab {
  readonly org: SimulatedOrg;
  readonly home = mkdtempSync(join(tmpdir(), 'portal-users-run-'));
  #runs = 0;

  private constructor(org: SimulatedOrg) {
    this.org = org;
  }

  /** An org with few contacts; the awkward cases are always there. */
  static async start(options: SimulatedOrgOptions = {}): Promise<RunLab> {
    return new RunLab(await SimulatedOrg.start({ world: { customerContacts: 12 }, ...options }));
  }

  async stop(): Promise<void> {
    await this.org.stop();
    rmSync(this.home, { recursive: true, force: true });
  }

  newFolder(): string {
    this.#runs += 1;
    return join(this.home, `run-${String(this.#runs)}`);
  }

  /** Pauses take no time, but the clocks of the run and of the org go on by them. */
  patientClock(): Clock {
    let passed = 0;
    return {
      now: () => Date.now() + passed,
      sleep: (milliseconds) => {
        passed += milliseconds;
        this.org.clock.advance(milliseconds);
        // A turn of the loop, so that what is under way goes on.
        return new Promise((resolve) => setImmediate(resolve));
      },
    };
  }

  static #connected: Promise<unknown> = Promise.resolve();

  /** The address of an org is handed over in the environment, which all labs share. */
  static #oneByOne<T>(connect: () => Promise<T>): Promise<T> {
    const next = this.#connected.then(connect, connect);
    this.#connected = next;
    return next;
  }

  /** A client whose session can't be refreshed, and which does not wait before it repeats a call. */
  async client(token = this.org.accessToken, apiVersion = '67.0'): Promise<OrgClient> {
    const connection = await this.connection(token, apiVersion);
    return connectOrg(connection, { sleep: () => Promise.resolve(), random: () => 0.5 });
  }

  async connection(token = this.org.accessToken, version = '67.0'): Promise<InstanceType<typeof Connection>> {
    return RunLab.#oneByOne(async () => {
      process.env['SF_ORG_INSTANCE_URL'] = this.org.url;
      const authInfo = await AuthInfo.create({ username: token });
      return Connection.create({ authInfo, connectionOptions: { version } });
    });
  }

  /** A client whose session is renewed by the org's refresh token. */
  async refreshableClient(): Promise<OrgClient> {
    const { refreshToken, url } = this.org;
    const oauth2Options = { clientId: 'PlatformCLI', refreshToken, loginUrl: url, instanceUrl: url };
    const authInfo = await AuthInfo.create({ oauth2Options });
    const connection = await Connection.create({ authInfo, connectionOptions: { version: '67.0' } });
    return connectOrg(connection, { sleep: () => Promise.resolve(), random: () => 0.5 });
  }

  /** Like `sf portal users create`: by default the main segment with its profile, until it is done. */
  async create(request: Partial<CreateRunRequest> = {}, changes: DriveChanges = {}): Promise<Run> {
    const full = createRequest({ outputDir: this.newFolder(), ...request });
    const connect = this.#connection(changes);
    return this.#drive(changes, async (emit, stop) => beginRun(await beginCreate(full), connect, emit, stop));
  }

  /** Like `sf portal users disable` and `enable`, whose consent is given. */
  async change(request: Partial<ChangeRunRequest>, changes: DriveChanges = {}): Promise<Run> {
    const full = changeRequest({ outputDir: this.newFolder(), ...request });
    const connect = this.#connection(changes);
    return this.#drive(changes, async (emit, stop) => beginRun(await beginChange(full), connect, emit, stop));
  }

  /** Like `sf portal users invite`, whose consent is given. */
  async invite(request: Partial<InviteRunRequest>, changes: DriveChanges = {}): Promise<Run> {
    const full = inviteRequest({ outputDir: this.newFolder(), ...request });
    const connect = this.#connection(changes);
    return this.#drive(changes, async (emit, stop) => beginRun(await beginInvite(full), connect, emit, stop));
  }

  /** Like `sf portal users sync`, whose consent is given. */
  async sync(
    request: Pick<SyncRunRequest, 'definitionFile'> & Partial<SyncRunRequest>,
    changes: DriveChanges = {},
  ): Promise<Run> {
    const full = syncRequest({ outputDir: this.newFolder(), ...request });
    const connect = this.#connection(changes);
    return this.#drive(changes, async (emit, stop) => beginRun(await beginSync(full), connect, emit, stop));
  }

  /** Like `sf portal users resume`. */
  async resume(
    folder: string,
    changes: DriveChanges & {
      maxUsers?: number;
      strict?: boolean;
      allowWelcomeEmails?: boolean;
      sendUnknownAgain?: boolean;
    } = {},
  ): Promise<Run> {
    const connect = this.#connection(changes);
    const { maxUsers, strict = false, allowWelcomeEmails = false, sendUnknownAgain = false } = changes;
    const request = { folder, maxUsers, strict, allowWelcomeEmails, sendUnknownAgain };
    return this.#drive(changes, () => resumeRun(request, connect));
  }

  #connection({ client, connect, token }: DriveChanges): (apiVersion?: string) => Promise<OrgClient> {
    return async (apiVersion) => client ?? connect?.() ?? this.client(token, apiVersion);
  }

  async #drive(
    changes: DriveChanges,
    begin: (emit: DriveOptions['emit'], stop: StopRequest) => Promise<BegunRun>,
  ): Promise<Run> {
    const stop = new GracefulStop();
    const events: RunEvent[] = [];
    const readers = allReaders();
    const emit = (event: RunEvent): void => {
      events.push(event);
      for (const { emit: read } of readers) read(event);
      changes.onEvent?.(event, stop);
    };
    const begun = await begin(emit, stop);
    const { end, result, next, detail } = await driveRun({
      ...begun,
      asks: changes.asks ?? false,
      isTerminal: changes.asks ?? false,
      consent: changes.consent ?? (() => Promise.resolve(true)),
      wait: changes.wait,
      stop,
      clock: changes.clock,
      emit,
      texts: exportTexts('lab'),
    });
    stop.release();
    return { end, result, next, detail, folder: result.runDir, events };
  }

  /** The true users of a contact. */
  usersOf(contactId: string): StoredRecord[] {
    return this.org.store.find('User', { ContactId: contactId });
  }

  /** The contacts of the main segment, straight from the store. */
  segment(): StoredRecord[] {
    return this.org.store
      .find('Contact', { Portal_Access__c: true })
      .filter((contact) => this.#accountOf(contact)?.['Type'] === 'Customer');
  }

  /** Those with nothing awkward about them. */
  plainContacts(): StoredRecord[] {
    const awkward = new Set(this.org.world?.awkwardCases.map(({ contactId }) => contactId));
    return this.segment().filter(({ Id }) => !awkward.has(Id));
  }

  /** The Ids of the first of them. */
  plainIds(count: number): string[] {
    return this.plainContacts()
      .slice(0, count)
      .map(({ Id }) => Id);
  }

  /** Those of them who have no user. */
  freeContacts(): StoredRecord[] {
    return this.plainContacts().filter(({ Id }) => this.usersOf(Id).length === 0);
  }

  #accountOf(contact: StoredRecord): StoredRecord | undefined {
    return typeof contact['AccountId'] === 'string'
      ? this.org.store.get('Account', contact['AccountId'], ['Type'])
      : undefined;
  }

  /** Gives a contact a user behind the back of the run. */
  giveUser(contactId: string, values: Record<string, string | boolean> = {}): string {
    const id = `${contactId}.elsewhere@acme.example`.toLowerCase();
    return this.org.store.insert('User', {
      ContactId: contactId,
      Username: id,
      Email: id,
      LastName: 'Elsewhere',
      Alias: 'else',
      CommunityNickname: id.slice(0, 40),
      ProfileId: this.org.world?.profiles.get(mainProfile) ?? null,
      UserType: 'CspLitePortal',
      IsActive: true,
      ...values,
    });
  }

  /** Calls of Bulk jobs that were made, as `POST /jobs/ingest`. */
  count(method: string, path: RegExp): number {
    return this.org.ledger.entries.filter((call) => call.method === method && path.test(call.resource)).length;
  }
}

/** What the command has without its flags: the main segment with its profile, and welcome mails allowed. */
export function createRequest(
  given: Partial<CreateRunRequest> & Pick<CreateRunRequest, 'outputDir'>,
): CreateRunRequest {
  return {
    where: given.file === undefined ? mainSegment : undefined,
    file: undefined,
    profile: mainProfile,
    username: '{Email}',
    set: [],
    portalRole: undefined,
    inactive: false,
    ignoreUnknownColumns: false,
    permissionSets: [],
    dryRun: false,
    maxUsers: 10_000,
    strict: false,
    allowWelcomeEmails: true,
    typed: [],
    ...given,
  };
}

/** What the command has without its flags, and welcome mails allowed. */
export function changeRequest(
  given: Partial<ChangeRunRequest> & Pick<ChangeRunRequest, 'outputDir'>,
): ChangeRunRequest {
  return {
    operation: 'disable',
    mode: undefined,
    where: undefined,
    file: undefined,
    fromRun: undefined,
    inactiveFor: undefined,
    neverLoggedIn: undefined,
    protect: [],
    releaseLicenses: false,
    dryRun: false,
    maxUsers: 500,
    strict: false,
    allowWelcomeEmails: true,
    typed: [],
    ...given,
  };
}

/** What the command has without its flags, and welcome mails allowed. */
export function syncRequest(
  given: Pick<SyncRunRequest, 'definitionFile' | 'outputDir'> & Partial<SyncRunRequest>,
): SyncRunRequest {
  return {
    protect: [],
    maxTakeAway: undefined,
    dryRun: false,
    maxUsers: Number.MAX_SAFE_INTEGER,
    strict: false,
    allowWelcomeEmails: true,
    typed: [],
    ...given,
  };
}

/** The subjects of run.db, each with its first step, in the words of a reader: `action` says what the plan does with it. */
export function recordsOf(folder: string): Array<Record<string, unknown>> {
  return select(
    folder,
    `SELECT subject.*, subject.name AS contactName, subject.accountName, first.target AS rowId,
      iif(first.username IS NULL, first.fieldValues, json_set(first.fieldValues, '$.Username', first.username)) AS fieldValues,
      first.family, first.wave, first.nickname, first.givenNickname, first.refusals, first.notBefore, first.send,
      (SELECT count(*) FROM sending WHERE sending.step = first.n AND answer <> 'unprocessed') AS attempts,
      first.created, first.after, coalesce(first.username, subject.username) AS username,
      coalesce(failed.errorCode, first.errorCode) AS errorCode,
      coalesce(failed.errorMessage, first.errorMessage) AS errorMessage, failed.label AS failedStep,
      CASE WHEN verdict <> 'steps' THEN verdict WHEN first.kind = 'createUser' THEN 'create'
        WHEN first.kind IS NULL THEN 'assign' ELSE 'change' END AS action,
      CASE WHEN subject.state <> 'open' THEN subject.state
        WHEN first.state = 'planned' THEN 'planned' WHEN first.state = 'sending' THEN 'sent'
        WHEN subject.state = 'open' THEN 'userReady' END AS state
     FROM subject
     LEFT JOIN step AS first ON first.subject = subject.n AND first.kind <> 'assignPermissionSet'
       AND (first.state <> 'dropped' OR verdict <> 'steps')
     LEFT JOIN (SELECT subject, label, errorCode, errorMessage, min(n) FROM step WHERE state = 'failed' GROUP BY subject)
       AS failed ON failed.subject = subject.n
     ORDER BY subject.n`,
  );
}

/** The permission sets of the plan that were not dropped. */
export function assignmentsOf(folder: string): Array<Record<string, unknown>> {
  return select(
    folder,
    `SELECT *, label AS name, target AS permissionSetId FROM step
     WHERE kind = 'assignPermissionSet' AND state <> 'dropped' ORDER BY n`,
  );
}

export function jobsOf(folder: string): Array<Record<string, unknown>> {
  return select(folder, "SELECT *, orgId AS id FROM send WHERE way = 'job' ORDER BY n");
}

export function metaOf(folder: string): Array<Record<string, unknown>> {
  return select(folder, 'SELECT * FROM meta ORDER BY key');
}

/** What the guards found last. */
export function findingsOf(folder: string): GuardFinding[] {
  const [found] = select(folder, "SELECT value FROM meta WHERE key = 'guards'");
  return JSON.parse(String(found?.['value'])) as GuardFinding[];
}

/** The rows of run.db that a query gives. */
export function select(folder: string, sql: string): Array<Record<string, unknown>> {
  const db = new DatabaseSync(join(folder, 'run.db'));
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

export function csvOf(folder: string, name: string): Array<Record<string, string>> {
  return parse(readFileSync(join(folder, `${name}.csv`)), { columns: true, bom: true });
}

/** Nothing done twice, nothing lost, and every number and file of the run says what is true in the org. */
export function expectTrue(lab: RunLab, { result, folder }: Run): void {
  const records = recordsOf(folder);
  const having = (key: string, value: string): typeof records => records.filter((record) => record[key] === value);
  const { counts } = result;
  expect(counts).to.deep.equal({
    selected: records.length,
    planned: ['create', 'assign', 'change'].flatMap((action) => having('action', action)).length,
    unchanged: having('action', 'unchanged').length,
    refused: having('action', 'refused').length,
    succeeded: having('state', 'succeeded').length,
    failed: having('state', 'failed').length,
    pending: ['planned', 'sent', 'userReady'].flatMap((state) => having('state', state)).length,
    unknown: 0,
    created: having('created', 'yes').length,
  });
  expect(counts.selected).to.equal(counts.planned + counts.unchanged + counts.refused);
  expect(counts.planned).to.equal(counts.succeeded + counts.failed + counts.pending);
  expectUsersTrue(lab, records);
  expectFilesTrue(folder, records, counts.succeeded + counts.failed > 0);
}

function expectUsersTrue(lab: RunLab, records: ReadonlyArray<Record<string, unknown>>): void {
  for (const record of records) {
    const contactId = String(record['contactId']);
    const users = record['contactId'] === null ? [] : lab.org.store.find('User', { ContactId: contactId }, []);
    const about = `${String(record['n'])} ${contactId} ${String(record['action'])} ${String(record['state'])}`;
    expect(users.length, about).to.be.at.most(1);
    if (record['action'] === 'unchanged' || record['state'] === 'succeeded') {
      expect(users[0]?.Id, about).to.equal(record['userId']);
    } else if (
      record['action'] === 'create' &&
      !['sent', 'userReady'].includes(String(record['state'])) &&
      record['userId'] === null
    ) {
      expect(users, about).to.deep.equal([]);
    }
  }
}

function expectFilesTrue(folder: string, records: ReadonlyArray<Record<string, unknown>>, started: boolean): void {
  // A row without a contact stands there with its key, in the first column.
  const contacts = (name: string): string[] =>
    csvOf(folder, name).map((row) => (row['ContactId'] === '' ? Object.values(row)[0] : row['ContactId']) ?? '');
  const where = (key: string, value: string): string[] =>
    records.filter((record) => record[key] === value).map((record) => String(record['contactId'] ?? record['key']));
  expect(contacts('unchanged')).to.deep.equal(where('action', 'unchanged'));
  expect(contacts('refused')).to.deep.equal(where('action', 'refused'));
  if (!started) return;
  expect(contacts('succeeded')).to.deep.equal(where('state', 'succeeded'));
  expect(contacts('failed')).to.deep.equal(where('state', 'failed'));
}

/** The end of a run of which nothing is left to be done. */
export function expectDone(lab: RunLab, run: Run): void {
  expect(describeEnd(run.end)).to.equal('done');
  expectTrue(lab, run);
  expect(run.result.counts.pending).to.equal(0);
  expect(recordsOf(run.folder).filter((record) => record['state'] === 'sent')).to.deep.equal([]);
}

/** With its facts, so that a failing test says why. */
function describeEnd(end: DriveEnd): string {
  const { end: word, ...facts } = end as ApplyEnd & Record<string, unknown>;
  return Object.keys(facts).length === 0 ? word : `${word} ${JSON.stringify(facts)}`;
}

/** What the command has without its flags. */
export function inviteRequest(
  given: Partial<InviteRunRequest> & Pick<InviteRunRequest, 'outputDir'>,
): InviteRunRequest {
  return {
    where: undefined,
    file: undefined,
    fromRun: undefined,
    protect: [],
    includeLoggedIn: false,
    includeSso: false,
    againAfter: 7,
    dryRun: false,
    maxUsers: 500,
    strict: false,
    allowWelcomeEmails: true,
    typed: [],
    ...given,
  };
}
