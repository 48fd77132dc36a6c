/** A simulated org with a logged-in `sf`: commands in, the org's true state, the ledger and the files out. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { OrgFigures } from '../../../lib/model/access/orgFigures.js';
import type { AuthInfo } from '@salesforce/core';
import type { LedgerEntry } from '../../simulated-org/ledger.ts';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import { SimulatedOrg, type SimulatedOrgOptions } from '../../simulated-org/world/simulatedOrg.ts';
import { mainProfile, mainSegment } from '../../simulated-org/world/seed.ts';
import {
  envelopeOf,
  newFolder,
  repository,
  type CallOptions,
  type Envelope,
  type Sf,
  type SfAnswer,
} from './sfCall.ts';
import { wordsOf } from '../../unit/contracts/commandClasses.ts';
import { asSf, warmSf } from './warmSf.ts';

export { mainProfile, mainSegment };

export const mainSelection = ['--where', mainSegment, '--profile', mainProfile] as const;

/** `result` of create and resume (schemas/). */
export type RunResult = {
  readonly operation: string;
  readonly state: string;
  readonly dryRun: boolean;
  readonly runDir: string;
  readonly orgId: string;
  readonly username: string;
  readonly counts: Readonly<
    Record<'selected' | 'planned' | 'unchanged' | 'refused' | 'succeeded' | 'failed' | 'pending' | 'created', number>
  >;
  readonly actions: Readonly<Record<'create' | 'assign' | 'change', number>>;
  readonly refusedByReason: Readonly<Record<string, number>>;
  readonly unchangedByReason: Readonly<Record<string, number>>;
  readonly failedByCode: Readonly<Record<string, number>>;
  readonly licenses: ReadonlyArray<{ name: string; total: number; used: number; needed: number }>;
  readonly apiCalls: number;
  readonly jobs: ReadonlyArray<{ id: string; rows: number; state: string }>;
  readonly files: Readonly<Record<string, string>>;
  readonly guards: ReadonlyArray<{ code: string; kind: string; message: string; flag?: string; needed?: number }>;
  readonly next: readonly string[];
};

export type CheckResult = OrgFigures & {
  readonly ok: boolean;
  readonly checks: ReadonlyArray<{ name: string; status: string; message: string; advice: string }>;
};

export type JsonAnswer<T> = SfAnswer & Omit<Envelope, 'result'> & { readonly result: T };

/** What a command printed with --json when it failed, all in one text. */
export type Failure = SfAnswer & Envelope & { readonly text: string };

/** The arguments of a printed command, as a shell gives them to sf; its org is given by every call. */
export function printedArguments(command = ''): string[] {
  expect(command).to.match(/^sf portal users .* --target-org portal$/);
  return wordsOf(command.replace(/ --target-org portal$/, '')).slice(3);
}

export class PortalOrg {
  readonly org: SimulatedOrg;
  readonly home: string;
  /** Where commands run: default run folders are below it. */
  readonly cwd: string;
  /** How commands run. */
  private readonly sf: Sf;
  /** The last digest, and how much had been written by then. */
  private digested: { readonly changes: number; readonly digest: string } | undefined;

  private constructor(org: SimulatedOrg, home: string, cwd: string, sf: Sf) {
    this.org = org;
    this.home = home;
    this.cwd = cwd;
    this.sf = sf;
  }

  /** The seeded world, by default without a site that sends welcome mails: those are a matter of their own. */
  static async start(options: SimulatedOrgOptions = {}): Promise<PortalOrg> {
    const org = await SimulatedOrg.start({ world: { welcomeEmails: false }, ...options });
    const portalOrg = new PortalOrg(org, await newFolder('home'), await newFolder('work'), warmSf);
    await portalOrg.login();
    return portalOrg;
  }

  /** The same org, login and folders, with commands that run in another way. */
  through(sf: Sf): PortalOrg {
    return new PortalOrg(this.org, this.home, this.cwd, sf);
  }

  async stop(): Promise<void> {
    await this.org.stop();
  }

  /** An access-token login: its session can't be refreshed. @param userId the administrator when left out */
  async login(userId = this.org.runningUserId): Promise<void> {
    const token = userId === this.org.runningUserId ? this.org.accessToken : this.org.session.login(userId);
    await this.loginWithToken(token);
  }

  /** A login with a token that still works, after the others have expired. */
  async loginAgain(): Promise<void> {
    await this.loginWithToken(this.org.session.login(this.org.runningUserId));
  }

