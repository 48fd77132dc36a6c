/**
 * Each example of README.md and docs/ is run as a reader would run it: page by page from top to bottom, in a shell, by the
 * host of this process, each page on an org of its own. What a new page needs beyond that stands in `pages`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import { faultAnswers } from '../../simulated-org/faults.ts';
import { examplePages, examplesOf } from '../../unit/contracts/docExamples.ts';
import { followPage, portalUsers, type Page } from './pageVisit.ts';
import { contactsCsv, mainProfile, mainSegment, type PortalOrg } from './portalOrg.ts';
import { sideBySide } from './sfCall.ts';
import { warmSf } from './warmSf.ts';

const anHour = 3_600_000;
/** Users that the main segment of the world comes to. */
const segmentUsers = 189;

/** A definition that only reports. */
function definitionOf(portal: PortalOrg): string {
  const group = { name: 'Customers', contacts: mainSegment, profile: mainProfile };
  return JSON.stringify({ orgs: [portal.org.orgId], groups: [group] });
}

const pages: Readonly<Record<string, Page>> = {
  'README.md': {
    files: (portal) => ({
      'contacts.csv': contactsCsv(portal.plainContacts(3)),
      'portal-users.yaml': definitionOf(portal),
    }),
    before: [
      [/jo@customers/, nameLeavers],
      [/Borealis%/, nameBorealis],
    ],
    after({ portal, made }) {
      expect(made.length).to.be.greaterThan(segmentUsers);
      expect(isFrozen(portal, leaver(portal, 'jo'))).to.equal(true);
      const partnersOfBorealis = borealis(portal, 'Borealis South');
      expect(partnersOfBorealis).not.to.have.length(0);
      for (const user of partnersOfBorealis) expect(user).to.include({ IsActive: true });
      expect(portal.usersOf(portal.contactOf('HAS_INACTIVE_USER').Id)[0]).to.include({ IsActive: true });
      const partners = made.filter(({ ProfileId }) => ProfileId === portal.profileId('Acme Partner'));
      expect(partners.map((user) => roleOf(portal, user)?.['PortalRole']))
        .to.include('Worker')
        .and.not.include('Manager');
    },
  },
  'SKILL.md': {
    files: (portal) => ({ 'portal-users.yaml': definitionOf(portal) }),
    before: [[/Borealis%/, nameBorealis]],
    after({ portal, made, printed }) {
      expect(made).to.have.length(segmentUsers);
      for (const text of printed) expect(JSON.parse(text)).to.have.property('status', 0);
      for (const user of borealis(portal, 'Borealis South')) expect(isFrozen(portal, user)).to.equal(false);
    },
  },
  'docs/create-from-a-condition.md': {
    after({ portal, made }) {
      const inParis = made.filter((user) => user['TimeZoneSidKey'] === 'Europe/Paris');
      expect(inParis).not.to.have.length(0);
      for (const user of inParis)
        expect(user['CompanyName']).to.equal(portal.org.store.get('Account', String(user['AccountId']))?.['Name']);
      expect(made.length).to.be.greaterThan(inParis.length);
    },
  },
  'docs/create-from-a-csv.md': {
    files: (portal) => ({ 'data-loader.csv': dataLoaderCsv(portal) }),
    before: [[/refused\.csv/, mendAddress]],
    after({ portal, made }) {
      const users = new Map(made.map((user) => [keyOf(portal, user), user]));
      expect(users.get('K-000100')).to.include({ Username: 'anna@portal.example', TimeZoneSidKey: 'Europe/Paris' });
      expect(users.get('K-000110')).to.include({ ProfileId: portal.profileId('Acme Customer Login') });
      expect(permissionSetsOf(portal, users.get('K-000120'))).to.have.length(2);
      expect(portal.usersOf(portal.contactOf('NO_EMAIL').Id)).to.have.length(1);
      expect(users.size).to.equal(6);
    },
  },
  'docs/sync.md': {
    after({ portal, made, printed }) {
      expect(made).to.have.length(segmentUsers);
      for (const user of made) expect(permissionSetsOf(portal, user)).to.have.length(1);
      expect(printed[0]).to.include('first.yaml');
    },
  },
  'docs/portal-roles.md': {
    after({ portal, made, printed }) {
      const roles = made.map((user) => roleOf(portal, user));
      expect(roles.length).to.be.greaterThan(0);
      for (const role of roles) expect(role).to.include({ PortalRole: 'Worker', PortalType: 'Partner' });
      expect(printed.at(-1)).to.match(/2 users (to create|created)/);
    },
  },
  'docs/permission-sets.md': {
    after({ portal, made }) {
      const bundle = portal.org.world?.permissionSets.get('Portal_Bundle');
      expect(made.length).to.be.greaterThan(segmentUsers);
      for (const user of made) expect(permissionSetsOf(portal, user)).to.include(bundle);
      expect(made.filter((user) => permissionSetsOf(portal, user).length === 3)).not.to.have.length(0);
    },
  },
  'docs/usernames-and-sandboxes.md': {
    org: { world: { welcomeEmails: false, sandbox: true } },
    after({ made }) {
      const endings = made.map((user) => /\.(example|portal|uat)$/.exec(String(user['Username']))?.[1]);
      expect(endings).to.include('example').and.include('portal').and.include('uat').and.not.include(undefined);
      const uat = made.filter((user) => String(user['Username']).endsWith('.uat'));
      for (const user of uat) expect(user['Email']).to.match(/\.invalid$/);
    },
  },
  'docs/welcome-emails-and-passwords.md': {
    org: { world: { welcomeEmails: true } },
    after({ portal, made, printed }) {
      expect(printed.join('\n')).to.match(/send up to \d+ welcome emails?/);
      const inactive = made.filter((user) => user['IsActive'] === false);
      const { mails } = portal.org.rules.outbox;
      const mailed = new Set(mails.filter(({ kind }) => kind === 'welcome').map(({ userId }) => userId));
      const invited = mails.filter(({ kind }) => kind === 'passwordReset').map(({ userId }) => userId);
      expect(invited.length).to.be.greaterThan(0);
      expect(new Set(invited).size).to.equal(invited.length);
      expect(inactive.length).to.be.greaterThan(0);
      for (const { Id } of inactive) expect(mailed).not.to.include(Id);
      expect(mailed.size).to.equal(made.length - inactive.length);
    },
  },
  'docs/every-night.md': {
    times: 2,
    after({ made, printed }) {
      expect(made).to.have.length(segmentUsers);
      expect(printed.at(-1)).to.match(/Nothing to do/);
    },
  },
  'docs/interrupted-runs.md': {
    planned: true,
    before: [
      [/--wait 0/, (portal) => (portal.org.switches.bulk.msInQueue = anHour)],
      [/--wait 30/, (portal) => portal.org.clock.advance(anHour)],
    ],
    after({ made }) {
      expect(made).to.have.length(segmentUsers);
    },
  },
  'docs/ci.md': {
    before: [[/portal-users\.sh nightly/, troubleAtNight]],
    after({ portal, made }) {
      expect(made).to.have.length(segmentUsers + newPeople);
      expect(readFileSync(join(portal.cwd, 'step-summary.md'), 'utf8')).to.match(/# .*create/i);
    },
  },
  'docs/someone-left.md': {
    before: [[/freeze/, nameLeavers]],
    after({ portal }) {
      expect(leaver(portal, 'jo')).to.include({ IsActive: false });
      expect(isFrozen(portal, leaver(portal, 'jo'))).to.equal(true);
      expect(leaver(portal, 'kim')).to.include({ IsActive: true });
    },
  },
  'docs/inactive-customers.md': {
    before: [
      [/--dry-run/, nameMonitor],
      [/--dry-run/, nameLeavers],
    ],
    after({ portal }) {
      expect(sleepers(portal).map(({ Username }) => Username)).to.have.members([
        'monitor@customers.example',
        'jo@customers.example',
      ]);
    },
  },
  'docs/close-a-portal.md': {
    before: [[/Borealis%.*--dry-run/, nameBorealis]],
    after({ portal }) {
      const south = borealis(portal, 'Borealis South');
      const north = borealis(portal, 'Borealis North');
      expect(south.map(({ IsActive }) => IsActive)).to.deep.equal([true]);
      expect(south[0]?.['Username']).to.equal('sam@borealis.example');
      expect(portal.org.store.find('User', { IsPortalEnabled: false, CommunityNickname: 'sam' })).to.have.length(1);
      // The portal administrator.
      expect(north.map((user) => user['IsActive'] === true && !isFrozen(portal, user))).to.deep.equal([false]);
    },
  },
  'docs/undo.md': {
    before: [
      [/LIMIT 20/, nameLeavers],
      [/jo@customers/, (portal) => portal.change('User', { Username: 'jo@customers.example' }, { IsActive: false })],
    ],
    after({ portal, made }) {
      expect(made).not.to.have.length(0);
      for (const user of made) expect(user).to.include({ IsActive: true });
      expect(leaver(portal, 'jo')).to.include({ IsActive: true });
      expect(portal.usersOf(portal.contactOf('HAS_INACTIVE_USER').Id)[0]).to.include({ IsActive: true });
    },
  },
  'docs/reasons.md': {
    after({ portal }) {
      const [idle] = portal.usersOf(portal.contactOf('HAS_INACTIVE_USER').Id);
      expect(idle).to.include({ IsActive: true });
      expect(portal.contactOf('NO_ACCOUNT')['AccountId']).to.match(/^001/);
      const account = portal.org.store.get('Account', String(portal.contactOf('OWNER_WITHOUT_ROLE')['AccountId']));
      expect(portal.org.store.get('User', String(account?.['OwnerId']))?.['UserRoleId']).to.match(/^00E/);
    },
  },
};

describe('examples of the docs', function () {
  before(function () {
    // What they say to sf is checked everywhere (test/unit/contracts/docs.test.ts); the shell is not.
    if (process.platform === 'win32') this.skip();
  });

  it('work as they stand there', async () => {
    const withExamples = examplePages.filter((page) => examplesOf(page).some(({ kind }) => kind === 'script'));
    expect(withExamples).to.include.members(Object.keys(pages));
    const problems: string[] = [];
    await sideBySide(withExamples, async (page) => {
      await followPage(page, pages[page] ?? {}, warmSf).catch((error: unknown) => problems.push(String(error)));
    });
    expect(problems.join('\n\n')).to.equal('');
  });
});

function roleOf(portal: PortalOrg, user: StoredRecord): StoredRecord | undefined {
  return portal.org.store.get('UserRole', String(user['UserRoleId']));
}

function keyOf(portal: PortalOrg, user: StoredRecord): unknown {
  return portal.org.store.get('Contact', String(user['ContactId']))?.['External_Key__c'];
}

function isFrozen(portal: PortalOrg, { Id }: StoredRecord): boolean {
  return portal.org.store.find('UserLogin', { UserId: Id })[0]?.['IsFrozen'] === true;
}

function leaver(portal: PortalOrg, name: string): StoredRecord {
  const [user] = portal.org.store.find('User', { Username: `${name}@customers.example` });
  if (user === undefined) throw new Error(`Nobody is called ${name}`);
  return user;
}

function ninetyDaysAgo(portal: PortalOrg): number {
  return portal.org.clock.now() - 90 * 24 * anHour;
}

/** Active customers with the main profile who have not logged in for 90 days; users who never did are as old as the world. */
function sleepers(portal: PortalOrg): StoredRecord[] {
  return portalUsers(portal).filter(
    (user) =>
      user['ProfileId'] === portal.profileId(mainProfile) &&
      user['IsActive'] === true &&
      Date.parse(String(user['LastLoginDate'] ?? user['CreatedDate'])) < ninetyDaysAgo(portal),
  );
}

/** Two sleepers get the names that the docs use. */
function nameLeavers(portal: PortalOrg): void {
  if (portal.org.store.find('User', { Username: 'jo@customers.example' }).length > 0) return;
  const free = sleepers(portal).filter(({ Username }) => Username !== 'monitor@customers.example');
  ['jo', 'kim'].forEach((name, index) => {
    const address = `${name}@customers.example`;
    portal.change('User', { Id: free[index]?.Id ?? '' }, { Username: address, Email: address });
  });
}

/** A sleeper whom --protect of the docs means. */
function nameMonitor(portal: PortalOrg): void {
  const [user] = sleepers(portal);
  const names = { Username: 'monitor@customers.example', Email: 'monitor@acme.example' };
  portal.change('User', { Id: user?.Id ?? '' }, names);
}

/** A partner with two accounts: one of its users is a portal administrator, the other has a nickname to lose. */
function nameBorealis(portal: PortalOrg): void {
  const partners = portalUsers(portal).filter(({ ProfileId }) => ProfileId === portal.profileId('Acme Partner'));
  const [north, south] = partners.filter(({ IsActive }) => IsActive === true);
  portal.change('Account', { Id: String(north?.['AccountId']) }, { Name: 'Borealis North' });
  portal.change('Account', { Id: String(south?.['AccountId']) }, { Name: 'Borealis South' });
  portal.change('User', { Id: south?.Id ?? '' }, { Username: 'sam@borealis.example', CommunityNickname: 'sam' });
}

/** Portal users of an account. */
function borealis(portal: PortalOrg, Name: string): StoredRecord[] {
  const [account] = portal.org.store.find('Account', { Name });
  return portal.org.store.find('User', { AccountId: account?.Id ?? '' });
}

function permissionSetsOf(portal: PortalOrg, user: StoredRecord | undefined): unknown[] {
  return portal.org.store
    .find('PermissionSetAssignment', { AssigneeId: user?.Id ?? '' })
    .map((each) => each['PermissionSetGroupId'] ?? each['PermissionSetId']);
}

/** Two rows that work, and one without an address. */
function dataLoaderCsv(portal: PortalOrg): string {
  const header = `UserRoleId,FirstName,LastName,ContactId,ProfileId,Username,Email,Alias,TimeZoneSidKey,LocaleSidKey,EmailEncodingKey,LanguageLocaleKey`;
  const rest = 'Europe/Berlin,en_US,UTF-8,en_US';
  const contacts = [...portal.plainContacts(2), portal.contactOf('NO_EMAIL')];
  const rows = contacts.map(({ Id, Email }, index) =>
    [
      '',
      'Dana',
      `Loader ${index}`,
      Id,
      portal.profileId(mainProfile),
      `dana.${index}@portal.example`,
      Email,
      'dana',
      rest,
    ].join(','),
  );
  return [header, ...rows, ''].join('\n');
}

function mendAddress(portal: PortalOrg): void {
  portal.change('Contact', { Id: portal.contactOf('NO_EMAIL').Id }, { Email: 'nele.nomail@customers.example' });
}

const newPeople = 3;

/** New contacts for each run of a pipeline, and the day's API calls used up in the middle of it. */
function troubleAtNight(portal: PortalOrg): void {
  const { AccountId } = portal.contactOf('ALREADY_HAS_USER');
  const known = portal.org.store.find('Contact').length;
  for (let index = 0; index < newPeople; index += 1) {
    const Email = `new.${known + index}@customers.example`;
    portal.org.store.insert('Contact', {
      LastName: 'New',
      AccountId: AccountId ?? null,
      Email,
      Portal_Access__c: true,
    });
  }
  portal.org.faults.clear();
  portal.org.faults.add({ method: 'POST', path: '/jobs/ingest' }, faultAnswers.dailyLimit());
}
