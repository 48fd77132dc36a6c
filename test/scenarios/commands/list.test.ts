/** `sf portal users list`: what it says is what the org holds, whatever the user may see; other commands take its file. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ListedUser, ListResult } from '../../../lib/model/access/userList.js';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import type { WorldOptions } from '../../simulated-org/world/worldOrg.ts';
import { mainSelection, csvHeader, isPluginCall, mainProfile, PortalOrg, readCsv, runFolders } from './portalOrg.ts';
import { definitionOf } from '../../unit/operations/definition/definitions.ts';
import { warmSf } from './warmSf.ts';

const day = 86_400_000;
const external = ['CspLitePortal', 'PowerCustomerSuccess', 'CustomerSuccess', 'PowerPartner'];

/** What is true of a portal user, straight from the store. */
type Truth = {
  readonly user: StoredRecord;
  readonly frozen: boolean;
  readonly lastSeen: number;
  readonly never: boolean;
};

function truthOf({ org }: PortalOrg): Truth[] {
  const frozen = new Set(org.store.find('UserLogin', { IsFrozen: true }).map(({ UserId }) => UserId));
  return org.store
    .find('User')
    .filter(({ UserType }) => external.includes(String(UserType)))
    .map((user) => ({
      user,
      frozen: frozen.has(user.Id),
      never: user['LastLoginDate'] == null,
      lastSeen: Date.parse(String(user['LastLoginDate'] ?? user['CreatedDate'])),
    }));
}

const stateOf = ({ user, frozen }: Truth): string =>
  user['IsActive'] !== true ? 'inactive' : frozen ? 'frozen' : 'active';

/** Users of all states, ages and licenses: some never logged in, some frozen, some both inactive and frozen. */
function stir(portal: PortalOrg): void {
  const { store, clock } = portal.org;
  const ago = (days: number): string => new Date(clock.now() - days * day).toISOString();
  for (const [n, { user }] of truthOf(portal).entries()) {
    store.update('User', user.Id, {
      IsActive: n % 5 !== 4,
      CreatedDate: ago(n % 2 === 0 ? 400 : 30),
      LastLoginDate: n % 3 === 0 ? null : ago((n * 37) % 300),
    });
    for (const login of store.find('UserLogin', { UserId: user.Id }))
      store.update('UserLogin', login.Id, { IsFrozen: n % 7 === 1 || n % 10 === 4 });
  }
}

async function worldOf(world: WorldOptions = {}): Promise<PortalOrg> {
  const portal = await PortalOrg.start({ world: { welcomeEmails: false, customerContacts: 30, ...world } });
  stir(portal);
  return portal;
}

const list = async (portal: PortalOrg, ...args: string[]): Promise<ListResult> =>
  (await portal.json<ListResult>(['list', ...args])).result;
const idsOf = (users: ReadonlyArray<{ readonly id: string }>): string[] => users.map(({ id }) => id).sort();
const trueIds = (truths: readonly Truth[]): string[] => truths.map(({ user }) => user.Id).sort();

