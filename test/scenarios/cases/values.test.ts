/** Cases of docs/cases.md: values as people write them, and rows with several faults. */
import { expect } from 'chai';
import { csvFile } from '../changeLab.ts';
import { mainProfile, RunLab, csvOf, expectDone, type Run } from '../runLab.ts';
import type { StoredRecord } from '../../simulated-org/contracts.ts';

describe('values as people write them', () => {
  let lab: RunLab;
  let contacts: StoredRecord[];
  beforeEach(async () => {
    lab = await RunLab.start();
    contacts = lab.freeContacts();
    expect(contacts.length).to.be.at.least(5);
  });
  afterEach(() => lab.stop());

  const id = (n: number): string => contacts[n]?.Id ?? '';
  /** A row for each of the first contacts. */
  const create = (header: string[], rows: string[][], request = {}): Promise<Run> => {
    const file = csvFile(lab, [['ContactId', ...header], ...rows.map((row, n) => [id(n), ...row])]);
    return lab.create({ file, ...request });
  };
  const user = (n: number): Readonly<Record<string, unknown>> => lab.usersOf(id(n))[0] ?? {};
  const details = ({ folder }: Run): Array<string | undefined> => csvOf(folder, 'refused').map((row) => row['Detail']);
  const reasons = ({ folder }: Run): Array<string | undefined> => csvOf(folder, 'refused').map((row) => row['Reason']);

  it('3: sends line breaks as LF, from the contact and from the file, and finds its own users again', async () => {
    for (const n of [0, 1]) lab.org.store.update('Contact', id(n), { MailingStreet: '1 Main Street\r\nFloor 2' });
    const run = await create(['Street'], [[''], ['2 Main\r\nFloor 3'], ['3 Main\rFloor 4']], {
      set: ['Street={MailingStreet}'],
    });
    lab.org.store.update('Contact', id(2), { MailingStreet: null });
    expectDone(lab, run);
    expect([0, 1, 2].map((n) => user(n)['Street'])).to.deep.equal([
      '1 Main Street\nFloor 2',
      '2 Main\nFloor 3',
      '3 Main\nFloor 4',
    ]);
  });

  it('4: names the value for a label, whatever its length', async () => {
    const run = await create(
      ['TimeZoneSidKey', 'LocaleSidKey', 'LanguageLocaleKey', 'EmailEncodingKey'],
      [
        ['(GMT+01:00) Central European Standard Time (Europe/Paris)', '', '', ''],
        ['(GMT+02:00) Central European Summer Time (Europe/Paris)', '', '', ''],
        ['', 'English (United States)', '', ''],
        ['', 'en-US', '', ''],
        ['', '', 'German', 'Unicode (UTF-8)'],
      ],
      { dryRun: true },
    );
    expect(new Set(reasons(run))).to.deep.equal(new Set(['BAD_VALUE']));
    const texts = details(run);
    for (const [n, near] of ['Europe/Paris', 'Europe/Paris', 'en_US', 'en_US', 'de'].entries())
      expect(texts[n]).to.match(new RegExp(`Similar: ${near}\\b`));
    expect(texts[4]).to.match(/UTF-8/);
  });

  it('4: names the code for the name of a currency', async () => {
    lab.org.switches.multiCurrency = true;
    const run = await create(['CurrencyIsoCode'], [['Euro'], ['U.S. Dollar'], ['EUR']], { dryRun: true });
    expect(details(run)[0]).to.match(/Similar: EUR\b/);
    expect(details(run)[1]).to.match(/Similar: USD\b/);
    expect(run.result.counts).to.include({ planned: 1, refused: 2 });
  });

  it('8: names everything that is wrong with a row, the first as its reason', async () => {
    const row = ['Paris', 'English (United States)', 'German', 'toolongalias', 'No_Such_Set;Nor_This'];
    const header = ['TimeZoneSidKey', 'LocaleSidKey', 'LanguageLocaleKey', 'Alias', 'PermissionSets'];
    const run = await create(header, [row], { dryRun: true });
    expect(reasons(run)).to.deep.equal(['BAD_VALUE']);
    for (const word of ['TimeZoneSidKey', 'LocaleSidKey', 'LanguageLocaleKey', 'Alias', 'No_Such_Set', 'Nor_This'])
      expect(details(run)[0]).to.contain(word);
    expect(run.result.refusedByReason).to.deep.equal({ BAD_VALUE: 1 });
  });

  it('11: refuses a role for a license without roles, and takes the level User for Worker', async () => {
    const roles = await create(['UserRoleId', 'PortalRole'], [['00EJu0000000002AAA', 'Executive']], { dryRun: true });
    expect(reasons(roles)).to.deep.equal(['ROLE_NOT_ALLOWED']);
    expect(details(roles)[0]).to.contain('UserRoleId').and.to.contain('PortalRole');
    const level = await create(['PortalRole', 'Profile'], [['User', 'Acme Customer Plus']], { profile: undefined });
    expectDone(lab, level);
    const role = lab.org.store.get('UserRole', String(user(0)['UserRoleId']));
    expect(role?.['PortalRole']).to.equal('Worker');
  });

  it("12: takes a profile's name in the column ProfileId", async () => {
    const run = await create(['ProfileId'], [[mainProfile], ['No Such Profile']], { profile: undefined });
    expect(user(0)['ProfileId']).to.equal(lab.org.world?.profiles.get(mainProfile));
    expect(reasons(run)).to.deep.equal(['BAD_VALUE']);
    expect(details(run)[0]).to.contain('No Such Profile');
  });

  it('15: takes yes and no as Data Loader does', async () => {
    const words = [
      ['Yes', 'Y'],
      ['no', 'on'],
      ['1', 'n'],
      ['perhaps', 'yes'],
    ];
    const run = await create(['ReceivesInfoEmails', 'IsActive'], words);
    expect([0, 1, 2].map((n) => [user(n)['ReceivesInfoEmails'], user(n)['IsActive']])).to.deep.equal([
      [true, true],
      [false, true],
      [true, false],
    ]);
    expect(details(run)[0]).to.contain('perhaps');
    const again = await create(['IsActive'], [['Y'], ['on'], ['No']], { dryRun: true });
    expect(again.result.counts).to.include({ unchanged: 3, refused: 0 });
  });
});
