/**
 * The one judge of the sweeps: what a run says (result, events, exit code, run.db, CSV files) against what is true in the
 * org. It knows nothing of what went wrong, and lets no difference pass.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { toCliError } from '../../lib/report/faults.js';
import { quoteArgument } from '../../lib/report/next/printedCommand.js';
import type { StoredRecord } from '../simulated-org/contracts.ts';
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import { differences, expectChangeTrue, stateOf, type OrgState } from '../scenarios/changeLab.ts';
import { csvOf, expectTrue, jobsOf, recordsOf, type Run, type RunLab } from '../scenarios/runLab.ts';
import { expectStepsTrue } from './stepsTrue.ts';
import { told } from './told.ts';

type Row = Readonly<Record<string, unknown>>;
type Cells = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** How one command ended: with a run, or with an error before there was one. */
export type Attempt = { readonly run: Run } | { readonly error: unknown };

export async function attemptOf(work: Promise<Run>): Promise<Attempt> {
  try {
    return { run: await work };
  } catch (error) {
    return { error };
  }
}

/** What was in the org before a run: every record, and how many calls and mails. */
export type Mark = { readonly state: OrgState; readonly calls: number; readonly mails: number };

export function markOf(lab: RunLab): Mark {
  return { state: stateOf(lab.org), calls: lab.org.ledger.entries.length, mails: lab.org.rules.outbox.mails.length };
}

/** The calls that the plugin itself has made since. */
export function callsSince({ org }: RunLab, { calls }: Pick<Mark, 'calls'>): LedgerEntry[] {
  return org.ledger.entries.slice(calls).filter((call) => isOurs(call));
}

export function isOurs({ headers }: LedgerEntry): boolean {
  return headers['sforce-call-options'] === 'client=portal-users';
}

/** Every record of a run as it is in run.db, its CSV files and its result, compared with the org. `before`: the mark. */
export async function expectAllTrue(lab: RunLab, run: Run, before: Mark): Promise<void> {
  if (run.result.operation === 'create') {
    expectTrue(lab, run);
    await expectCreatedTrue(lab, run, before);
  } else if (hasSeveralKinds(run)) {
    expectStepsTrue(lab, run, before.state);
  } else {
    expectChangeTrue(lab, run);
    expectNobodyElseChanged(lab, run, before);
  }
  await expectJobsTrue(lab, run);
  expectEndTrue(run);
  expectNoAddresses(run);
}

/** What is done to a user takes several steps, or another one than that of the mode. */
export function hasSeveralKinds({ result }: Run): boolean {
  const { sync, mode, releaseLicenses, steps } = result;
  return sync !== undefined || mode === undefined || releaseLicenses === true || Object.keys(steps).length > 1;
}

