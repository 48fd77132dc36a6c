/**
 * Draws docs/pictures/page-….png: report.html of real runs and of a list, on the simulated org, in a real browser. By hand, after
 * a change of the page: `npm run pictures`.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'puppeteer-core';
import { stringify } from 'yaml';
import { asSf, warmSf } from '../scenarios/commands/warmSf.ts';
import { envelopeOf, newFolder, repository } from '../scenarios/commands/sfCall.ts';
import { SimulatedOrg } from '../simulated-org/world/simulatedOrg.ts';
import { mainProfile, mainSegment } from '../simulated-org/world/seed.ts';
import { openBrowser } from './browser.ts';

const pictures = join(repository, 'docs', 'pictures');
const day = 86_400_000;
let acceptAll = (): void => undefined;
const gently = ['--allow-welcome-emails', '--no-prompt'];
// Rows take their time, as in a real org.
const org = await SimulatedOrg.start({ world: { customerContacts: 440 }, switches: { bulk: { msPerRow: 10 } } });
const options = { home: await newFolder('home'), cwd: await newFolder('work') };
const downloads = await mkdtemp(join(tmpdir(), 'portal-users-pictures-'));
const browser = await openBrowser(downloads);
if (browser === undefined) throw new Error('there is no browser to draw with');

try {
  await mkdir(pictures, { recursive: true });
  await login();
  const mainUsers = ['--where', `Profile.Name = '${mainProfile}'`, '--mode', 'freeze', '--protect', "Name LIKE 'A%'"];
  await draw(browser, 'create', await report('create', ...(await hardCreate())));
  const disabled = await report('disable', ...mainUsers, '--no-prompt', '--max-users', '1000');
  await draw(browser, 'disable', disabled);
  const back = ['--from-run', dirname(disabled), '--max-users', '1000', '--no-prompt'];
  await draw(browser, 'enable', await report('enable', ...back));
  age();
  await draw(browser, 'list', await report('list', '--permission-sets'));
  await draw(browser, 'sync', await report('sync', '--definition-file', await changedDefinition(), ...gently));
  const invited = ['--where', `Profile.Name = '${mainProfile}'`, '--max-users', '1000', '--no-prompt'];
  await draw(browser, 'invite', await report('invite', ...invited));
} finally {
  await browser.close();
  await org.stop();
  await rm(downloads, { recursive: true, force: true });
}
process.exit();

async function login(): Promise<void> {
  await asSf(options, async () => {
    const core = await import('@salesforce/core');
    const { url, accessToken } = org;
    const info = await core.AuthInfo.create({ accessTokenOptions: { accessToken, instanceUrl: url, loginUrl: url } });
    await info.save();
    await info.handleAliasAndDefaultSettings({ alias: 'acme-prod', setDefault: false, setDefaultDevHub: false });
  });
}

/** Some of whose rows a validation rule refuses. */
async function hardCreate(): Promise<string[]> {
  acceptAll = org.rules.automation.add({
    sobject: 'User',
    judge: ({ record }) =>
      /^[XYZ]/u.test(String(record['LastName'] ?? ''))
        ? { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Enter the customer number', fields: ['LastName'] }
        : undefined,
  });
  const sets = ['--permission-set', 'Portal_Documents', '--allow-welcome-emails'];
  return ['--where', mainSegment, '--profile', mainProfile, ...sets];
}

/** People who log in, and people who don't. */
function age(): void {
  const { store, clock } = org;
  const ago = (days: number): string => new Date(clock.now() - days * day).toISOString();
  for (const [n, { Id, ContactId }] of store.find('User').entries()) {
    if (ContactId == null) continue;
    store.update('User', Id, {
      IsActive: n % 9 !== 0,
      CreatedDate: ago(200 + (n % 300)),
      LastLoginDate: n % 7 === 0 ? null : ago((n * 37) % 160),
    });
    for (const login of store.find('UserLogin', { UserId: Id }))
      store.update('UserLogin', login.Id, { IsFrozen: n % 23 === 0 });
  }
}

/** Eight days later, customers have left, others have come, and partners are in the definition, too. @returns its file */
async function changedDefinition(): Promise<string> {
  const { store } = org;
  org.clock.advance(8 * day);
  acceptAll();
  for (const [n, { ContactId }] of store
    .find('User', { ProfileId: org.world?.profiles.get(mainProfile) ?? null })
    .entries())
    if (n % 24 === 5 && ContactId != null) store.update('Contact', String(ContactId), { Portal_Access__c: false });
  const file = join(options.cwd, 'portal-users.yaml');
  const definition = {
    orgs: [org.orgId],
    syncUser: store.get('User', org.runningUserId)?.['Username'],
    groups: [
      { name: 'Partners', contacts: "Account.Type = 'Partner'", profile: 'Acme Partner', portalRole: 'Worker' },
      { name: 'Customers', contacts: mainSegment, profile: mainProfile, permissionSets: ['Portal_Documents'] },
    ],
    leavers: { action: 'freeze' },
    limits: { takeAwayShare: 0.2 },
  };
  await writeFile(file, stringify(definition));
  return file;
}

/** Runs a command. @returns its report.html */
async function report(command: string, ...args: readonly string[]): Promise<string> {
  const answer = await warmSf(['portal', 'users', command, ...args, '--target-org', 'acme-prod', '--json'], options);
  const { result } = envelopeOf(answer) as { result?: { files?: { report?: string } } };
  const file = result?.files?.report;
  if (file === undefined) throw new Error(`${command}: ${answer.stdout.slice(0, 2000)}`);
  return file;
}

/** The top of the page, in light and in dark. */
async function draw(by: Browser, name: string, file: string): Promise<void> {
  const page = await by.newPage();
  const shown = join(options.cwd, 'page.html');
  // As in the pictures of the terminal: where people work, not where this script does.
  await writeFile(shown, (await readFile(file, 'utf8')).replaceAll(`${options.cwd}/`, '~/'));
  await page.goto(pathToFileURL(shown).href);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setViewport({ width: 1200, height: 1500 });
    await page.screenshot({ path: join(pictures, `page-${name}-${scheme}.png`) });
  }
  await page.close();
}
