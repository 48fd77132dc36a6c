/** Each reason from the org's data to its row: what is told about the contact, and what to do about it. */
import { expect } from 'chai';
import { contactRefusals } from '../../lib/model/reasons.js';
import { csvFile } from './changeLab.ts';
import { csvOf, expectTrue, mainProfile, RunLab, type Run } from './runLab.ts';

type Refused = {
  readonly flags: () => Parameters<RunLab['create']>[0];
  /** The ContactId or, where the row names no contact, its key. Default: the world's case of that name. */
  readonly about?: () => string;
  readonly detail: () => RegExp;
  readonly advice: () => RegExp;
};

describe('reasons', () => {
  let lab: RunLab;
  before(async () => {
    lab = await RunLab.start({ switches: { personAccounts: true } });
  });
  after(() => lab.stop());

  const caseOf = (code: string, at = 0): string =>
    lab.org.world?.awkwardCases.filter((it) => it.code === code).at(at)?.contactId ?? '';
  const field = (id: string, name: string): string => String(lab.org.store.get('Contact', id)?.[name] ?? '');
  const userOf = (contactId: string): string => lab.usersOf(contactId)[0]?.Id ?? '';
  const userNamed = (name: string): string => lab.org.world?.internalUsers.get(name) ?? '';
  const file = (...rows: string[][]): string => csvFile(lab, rows);
  const where = (code: string): { where: string } => ({
    where: `Id IN ('${caseOf(code)}','${caseOf(code, -1)}') ORDER BY LastName, FirstName DESC`,
  });
  const update = (sobject: string, id: string, values: string): RegExp =>
    new RegExp(`sf data update record --sobject ${sobject} --record-id ${id} --values "${values}" --target-org lab`);
  const nobody = '003000000000000AAA';

  const table: Readonly<Record<(typeof contactRefusals)[number], Refused>> = {
    CONTACT_NOT_FOUND: {
      flags: () => ({ file: file(['ContactId'], [nobody]) }),
      about: () => nobody,
      detail: () => new RegExp(`No contact that you can see has the ContactId "${nobody}" \\(line 2\\)`),
      advice: () => /Correct the key in the file/,
    },
    CONTRADICTED: {
      flags: () => ({
        file: file(['Email', 'AccountId'], [field(caseOf('NAME_COMMA'), 'Email'), '001000000000001AAA']),
      }),
      about: () => field(caseOf('NAME_COMMA'), 'Email'),
      detail: () => /gives the account 001000000000001AAA/,
      advice: () => /Correct the key or the AccountId/,
    },
    AMBIGUOUS_KEY: {
      flags: () => ({ file: file(['Email'], ['family.twin@customers.example']) }),
      about: () => 'family.twin@customers.example',
      detail: () =>
        new RegExp(
          `Email "family.twin@customers.example" in line 2 belongs to 2 contacts: .*${caseOf('DUPLICATE_USERNAME_IN_PLAN')}.*${caseOf('DUPLICATE_USERNAME_IN_PLAN', 1)}`,
        ),
      advice: () => /into the column ContactId/,
    },
    DUPLICATE_CONTACT: {
      flags: () => ({ file: file(['Id'], [caseOf('NAME_COMMA')], [caseOf('NAME_COMMA').slice(0, 15)]) }),
      about: () => caseOf('NAME_COMMA'),
      detail: () => /more than once. Line 2 comes first/,
      advice: () => /If the first row is the right one/,
    },
    HAS_INACTIVE_USER: {
      flags: () => where('HAS_INACTIVE_USER'),
      detail: () => /has the inactive user ida\.idle.*an inactive one counts/,
      advice: () => /sf portal users enable --mode activate --file "?\S*refused\.csv"? --target-org lab/,
    },
    NO_ACCOUNT: {
      flags: () => where('NO_ACCOUNT'),
      detail: () => /has no account/,
      advice: () => update('Contact', caseOf('NO_ACCOUNT'), 'AccountId=<001…>'),
    },
    OWNER_WITHOUT_ROLE: {
      flags: () => where('OWNER_WITHOUT_ROLE'),
      detail: () => /Nora Norole, who owns the account Ownerless Works, has no role/,
      advice: () => update('Account', field(caseOf('OWNER_WITHOUT_ROLE'), 'AccountId'), 'OwnerId=<005…>'),
    },
    PERSON_ACCOUNT_PARTNER: {
      flags: () => ({ ...where('PERSON_ACCOUNT_PARTNER'), profile: 'Acme Partner' }),
      detail: () => /is a person account/,
      advice: () => /customer license/,
    },
    NO_EMAIL: {
      flags: () => where('NO_EMAIL'),
      detail: () => /new user has no email address/,
      advice: () => update('Contact', caseOf('NO_EMAIL'), 'Email=<address>'),
    },
    INVALID_EMAIL: {
      flags: () => where('INVALID_EMAIL'),
      detail: () => /value of Email isn't a valid email address/,
      advice: () => update('Contact', caseOf('INVALID_EMAIL'), 'Email=<address>'),
    },
    EMPTY_TEMPLATE_FIELD: {
      flags: () => ({ ...where('EMPTY_TEMPLATE_FIELD'), set: ['FederationIdentifier={External_Key__c}'] }),
      detail: () => /no value for FederationIdentifier: "\{External_Key__c\}" needs the contact's External_Key__c/,
      advice: () => update('Contact', caseOf('EMPTY_TEMPLATE_FIELD'), '<Field>=<value>'),
    },
    INVALID_USERNAME: {
      flags: () => ({ ...where('INVALID_USERNAME'), username: '{External_Key__c}@acme' }),
      detail: () => /"k-user@acme" can't be a username/,
      advice: () => /--username "\{Email\}\.portal"/,
    },
    VALUE_TOO_LONG: {
      flags: () => ({ ...where('VALUE_TOO_LONG'), username: '{Email}.uat' }),
      detail: () => /username has 82 characters, and Salesforce allows 80/,
      advice: () => /--username "\{FirstName\|initial\}/,
    },
    BAD_VALUE: {
      flags: () => ({ ...where('BAD_VALUE'), set: ['LanguageLocaleKey={Portal_Language__c}'] }),
      detail: () => /LanguageLocaleKey has no value "German"\. .*Similar: de\./,
      advice: () => /sf sobject describe --sobject User --target-org lab/,
    },
    ROLE_NOT_ALLOWED: {
      flags: () => ({ ...where('ROLE_NOT_ALLOWED'), profile: 'Acme Customer Plus', portalRole: 'Executive' }),
      detail: () => /level Executive is not among the portal roles of the account One Level Only, which has: Worker/,
      advice: () => /without --portal-role/,
    },
    DUPLICATE_USERNAME_IN_PLAN: {
      flags: () => where('DUPLICATE_USERNAME_IN_PLAN'),
      about: () => caseOf('DUPLICATE_USERNAME_IN_PLAN', -1),
      detail: () => new RegExp(`already planned for the contact ${caseOf('DUPLICATE_USERNAME_IN_PLAN')}`),
      advice: () => /--username "\{FirstName\|slug\}\.\{LastName\|slug\}@portal\.example"/,
    },
    USERNAME_TAKEN: {
      flags: () => where('USERNAME_TAKEN'),
      detail: () => new RegExp(`sue\\.support@acme\\.example belongs to the user ${userNamed('sue.support')}`),
      advice: () => /--username "\{Email\}\.portal"/,
    },
    NICKNAME_TAKEN: {
      flags: () => ({ ...where('NICKNAME_TAKEN'), set: ['CommunityNickname={External_Key__c}'] }),
      detail: () => new RegExp(`nickname alina belongs to the user ${userOf(caseOf('ALREADY_HAS_USER'))}`),
      advice: () => /leave the cell empty/,
    },
    FEDERATION_ID_TAKEN: {
      flags: () => ({ ...where('FEDERATION_ID_TAKEN'), set: ['FederationIdentifier={External_Key__c}'] }),
      detail: () => new RegExp(`FED-ALINA belongs to the user ${userOf(caseOf('ALREADY_HAS_USER'))}`),
      advice: () => /identity provider/,
    },
  };

  for (const reason of contactRefusals) {
    it(`${reason} is a row of refused.csv that says what is wrong and what to do`, async () => {
      const { flags, about = () => caseOf(reason), detail, advice } = table[reason];
      const run = await lab.create({ ...flags(), dryRun: true });
      expectTrue(lab, run);
      expect(run.result.refusedByReason).to.deep.equal({ [reason]: 1 });
      const [row] = csvOf(run.folder, 'refused');
      expect([row?.['ContactId'], Object.values(row ?? {})[0]]).to.include(about());
      expect(row?.['Reason']).to.equal(reason);
      expect(row?.['Detail']).to.match(detail());
      expect(row?.['Advice']).to.match(advice());
      expect(row?.['Advice']).not.to.match(/<(ContactId|AccountId|UserId|org)>/);
    });
  }

  it('CONTACT_NOT_FOUND tells an empty cell and what is no Id of a contact', async () => {
    const rows = [
      ['ContactId', 'LastName'],
      ['', 'a'],
      ['005000000000001AAA', 'b'],
      [caseOf('NAME_COMMA').replace(/[A-Z]/, (capital) => capital.toLowerCase()), 'c'],
    ];
    const run = await lab.create({ file: file(...rows), dryRun: true });
    expect(run.result.refusedByReason).to.deep.equal({ CONTACT_NOT_FOUND: 3 });
    const details = csvOf(run.folder, 'refused').map((row) => row['Detail']);
    expect(details[0]).to.match(/column ContactId is empty in line 2/);
    expect(details[1]).to.match(/"005000000000001AAA" in line 3 is not the ID of a contact/);
    expect(details[2]).to.match(/line 4 is not the ID of a contact.*spreadsheet/);
  });

  it('BAD_VALUE tells what each kind of field takes', async () => {
    const id = caseOf('NAME_COMMA');
    const detailOf = async (column: string, value: string): Promise<string> => {
      const run = await lab.create({ file: file(['ContactId', column], [id, value]), dryRun: true });
      expect(run.result.refusedByReason, column).to.deep.equal({ BAD_VALUE: 1 });
      return csvOf(run.folder, 'refused')[0]?.['Detail'] ?? '';
    };
    expect(await detailOf('TimeZoneSidKey', 'Paris')).to.match(/no value "Paris".*Similar: Europe\/Paris/);
    expect(await detailOf('LanguageLocaleKey', 'german')).to.match(/Similar: de\./);
    expect(await detailOf('LocaleSidKey', 'fr_fr')).to.match(/Similar: fr_FR/);
    expect(await detailOf('EmailEncodingKey', 'UTF8')).to.match(/Similar: UTF-8/);
    expect(await detailOf('TimeZoneSidKey', 'qqqqq')).to.match(/has no value "qqqqq"\.$/);
    expect(await detailOf('IsActive', 'perhaps')).to.match(/IsActive is true or false, not "perhaps"/);
    expect(await detailOf('ManagerId', 'Sue')).to.match(/ManagerId takes the ID of a record/);
    expect(await detailOf('Title', '#N/A')).to.match(/#N\/A.*clear the field/);
    expect(await detailOf('ProfileId', 'Standard User')).to.match(/"Standard User" is not a profile for external/);
    expect(await detailOf('Profile', 'Acme Custmer Portal')).to.match(/Similar: Acme Customer Portal/);
    expect(await detailOf('Profile', 'Zzz')).to.match(/no profile "Zzz" that you can see\.$/);
    expect(await detailOf('PermissionSets', 'Portal_Ordres')).to.match(/Similar: Portal_Orders/);
    expect(await detailOf('PermissionSets', 'Zzz')).to.match(/no permission set .*"Zzz" \(by API name or label\)\.$/);
  });

  it('BAD_VALUE tells names that several profiles or permission sets have', async () => {
    const license = lab.org.store.find('Profile', { Name: mainProfile })[0]?.['UserLicenseId'] ?? null;
    const twins = ['Twin Profile', 'TWIN PROFILE'].map((Name) =>
      lab.org.store.insert('Profile', { Name, UserLicenseId: license, UserType: 'CspLitePortal' }),
    );
    const sets = ['Twin_A', 'Twin_B'].map((Name) =>
      lab.org.store.insert('PermissionSet', { Name, Label: 'Twin Set', Type: 'Regular', IsCustom: true }),
    );
    const id = caseOf('NAME_COMMA');
    const detailOf = async (column: string, value: string): Promise<string | undefined> => {
      const run = await lab.create({ file: file(['ContactId', column], [id, value]), dryRun: true });
      return csvOf(run.folder, 'refused')[0]?.['Detail'];
    };
    const profile = await detailOf('Profile', 'twin profile');
    for (const twin of twins) expect(profile).to.match(new RegExp(`Several profiles are called.*${twin}`));
    const set = await detailOf('PermissionSets', 'twin set');
    for (const twin of sets) expect(set).to.match(new RegExp(`Several permission sets .*${twin}`));
  });

  it('BAD_VALUE tells a row without a profile, where the others of the file name theirs', async () => {
    const rows = [
      ['ContactId', 'Profile'],
      [caseOf('NAME_COMMA'), ''],
      [caseOf('NAME_QUOTES'), mainProfile],
    ];
    const run = await lab.create({ file: file(...rows), profile: undefined, dryRun: true });
    expect(run.result.counts).to.include({ planned: 1, refused: 1 });
    expect(csvOf(run.folder, 'refused')[0]).to.include({
      Reason: 'BAD_VALUE',
      Detail: 'Neither the row nor --profile names a profile.',
    });
  });

  it('BAD_VALUE tells a permission set of another license, in a cell, by flag, and in a group', async () => {
    const group = lab.org.store.insert('PermissionSetGroup', { DeveloperName: 'Deals', MasterLabel: 'Deals' });
    const set = lab.org.world?.permissionSets.get('Portal_Partner_Deals') ?? '';
    lab.org.store.insert('PermissionSetGroupComponent', { PermissionSetGroupId: group, PermissionSetId: set });
    const id = caseOf('NAME_COMMA');
    const cell = (name: string): string => file(['ContactId', 'PermissionSets'], [id, `Portal_Orders;${name}`]);
    const byProfile = file(['ContactId', 'Profile'], [id, mainProfile]);
    for (const flags of [
      { file: cell('Portal_Partner_Deals') },
      { file: cell('Deals') },
      { file: byProfile, profile: undefined, permissionSets: ['Portal_Partner_Deals'] },
    ]) {
      const run = await lab.create({ ...flags, dryRun: true });
      expect(run.result.refusedByReason).to.deep.equal({ BAD_VALUE: 1 });
      const detail = csvOf(run.folder, 'refused')[0]?.['Detail'];
      expect(detail).to.match(/(Portal_Partner_)?Deals" is for a different license than the profile "Acme Cust/);
    }
    const partner = file(
      ['ContactId', 'Profile', 'PermissionSets'],
      [id, 'Acme Partner', 'Deals;Portal_Partner_Deals'],
    );
    const right = await lab.create({ file: partner, profile: undefined, dryRun: true });
    expect(right.result.counts).to.include({ planned: 1, refused: 0 });
  });

  it('ROLE_NOT_ALLOWED tells a role that is not one of the account', async () => {
    const role = lab.org.store.find('UserRole', { PortalType: 'Partner' })[0]?.Id ?? '';
    const path = file(['ContactId', 'UserRoleId'], [caseOf('ROLE_NOT_ALLOWED'), role]);
    const run = await lab.create({ file: path, profile: 'Acme Customer Plus', dryRun: true });
    expect(run.result.refusedByReason).to.deep.equal({ ROLE_NOT_ALLOWED: 1 });
    expect(csvOf(run.folder, 'refused')[0]?.['Detail']).to.match(
      new RegExp(`role ${role} is not a portal role of the account One Level Only`),
    );
  });

  describe('a contact that has a user is a row of unchanged.csv', () => {
    const detailOf = ({ folder }: Run, contactId: string): string | undefined =>
      csvOf(folder, 'unchanged').find((row) => row['ContactId'] === contactId)?.['Detail'];
    const frozen = (): string => caseOf('ALREADY_HAS_USER', 1);
    const all = (): { where: string } => ({
      where: `Id IN ('${[caseOf('ALREADY_HAS_USER'), caseOf('OTHER_PROFILE'), frozen()].join("','")}')`,
    });

    it('that says whether the user is frozen or has another profile', async () => {
      const run = await lab.create({ ...all(), dryRun: true });
      expect(run.result.unchangedByReason).to.deep.equal({ ALREADY_HAS_USER: 2, OTHER_PROFILE: 1 });
      expect(detailOf(run, caseOf('ALREADY_HAS_USER'))).to.match(/^The contact has the active user alina\S+\.$/);
      expect(detailOf(run, caseOf('OTHER_PROFILE'))).to.match(
        /profile "Acme Customer Login" instead of "Acme Customer Portal"\.$/,
      );
      expect(detailOf(run, frozen())).to.match(/is frozen and can't log in\.$/);
    });

    it('that says both of a frozen user with another profile', async () => {
      const run = await lab.create({ ...all(), profile: 'Acme Customer Login', dryRun: true });
      expect(detailOf(run, frozen())).to.match(
        /"Acme Customer Portal" instead of "Acme Customer Login"\. That user is frozen/,
      );
    });

    it('that says so where inactive users are wanted and the user is one', async () => {
      const run = await lab.create({ ...where('HAS_INACTIVE_USER'), inactive: true, dryRun: true });
      expect(run.result.unchangedByReason).to.deep.equal({ ALREADY_HAS_USER: 1 });
      expect(detailOf(run, caseOf('HAS_INACTIVE_USER'))).to.match(/inactive, as requested/);
    });
  });
});
