/** `npm run demo`: the main job on the real `sf` host against the simulated org, told step by step and checked. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse/sync';
import { contactRefusals } from '../../lib/model/reasons.js';
import { SimulatedOrg } from '../simulated-org/world/simulatedOrg.ts';
import { mainProfile, mainSegment } from '../simulated-org/world/seed.ts';

const root = join(import.meta.dirname, '..', '..');
const sfScript = join(root, 'node_modules', '@salesforce', 'cli', 'bin', 'run.js');
const width = Math.min(process.stdout.columns || 100, 120);
const isColored = process.stdout.isTTY && !process.env['NO_COLOR'];

const problems: string[] = [];
let step = 0;

// ── the story ────────────────────────────────────────────────────────────────────────────────────────────────────

const started = Date.now();
const results = join(root, 'demo-results', `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}Z`);
await mkdir(results, { recursive: true });
const home = await mkdtemp(join(tmpdir(), 'portal-users-demo-'));
// More than 200 contacts, so that the run begins with a test row; each row takes a moment, as in a real org.
const org = await SimulatedOrg.start({ world: { customerContacts: 400 }, switches: { bulk: { msPerRow: 5 } } });

process.once('SIGINT', () => {
  void tidyUp().finally(() => process.exit(130));
});
try {
  await tellStory();
} finally {
  await tidyUp();
}
reportEnd();

async function tellStory(): Promise<void> {
  const before = portalUsers();
  const selected = contactsOfSegment();
  const selection = ['--target-org', 'acme', '--where', mainSegment, '--profile', mainProfile];
  const allowMails = '--allow-welcome-emails';

  say(
    `This shows "sf portal users" on the real Salesforce CLI. The org is simulated: it runs in this process, on ` +
      `${org.url}, and answers as Salesforce does. No real org, email or login is involved.`,
  );
  await sf(['plugins', 'link', root, '--no-install'], { quiet: true });

  heading('Log in');
  say('An administrator logs in once, as for any sf command. (The token of the simulated org is in SF_ACCESS_TOKEN.)');
  await sf(['org', 'login', 'access-token', '--instance-url', org.url, '--no-prompt', '--alias', 'acme']);

  heading('Check');
  say(
    'Before anything else: may I do this, is the profile the right kind, and are there enough licenses? Nothing is ' +
      'changed.',
  );
  await sf(['portal', 'users', 'check', '--target-org', 'acme', '--profile', mainProfile]);

  heading('Make a plan');
  say(
    `${selected} contacts of customers are marked for portal access. A dry run decides about each of them and writes ` +
      'nothing to the org: who gets a user, who has one, and who is refused, why, and what to do about it. The site sends ' +
      'each new user a welcome email; that is wanted here, so the command says so.',
  );
  await sf(['portal', 'users', 'create', ...selection, allowMails, '--dry-run', '--output-dir', 'plan']);
  const plan = await readPlan('plan');
  check(plan.users.length > 200, `${plan.users.length} users are planned`);
  check(
    plan.users.length + plan.unchanged.length + plan.refused.length === selected,
    `the plan decides about each of the ${selected} contacts`,
  );
  checkRefusals(plan.refused);
  check(portalUsers() === before && mails() === 0, `the org has ${before} portal users, as before, and sent no mail`);

  heading('Look at the plan');
  say('The plan is three CSV files. users.csv is what will be sent (long lines are cut here):');
  await show('plan', 'users.csv', 4);
  say('refused.csv says of each contact why, and what to do. Two of them:');
  showRefused(plan.refused.slice(0, 2));

  heading('Create the users');
  say(
    'The plan is good, so the same command runs without --dry-run (resume, as printed above, would do it too). In a ' +
      'terminal it would show the plan and ask; --no-prompt is for pipelines. One user goes first, as a test for all.',
  );
  await sf(['portal', 'users', 'create', ...selection, allowMails, '--no-prompt', '--output-dir', 'run']);
  checkCreated(plan.users, before);
  check(
    mails() === plan.users.length,
    `the site sent ${mails()} welcome mails (to nobody: they stay in the simulation)`,
  );
  const succeeded = await readCsv('run', 'succeeded.csv');
  check(
    succeeded.length === plan.users.length && succeeded.every((row) => userOf(row)?.Id === row['UserId']),
    `succeeded.csv has the Id of each of the ${plan.users.length} users`,
  );

  heading('The same command again');
  say(
    'It can run every night: contacts who have a user by now are unchanged, and only missing users would be created.',
  );
  const jobsBefore = jobs();
  await sf(['portal', 'users', 'create', ...selection, '--no-prompt', '--output-dir', 'again']);
  check((await readCsv('again', 'users.csv')).length === 0, 'nothing is planned');
  check(jobs() === jobsBefore, 'nothing was sent to the org');
  check(portalUsers() === before + plan.users.length, `the org has ${portalUsers()} portal users, as before`);

  await tellWayBack(plan.users);

  await tellDeclared();

  heading('A look at the files');
  say('Every run leaves a folder. Its summary.md suits the summary page of a pipeline (long lines are cut here):');
  await show('run', 'summary.md', 40);

  heading('Who has access');
  say('list only reads: licenses and profiles, who is active, frozen or inactive, and who has never logged in.');
  await sf(['portal', 'users', 'list', '--target-org', 'acme', '--output-dir', 'list']);
  const listed = await readCsv('list', 'users.csv');
  check(listed.length === portalUsers(), `users.csv has each of the ${portalUsers()} portal users`);
}

/** A definition is changed, its plan shown, and applied. */
async function tellDeclared(): Promise<void> {
  const sync = ['portal', 'users', 'sync', '--target-org', 'acme', '--definition-file', 'portal-users.yaml'];
  const frozen = (): number => org.store.find('UserLogin', { IsFrozen: true }).length;
  const leaving = unexplained();
  const before = frozen();
  // Users whom sync, or the user that it runs as, made within a week are only reported.
  org.clock.advance(8 * 86_400_000);

  heading('Declare who should have access');
  say(
    'Eight days later. The same can be declared: a file under version control says which contacts should have access, and ' +
      `a pipeline brings the org in line with it every night. Until now the file has only reported ${leaving.length} users whose ` +
      'contacts are in no group. Somebody changes "report" to "freeze"; this is what the pull request shows:',
  );
  await writeFile(join(results, 'portal-users.yaml'), definition());
  await show('.', 'portal-users.yaml', 20);
  await sf([...sync, '--dry-run', '--output-dir', 'sync-plan']);
  check(frozen() === before, 'nothing was written');

  heading('Apply the change');
  say(
    'After a review, the plan is applied. A limit in the file says that no run takes access from more than 50 users, and ' +
      'no flag raises it.',
  );
  await sf(['portal', 'users', 'resume', '--target-org', 'acme', '--run-dir', 'sync-plan', '--no-prompt']);
  check(
    leaving.length > 0 && frozen() === before + leaving.length && unexplained().length === 0,
    `the ${leaving.length} users are frozen, and nobody else`,
  );
}

