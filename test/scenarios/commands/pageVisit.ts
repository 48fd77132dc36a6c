/** Follows a page of the docs as a reader would: from top to bottom, in a shell, on an org of its own. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { userRefusals } from '../../../lib/model/reasons.js';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import type { SimulatedOrgOptions } from '../../simulated-org/world/simulatedOrg.ts';
import { examplesOf, type Script } from '../../unit/contracts/docExamples.ts';
import { isNotedOnly } from '../../unit/contracts/hostCommands.ts';
import { ExampleShell, secrets, type SfCall } from './exampleShell.ts';
import { mainProfile, mainSegment, PortalOrg, readCsv } from './portalOrg.ts';
import type { Sf } from './sfCall.ts';

export type Page = {
  readonly org?: SimulatedOrgOptions;
  /** Files that the page speaks of without showing them. */
  readonly files?: (portal: PortalOrg) => Readonly<Record<string, string>>;
  /** What happens right before an example whose text matches. */
  readonly before?: ReadonlyArray<readonly [RegExp, (portal: PortalOrg) => void]>;
  /** A dry run that the page takes for granted. */
  readonly planned?: boolean;
  /** How often the page is followed from top to bottom. */
  readonly times?: number;
  /** What the examples have done to the org, beyond what holds for each of them. */
  readonly after?: (visit: Visit) => void;
};

export type Visit = {
  readonly portal: PortalOrg;
  /** Portal users that the examples made. */
  readonly made: readonly StoredRecord[];
  /** What each example printed. */
  readonly printed: readonly string[];
};

/**
 * Runs what a page shows, from top to bottom.
 * @param sf runs the calls of `sf`
 * @param section only what stands below this heading
 */
export async function followPage(path: string, page: Page, sf: Sf, section?: string): Promise<void> {
  const portal = await PortalOrg.start(page.org ?? {});
  const shell = await ExampleShell.open(portal, sf);
  try {
    for (const [name, text] of Object.entries(page.files?.(portal) ?? {})) shell.file(name, text);
    const selection = ['--where', `${mainSegment} LIMIT 3`, '--profile', mainProfile];
    if (page.planned === true) await portal.json(['create', ...selection, '--dry-run']);
    const seeded = new Set(portalUsers(portal).map(({ Id }) => Id));
    const printed: string[] = [];
    const examples = Array.from({ length: page.times ?? 1 }, () => examplesOf(path)).flat();
    for (const example of examples) {
      if (example.kind === 'file') shell.file(example.name, example.text);
      else if (section === undefined || example.section === section)
        printed.push(await follow(shell, filledIn(portal, example), page));
    }
    expect(printed, 'examples').not.to.have.length(0);
    page.after?.({ portal, made: portalUsers(portal).filter(({ Id }) => !seeded.has(Id)), printed });
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await shell.close();
    await portal.stop();
  }
}

/** Runs one script and checks what holds for all of them. @returns what it printed */
async function follow(shell: ExampleShell, script: Script, page: Page): Promise<string> {
  const { portal } = shell;
  if (script.begins) rmSync(join(portal.cwd, 'portal-run'), { recursive: true, force: true });
  for (const [text, prepare] of page.before ?? []) if (text.test(script.text)) prepare(portal);
  const untouched = portal.digest();
  const answer = await shell.run(script);
  const printed = answer.stdout + answer.stderr;
  expect(answer.code, `${script.place}\n${script.text}\n${printed}`).to.equal(script.exit);
  for (const secret of Object.values(secrets)) {
    expect(printed, script.place).not.to.include(secret);
    expect(JSON.stringify(answer.sfCalls), script.place).not.to.include(secret);
  }
  for (const { args } of answer.sfCalls.filter((call) => call.args.includes('--jwt-key-file')))
    expect(existsSync(args[args.indexOf('--jwt-key-file') + 1] ?? ''), 'the key is left behind').to.equal(false);
  if (answer.sfCalls.every(readsOnly)) expect(portal.digest(), script.place).to.equal(untouched);
  for (const call of answer.sfCalls.filter((each) => each.code === 0 && !readsOnly(each))) {
    const operation = call.args[2] ?? '';
    if (operation === 'create') expectUsers(portal, runOf(shell, call), script.place);
    if (operation === 'disable' || operation === 'enable') expectChanged(portal, runOf(shell, call), script.place);
  }
  return printed;
}

function readsOnly({ args }: SfCall): boolean {
  return isNotedOnly(args) || args.includes('check') || args.includes('--dry-run') || args.includes('query');
}

function runOf(shell: ExampleShell, { args }: SfCall): string {
  const given = args.indexOf('--output-dir');
  return given < 0 ? (shell.newestRun(args[2] ?? '') ?? '') : join(shell.portal.cwd, args[given + 1] ?? '');
}

/** Each contact of succeeded.csv has its user in the org, and nothing has failed. */
function expectUsers(portal: PortalOrg, folder: string, place: string): void {
  if (readCsv(join(folder, 'users.csv')).length === 0) return;
  for (const row of readCsv(join(folder, 'succeeded.csv'))) {
    const [user, ...others] = portal.usersOf(row['ContactId'] ?? '');
    expect(user, place).to.include({ Id: row['UserId'], ProfileId: row['ProfileId'] });
    if (row['Created'] === 'yes') expect(user, place).to.include({ Username: row['Username'], Email: row['Email'] });
    expect(others, place).to.have.length(0);
  }
  expect(existsSync(join(folder, 'failed.csv')) ? readCsv(join(folder, 'failed.csv')) : [], place).to.deep.equal([]);
}

/** Each row of succeeded.csv is so in the org, nothing has failed, and the example was about somebody. */
function expectChanged(portal: PortalOrg, folder: string, place: string): void {
  const rows = readCsv(join(folder, 'succeeded.csv'));
  expect(rows, place).not.to.have.length(0);
  for (const row of rows) {
    const field = ['IsActive', 'IsPortalEnabled', 'IsFrozen'].find((name) => name in row) ?? '';
    const record = portal.org.store.get(field === 'IsFrozen' ? 'UserLogin' : 'User', row['Id'] ?? '');
    expect(String(record?.[field]), `${place} ${row['Username'] ?? ''}`).to.equal(row[field]);
  }
  expect(readCsv(join(folder, 'failed.csv')), place).to.deep.equal([]);
}

/** Puts the Ids of a contact or user with the reason of the section into `<ContactId>` and the like. */
function filledIn(portal: PortalOrg, script: Script): Script {
  if (!/<\w+Id>/.test(script.text)) return script;
  if (userRefusals.some((reason) => reason === script.section)) {
    const [administrator = ''] = portal.org.switches.users.portalAdministrators;
    return { ...script, text: script.text.replaceAll('<UserId>', administrator) };
  }
  const contact = portal.contactOf(script.section);
  const [plain] = portal.plainContacts(1);
  const users = portal.usersOf(contact.Id);
  const ids: Readonly<Record<string, unknown>> = {
    ContactId: contact.Id,
    AccountId: contact['AccountId'] ?? plain?.['AccountId'],
    UserId: users[0]?.Id ?? portal.org.world?.internalUsers.get('anton.account'),
  };
  return { ...script, text: script.text.replace(/<(\w+Id)>/g, (_, name: string) => String(ids[name])) };
}

/** The portal users of an org. */
export function portalUsers(portal: PortalOrg): StoredRecord[] {
  return portal.org.store.find('User').filter((user) => typeof user['ContactId'] === 'string');
}
