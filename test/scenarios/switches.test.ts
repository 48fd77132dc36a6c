/**
 * What nobody could prove without a real org, and what differs from org to org: `create` works either way
 * (docs/unproven.md).
 * Each value runs the same journey, and what run.db and the files say is compared with what the org holds.
 */
import { expect } from 'chai';
import { defaultSwitches } from '../simulated-org/switches.ts';
import { readText } from '../unit/contracts/project.ts';
import { csvOf, type Run } from './runLab.ts';
import { Journey, type SwitchCase } from './switchJourney.ts';

const executives = { portalRole: 'Executive' };
const federated = { set: ['FederationIdentifier={External_Key__c}'] };
const knowing = { set: ['UserPermissionsKnowledgeUser=true'] };
/** The Metadata API refuses the running user: its settings are unknown. */
const withoutMetadata = { missingPermissions: ['PermissionsModifyMetadata', 'PermissionsModifyAllData'] };
const roleBased = ['customers', 'partners'] as const;
const customersOnly = {
  families: ['highVolume', 'customers'],
  world: { runningUser: 'customerService' },
  request: { permissionSets: [] },
} as const;

/** Every mail that went out was announced. */
async function mailsAnnounced(journey: Journey, run: Run): Promise<void> {
  const sent = journey.lab.org.rules.outbox.mails.filter((mail) => mail.kind === 'welcome').length;
  const { possible, atLeast } = run.result.welcomeEmails;
  if (!atLeast) expect(sent).to.be.at.most(possible);
  await journey.expectAllMade(run);
}

/** Rows came back without an answer, or as "already exists": the org is asked, and nobody is made twice or lost. */
async function someUnknown(journey: Journey, run: Run): Promise<void> {
  expect(run.result.counts.created).to.be.below(journey.contacts.length);
  await journey.expectAllMade(run);
}

/** Takes the people's portal access away again, as `IsPortalEnabled = false` does. */
async function madeAndCutOff(journey: Journey): Promise<void> {
  await journey.expectAllMade(await journey.create());
  const rows = journey.contacts.map((contact) => ({ Id: journey.userOf(contact).Id, IsPortalEnabled: false }));
  const { org } = journey.lab;
  const results = org.executeDml({
    sobject: 'User',
    operation: 'update',
    rows,
    runningUserId: org.runningUserId,
    lockOwner: 'x',
  });
  expect(results.every(({ success }) => success)).to.equal(true);
}

