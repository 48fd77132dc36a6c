/** Bad input: each fault stops the command before anything is written or left behind, and says what to write instead. */
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { toCliError } from '../../lib/report/faults.js';
import { csvFile } from './changeLab.ts';
import { csvOf, expectDone, mainProfile, RunLab } from './runLab.ts';

type Request = Parameters<RunLab['create']>[0];

describe('bad input', () => {
  let lab: RunLab;
  before(async () => {
    lab = await RunLab.start();
  });
  after(() => lab.stop());

  const file = (...rows: string[][]): string => csvFile(lab, rows);
  const contact = (): string => lab.org.world?.awkwardCases.find((it) => it.code === 'NAME_COMMA')?.contactId ?? '';
  const writes = (): string[] => lab.org.ledger.writes().map(({ resource }) => resource);

  const cases: ReadonlyArray<readonly [what: string, request: () => Request, says: RegExp, advises: RegExp]> = [
    [
      'a template with an unknown field',
      () => ({ username: '{Emial}.portal' }),
      /--username uses \{Emial\}, but Contact has no such field.*Did you mean "Email"/,
      /sf sobject describe --sobject Contact --target-org lab/,
    ],
    [
      'a template with an unknown relationship',
      () => ({ set: ['Title={Acount.Name}'] }),
      /--set Title uses \{Acount\.Name\}.*Did you mean "Account"/,
      /describe/,
    ],
    [
      'an unknown field behind a relationship',
      () => ({ set: ['Title={Account.Owner.Nmae}'] }),
      /--set Title uses \{Account\.Owner\.Nmae\}.*Did you mean "Account\.Owner\.Name"/,
      /describe/,
    ],
    ['a brace that is never closed', () => ({ username: '{Email' }), /unmatched brace at position 1/, /\{\{/],
    ['a brace that is never opened', () => ({ set: ['Title=Boss}'] }), /unmatched brace at position 5/, /\}\}/],
    ['braces without a field', () => ({ username: '{}@a.example' }), /empty braces/, /\{Email\}/],
    ['an unknown filter', () => ({ username: '{Email|shout}' }), /no filter "shout".*slug, initial/, /\|slug\}/],
    [
      'a username that is the same for all',
      () => ({ username: 'portal@acme.example' }),
      /Username would be "portal@acme\.example" for all users/,
      /\{Email\}\.portal.*a column Username/s,
    ],
    [
      'a nickname that is the same for all',
      () => ({ set: ['CommunityNickname=friend'] }),
      /CommunityNickname would be "friend"/,
      /column CommunityNickname/,
    ],
    [
      'a federation id that is the same for all',
      () => ({ set: ['federationidentifier=me'] }),
      /FederationIdentifier would be "me"/,
      /\{External_Key__c\}/,
    ],
    ['a --set without =', () => ({ set: ['Title'] }), /isn't of the form Field=template/, /--set "Fed/],
    ['a --set without a value', () => ({ set: ['Title='] }), /isn't of the form/, /--set "Fed/],
    ['a --set of an unknown field', () => ({ set: ['Tilte=x'] }), /"Tilte", which is not.*"Title"/, /API name/],
    ['a --set of the contact', () => ({ set: ['ContactId=x'] }), /ContactId.*nobody can set/, /Leave it out/],
    ['a field that is set twice', () => ({ set: ['Title=a', 'TITLE=b'] }), /Title is set twice/, /once/],
    ...['IsPortalEnabled', 'UserType', 'AccountId', 'Name', 'LastLoginDate', 'Id'].flatMap(
      (field): Array<readonly [string, () => Request, RegExp, RegExp]> => [
        [
          `a --set of ${field}`,
          () => ({ set: [`${field}=true`] }),
          new RegExp(`--set names "${field}", a field of User that nobody can set`),
          /Leave it out/,
        ],
      ],
    ),
    [
      'a column that is never writable',
      () => ({ file: file(['ContactId', 'IsPortalEnabled'], [contact(), 'true']) }),
      /"IsPortalEnabled" of the file is a field of User that nobody can set/,
      /Remove the column/,
    ],
    [
      'a time zone by its city',
      () => ({ set: ['TimeZoneSidKey=Paris'] }),
      /has no value "Paris".*value, not the label.*Europe\/Paris/,
      /describe --sobject User --target-org lab/,
    ],
    ['a language by its label', () => ({ set: ['LanguageLocaleKey=German'] }), /Similar: de\./, /describe/],
    ['a locale with a hyphen', () => ({ set: ['LocaleSidKey=en-US'] }), /Similar: .*en_US/, /describe/],
    ['an encoding by its label', () => ({ set: ['EmailEncodingKey=Unicode (UTF-8)'] }), /Similar: UTF-8/, /describe/],
    [
      'a constant that is too long',
      () => ({ set: [`Title=${'x'.repeat(81)}`] }),
      /Title has 81 characters; Salesforce allows 80/,
      /describe/,
    ],
    [
      'a cell of 200,000 characters',
      () => ({ file: file(['ContactId', 'Title'], [contact(), 'x'.repeat(200_000)]) }),
      /line 2.*"?Title"?/,
      /\S/,
    ],
    [
      'a profile name that several have',
      () => ({ profile: 'twin' }),
      /Several profiles are called "twin": "Twin \(00e\w+\)", "TWIN \(00e\w+\)"/,
      /ID/,
    ],
    ['an unknown permission set', () => ({ permissionSets: ['Portal_Ordres'] }), /Did you mean "Portal_Orders"/, /API/],
    [
      'a permission set whose label several have',
      () => ({ permissionSets: ['same'] }),
      /Several permission sets or groups have the label "same": "0PS\w+", "0PS\w+"/,
      /API name/,
    ],
    [
      'a permission set of another license',
      () => ({ permissionSets: ['Portal_Partner_Deals'] }),
      /a different license than the profile "Acme Customer Portal" \(Customer Community\)/,
      /no license/,
    ],
    [
      'a role level for users without roles',
      () => ({ portalRole: 'Manager' }),
      /--portal-role is for licenses with roles/,
      /Omit it/,
    ],
    [
      'a --set of a role for users without roles',
      () => ({ set: ['portalrole=Manager'] }),
      /--set PortalRole is for licenses with roles.*"Acme Customer Portal" \(Customer Community\)/,
      /Omit it/,
    ],
  ];

  before(() => {
    const license = lab.org.store.find('Profile', { Name: mainProfile })[0]?.['UserLicenseId'] ?? null;
    for (const Name of ['Twin', 'TWIN'])
      lab.org.store.insert('Profile', { Name, UserLicenseId: license, UserType: 'CspLitePortal' });
    for (const Name of ['A', 'B']) lab.org.store.insert('PermissionSet', { Name, Label: 'Same' });
  });

  for (const [what, request, says, advises] of cases) {
    it(`${what} is told, and nothing is written`, async () => {
      const outputDir = lab.newFolder();
      const thrown: unknown = await lab.create({ ...request(), outputDir }).catch((error: unknown) => error);
      const error = toCliError(thrown, 'lab');
      expect(error).to.have.property('exitCode', 1);
      expect(error).to.have.property('message').that.matches(says);
      expect(String(Reflect.get(Object(error), 'actions'))).to.match(advises);
      expect(existsSync(outputDir)).to.equal(false);
      expect(writes()).to.deep.equal([]);
    });
  }

  it('a value that is too long in one row refuses that row alone', async () => {
    const others = lab.segment().filter(({ Id }) => !lab.org.world?.awkwardCases.some((it) => it.contactId === Id));
    const rows = [
      [contact(), 'x'.repeat(81)],
      [others[0]?.Id ?? '', 'x'.repeat(80)],
    ];
    const run = await lab.create({ file: file(['ContactId', 'Title'], ...rows) });
    expectDone(lab, run);
    expect(run.result.counts).to.include({ refused: 1, succeeded: 1 });
    expect(csvOf(run.folder, 'refused')[0]).to.include({
      Reason: 'VALUE_TOO_LONG',
      Detail: 'The value for Title has 81 characters; Salesforce allows 80.',
    });
    expect(lab.usersOf(contact())).to.deep.equal([]);
  });
});
