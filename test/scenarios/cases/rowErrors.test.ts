/** Cases of docs/cases.md: one code for many causes. The advice is about the cause. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { csvFile, expectChangeDone, makeUsers } from '../changeLab.ts';
import { RunLab, csvOf, expectDone, mainProfile, metaOf, type Run } from '../runLab.ts';

const failed = ({ folder }: Run): ReadonlyArray<Record<string, string>> => csvOf(folder, 'failed');

describe('FIELD_INTEGRITY_EXCEPTION has advice about its cause', () => {
  let lab: RunLab;
  let ids: string[];
  beforeEach(async () => {
    lab = await RunLab.start({ switches: { stateAndCountryPicklists: true } });
    ids = lab.freeContacts().map(({ Id }) => Id);
  });
  afterEach(() => lab.stop());

  it('18: a country or state that is not on the list, and values that are', async () => {
    const rows = [
      ['Atlantis', '', '', ''],
      ['Germany', '', '', ''],
      ['', 'California', '', ''],
      ['United States', 'Bavaria', '', ''],
      ['', '', 'US', 'NY'],
      ['', '', 'Germany', ''],
    ];
    const header = ['ContactId', 'Country', 'State', 'CountryCode', 'StateCode'];
    const run = await lab.create({ file: csvFile(lab, [header, ...rows.map((row, n) => [ids[n] ?? '', ...row])]) });
    expectDone(lab, run);
    expect(run.result.failedByCode).to.deep.equal({ FIELD_INTEGRITY_EXCEPTION: 3 });
    for (const row of failed(run)) expect(row['Advice'], row['Error']).to.match(/CountryCode.*StateCode/);
    expect(lab.usersOf(ids[1] ?? '')[0]).to.include({ Country: 'Germany', CountryCode: 'DE' });
    expect(lab.usersOf(ids[4] ?? '')[0]).to.include({ Country: 'United States', State: 'New York' });
    // A label in place of a code is found before anything is sent.
    expect(csvOf(run.folder, 'refused')[0]?.['Detail']).to.match(/CountryCode.*Similar: DE/);
  });

  it("18: a contact's country, by name and by code", async () => {
    lab.org.store.update('Contact', ids[0] ?? '', { MailingCountry: 'Canada', MailingCountryCode: 'CA' });
    for (const [n, set] of ['Country={MailingCountry}', 'CountryCode={MailingCountryCode}'].entries()) {
      lab.org.store.update('Contact', ids[n] ?? '', { MailingCountry: 'Canada', MailingCountryCode: 'CA' });
      expectDone(lab, await lab.create({ file: csvFile(lab, [['ContactId'], [ids[n] ?? '']]), set: [set] }));
      expect(lab.usersOf(ids[n] ?? '')[0]).to.include({ Country: 'Canada', CountryCode: 'CA' });
    }
  });

  it('5: users whom something in Setup names can not be deactivated, but frozen; the others are', async () => {
    const users = makeUsers(lab, mainProfile, 5);
    const blockers = ['defaultCaseOwner', 'defaultWorkflowUser', 'webToLeadCreator', 'hierarchyField'] as const;
    for (const [n, blocker] of blockers.entries())
      lab.org.switches.users.deactivationBlockers.set(users[n] ?? '', blocker);
    const where = "Account.Type = 'Made'";
    for (const mode of ['deactivate', 'disable-portal'] as const) {
      const off = await lab.change({ mode, where });
      expectChangeDone(lab, off);
      expect(off.result.counts).to.include({ failed: 4 });
      const advice = failed(off).map((row) => row['Advice']);
      for (const text of advice.slice(0, 3)) expect(text).to.match(/setting of the org names this user.*--mode freeze/);
      expect(advice[3]).to.match(/custom hierarchy field.*--mode freeze/);
    }
    expect(lab.org.store.get('User', users[4] ?? '')?.['ContactId']).to.equal(null);
    const frozen = await lab.change({ mode: 'freeze', where });
    expect(frozen.result.counts).to.include({ succeeded: 4, failed: 0 });
  });

  it('5: a permission set with more than the license allows', async () => {
    const set = lab.org.world?.permissionSets.get('Portal_Documents') ?? '';
    lab.org.switches.users.permissionSetsBeyondLicense.add(set);
    const file = csvFile(lab, [['ContactId'], [ids[0] ?? '']]);
    const run = await lab.create({ file, permissionSets: ['Portal_Documents'] });
    expect(run.result.failedByCode).to.deep.equal({ FIELD_INTEGRITY_EXCEPTION: 1 });
    expect(failed(run)[0]?.['Advice']).to.match(/Use another permission set/);
  });

  it('a permission set whose own licenses are used up fails alone: the run goes on, and says what is missing', async () => {
    for (const { Id } of lab.org.store.find('PermissionSetLicense'))
      lab.org.store.update('PermissionSetLicense', Id, { TotalLicenses: 0 });
    const people = ids.slice(0, 3);
    const file = csvFile(lab, [['ContactId'], ...people.map((id) => [id])]);
    const run = await lab.create({ file, permissionSets: ['Portal_Analytics', 'Portal_Orders'] });
    expect(run.end).to.deep.equal({ end: 'done' });
    expect(run.result.failedByCode).to.deep.equal({ LICENSE_LIMIT_EXCEEDED: 3 });
    expect(run.result.failedAdvice['LICENSE_LIMIT_EXCEEDED']).to.match(/permission set license/);
    for (const id of people) expect(lab.usersOf(id)).to.have.length(1);
    expect(run.result.permissionSets).to.include({ assigned: 3, failed: 3 });
  });

  it('DUPLICATE_USERNAME: says whether another org can have the username, where the org tells', async () => {
    const profile = 'Acme Partner';
    const partner = lab.freeContacts().find(({ AccountId }) => AccountId !== null);
    const username = 'taken.elsewhere@made.example';
    lab.org.switches.users.usernamesElsewhere.add(username);
    lab.org.switches.users.uniquePartnerUsernamesInOrg = false;
    const create = (): Promise<Run> =>
      lab.create({
        file: csvFile(lab, [
          ['ContactId', 'Username'],
          [partner?.Id ?? '', username],
        ]),
        profile,
      });
    const everywhere = await create();
    expect(failed(everywhere)[0]?.['Advice']).to.match(/in all Salesforce orgs/);
    // Screen, summary and page say the same.
    expect(everywhere.result.failedAdvice['DUPLICATE_USERNAME']).to.equal(failed(everywhere)[0]?.['Advice']);
    expect(readFileSync(everywhere.result.files.summary, 'utf8')).to.match(/in all Salesforce orgs/);
    lab.org.switches.missingPermissions = ['PermissionsModifyMetadata', 'PermissionsModifyAllData'];
    expect(failed(await create())[0]?.['Advice']).to.match(/for partner licenses, in another one/);
  });

  it('DUPLICATE_USERNAME: usernames of customers are unique in the org, whatever partners have', async () => {
    lab.org.switches.users.uniquePartnerUsernamesInOrg = false;
    const unique = async (profile: string): Promise<unknown> => {
      const { folder } = await lab.create({ where: "Account.Type = 'Customer' LIMIT 2", profile, dryRun: true });
      return metaOf(folder).find(({ key }) => key === 'usernamesUniquePerOrg')?.['value'];
    };
    expect(await unique(mainProfile)).to.equal('true');
    expect(await unique('Acme Partner')).to.equal('false');
  });
});