/** A page of a server, a place in the source and an object are no words for people. */
const foreignText = /<html|<!doctype|\n +at |\[object /i;

/** An error is clear, and nothing is left of the run: no folder, and nothing was written to the org. */
export function expectNothingBegun(lab: RunLab, error: unknown, before: Mark, outputDir: string): void {
  const told = toCliError(error, 'lab');
  if (!(told instanceof Error) || !('exitCode' in told)) throw error;
  expect(told.exitCode, told.message).to.equal(1);
  expect(told.message)
    .to.match(/\w{3}/)
    .and.not.match(/@|undefined|%s/)
    .and.not.match(foreignText);
  expect('actions' in told ? told.actions : undefined, told.message).to.be.an('array').that.is.not.empty;
  expect(changesSince(lab, before)).to.deep.equal([]);
  expect(existsSync(join(outputDir, 'succeeded.csv')), 'results of a run that never began').to.equal(false);
}

/**
 * What a run has done to the org, one line each, sorted: the same for two orgs that were alike and had the same done to
 * them, whatever the order and whatever Ids were given.
 */
export function changesSince(lab: RunLab, { state: before, mails }: Mark): string[] {
  const after = stateOf(lab.org);
  // Salesforce makes UserPermissionAccess up when it is asked.
  const made = [...after].filter(([key]) => !before.has(key) && !key.startsWith('UserPermissionAccess '));
  const names = new Map(made.map(([key, row]) => [key.split(' ')[1] ?? '', nameOf(key.split(' ')[0] ?? '', row)]));
  const named = (text: string): string => text.replace(/\b\w{18}\b/g, (id) => names.get(id) ?? id);
  const rows = made.map(([key, row]) => named(`${key} made ${valuesOf(row)}`));
  const sent = lab.org.rules.outbox.mails.slice(mails);
  const written = sent.map(({ kind, to, networkId }) => `mail ${kind} ${to} ${networkId ?? ''}`);
  const licenses = lab.org.store
    .find('UserLicense')
    .map((row) => `${String(row['Name'])}: ${String(row['UsedLicenses'])}`);
  const changed = differences(before, after).filter((line) => !/^\S+ \S+ made$/.test(line));
  return [...rows, ...changed.map(named), ...written, ...changedOf(before, licenses)].sort();
}

/** Licenses with another number of users than before. */
function changedOf(before: OrgState, licenses: readonly string[]): string[] {
  const old = [...before].filter(([key]) => key.startsWith('UserLicense '));
  const known = new Set(old.map(([, row]) => `${String(row['Name'])}: ${String(row['UsedLicenses'])}`));
  return licenses.filter((line) => !known.has(line)).map((line) => `licenses ${line}`);
}

/** Records that any two runs may make under different Ids. */
function nameOf(table: string, row: Row): string {
  if (table === 'User') return `user-of-${String(row['ContactId'])}`;
  if (table === 'UserRole') return `role-${String(row['PortalAccountId'])}-${String(row['PortalRole'])}`;
  return table;
}

function valuesOf(row: Row): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(row).filter(([field]) => !/Date$|^SystemModstamp$/.test(field))),
  );
}

async function expectCreatedTrue(lab: RunLab, { folder, result, end }: Run, before: Mark): Promise<void> {
  const records = recordsOf(folder);
  const made = lab.org.store.find('User').filter(({ Id }) => !before.state.has(`User ${Id}`));
  const confirmed = await idsInResults(lab, folder);
  const planned = new Map(csvOf(folder, 'users').map((row) => [row['ContactId'], row]));
  const ofContact = Map.groupBy(records, (record) => record['contactId']);
  for (const user of made) {
    const mine = ofContact.get(user['ContactId']) ?? [];
    expect(mine.length, `records of the new user ${user.Id}`).to.equal(1);
    const [record = {}] = mine;
    const about = JSON.stringify({ ...record, fieldValues: undefined });
    if (record['action'] === 'create') {
      if (record['state'] === 'sent') expect(end.end, about).to.not.equal('done');
      else expect(record, about).to.include({ userId: user.Id });
      expectAsPlanned(user, planned.get(String(user['ContactId'])), about);
    } else expect(record['created'], about).to.equal(null);
  }
  const newIds = new Set<unknown>(made.map(({ Id }) => Id));
  for (const record of records) {
    const about = JSON.stringify({ ...record, fieldValues: undefined });
    if (record['created'] !== null) expect(newIds.has(record['userId']), about).to.equal(true);
    if (record['created'] === 'yes') expect(confirmed.has(String(record['userId'])), about).to.equal(true);
    if (record['action'] === 'create' && ['succeeded', 'userReady'].includes(String(record['state'])))
      expect(record['created'], about).to.be.oneOf(['yes', 'unknown']);
  }
  for (const row of csvOf(folder, 'users').length === 0 ? [] : rowsIfAny(folder, 'succeeded')) {
    const [record = {}] = ofContact.get(row['ContactId']) ?? [];
    expect(row['UserId']).to.equal(record['userId']);
    expect(row['Created']).to.equal(record['created'] ?? '');
  }
  for (const row of rowsIfAny(folder, 'failed')) {
    expect(row['ErrorCode']).to.match(/\w/);
    expect(row['Advice']).to.match(/\w/);
  }
  expectAssignmentsTrue(lab, folder, result.permissionSets.assigned);
}

function rowsIfAny(folder: string, name: string): Array<Record<string, string>> {
  return existsSync(join(folder, `${name}.csv`)) ? csvOf(folder, name) : [];
}