/** By the name of the switch: the values that are not the default, and those that need another org, file or ending. */
const cases: Readonly<Record<string, readonly SwitchCase[]>> = {
  digitalExperiences: [{ switches: { digitalExperiences: false }, failsWith: 'checks failed' }],
  personAccounts: [{ switches: { personAccounts: true } }],
  multiCurrency: [
    {
      switches: { multiCurrency: true },
      expects: async (journey, run) => {
        for (const contact of journey.contacts) expect(journey.userOf(contact)['CurrencyIsoCode']).to.equal('USD');
        await journey.expectAllMade(run);
      },
    },
  ],
  stateAndCountryPicklists: [
    {
      switches: { stateAndCountryPicklists: true },
      request: { set: ['CountryCode=DE', 'City={MailingCity}'] },
      given: ({ lab, contacts }) => {
        for (const { Id } of contacts) lab.org.store.update('Contact', Id, { MailingCity: 'Berlin' });
      },
      expects: async (journey, run) => {
        for (const contact of journey.contacts) expect(journey.userOf(contact)['Country']).to.equal('Germany');
        await journey.expectAllMade(run);
      },
    },
  ],
  missingPermissions: [
    { switches: { missingPermissions: ['PermissionsManageMyExternalUsers', 'PermissionsManageNetworks'] } },
  ],
  hiddenContacts: [{ switches: { hiddenContacts: new Set(['003000000000000AAA']) } }],
  hiddenFields: [{ switches: { hiddenFields: ['User.Badge_Number__c', 'Contact.Portal_Language__c'] } }],
  hiddenObjects: [
    { switches: { hiddenObjects: ['UserRole'] } },
    { switches: { hiddenObjects: ['Network', 'NetworkMemberGroup'] } },
    { switches: { hiddenObjects: ['UserLogin'] } },
  ],
  userLoginWithoutManageUsers: [
    { switches: { userLoginWithoutManageUsers: 'INVALID_TYPE' }, world: { runningUser: 'portalManager' } },
    { switches: { userLoginWithoutManageUsers: 'noRows' }, world: { runningUser: 'portalManager' } },
    { switches: { userLoginWithoutManageUsers: 'visible' }, world: { runningUser: 'portalManager' } },
  ],
  profileFiltering: [
    { switches: { profileFiltering: true } },
    {
      switches: { profileFiltering: true },
      world: { runningUser: 'portalManager' },
      failsWith: 'checks failed',
    },
  ],
  // A running user who can't see that a contact has a user learns it from Salesforce: that row fails, and nobody is made twice.
  deferGroupMembership: [{ families: roleBased, switches: { deferGroupMembership: true } }],
  deferSharingRules: [{ families: roleBased, switches: { deferSharingRules: true } }],
  privateUsers: [
    { switches: { privateUsers: true } },
    {
      ...customersOnly,
      switches: { privateUsers: true, users: { manageCustomerUsersSuffices: true } },
      given: ({ lab, contacts }) => {
        lab.giveUser(contacts[0]?.Id ?? '');
      },
      expects: ({ lab, contacts }, run) => {
        expect(run.end.end).to.equal('done');
        expect(run.result.failedByCode).to.deep.equal({ PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT: 1 });
        expect(csvOf(run.folder, 'failed').map((row) => row['ContactId'])).to.deep.equal([contacts[0]?.Id]);
        expect(run.result.counts).to.include({ succeeded: contacts.length - 1, failed: 1, pending: 0 });
        for (const { Id } of contacts) expect(lab.usersOf(Id), Id).to.have.length(1);
      },
    },
  ],
  activeLanguages: [
    { switches: { activeLanguages: ['en_US'] }, request: { set: ['LanguageLocaleKey={Portal_Language__c}'] } },
  ],
  queryPageSize: [{ switches: { queryPageSize: 2 } }],
  missingLimits: [{ switches: { missingLimits: ['DailyApiRequests', 'DailyBulkApiBatches'] } }],
  compressesAnswers: [{ switches: { compressesAnswers: false } }],

  'users.allowStandardExternalProfiles': [
    { switches: { users: { allowStandardExternalProfiles: true } }, standardProfiles: true },
    {
      switches: { users: { allowStandardExternalProfiles: false } },
      standardProfiles: true,
      failsWith: 'checks failed',
    },
    {
      switches: { ...withoutMetadata, users: { allowStandardExternalProfiles: false } },
      standardProfiles: true,
      expects: (journey, run) => {
        journey.expectStopped(run, 'org', 'FIELD_INTEGRITY_EXCEPTION');
      },
    },
  ],
  // The plan asks for the role of all owners: contacts that need none are refused all the same, and nothing fails.
  'users.ownerRoleForHighVolume': [true, false].map((ownerRoleForHighVolume): SwitchCase => ({
    switches: { users: { ownerRoleForHighVolume } },
    given: ({ lab, people }) => {
      const OwnerId = lab.org.world?.internalUsers.get('nora.norole') ?? null;
      lab.org.store.update('Account', String(people.highVolume[0]?.['AccountId']), { OwnerId });
    },
    expects: (journey, run) => {
      const accountId = journey.people.highVolume[0]?.['AccountId'];
      journey.expectRefused(
        run,
        'OWNER_WITHOUT_ROLE',
        journey.contacts.filter((contact) => contact['AccountId'] === accountId),
      );
    },
  })),
  'users.uniquePartnerUsernamesInOrg': [
    {
      switches: { users: { uniquePartnerUsernamesInOrg: false } },
      given: ({ lab, people }) => {
        for (const contact of [people.partners[0], people.customers[0]])
          lab.org.switches.users.usernamesElsewhere.add(String(contact?.['Email']).toLowerCase());
      },
      expects: (journey, run) => {
        journey.expectFailed(run, 'DUPLICATE_USERNAME', journey.people.partners.slice(0, 1));
      },
    },
  ],
  'users.usernamesElsewhere': [
    {
      switches: {},
      given: ({ lab, contacts }) => {
        for (const contact of contacts)
          lab.org.switches.users.usernamesElsewhere.add(String(contact['Email']).toLowerCase());
      },
    },
  ],
  'users.customerRoles': [
    { switches: { users: { customerRoles: 2 } } },
    {
      switches: { users: { customerRoles: 3 } },
      families: ['customers'],
      request: executives,
      expects: async (journey, run) => {
        for (const contact of journey.contacts) expect(journey.roleOf(contact)?.['PortalRole']).to.equal('Executive');
        await journey.expectAllMade(run);
      },
    },
  ],
  'users.partnerRoles': [
    { switches: { users: { partnerRoles: 2 } } },
    { switches: { users: { partnerRoles: 3 } }, families: ['partners'] },
  ],
  'users.missingPortalRole': [
    {
      switches: { users: { missingPortalRole: 'fails' } },
      families: ['customers'],
      request: executives,
      expects: (journey, run) => {
        journey.expectFailed(run, 'FIELD_INTEGRITY_EXCEPTION', journey.contacts);
      },
    },
    {
      switches: { users: { missingPortalRole: 'fallsBack' } },
      families: ['customers'],
      request: executives,
      expects: async (journey, run) => {
        for (const contact of journey.contacts) expect(journey.roleOf(contact)?.['PortalRole']).to.equal('Worker');
        await journey.expectAllMade(run);
      },
    },
  ],
  'users.accountRoleOptimization': [
    {
      switches: { users: { accountRoleOptimization: true } },
      expects: async (journey, run) => {
        const levels = new Set([...journey.people.customers].map((contact) => journey.roleOf(contact)?.['PortalRole']));
        expect([...levels]).to.have.members(['PersonAccount', 'Worker']);
        await journey.expectAllMade(run);
      },
    },
  ],
  'users.inactiveInsertMakesRoles': [true, false].map((inactiveInsertMakesRoles): SwitchCase => ({
    switches: { users: { inactiveInsertMakesRoles } },
    families: roleBased,
    request: { inactive: true },
  })),
  'users.apiTurnsOnAccountPortal': [{ switches: { users: { apiTurnsOnAccountPortal: false } } }],
  'users.disabledUsername': [
    { switches: {}, families: ['highVolume'], given: madeAndCutOff },
    {
      switches: { users: { disabledUsername: (username, userId, nowMs) => `${username}.${userId}.${String(nowMs)}` } },
      families: ['highVolume'],
      given: madeAndCutOff,
    },
    {
      // The name stays taken: nobody is made, and nothing is tried in vain.
      switches: { users: { disabledUsername: (username) => username } },
      families: ['highVolume'],
      given: madeAndCutOff,
      expects: (journey, run) => {
        journey.expectRefused(run, 'USERNAME_TAKEN', journey.contacts);
      },
    },
  ],
  'users.manageCustomerUsersSuffices': [
    { ...customersOnly, switches: { users: { manageCustomerUsersSuffices: true } } },
    {
      ...customersOnly,
      switches: { users: { manageCustomerUsersSuffices: false } },
      expects: (journey, run) => {
        journey.expectStopped(run, 'org', 'INSUFFICIENT_ACCESS_OR_READONLY');
      },
    },
  ],
  'users.allowedEmailDomains': [
    { switches: { users: { allowedEmailDomains: ['customers.example'] } } },
    {
      switches: { users: { allowedEmailDomains: ['acme.example'] } },
      expects: (journey, run) => {
        journey.expectFailed(run, 'FIELD_INTEGRITY_EXCEPTION', journey.contacts);
      },
    },
  ],
  // Values that differ in case only count as equal.
  'users.federationIdCaseSensitive': [true, false].map((federationIdCaseSensitive): SwitchCase => ({
    switches: { users: { federationIdCaseSensitive } },
    request: federated,
    given: ({ lab, contacts }) => {
      const FederationIdentifier = String(contacts[0]?.['External_Key__c']).toLowerCase();
      lab.org.store.update('User', lab.org.world?.internalUsers.get('sue.support') ?? '', { FederationIdentifier });
    },
    expects: (journey, run) => {
      journey.expectRefused(run, 'FEDERATION_ID_TAKEN', journey.contacts.slice(0, 1));
    },
  })),
  'users.nicknameCaseSensitive': [true, false].map((nicknameCaseSensitive): SwitchCase => ({
    switches: { users: { nicknameCaseSensitive } },
    request: { set: ['CommunityNickname={External_Key__c}'] },
    given: ({ lab, contacts }) => {
      const CommunityNickname = String(contacts[0]?.['External_Key__c']).toLowerCase();
      lab.org.store.update('User', lab.org.world?.internalUsers.get('sue.support') ?? '', { CommunityNickname });
    },
    expects: (journey, run) => {
      journey.expectRefused(run, 'NICKNAME_TAKEN', journey.contacts.slice(0, 1));
    },
  })),
  'users.disabledKeepsIdentities': [
    {
      switches: { users: { disabledKeepsIdentities: true } },
      families: ['highVolume'],
      request: federated,
      given: madeAndCutOff,
      expects: (journey, run) => {
        journey.expectRefused(run, 'FEDERATION_ID_TAKEN', journey.contacts);
      },
    },
    {
      switches: { users: { disabledKeepsIdentities: false } },
      families: ['highVolume'],
      request: federated,
      given: madeAndCutOff,
    },
  ],
  'users.portalsAvailable': [
    {
      switches: { users: { portalsAvailable: false } },
      expects: (journey, run) => {
        journey.expectStopped(run, 'org', 'PORTAL_NO_ACCESS');
      },
    },
  ],
  'users.encryptionForbidsPortalUsers': [
    {
      switches: { users: { encryptionForbidsPortalUsers: true } },
      expects: (journey, run) => {
        journey.expectStopped(run, 'org', 'PORTAL_USER_CREATION_RESTRICTED_WITH_ENCRYPTION');
      },
    },
  ],
  'users.featureLicenseSeats': [
    { switches: { users: { featureLicenseSeats: new Map([['UserPermissionsKnowledgeUser', 50]]) } }, request: knowing },
    {
      switches: { users: { featureLicenseSeats: new Map() } },
      request: knowing,
      expects: (journey, run) => {
        journey.expectFailed(run, 'LICENSE_LIMIT_EXCEEDED', journey.contacts);
      },
    },
  ],
  'users.usedLicensesLag': [{ switches: { users: { usedLicensesLag: true } } }],

  'mail.deliverability': [
    { switches: { mail: { deliverability: 'all' } }, expects: mailsAnnounced },
    { switches: { mail: { deliverability: 'system' } }, expects: mailsAnnounced },
    { switches: { mail: { deliverability: 'none' } }, expects: mailsAnnounced },
  ],
  'mail.perSite': [
    { switches: { mail: { perSite: true } }, expects: mailsAnnounced },
    { switches: { mail: { perSite: false } }, expects: mailsAnnounced },
  ],

  'locks.groupMembership': [{ switches: { locks: { groupMembership: false } } }],
  'locks.rowLockStorm': [{ switches: { locks: { rowLockStorm: 2 } } }],
  'locks.groupLockStorm': [{ switches: { locks: { groupLockStorm: 2 } } }],

  'bulk.permissionSetAssignment': [{ switches: { bulk: { permissionSetAssignment: false } } }],
  'bulk.alphabeticalResultHeaders': [{ switches: { bulk: { alphabeticalResultHeaders: true } } }],
  'bulk.shuffledResultRows': [{ switches: { bulk: { shuffledResultRows: true } } }],
  'bulk.emptyBodyForEmptyResult': [{ switches: { bulk: { emptyBodyForEmptyResult: true } } }],
  'bulk.parallelBatches': [{ switches: { bulk: { parallelBatches: 1 } } }],
  'bulk.rowsPerBatch': [{ switches: { bulk: { rowsPerBatch: 2 } } }],
  'bulk.rowsPerChunk': [{ switches: { bulk: { rowsPerChunk: 2 } } }],
  'bulk.repeatBatches': [{ switches: { bulk: { repeatBatches: 2 } }, expects: someUnknown }],
  'bulk.failNextJobAfterRows': [{ switches: { bulk: { failNextJobAfterRows: 2 } } }],
  'bulk.failNextJobUnrecordedAfter': [
    { switches: { bulk: { failNextJobAfterRows: 2, failNextJobUnrecordedAfter: 1 } }, expects: someUnknown },
  ],
  'bulk.abortNextJobAfterRows': [{ switches: { bulk: { abortNextJobAfterRows: 2 } } }],
  'bulk.resultsKeptMs': [{ switches: { bulk: { resultsKeptMs: 0 } }, expects: someUnknown }],
};