describe('list', () => {
  let portal: PortalOrg;
  let truths: Truth[];

  before(async () => {
    portal = await worldOf();
    truths = truthOf(portal);
    expect(new Set(truths.map(stateOf)).size).to.equal(3);
  });

  after(() => portal.stop());

  const named = (sobject: string, id: unknown): unknown => portal.org.store.get(sobject, String(id))?.['Name'];
  const isIdle = ({ lastSeen }: Truth): boolean => lastSeen < portal.org.clock.now() - 90 * day;

  it('counts and lists what the org holds, and writes nothing to it', async () => {
    const untouched = portal.digest();
    const { summary, users, truncated, files } = await list(portal);
    const active = truths.filter((truth) => stateOf(truth) === 'active');
    expect(summary).to.deep.include({
      users: truths.length,
      active: active.length,
      frozen: truths.filter((truth) => stateOf(truth) === 'frozen').length,
      inactive: truths.filter((truth) => stateOf(truth) === 'inactive').length,
      neverLoggedIn: active.filter(({ never }) => never).length,
      idle: active.filter(isIdle).length,
      notPortalUsers: 0,
      unseen: [],
    });
    expect(idsOf(users)).to.deep.equal(trueIds(truths));
    expect(truncated).to.equal(false);
    for (const { user, ...truth } of truths) {
      const listed = users.find(({ id }) => id === user.Id);
      const role = portal.org.store.get('UserRole', String(user['UserRoleId']));
      expect(listed).to.deep.include({
        username: user['Username'],
        contactId: user['ContactId'],
        accountName: named('Account', user['AccountId']),
        profile: named('Profile', user['ProfileId']),
        state: stateOf({ user, ...truth }),
      });
      expect(listed?.portalRole ?? null).to.equal(role?.['PortalRole'] ?? null);
      expect(listed?.lastLoginDate ?? null).to.equal(user['LastLoginDate']);
    }
    for (const license of summary.licenses) {
      // Of two that share a name, an Id tells which is meant.
      const [, id] = /\((\w{18})\)$/.exec(license.name ?? '') ?? [];
      const { store } = portal.org;
      const record =
        id === undefined ? store.find('UserLicense', { Name: license.name ?? '' })[0] : store.get('UserLicense', id);
      const [total, used] = [Number(record?.['TotalLicenses']), Number(record?.['UsedLicenses'])];
      // Unlimited ones have a negative total.
      expect([license.total, license.used, license.left]).to.deep.equal(
        total < 0 ? [undefined, used, undefined] : [total, used, total - used],
      );
      expect(license.users).to.equal(license.profiles.reduce((sum, profile) => sum + profile.users, 0));
    }
    expect(summary.licenses.reduce((sum, license) => sum + license.users, 0)).to.equal(truths.length);
    expect(
      readCsv(files.users)
        .map((row) => row['Id'])
        .sort(),
    ).to.deep.equal(trueIds(truths));
    expect(portal.digest()).to.equal(untouched);
  });

  it('names the live sites of the profile, and with --permission-sets what each user holds', async () => {
    const [first] = truths;
    const set = portal.org.world?.permissionSets.get('Portal_Documents') ?? '';
    const AssigneeId = first?.user.Id ?? '';
    const assignment = portal.org.store.insert('PermissionSetAssignment', { AssigneeId, PermissionSetId: set });
    const { users, files } = await list(portal, '--permission-sets');
    portal.org.store.remove('PermissionSetAssignment', assignment);
    expect(users.find(({ id }) => id === AssigneeId)?.permissionSets).to.include('Portal_Documents');
    expect(users.every(({ permissionSets }) => Array.isArray(permissionSets))).to.equal(true);
    expect(readCsv(files.users).find((row) => row['Id'] === AssigneeId)?.['PermissionSets']).to.include(
      'Portal_Documents',
    );
    const live = new Set(portal.org.store.find('Network', { Status: 'Live' }).map(({ Name }) => Name));
    const members = portal.org.store.find('NetworkMemberGroup');
    for (const { user } of truths) {
      const sites = members
        .filter(({ ParentId }) => ParentId === user['ProfileId'])
        .map(({ NetworkId }) => named('Network', NetworkId))
        .filter((name) => live.has(String(name)));
      expect(users.find(({ id }) => id === user.Id)?.sites).to.include.members(sites);
    }
    expect(users.some(({ sites }) => sites.length > 0)).to.equal(true);
  });

  type Keeps = (truth: Truth) => boolean;
  const filters: ReadonlyArray<readonly [args: readonly string[], keeps: Keeps]> = [
    [['--profile', mainProfile], ({ user }) => named('Profile', user['ProfileId']) === mainProfile],
    [['--inactive-for', '90'], isIdle],
    [['--never-logged-in', '60'], (truth) => truth.never && truth.lastSeen < portal.org.clock.now() - 60 * day],
    [['--frozen'], (truth) => stateOf(truth) === 'frozen'],
    [['--status', 'active'], (truth) => stateOf(truth) === 'active'],
    [['--status', 'inactive'], (truth) => stateOf(truth) === 'inactive'],
    [['--status', 'active', '--inactive-for', '90'], (truth) => stateOf(truth) === 'active' && isIdle(truth)],
  ];
  for (const [args, keeps] of filters) {
    it(`${args.join(' ')} lists the same users with and without a condition`, async () => {
      const expected = trueIds(truths.filter(keeps));
      expect(expected.length).to.be.within(1, truths.length - 1);
      const alone = await list(portal, ...args);
      expect(idsOf(alone.users)).to.deep.equal(expected);
      const narrowed = await list(portal, ...args, '--where', 'CreatedDate != null');
      expect(idsOf(narrowed.users)).to.deep.equal(expected);
      expect(narrowed.summary.notPortalUsers).to.equal(portal.org.store.find('User').length - truths.length);
    });
  }

  it("reckons days by the org's clock", async () => {
    const before = await list(portal, '--inactive-for', '3000');
    portal.org.clock.advance(3000 * day);
    const after = await list(portal, '--inactive-for', '3000');
    portal.org.clock.advance(-3000 * day);
    expect(before.summary.users).to.equal(0);
    expect(after.summary.users).to.equal(
      truths.filter(({ lastSeen }) => lastSeen < portal.org.clock.now() - 1000).length,
    );
  });

  it('shows a table that adds up, the advice as a command that works, and names in a terminal only', async () => {
    const piped = await portal.text(['list']);
    expect(piped.code).to.equal(0);
    const { summary, users } = await list(portal);
    const figures = piped.stdout
      .split('\n')
      .find((line) => line.startsWith('All '))
      ?.split(/ {2,}/);
    expect(figures?.slice(3, 8)).to.deep.equal(
      [summary.active, summary.frozen, summary.inactive, summary.neverLoggedIn, summary.idle].map(String),
    );
    for (const { name, username } of users) expect(piped.stdout).to.not.include(name).and.not.include(username);
    const command = piped.stdout.split('\n').find((line) => line.trim().startsWith('sf portal users disable')) ?? '';
    const [, file = ''] = /--file (\S+)$/.exec(command) ?? [];
    expect(command).to.match(/ --mode freeze --inactive-for 90 .* --dry-run /);
    const plan = await portal.json([
      'disable',
      '--mode',
      'freeze',
      '--inactive-for',
      '90',
      '--file',
      file,
      '--dry-run',
    ]);
    expect(plan.result.counts.planned).to.equal(summary.idle);
    const invite = piped.stdout.split('\n').find((line) => line.trim().startsWith('sf portal users invite')) ?? '';
    const [, where = ''] = / --dry-run .* --where "([^"]+)"$/.exec(invite) ?? [];
    const invited = await portal.json(['invite', '--where', where, '--dry-run']);
    const waits = ({ user, never, lastSeen }: Truth): boolean =>
      user['IsActive'] === true && never && lastSeen < portal.org.clock.now() - 2 * day;
    expect(summary.invitable).to.equal(truths.filter((truth) => waits(truth) && !truth.frozen).length);
    expect(invited.result.counts.selected).to.be.at.least(truths.filter(waits).length);
    const screen = await portal
      .through((args, options) => warmSf(args, { ...options, terminal: { columns: 80 } }))
      .text(['list']);
    const lines = screen.stdout.replaceAll(/\u001b\[[\d;]*m/g, '').split('\n');
    expect(lines.some((line) => line.includes(users[0]?.name ?? '?'))).to.equal(true);
    const table = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith('All ')),
    );
    for (const line of table) expect(line.length, line).to.be.at.most(80);
  });

  it('leaves private files, and no scratch', async () => {
    const { outputDir, files } = await list(portal, '--permission-sets', '--output-dir', 'a-list');
    expect(readdirSync(outputDir).sort()).to.deep.equal(['.gitignore', 'report.html', 'summary.md', 'users.csv']);
    expect(statSync(outputDir).mode & 0o777).to.equal(0o700);
    for (const name of readdirSync(outputDir)) expect(statSync(join(outputDir, name)).mode & 0o777).to.equal(0o600);
    expect(readFileSync(join(outputDir, '.gitignore'), 'utf8')).to.equal('*\n');
    const rows = readCsv(files.users);
    const [summary, page] = [files.summary, files.report].map((file) => readFileSync(file, 'utf8'));
    expect(page).to.include(rows[0]?.['Username']);
    expect(summary).to.match(/^# \d+ portal users in the org 00D\w{15} \(production\) at/);
    for (const row of rows) {
      for (const key of ['Id', 'Username', 'Name', 'ContactId', 'AccountName'])
        expect(summary, key).not.to.include(row[key] === '' ? 'nobody' : row[key]);
    }
  });

  it('its users.csv is taken as it is by disable and enable', async () => {
    const { files } = await list(portal, '--status', 'active', '--profile', mainProfile);
    expect(csvHeader(files.users)).to.include('State');
    const ids = readCsv(files.users).map((row) => row['Id'] ?? '');
    const isFrozen = (): unknown[] =>
      ids.map((id) => portal.org.store.find('UserLogin', { UserId: id })[0]?.['IsFrozen']);
    await portal.json(['disable', '--mode', 'freeze', '--file', files.users, '--no-prompt']);
    expect(isFrozen()).to.deep.equal(ids.map(() => true));
    await portal.json(['enable', '--mode', 'unfreeze', '--file', files.users, '--no-prompt']);
    expect(isFrozen()).to.deep.equal(ids.map(() => false));
  });

  it('and by invite, whatever state the users are in', async () => {
    const { files, summary } = await list(portal);
    const { result } = await portal.json(['invite', '--file', files.users, '--dry-run']);
    const { counts, refusedByReason } = result;
    expect(counts.selected).to.equal(summary.users);
    expect(counts.planned).to.be.above(0);
    expect(refusedByReason).to.include({ IS_INACTIVE: summary.inactive, IS_FROZEN: summary.frozen });
    expect(refusedByReason).not.to.have.any.keys('CONTRADICTED', 'USER_NOT_FOUND');
  });

  describe('bad input', () => {
    const cases: ReadonlyArray<readonly [args: readonly string[], code: number, says: string]> = [
      [['--where', 'Nmae = 1'], 1, '\n  Nmae = 1\n  ^'],
      [['--where', ' '], 1, 'The condition of --where is empty'],
      [['--profile', 'Acme Custmer Portal'], 1, 'Acme Customer Portal'],
      [['--inactive-for', 'soon'], 2, '"soon" isn\'t a number of days'],
      [['--status', 'frozen'], 2, 'active, inactive, all'],
      [['--frozen', '--status', 'active'], 2, 'cannot also be provided when using --frozen'],
      [['--definition-file', 'nowhere/access.yaml'], 1, "nowhere/access.yaml can't be written (ENOENT)"],
    ];
    for (const [args, code, says] of cases) {
      it(`${args.join(' ')} is an error that says what to do, and leaves no folder`, async () => {
        const folders = runFolders(portal.cwd);
        const failure = await portal.failure(['list', ...args]);
        expect(failure.code).to.equal(code);
        expect(failure.text).to.include(says);
        expect(runFolders(portal.cwd)).to.deep.equal(folders);
      });
    }

    it('a folder that is in use is left as it is', async () => {
      await list(portal, '--output-dir', 'in-use');
      const failure = await portal.failure(['list', '--output-dir', 'in-use']);
      expect(failure.name).to.equal('FolderNotEmptyError');
      expect(existsSync(join(portal.cwd, 'in-use', 'users.csv'))).to.equal(true);
      expect(failure.text).not.to.include('resume');
      const { result } = await portal.json(['create', ...mainSelection, '--dry-run']);
      const inRun = await portal.failure(['list', '--output-dir', result.runDir]);
      expect(inRun.name).to.equal('FolderNotEmptyError');
      expect(inRun.text).to.include('Specify another folder').and.not.include('resume');
    });

    it('nobody found is a warning', async () => {
      const { result, warnings } = await portal.json<ListResult>(['list', '--where', "Username = 'nobody'"]);
      expect(result).to.deep.include({ users: [], truncated: false });
      expect(JSON.stringify(warnings)).to.include('No portal users match');
    });
  });
});