function definition(): string {
  return [
    `orgs: [${org.orgId}]`,
    `syncUser: ${String(org.store.get('User', org.runningUserId)?.['Username'])}`,
    'groups:',
    '  - name: Customers',
    `    contacts: "${mainSegment}"`,
    `    profile: ${mainProfile}`,
    'leavers: { action: freeze }',
    '',
  ].join('\n');
}

/** Users of the profile who have access, although their contacts are not marked. */
function unexplained(): Array<ReturnType<typeof org.store.find>[number]> {
  const customers = new Set(org.store.find('Account', { Type: 'Customer' }).map((account) => account.Id));
  const isMarked = (id: unknown): boolean => {
    const contact = org.store.get('Contact', String(id));
    return contact?.['Portal_Access__c'] === true && customers.has(String(contact['AccountId']));
  };
  return org.store
    .find('User', { ProfileId: org.world?.profiles.get(mainProfile) ?? null, IsActive: true })
    .filter(({ Id }) => org.store.find('UserLogin', { UserId: Id, IsFrozen: true }).length === 0)
    .filter(({ ContactId }) => !isMarked(ContactId));
}

/** The users that the run made lose their login, and get it back. @param made rows of users.csv */
async function tellWayBack(made: readonly Row[]): Promise<void> {
  const disable = ['portal', 'users', 'disable', '--target-org', 'acme', '--mode', 'deactivate', '--from-run', 'run'];
  const others = activeOthers(made);
  const seatsUsed = seats();

  heading('Take the logins away: the plan');
  say(
    'It was too early: these users are not to log in yet. --from-run selects exactly the users that a run made. There are ' +
      'three ways to take access away, and the command says what the chosen one does. A dry run first:',
  );
  await sf([...disable, '--dry-run', '--output-dir', 'disable-plan']);
  const planned = await readCsv('disable-plan', 'users.csv');
  check(planned.length === made.length, `the plan has the ${made.length} users of the run, and nobody else`);
  check(active(made) === made.length, `all ${made.length} are active still: nothing was written`);

  heading('Take the logins away');
  say('Before the first write, snapshot.csv has what these users are, so that there is a way back.');
  await sf([...disable, '--no-prompt', '--output-dir', 'disable']);
  check(active(made) === 0, `none of the ${made.length} users is active`);
  check(seats() === seatsUsed - made.length, `${made.length} licenses are free again`);
  check(activeOthers(made) === others, `the ${others} other active users are as they were`);
  const snapshot = await readCsv('disable', 'snapshot.csv');
  check(
    snapshot.length === made.length &&
      snapshot.every((row) => userOf(row)?.Id === row['Id'] && row['IsActive'] === 'true'),
    `snapshot.csv has each of the ${made.length} users as it was, and active`,
  );
  await show('disable', 'snapshot.csv', 4);

  heading('Give them back');
  say(
    'The command above printed its way back. It undoes exactly that run, and refuses users whom somebody has changed ' +
      'since then. Salesforce may write to users who are activated, so that has to be allowed again.',
  );
  await sf([
    ...['portal', 'users', 'enable', '--target-org', 'acme', '--from-run', 'disable'],
    ...['--allow-welcome-emails', '--no-prompt', '--output-dir', 'enable'],
  ]);
  check(active(made) === made.length, `all ${made.length} users are active again`);
  check(
    made.every((row) => userOf(row)?.['Username'] === row['Username']),
    'each has the contact and the username that it had',
  );
  check(activeOthers(made) === others, `the ${others} other active users are as they were`);
}