  /** As `sf org login access-token` leaves it. */
  private async loginWithToken(accessToken: string): Promise<void> {
    const { url } = this.org;
    await this.loginWith({ accessTokenOptions: { accessToken, instanceUrl: url, loginUrl: url } });
  }

  /** As `sf org login web` leaves it; sfdx-url logins take https only. */
  async loginWithRefreshToken(): Promise<void> {
    const { refreshToken, url } = this.org;
    await this.loginWith({ oauth2Options: { clientId: 'PlatformCLI', refreshToken, loginUrl: url } });
  }

  /** Written by the host's own library. */
  private async loginWith(options: AuthInfo.Options): Promise<void> {
    await asSf({ home: this.home }, async () => {
      const core = await import('@salesforce/core');
      const authInfo = await core.AuthInfo.create(options);
      await authInfo.save();
      await authInfo.handleAliasAndDefaultSettings({ alias: 'portal', setDefault: false, setDefaultDevHub: false });
    });
    this.org.ledger.clear();
  }

  /** `sf portal users …` as people call it, without --json. */
  async text(args: readonly string[], options: Partial<CallOptions> = {}): Promise<SfAnswer> {
    const answer = await this.sf(this.arguments(args), this.options(options));
    this.expectNoToken(answer.stdout + answer.stderr);
    return answer;
  }

  /** With --json; the answer has to be one document whose result has the shape of the schema. */
  async json<T = RunResult>(args: readonly string[], exit = 0, stdin = ''): Promise<JsonAnswer<T>> {
    const answer = await this.sf([...this.arguments(args), '--json'], this.options({ stdin }));
    return this.readJson<T>(args, answer, exit);
  }

  readJson<T = RunResult>(args: readonly string[], answer: SfAnswer, exit = 0): JsonAnswer<T> {
    const envelope = envelopeOf(answer);
    expect(answer.code, briefly(envelope)).to.equal(exit);
    this.expectNoToken(answer.stdout + answer.stderr);
    expect(envelope.result, answer.stdout).to.be.an('object');
    expectSchema(args[0] ?? '', envelope.result);
    return { ...envelope, ...answer, result: envelope.result as T };
  }

  /** A command that has to fail before a run exists: one JSON document, no result, no addresses. */
  async failure(args: readonly string[], options: Partial<CallOptions> = {}): Promise<Failure> {
    const answer = await this.sf([...this.arguments(args), '--json'], this.options(options));
    const envelope = envelopeOf(answer);
    const printed = answer.stdout + answer.stderr;
    this.expectNoToken(printed);
    expect(printed).not.to.match(/@customers\.example/i);
    expect(answer.code, printed).not.to.equal(0);
    expect(envelope.result, printed).to.equal(undefined);
    expect(envelope.name, printed).to.match(/Error$/);
    return { ...envelope, ...answer, text: [envelope.message, ...(envelope.actions ?? [])].join('\n') };
  }

  /** `sf <any command> --target-org portal --json` of the official CLI. */
  async official(args: readonly string[]): Promise<Envelope> {
    return envelopeOf(await this.sf([...args, '--target-org', 'portal', '--json'], this.options({})));
  }

  private arguments(args: readonly string[]): string[] {
    return ['portal', 'users', ...args, '--target-org', 'portal'];
  }

  private options(options: Partial<CallOptions>): CallOptions {
    return { home: this.home, cwd: this.cwd, ...options };
  }

  private expectNoToken(printed: string): void {
    expect(printed.includes(this.org.accessToken.slice(16)), 'the access token is printed').to.equal(false);
    expect(printed.includes(this.org.refreshToken), 'the refresh token is printed').to.equal(false);
  }

  /** A file in the working folder. @returns its name */
  file(name: string, content: string | Buffer): string {
    writeFileSync(join(this.cwd, name), content);
    return name;
  }

  /** The calls of the plugin, without those of the host. */
  calls(): LedgerEntry[] {
    return this.org.ledger.entries.filter((call) => isPluginCall(call));
  }

  writes(): LedgerEntry[] {
    return this.org.ledger.writes();
  }

  /** A digest of all users, contacts, accounts and roles: equal digests, nothing was written. */
  digest(): string {
    const changes = Number(this.org.store.db.prepare('SELECT total_changes() AS "n"').get()?.['n']);
    if (this.digested?.changes !== changes) this.digested = { changes, digest: this.digestNow() };
    return this.digested.digest;
  }