const ofChanges = 'concerns disable/enable: see test/unit/run/change*.test.ts';

/** Switches that can't concern what `create` makes, or whose value is no question of either way: with the reason. */
const withoutJourney: Readonly<Record<string, string>> = {
  dailyApiRequests: 'a budget: the guards stop before it is used up (commands/guards), a run ends resumable (trouble)',
  dailyApiRequestsUsed: 'as dailyApiRequests',
  dailyBulkApiBatches: 'as dailyApiRequests',
  dailyBulkQueryJobs: 'a budget; one or two queries of a run are by Bulk',
  singleEmailsADay: 'create sends no mail itself; shown in the limits only',
  honorsBatchSizeWish: 'create wishes for no page size',
  'users.contactlessExternalIdentity': 'create always sends a ContactId',
  'users.combinedDisable': ofChanges,
  'users.partnerDisableByApi': ofChanges,
  'users.disablingDeactivates': ofChanges,
  'users.manageUsersForActivation': ofChanges,
  'users.selfDeactivation': ofChanges,
  'users.ownerRoleOnReactivation': ofChanges,
  'users.portalAdministrators': ofChanges,
  'users.deactivationBlockers': ofChanges,
  'users.permissionSetsBeyondLicense': 'one row (cases/rowErrors)',
  'users.assignableProfiles': 'who may give which profile (publicCases, P33)',
  'mail.onReactivation': ofChanges,
  'mail.compositeResets': 'concerns invite: see test/scenarios/invite.test.ts',
  'mail.resetMovesDate': 'as mail.compositeResets',
  'bulk.userLogin': ofChanges,
  'bulk.permissionSetLicenseAssign': 'create assigns permission sets only: see test/scenarios/release.test.ts',
  'bulk.userPackageLicense': 'as bulk.permissionSetLicenseAssign',
  licenses: 'what users keep and get back: see test/scenarios/release.test.ts and test/unit/simulatedOrg',
  'bulk.emptyJobFails': 'no job without rows is ever closed: the body is made of at least one',
  'bulk.failedUpdateKeepsId': ofChanges,
  'locks.waitMs': 'time only, as bulk.msPerRow',
  'locks.stormShare': 'how dense a storm is (sweep/faultRows)',
  recordsUntilStorageIsFull: 'an end of the run that resume overcomes (sweep/faultRows)',
  'bulk.msPerRow': 'time only: the org works, the run polls (stops, interruptions)',
  'bulk.msPerBatch': 'as msPerRow',
  'bulk.msInQueue': 'as msPerRow',
  'bulk.stuck': 'no job ends: stops and interruptions',
  'bulk.batchTimeoutMs': 'ends in a failed job, as failNextJobAfterRows does',
  'bulk.batchTries': 'as batchTimeoutMs',
  'bulk.failNextJobMessage': 'the words of failNextJobAfterRows (trouble)',
  'bulk.queryMs': 'as msPerRow',
  'bulk.jobList': 'asked for where two runs may have made a user (twoAtOnce)',
  'bulk.jobListPage': 'as jobList',
  'users.duplicatesFirst': 'where a contact has a user already (twoAtOnce)',
  'bulk.queryPageRows': 'only results of more than 10,000 rows are read by Bulk (org/query)',
};

