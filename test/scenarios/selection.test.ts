/** Which contacts a run selects, and with which values: from a condition, from files of every kind, from flags. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { csvFile } from './changeLab.ts';
import { csvOf, expectDone, expectTrue, jobsOf, recordsOf, RunLab } from './runLab.ts';

describe('the selection of a create run', () => {
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start();
  });
  afterEach(() => lab.stop());

  const file = (...rows: Array<Array<string | null>>): string => csvFile(lab, rows);
  /** Contacts that are fit for a user, with nothing awkward about them. */
  const people = (count: number): string[] => {
    return lab.plainIds(count);
  };
  const awkward = (code: string): string => lab.org.world?.awkwardCases.find((it) => it.code === code)?.contactId ?? '';
  const contactOf = (id: string) => lab.org.store.get('Contact', id);
  const faultOf = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('takes a condition as it is written, with sub-selects and a limit', async () => {
    const where =
      "AccountId IN (SELECT Id FROM Account WHERE Type = 'Customer') AND Portal_Access__c = true ORDER BY Id LIMIT 3";
    const run = await lab.create({ where, dryRun: true });
    expect(run.result.counts.selected).to.equal(3);
  });

  it('finds contacts by ContactId of 15 and 18 characters, by Id, by external id and by address', async () => {
    const [a = '', b = '', c = '', d = ''] = people(4);
    const key = String(contactOf(c)?.['External_Key__c']);
    const address = String(contactOf(d)?.['Email']);
    const path = file(
      ['Email', 'External_Key__c', 'Id', 'ContactId'],
      ['', '', '', a.slice(0, 15)],
      ['', '', b, ''],
      ['', key.toLowerCase(), '', ''],
      [address.toUpperCase(), '', '', ''],
    );
    const run = await lab.create({ file: path });
    expectDone(lab, run);
    expect(recordsOf(run.folder).map((record) => record['contactId'])).to.deep.equal([a, b, c, d]);
    expect(run.result.counts.succeeded).to.equal(4);
  });

  it('says for each row of the file that gives no contact what is wrong with it', async () => {
    const [a = ''] = people(1);
    const twin = String(contactOf(awkward('DUPLICATE_USERNAME_IN_PLAN'))?.['Email']);
    const byId = await lab.create({
      file: file(['ContactId'], ['003000000000000AAA'], ['005000000000001AAA'], ['x'], [a], [a.slice(0, 15)]),
    });
    expectDone(lab, byId);
    expect(recordsOf(byId.folder).map((record) => record['reason'])).to.deep.equal([
      'CONTACT_NOT_FOUND',
      'CONTACT_NOT_FOUND',
      'CONTACT_NOT_FOUND',
      null,
      'DUPLICATE_CONTACT',
    ]);
    const byEmail = await lab.create({
      file: file(['Email', 'Name'], [twin, 'a'], ['', 'b'], ['no@body.example', 'c']),
    });
    expectTrue(lab, byEmail);
    expect(csvOf(byEmail.folder, 'refused').map((row) => [row['Email'], row['Reason']])).to.deep.equal([
      [twin, 'AMBIGUOUS_KEY'],
      ['', 'CONTACT_NOT_FOUND'],
      ['no@body.example', 'CONTACT_NOT_FOUND'],
    ]);
    for (const row of csvOf(byEmail.folder, 'refused')) expect(row['Detail']).to.match(/line \d|lines? \d/);
  });

  it('lets the columns of a file win over flags, and its empty cells count as absent', async () => {
    const [a = '', b = ''] = people(2);
    const path = file(
      ['ContactId', 'Username', 'TimeZoneSidKey', 'Title', 'Email'],
      [a, 'A.Given@Acme.Example', 'Europe/Paris', 'Boss, "big"', 'a@acme.example'],
      [b, '', '', ' ', ''],
    );
    const run = await lab.create({ file: path, username: '{Email}.uat', set: ['TimeZoneSidKey=Europe/London'] });
    expectDone(lab, run);
    expect(lab.usersOf(a)[0]).to.include({
      Username: 'a.given@acme.example',
      TimeZoneSidKey: 'Europe/Paris',
      Title: 'Boss, "big"',
      Email: 'a@acme.example',
    });
    const email = String(contactOf(b)?.['Email']);
    expect(lab.usersOf(b)[0]).to.include({
      Username: `${email}.uat`,
      TimeZoneSidKey: 'Europe/London',
      Title: null,
      Email: email,
    });
  });

  it('takes users.csv of a dry run as a file that makes the same users', async () => {
    const dry = await lab.create({ dryRun: true });
    const path = join(dry.folder, 'users.csv');
    const run = await lab.create({ file: path, profile: undefined });
    expectDone(lab, run);
    expect(run.result.counts).to.include({ selected: dry.result.counts.planned, succeeded: dry.result.counts.planned });
    expect(readFileSync(join(run.folder, 'users.csv'), 'utf8')).to.equal(readFileSync(path, 'utf8'));
  });

  it('takes refused.csv of an earlier run after its causes were fixed', async () => {
    const run = await lab.create();
    for (const row of csvOf(run.folder, 'refused')) {
      const contactId = row['ContactId'] ?? '';
      if (row['Reason'] === 'NO_EMAIL') lab.org.store.update('Contact', contactId, { Email: 'now@acme.example' });
      if (row['Reason'] === 'INVALID_EMAIL')
        lab.org.store.update('Contact', contactId, { Email: 'valid@acme.example' });
    }
    const again = await lab.create({ file: join(run.folder, 'refused.csv') });
    expectDone(lab, again);
    expect(again.result.counts).to.include({ selected: run.result.counts.refused, succeeded: 2 });
    for (const code of ['NO_EMAIL', 'INVALID_EMAIL']) expect(lab.usersOf(awkward(code))).to.have.length(1);
  });

  it('takes failed.csv of an earlier run as a file', async () => {
    lab.org.rules.automation.add({
      sobject: 'User',
      judge: ({ record }) =>
        record['LastName'] === 'Cher' && !record['Title']
          ? { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Title!', fields: [] }
          : undefined,
    });
    const run = await lab.create();
    expect(run.result.counts.failed).to.equal(1);
    const again = await lab.create({ file: join(run.folder, 'failed.csv'), set: ['Title=Singer'] });
    expectDone(lab, again);
    expect(again.result.counts).to.include({ selected: 1, succeeded: 1 });
  });

  it('names profiles of several licenses in one file, and drives their rows by family', async () => {
    const [a = '', b = '', c = '', d = '', e = ''] = people(5);
    const path = file(
      ['ContactId', 'Profile', 'PortalRole'],
      [a, 'Acme Customer Portal', ''],
      [b, 'acme customer plus', 'Worker'],
      [e, 'Acme Customer Portal', 'Manager'],
      [c, 'Acme Nothing', ''],
      [d, 'Standard User', ''],
    );
    const run = await lab.create({ file: path, profile: undefined });
    expectDone(lab, run);
    expect(recordsOf(run.folder).map((record) => record['family'] ?? record['reason'])).to.deep.equal([
      'highVolume',
      'roleBased',
      'ROLE_NOT_ALLOWED',
      'BAD_VALUE',
      'BAD_VALUE',
    ]);
    expect(lab.usersOf(e)).to.deep.equal([]);
    expect(lab.usersOf(a)[0]).to.include({ UserType: 'CspLitePortal', UserRoleId: null });
    expect(lab.usersOf(b)[0]).to.include({ UserType: 'PowerCustomerSuccess' }).and.not.include({ UserRoleId: null });
    expect(run.result.licenses.map(({ needed }) => needed)).to.deep.equal([1, 1]);
  });

  it('drives role-based rows one job at a time, so that locks are not met', async () => {
    const run = await lab.create({ profile: 'Acme Customer Plus' });
    expectDone(lab, run);
    expect(run.result.counts).to.include({ failed: 0, succeeded: run.result.counts.planned });
  });

  it('makes inactive users that take no license', async () => {
    const [license] = lab.org.store.find('UserLicense', { Name: 'Customer Community' });
    lab.org.store.update('UserLicense', license?.Id ?? '', { TotalLicenses: Number(license?.['UsedLicenses']) });
    const run = await lab.create({ inactive: true });
    expectDone(lab, run);
    const made = recordsOf(run.folder).filter((record) => record['state'] === 'succeeded');
    expect(made.length).to.be.above(20);
    for (const record of made) expect(lab.usersOf(String(record['contactId']))[0]).to.include({ IsActive: false });
  });

  it('sets fields by templates of the contact', async () => {
    const run = await lab.create({
      username: '{FirstName|initial}{LastName|slug}.{External_Key__c|slug}@{Account.Name|slug}.example',
      set: [
        'FederationIdentifier={External_Key__c}',
        'CommunityNickname={LastName|slug}-{External_Key__c}',
        'LanguageLocaleKey={Portal_Language__c}',
      ],
    });
    expectDone(lab, run);
    expect(run.result.counts.failed).to.equal(0);
    const reasons = new Map(recordsOf(run.folder).map((record) => [record['contactId'], record['reason']]));
    expect(reasons.get(awkward('EMPTY_TEMPLATE_FIELD'))).to.equal('EMPTY_TEMPLATE_FIELD');
    expect(reasons.get(awkward('BAD_VALUE'))).to.equal('BAD_VALUE');
    expect(reasons.get(awkward('FEDERATION_ID_TAKEN'))).to.equal('FEDERATION_ID_TAKEN');
    const [a = ''] = people(1);
    const key = String(contactOf(a)?.['External_Key__c']);
    expect(lab.usersOf(a)[0]).to.include({
      FederationIdentifier: key,
      LanguageLocaleKey: contactOf(a)?.['Portal_Language__c'],
    });
  });

  it('refuses a nickname that --set gives and somebody has, whatever its case', async () => {
    const contactId = awkward('NICKNAME_TAKEN');
    const run = await lab.create({ where: `Id = '${contactId}'`, set: ['CommunityNickname={External_Key__c}'] });
    expectDone(lab, run);
    expect(run.result.refusedByReason).to.deep.equal({ NICKNAME_TAKEN: 1 });
  });

  it('refuses the second row that asks for the same nickname or federation id by --set', async () => {
    const [a = '', b = ''] = people(2);
    lab.org.store.update('Contact', a, { Title: 'Same' });
    lab.org.store.update('Contact', b, { Title: 'Same' });
    const where = `Id IN ('${a}','${b}') ORDER BY Id`;
    const nicknames = await lab.create({ where, set: ['CommunityNickname={Title}'], dryRun: true });
    expect(nicknames.result.refusedByReason).to.deep.equal({ NICKNAME_TAKEN: 1 });
    const ids = await lab.create({ where, set: ['FederationIdentifier={Title}'], dryRun: true });
    expect(ids.result.refusedByReason).to.deep.equal({ FEDERATION_ID_TAKEN: 1 });
  });

  it('never repairs a nickname that --set gives: the row fails when somebody takes it meanwhile', async () => {
    const [a = ''] = people(1);
    lab.org.store.update('Contact', a, { Title: 'Wanted' });
    lab.org.faults.add(
      { method: 'PATCH', path: /^\/jobs\/ingest\// },
      {
        kind: 'meanwhile',
        run: () =>
          void lab.org.store.insert('User', {
            LastName: 'Fast',
            Username: 'fast@acme.example',
            CommunityNickname: 'wanted',
          }),
      },
    );
    const run = await lab.create({ where: `Id = '${a}'`, set: ['CommunityNickname={Title}'] });
    expectDone(lab, run);
    expect(run.result.failedByCode).to.deep.equal({ DUPLICATE_COMM_NICKNAME: 1 });
  });

  it('refuses names that are too long for usernames instead of cutting them', async () => {
    const run = await lab.create({ where: `Id = '${awkward('VALUE_TOO_LONG')}'`, username: '{Email}.uat' });
    expectDone(lab, run);
    expect(run.result.refusedByReason).to.deep.equal({ VALUE_TOO_LONG: 1 });
  });

  it('accepts fields of templates in any case', async () => {
    const run = await lab.create({ username: '{email}', set: ['title={account.name}'] });
    expectDone(lab, run);
    expect(run.result.counts.failed).to.equal(0);
    expect(run.result.counts.succeeded).to.be.above(20);
  });

  it('says what is wrong with a --set before anything is read', async () => {
    const codes = [
      ['Nope__c=1', 'unknownField'],
      ['IsPortalEnabled=true', 'notCreateable'],
      ['ContactId=003000000000001AAA', 'notCreateable'],
      ['Title', 'badSet'],
      ['Title=', 'badSet'],
      ['=x', 'badSet'],
      ['TimeZoneSidKey=Paris', 'badSetValue'],
      ['Title={Nope__c}', 'unknownTemplateField'],
      ['Title={', 'badTemplate'],
    ];
    for (const [setting = '', code] of codes)
      expect(await faultOf(lab.create({ set: [setting] })), setting).to.include({ code });
    expect(await faultOf(lab.create({ set: ['Title=a', 'title=b'] }))).to.include({ code: 'fieldTwice' });
  });

  it('says what is wrong with the header of a file before anything is read', async () => {
    expect(await faultOf(lab.create({ file: file(['Name'], ['x']) }))).to.include({ code: 'noKeyColumn' });
    expect(await faultOf(lab.create({ file: file(['ContactId', 'Tittle'], ['x', 'y']) }))).to.include({
      key: 'unknownColumn.near',
    });
    expect(await faultOf(lab.create({ file: file(['ContactId', 'IsPortalEnabled'], ['x', 'y']) }))).to.include({
      code: 'columnNotCreateable',
    });
    expect(lab.org.ledger.entries.filter((call) => call.soql?.includes('FROM Contact'))).to.deep.equal([]);
  });

  it('refuses person accounts for partner licenses, and lets them be customers', async () => {
    await lab.stop();
    lab = await RunLab.start({ switches: { personAccounts: true } });
    const where = `Id = '${awkward('PERSON_ACCOUNT_PARTNER')}'`;
    const partner = await lab.create({ where, profile: 'Acme Partner' });
    expect(partner.result.refusedByReason).to.deep.equal({ PERSON_ACCOUNT_PARTNER: 1 });
    const customer = await lab.create({ where });
    expectDone(lab, customer);
    expect(customer.result.counts.succeeded).to.equal(1);
  });

  it('refuses contacts without an account', async () => {
    const run = await lab.create({ where: `Id = '${awkward('NO_ACCOUNT')}'` });
    expectDone(lab, run);
    expect(run.result.refusedByReason).to.deep.equal({ NO_ACCOUNT: 1 });
    expect(jobsOf(run.folder)).to.deep.equal([]);
  });
});