  private digestNow(): string {
    const hash = createHash('sha256');
    for (const sobject of ['User', 'Contact', 'Account', 'UserRole', 'UserLogin', 'PermissionSetAssignment']) {
      const rows = this.org.store.db.prepare(`SELECT * FROM "${sobject}" ORDER BY "Id"`);
      // The names of a hundred columns would be the most of it.
      rows.setReturnArrays(true);
      hash.update(JSON.stringify(rows.all()));
    }
    return hash.digest('hex');
  }

  usersOf(contactId: string): StoredRecord[] {
    return this.org.store.find('User', { ContactId: contactId });
  }

  /** The contacts with portal access of accounts of a type, in the order of their Ids. */
  private contactsOf(accountType: string): StoredRecord[] {
    const accounts = new Set(this.org.store.find('Account', { Type: accountType }).map((account) => account.Id));
    return this.org.store
      .find('Contact', { Portal_Access__c: true })
      .filter((contact) => accounts.has(String(contact['AccountId'])));
  }

  /** Contacts of the main segment of whom nothing awkward is known, without a user. */
  plainContacts(count: number): StoredRecord[] {
    return this.plain(this.contactsOf('Customer'), count);
  }

  /** The same for contacts of partners. */
  plainPartners(count: number): StoredRecord[] {
    return this.plain(this.contactsOf('Partner'), count);
  }

  private plain(contacts: readonly StoredRecord[], count: number): StoredRecord[] {
    const awkward = new Set(this.org.world?.awkwardCases.map((each) => each.contactId));
    const plain = contacts.filter(
      ({ Id }) => !awkward.has(Id) && this.org.store.find('User', { ContactId: Id }, []).length === 0,
    );
    expect(plain.length).to.be.at.least(count);
    return plain.slice(0, count);
  }

  contactOf(code: string): StoredRecord {
    const awkward = this.org.world?.awkwardCases.find((each) => each.code === code);
    const contact = awkward && this.org.store.get('Contact', awkward.contactId);
    if (contact === undefined) throw new Error(`The world has no contact for ${code}`);
    return contact;
  }

  profileId(name: string): string {
    return this.org.world?.profiles.get(name) ?? '';
  }

  /** Changes a record of the org behind the plugin's back. */
  change(
    sobject: string,
    equals: Record<string, string>,
    values: Parameters<SimulatedOrg['store']['update']>[2],
  ): void {
    for (const record of this.org.store.find(sobject, equals)) this.org.store.update(sobject, record.Id, values);
  }
}

export function isPluginCall(call: LedgerEntry): boolean {
  return call.headers['user-agent'] === 'sf-portal-users';
}

/** For messages of failed assertions. */
function briefly({ name, message, warnings }: Envelope): string {
  return JSON.stringify({ name, message, warnings });
}

/** Whatever the run says about its counts has to add up. */
export function expectSound({ counts }: Pick<RunResult, 'counts'>): void {
  expect(counts.selected).to.equal(counts.planned + counts.unchanged + counts.refused);
  expect(counts.planned).to.equal(counts.succeeded + counts.failed + counts.pending);
}

/** A CSV file with a header. */
export function readCsv(file: string): Array<Record<string, string>> {
  return parse(readFileSync(file), { columns: true, record_delimiter: '\n' });
}

export function csvHeader(file: string): string[] {
  return (readFileSync(file, 'utf8').split('\n')[0] ?? '').split(',');
}

export function runFolders(cwd: string): string[] {
  return readdirSync(cwd).filter((name) => name === 'portal-users').length === 0
    ? []
    : readdirSync(join(cwd, 'portal-users'));
}

/** A CSV text with one ContactId a line. */
export function contactsCsv(contacts: ReadonlyArray<{ readonly Id: string }>): string {
  return ['ContactId', ...contacts.map(({ Id }) => Id), ''].join('\n');
}

const validators = new Map<string, ValidateFunction>();

function expectSchema(command: string, result: unknown): void {
  let validate = validators.get(command);
  if (validate === undefined) {
    const schema = readFileSync(join(repository, 'schemas', `portal-users-${command}.json`), 'utf8');
    validate = new Ajv({ strict: false }).compile(JSON.parse(schema) as object);
    validators.set(command, validate);
  }
  validate(result);
  expect(validate.errors ?? [], `schema of ${command}`).to.deep.equal([]);
}