/** PortalRole is not kept, a role that was not given is the account's; what a user has besides is Salesforce's. */
function expectAsPlanned(user: Cells, row: Record<string, string> | undefined, about: string): void {
  expect(row, about).to.not.equal(undefined);
  for (const [column, wanted] of Object.entries(row ?? {})) {
    if (!(column in user) || column === 'PortalRole' || (column === 'UserRoleId' && wanted === '')) continue;
    expect(String(user[column] ?? '').toLowerCase(), `${column} of ${about}`).to.equal(wanted.toLowerCase());
  }
}

/** Permission sets that are recorded as given exist in the org, once. */
function expectAssignmentsTrue(lab: RunLab, folder: string, assigned: number): void {
  const db = new DatabaseSync(join(folder, 'run.db'));
  const rows = db
    .prepare(
      `SELECT step.*, target AS permissionSetId, subject.userId, subject.state AS recordState
       FROM step JOIN subject ON subject.n = step.subject
       WHERE kind = 'assignPermissionSet' AND NOT (step.state = 'dropped')`,
    )
    .all();
  db.close();
  const held = Map.groupBy<unknown, StoredRecord>(
    lab.org.store.find('PermissionSetAssignment'),
    (it) => it['AssigneeId'],
  );
  for (const row of rows) {
    const there = (held.get(row['userId']) ?? []).filter((it) =>
      [it['PermissionSetId'], it['PermissionSetGroupId']].includes(row['permissionSetId'] as string),
    ).length;
    expect(there, 'assigned twice').to.be.at.most(1);
    if (row['state'] === 'done') expect(there, JSON.stringify(row)).to.equal(1);
    if (row['recordState'] === 'succeeded') expect(row['state'], JSON.stringify(row)).to.equal('done');
  }
  expect(assigned).to.equal(rows.filter(({ state }) => state === 'done').length);
}

/** Users who were not planned, not sent or refused are as before; users whose fate is unknown may be changed. */
function expectNobodyElseChanged(lab: RunLab, { folder }: Run, before: Mark): void {
  const records = recordsOf(folder);
  const mayDiffer = new Set(
    records
      .filter(({ state }) => state === 'succeeded' || state === 'sent')
      .flatMap(({ userId, rowId }) => [String(userId), String(rowId)]),
  );
  const others = differences(before.state, stateOf(lab.org)).filter(
    (line) => !mayDiffer.has(/^\S+ (\S+)/.exec(line)?.[1] ?? ''),
  );
  expect(others).to.deep.equal([]);
  const snapshots = new Map(csvOf(folder, 'snapshot').map((row) => [row['Id'], row]));
  for (const { userId, action } of records) {
    const row = snapshots.get(String(userId));
    const was = before.state.get(`User ${String(userId)}`);
    if (action !== 'change' || row === undefined || was === undefined) continue;
    const kept = ['Username', 'ContactId', 'ProfileId'].map((field) => was[field] ?? '');
    const { Username, ContactId, ProfileId, IsActive } = row;
    const isActive = was['IsActive'] === 1 ? 'true' : 'false';
    expect([Username, ContactId, ProfileId, IsActive]).to.deep.equal([...kept, isActive]);
  }
}

/** The jobs of the run are jobs of the org; what else it may have left there is empty. */
async function expectJobsTrue(lab: RunLab, { folder, result, end }: Run): Promise<void> {
  const jobs = jobsOf(folder);
  const inOrg = await jobsInOrg(lab);
  const ids = jobs.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
  expect(new Set(ids).size, 'a job twice').to.equal(ids.length);
  expect(result.jobs.map(({ id }) => id)).to.deep.equal(jobs.map(({ id }) => id ?? undefined));
  // One that was deleted has told the run so.
  const gone = lab.org.ledger.entries.filter(({ status }) => status === 404).map(({ resource }) => resource);
  for (const id of ids)
    expect(inOrg.has(id) || gone.some((resource) => resource.includes(id)), `job ${id} is in the org`).to.equal(true);
  if (end.end === 'done') expect(jobs.filter(({ state }) => state !== 'collected')).to.deep.equal([]);
}

type JobInOrg = { readonly id: string; readonly state: string };