const groups = ['users', 'mail', 'locks', 'bulk'] as const;

function switchNames(): string[] {
  const { users, mail, locks, bulk, ...core } = defaultSwitches();
  const inGroups = groups.flatMap((group) =>
    Object.keys({ users, mail, locks, bulk }[group]).map((name) => `${group}.${name}`),
  );
  return [...Object.keys(core), ...inGroups];
}

describe('create, whatever is true of the org', () => {
  let journey: Journey;
  afterEach(() => journey.lab.stop());

  async function travel(given: SwitchCase): Promise<void> {
    journey = await Journey.start(given);
    await given.given?.(journey);
    if (given.failsWith !== undefined) {
      const error: unknown = await journey.create().catch((thrown: unknown) => thrown);
      expect(error).to.be.an('error').with.property('message', given.failsWith);
      return;
    }
    const run = await journey.create();
    await (given.expects === undefined ? journey.expectAllMade(run) : given.expects(journey, run));
  }

  it('by default', () => travel({ switches: {} }));

  for (const [name, values] of Object.entries(cases)) {
    values.forEach((each, index) => {
      it(`${name} ${describeValue(each, name) ?? String(index)}`, () => travel(each));
    });
  }
});

describe('switches of the simulated org', () => {
  it('each has its journey, or the reason why it needs none', () => {
    const named = [...Object.keys(cases), ...Object.keys(withoutJourney)];
    expect(named.sort()).to.deep.equal(switchNames().sort());
  });

  it('docs/unproven.md names none that is not there', () => {
    const named = [...readText('docs/unproven.md').matchAll(/`((?:users|mail|locks|bulk)\.\w+|userLogin\w+)`/g)];
    expect(named.length).to.be.above(15);
    expect(switchNames()).to.include.members(named.map(([, name]) => name));
  });

  it('each yes-or-no is tried both ways', () => {
    const defaults = new Map(switchNames().map((name) => [name, valueAt(defaultSwitches(), name)]));
    for (const [name, values] of Object.entries(cases)) {
      const fallback = defaults.get(name);
      if (typeof fallback === 'boolean') {
        expect(
          values.map(({ switches }) => valueAt(switches, name)),
          name,
        ).to.include(!fallback);
      }
    }
  });
});

function valueAt(switches: object, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], switches);
}

function describeValue({ switches }: SwitchCase, name: string): string | undefined {
  const value = valueAt(switches, name);
  return value === undefined || typeof value === 'function' ? undefined : JSON.stringify(value);
}