describe('list --definition-file', () => {
  it('writes what the org has as a first file for sync, and never over another', async () => {
    const portal = await worldOf();
    const file = join(portal.cwd, 'access.yaml');
    const [{ Id: setId, Name: setName } = { Id: '', Name: '' }] = portal.org.store.find('PermissionSet', {
      Name: 'Portal_Documents',
    });
    const withAccess = truthOf(portal).filter((truth) => stateOf(truth) !== 'inactive');
    const profiles = Map.groupBy(withAccess, ({ user }) => String(user['ProfileId']));
    const [profileId, holders] = [...profiles][0] ?? ['', []];
    for (const { user } of holders)
      if (
        portal.org.store.find('PermissionSetAssignment', { AssigneeId: user.Id, PermissionSetId: setId }).length === 0
      )
        portal.org.store.insert('PermissionSetAssignment', { AssigneeId: user.Id, PermissionSetId: setId });
    const { files } = await list(portal, '--definition-file', file);
    expect(files.definition).to.equal(file);
    const text = readFileSync(file, 'utf8');
    const { groups, orgs } = definitionOf(text.replace(/^( {4}contacts:).*$/gm, '$1 A__c = true'));
    expect(orgs).to.deep.equal([{ orgId: portal.org.orgId }]);
    const nameOf = (id: string): unknown => portal.org.store.get('Profile', id)?.['Name'];
    expect(groups.map(({ profile }) => profile)).to.have.members([...profiles.keys()].map(nameOf));
    expect(groups.find(({ profile }) => profile === nameOf(profileId))?.permissionSets).to.include(setName);
    const { name } = await portal.failure(['list', '--definition-file', file]);
    expect(name).to.equal('DefinitionExistsError');
    expect(readFileSync(file, 'utf8')).to.equal(text);
    const inFolder = await list(portal, '--output-dir', 'whole', '--definition-file', join('whole', 'access.yaml'));
    expect(readdirSync(inFolder.outputDir)).to.include.members(['access.yaml', 'users.csv']);
    await portal.stop();
  });
});