function reportEnd(): void {
  const seconds = Math.round((Date.now() - started) / 1000);
  heading(problems.length === 0 ? 'Done' : 'Something is wrong');
  for (const problem of problems) line(`${paint(31, '✘')} ${problem}`);
  say(
    `The org was simulated; the CLI, the plugin and the files are real. That took ${seconds} seconds. The run folders ` +
      'plan, run, again, disable-plan, disable, enable, sync-plan and list are in:',
  );
  line(`  ${relative(process.cwd(), results) || '.'}`);
  say(
    'Open run/report.html, sync-plan/report.html and list/report.html in a browser. run/refused.csv says which contacts got no user, and why; ' +
      'disable/snapshot.csv says what the users were before.',
  );
  line();
  process.exitCode = problems.length === 0 ? 0 : 1;
}

async function tidyUp(): Promise<void> {
  await org.stop();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

// ── the real sf ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Shows the command, runs it with its output on the screen, and notes an exit code that is not 0. */
async function sf(args: readonly string[], { quiet = false } = {}): Promise<void> {
  if (!quiet) line(`\n${paint(1, typed(args))}\n`);
  const isTerminal = process.stdout.isTTY && !quiet;
  const child = spawn(process.execPath, [sfScript, ...args], {
    cwd: results,
    env: sfEnvironment(),
    stdio: ['ignore', isTerminal ? 'inherit' : 'pipe', 'pipe'],
  });
  // In a pipe both streams go to one, so that lines keep their order.
  const said: string[] = [];
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const readers = streams.map(async (stream) => {
    for await (const text of createInterface({ input: stream })) {
      // The simulated org speaks http, which sf warns of.
      if (text.includes('Using insecure protocol: http:')) continue;
      // The story lets days pass in the org alone.
      if (text.includes("behind Salesforce's clock")) continue;
      if (quiet) said.push(text);
      else line(text);
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  await Promise.all(readers);
  if (code === 0) return;
  for (const text of said) line(text);
  check(false, `"${['sf', ...args.slice(0, 3)].join(' ')}" ended with exit code ${String(code)}, not 0`);
}

/** A home of its own and nothing of this machine's sf, so that its orgs, plugins and settings do not matter. */
function sfEnvironment(): Record<string, string> {
  const kept = ['SystemRoot', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP', 'TERM', 'COLORTERM', 'NO_COLOR', 'LANG', 'CI'];
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: home,
    USERPROFILE: home,
    LOCALAPPDATA: home,
    APPDATA: home,
    SF_ACCESS_TOKEN: org.accessToken,
    SF_DISABLE_TELEMETRY: 'true',
    SF_DISABLE_AUTOUPDATE: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    OCLIF_DISABLE_LINKED_ESM_WARNING: 'true',
  };
}

/** The command as it is typed; a long one goes on with one flag on each line. */
function typed(args: readonly string[]): string {
  const words = args.map((word) => (/^[\w./:@-]+$/.test(word) ? word : `"${word}"`));
  const short = `$ sf ${words.join(' ')}`;
  if (short.length <= width) return short;
  return `$ sf ${words.join(' ').replaceAll(/ (?=--)/g, ' \\\n    ')}`;
}

// ── the true state of the org ────────────────────────────────────────────────────────────────────────────────────

function portalUsers(): number {
  return org.store.find('User').filter((user) => user['ContactId'] !== null).length;
}

function contactsOfSegment(): number {
  const customers = new Set(org.store.find('Account', { Type: 'Customer' }).map((account) => account.Id));
  return org.store
    .find('Contact', { Portal_Access__c: true })
    .filter((contact) => customers.has(String(contact['AccountId']))).length;
}

/** How many of the contacts in these rows have an active user. */
function active(rows: readonly Row[]): number {
  return rows.filter((row) => userOf(row)?.['IsActive'] === true).length;
}

/** Used licenses of the customers. */
function seats(): number {
  return Number(org.store.find('UserLicense', { Name: 'Customer Community' })[0]?.['UsedLicenses']);
}

/** Active users besides those, internal ones too. */
function activeOthers(rows: readonly Row[]): number {
  return org.store.find('User').filter((user) => user['IsActive'] === true).length - active(rows);
}

function mails(): number {
  return org.rules.outbox.mails.length;
}

function jobs(): number {
  return org.ledger.count('POST', /^\/jobs\/ingest/);
}

function userOf(row: Row): ReturnType<typeof org.store.get> {
  return org.store.find('User', { ContactId: row['ContactId'] ?? '' })[0];
}

/** The seeded world knows which of its contacts have to be refused; of two with one username, one. */
function checkRefusals(refused: readonly Row[]): void {
  const reasons = new Map(refused.map((row) => [row['ContactId'], row['Reason']]));
  const cases = (org.world?.awkwardCases ?? []).filter(
    ({ code, how }) => how.startsWith('main segment') && contactRefusals.some((reason) => reason === code),
  );
  const wrong = cases.filter(
    ({ code, contactId }) => code !== 'DUPLICATE_USERNAME_IN_PLAN' && reasons.get(contactId) !== code,
  );
  const twins = refused.filter((row) => row['Reason'] === 'DUPLICATE_USERNAME_IN_PLAN').length;
  const missed = wrong.map(({ code, contactName }) => `${contactName}: ${code}`).join(', ');
  check(wrong.length === 0 && twins === 1, `each contact with an obstacle is refused for the right reason ${missed}`);
}

function checkCreated(planned: readonly Row[], before: number): void {
  const profileId = org.world?.profiles.get(mainProfile);
  const right = planned.filter((row) => {
    const user = userOf(row);
    return user?.['Username'] === row['Username'] && user?.['ProfileId'] === profileId && user?.['IsActive'] === true;
  }).length;
  const now = portalUsers();
  check(now === before + planned.length, `the org has ${now} portal users: ${before} and ${planned.length} new ones`);
  check(right === planned.length, `each of the ${planned.length} is active, with the planned username and the profile`);
}

/** Looked up in the org or in the files, not taken from what the commands say. */
function check(isRight: boolean, what: string): void {
  if (!isRight) problems.push(what);
  line(isRight ? `${paint(32, '✔')} ${what.trim()}` : `${paint(31, '✘ not so:')} ${what}`);
}

// ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────

type Row = Readonly<Record<string, string>>;

async function readPlan(folder: string): Promise<{ users: Row[]; unchanged: Row[]; refused: Row[] }> {
  return {
    users: await readCsv(folder, 'users.csv'),
    unchanged: await readCsv(folder, 'unchanged.csv'),
    refused: await readCsv(folder, 'refused.csv'),
  };
}

/** No rows where there is no file, because the command failed. */
async function readCsv(folder: string, file: string): Promise<Row[]> {
  const text = await readFile(join(results, folder, file), 'utf8').catch(() => '');
  return parse<Row>(text, { columns: true });
}

async function show(folder: string, file: string, lines: number): Promise<void> {
  const text = await readFile(join(results, folder, file), 'utf8').catch(() => '');
  line(`\n${paint(1, `${folder}/${file}`)}`);
  for (const each of text.trim().split('\n').slice(0, lines)) line(`  ${cut(each)}`.trimEnd());
  line();
}

function showRefused(rows: readonly Row[]): void {
  for (const row of rows) {
    line(`\n  ${paint(1, row['Name'] ?? '')}  ${row['Reason'] ?? ''}`);
    for (const text of [row['Detail'], row['Advice']]) line(wrapped(text ?? '', '    '));
  }
  line();
}

// ── the screen ───────────────────────────────────────────────────────────────────────────────────────────────────

function heading(title: string): void {
  step += 1;
  line(
    `\n${paint(36, `── ${step}. ${title} ${'─'.repeat(Math.max(0, width - title.length - 7 - String(step).length))}`)}`,
  );
}

function say(text: string): void {
  line(wrapped(text, ''));
}

/** Words that belong together, such as Ids in a command, are not broken. */
function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let current = indent;
  for (const word of text.split(' ')) {
    if (current.trim() !== '' && current.length + word.length + 1 > width) {
      lines.push(current);
      current = indent;
    }
    current += current === indent ? word : ` ${word}`;
  }
  return [...lines, current].join('\n');
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= width - 2 ? text : `${characters.slice(0, width - 3).join('')}…`;
}

function paint(code: number, text: string): string {
  return isColored ? `\u001B[${code}m${text}\u001B[0m` : text;
}

function line(text = ''): void {
  process.stdout.write(`${text}\n`);
}