async function jobsInOrg(lab: RunLab): Promise<Map<string, JobInOrg>> {
  const { records } = JSON.parse(await askAs(lab, '/jobs/ingest')) as { records: JobInOrg[] };
  return new Map(records.map((job) => [job.id, job]));
}

/** The Ids of the new users that the jobs of a run report. */
async function idsInResults(lab: RunLab, folder: string): Promise<Set<string>> {
  const ids = new Set<string>();
  const inOrg = await jobsInOrg(lab);
  for (const job of jobsOf(folder)) {
    if (job['state'] !== 'collected' || job['kind'] !== 'createUser') continue;
    if (!inOrg.has(String(job['id']))) continue;
    const csv = await askAs(lab, `/jobs/ingest/${String(job['id'])}/successfulResults`);
    for (const row of parse<Record<string, string>>(csv, { columns: true })) ids.add(row['sf__Id'] ?? '');
  }
  return ids;
}

/** A look into the org as the administrator, past every limit. */
async function askAs({ org }: RunLab, path: string): Promise<string> {
  const authorization = `Bearer ${org.session.login(org.runningUserId)}`;
  const { dailyApiRequestsUsed } = org.switches;
  org.switches.dailyApiRequestsUsed = -Infinity;
  const answer = await fetch(`${org.url}/services/data/v67.0${path}`, { headers: { authorization } });
  const text = await answer.text();
  org.switches.dailyApiRequestsUsed = dailyApiRequestsUsed;
  if (!answer.ok) throw new Error(`${path}: ${text}`);
  return text;
}

/** Exit code, JSON and words say whether something is left to be done, and whether resume helps; no address of a person is among them. */
function expectEndTrue(run: Run): void {
  const { end, result, folder } = run;
  const { exitCode, text, actions, result: json } = told(run);
  const { selected, planned, succeeded, failed, pending } = result.counts;
  expect(json).to.deep.equal(result);
  // The names of temporary folders are drawn by lot, and one of many thousands has the letters NaN.
  expect(text.replaceAll(dirname(folder), ''))
    .to.match(/\w{3}/)
    .and.not.match(/@(?!portal\.example|sim\.example)|undefined|NaN|%s/)
    .and.not.match(foreignText);
  if (end.end !== 'done' && end.end !== 'planned') expect(actions, text).to.be.above(0);
  const inText = (figure: number): string => figure.toLocaleString('en-US');
  if (failed > 0) expect(text).to.match(new RegExp(`${inText(failed)} (contacts?|users?) failed`));
  if (pending > 0 && succeeded + failed > 0)
    expect(text).to.match(new RegExp(`${inText(pending)} (rows? pending|users? (is|are) not finished)`));
  if (pending > 0 && end.end !== 'guards')
    expect(text)
      .to.match(/sf portal users resume --run-dir .*--target-org lab/)
      .and.to.include(quoteArgument(folder));
  switch (end.end) {
    case 'done':
      expect(pending).to.equal(0);
      expect(exitCode).to.equal(failed > 0 ? 68 : 0);
      expect(result.state).to.be.oneOf(failed > 0 ? ['partial', 'failed'] : ['complete']);
      return;
    case 'call':
      expect(exitCode).to.equal(69);
      return;
    case 'licenses':
    case 'wait':
      expect(exitCode).to.equal(69);
      expect(pending).to.be.above(0);
      return;
    case 'signal':
      expect(exitCode).to.equal(130);
      return;
    case 'org':
      expect(exitCode).to.equal(succeeded > 0 ? 69 : 1);
      expect(pending).to.be.above(0);
      return;
    case 'planned':
    case 'guards':
    case 'declined':
      expect(exitCode).to.equal(end.end === 'planned' ? 0 : 1);
      expect(result.state).to.equal('planned');
      expect([succeeded, failed, pending]).to.deep.equal([0, 0, planned]);
      expect(selected).to.be.at.least(planned);
  }
}

/** Addresses are in the files only. */
function expectNoAddresses({ events, end, result }: Run): void {
  const said = events.filter(({ type }) => type !== 'otherUser');
  // The JSON has the senders of sites; no text, event, or error has.
  const shown = { ...result, username: '', welcomeEmails: { ...result.welcomeEmails, senders: [] } };
  expect(JSON.stringify([said, end, shown])).to.not.match(/@/);
}