describe('list, by users who see less', () => {
  for (const userLoginWithoutManageUsers of ['INVALID_TYPE', 'noRows', 'visible'] as const) {
    it(`says that it can't see who is frozen (UserLogin: ${userLoginWithoutManageUsers})`, async () => {
      const portal = await worldOf({ runningUser: 'customerService' });
      portal.org.switches.userLoginWithoutManageUsers = userLoginWithoutManageUsers;
      const { summary, users } = await list(portal);
      const isActive = ({ user }: Truth): boolean => user['IsActive'] === true;
      expect(summary.unseen).to.include('frozen');
      expect(summary.activeOrFrozen).to.equal(truthOf(portal).filter(isActive).length);
      expect(summary).to.not.have.any.keys('active', 'frozen');
      expect(new Set(users.map(({ state }) => state))).to.deep.equal(new Set(['inactive', 'activeOrFrozen']));
      const { stdout } = await portal.text(['list']);
      expect(stdout)
        .to.match(/can't see which users are frozen/)
        .and.to.include('Active or frozen');
      expect(stdout).not.to.include('--mode freeze');
      const failure = await portal.failure(['list', '--frozen']);
      expect(failure.name).to.equal('FrozenHiddenError');
      await portal.stop();
    });
  }

  it("says on the screen, on the page, and in summary.md that it can't see all sites", async () => {
    const portal = await worldOf({ runningUser: 'customerService' });
    const { summary, files } = await list(portal);
    expect(summary.unseen).to.include('sites');
    const { stdout } = await portal.text(['list']);
    const [summaryText, page] = [files.summary, files.report].map((file) => readFileSync(file, 'utf8'));
    for (const text of [stdout, summaryText, page?.replaceAll('&#39;', "'")])
      expect(text).to.contain("can't see the members of all sites");
    await portal.stop();
  });

  it('says what else is hidden, and counts nothing that it cannot know', async () => {
    const portal = await worldOf();
    portal.org.switches.hiddenFields.push('User.LastLoginDate', 'User.ContactId');
    portal.org.switches.hiddenObjects.push('UserRole', 'NetworkMemberGroup');
    const { summary, users, files } = await list(portal);
    expect(summary.unseen).to.include.members(['lastLogin', 'contact', 'portalRole']);
    expect(summary).to.not.have.any.keys('neverLoggedIn', 'idle');
    const empty = (user: ListedUser): boolean => user.lastLoginDate === undefined && user.sites.length === 0;
    expect(users.every(empty)).to.equal(true);
    expect(users).to.have.length(truthOf(portal).length);
    expect(readFileSync(files.summary, 'utf8')).to.match(/can't see when users last logged in/);
    const { name, text } = await portal.failure(['list', '--never-logged-in', '2']);
    expect(name).to.equal('LastLoginHiddenError');
    expect(text).to.include('--never-logged-in');
    await portal.stop();
  });
});

describe('list, when something goes wrong', () => {
  let portal: PortalOrg;
  before(async () => {
    portal = await PortalOrg.start({ world: { large: { contacts: 1, users: 2500 } } });
  });
  beforeEach(() => {
    portal.org.faults.clear();
    portal.org.ledger.clear();
  });
  after(() => portal.stop());

  const nextPage = { method: 'GET', path: /^\/query\/01g/ };

  it('reads on after a call that was lost', async () => {
    const fault = portal.org.faults.add(nextPage, { kind: 'dropAfter' });
    const { summary, files } = await list(portal);
    expect(fault.hits).to.equal(1);
    expect(summary.users).to.equal(2500);
    expect(new Set(readCsv(files.users).map((row) => row['Id'])).size).to.equal(2500);
  });

  it('is an error where Salesforce refuses the second page, and leaves no folder', async () => {
    const before = runFolders(portal.cwd);
    portal.org.faults.add(
      { ...nextPage, times: Infinity },
      {
        kind: 'answer',
        status: 403,
        body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
      },
    );
    const { code, text } = await portal.failure(['list']);
    expect(code).to.not.equal(0);
    expect(text).to.match(/limit/iu);
    expect(runFolders(portal.cwd)).to.deep.equal(before);
  });

  it('ends with 130 at Ctrl-C, and leaves no folder', async () => {
    const before = runFolders(portal.cwd);
    const interrupt = (): void => void process.emit('SIGINT', 'SIGINT');
    portal.org.faults.add(nextPage, { kind: 'meanwhile', run: interrupt });
    const { code } = await portal.failure(['list', '--permission-sets']);
    expect(code).to.equal(130);
    expect(runFolders(portal.cwd)).to.deep.equal(before);
  });

  it("warns where this machine's clock is wrong by more than five minutes", async () => {
    const wrong = async (minutes: number): Promise<string> => {
      portal.org.clock.advance(minutes * 60_000);
      const { warnings } = await portal.json<ListResult>(['list', '--profile', mainProfile]);
      portal.org.clock.advance(-minutes * 60_000);
      return JSON.stringify(warnings ?? []);
    };
    expect(await wrong(0)).to.not.include('clock');
    expect(await wrong(9)).to.include('9 minutes behind');
    expect(await wrong(-9)).to.include('9 minutes ahead');
    expect(await wrong(-130)).to.include('2 hours ahead');
    expect(await wrong(8 * 24 * 60)).to.include('8 days behind');
  });

  for (const [command, progress] of [
    ['list', /Listing the portal users/g],
    ['check', /Checking/g],
  ] as const)
    it(`${command} says once what it does, behind such a warning`, async () => {
      portal.org.clock.advance(9 * 60_000);
      const { stderr } = await portal.text([command]);
      portal.org.clock.advance(-9 * 60_000);
      expect(stderr).to.match(/9 minutes behind/);
      expect(stderr.split('behind')[0], stderr).not.to.match(progress);
      expect(stderr.match(progress), stderr).to.have.lengthOf(1);
    });
});

describe('list, for 100,000 users', () => {
  it('takes few reads, and shows the first of them', async () => {
    const portal = await PortalOrg.start({ world: { large: { contacts: 1000, users: 100_001 } } });
    portal.org.ledger.clear();
    const { summary, users, truncated, files } = await list(portal);
    const calls = portal.org.ledger.entries.filter(
      (call) => isPluginCall(call) && !(call.method === 'GET' && /^\/jobs\/query\/750\w+$/.test(call.resource)),
    );
    // A page of results more for each 100,000 users: a million take 9 more.
    expect(calls.length, calls.map(({ method, resource }) => `${method} ${resource}`).join('\n')).to.be.at.most(28);
    expect(summary.users).to.equal(100_001);
    expect(users).to.have.length(2000);
    expect(truncated).to.equal(true);
    expect(readFileSync(files.users, 'utf8').trimEnd().split('\n')).to.have.length(100_002);
    await portal.stop();
  });
});
