/** The official `sf` CLI works with the simulated org: the strongest proof there is that the org speaks Salesforce. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { SimulatedOrg } from '../../simulated-org/world/simulatedOrg.ts';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import { mainProfile } from '../../simulated-org/world/seed.ts';
import { newFolder } from './sfCall.ts';
import { warmSf } from './warmSf.ts';

type Json = { readonly status: number; readonly result: Record<string, unknown> };

describe('official CLI against the simulated org', function () {
  let org: SimulatedOrg;
  let home: string;

  before(async () => {
    org = await SimulatedOrg.start();
    home = await newFolder('home');
    await cli(['org', 'login', 'access-token', '--instance-url', org.url, '--no-prompt', '--alias', 'sim'], {
      SF_ACCESS_TOKEN: org.accessToken,
    });
  });

  after(() => org.stop());

  async function cli(args: readonly string[], more: Record<string, string> = {}): Promise<Json> {
    const answer = await warmSf([...args, '--json'], { home, env: more });
    if (answer.code !== 0) throw new Error(`sf ${args.join(' ')} failed: ${answer.stdout}`);
    return JSON.parse(answer.stdout) as Json;
  }

  const file = (name: string): string => join(home, name);

  /** Contacts with portal access whose account is a customer's, and who have no user. */
  function contactsWithoutUser(): StoredRecord[] {
    const taken = new Set(org.store.find('User').map((user) => user['ContactId']));
    const customers = new Set(org.store.find('Account', { Type: 'Customer' }).map((account) => account.Id));
    const awkward = new Set(org.world?.awkwardCases.flatMap((each) => Object.values(each)));
    return org.store
      .find('Contact', { Portal_Access__c: true })
      .filter(
        (contact) => !taken.has(contact.Id) && customers.has(String(contact['AccountId'])) && !awkward.has(contact.Id),
      );
  }

  it('logs in and shows the org', async () => {
    const { result } = await cli(['org', 'display', '-o', 'sim']);
    expect(result).to.include({
      username: org.username,
      id: org.orgId,
      connectedStatus: 'Connected',
      apiVersion: '67.0',
    });
  });

  it('queries with parents', async () => {
    const { result } = await cli([
      'data',
      'query',
      '-o',
      'sim',
      '-q',
      `SELECT Id, Username, Profile.UserLicense.Name FROM User WHERE Id = '${org.runningUserId}'`,
    ]);
    expect(result).to.include({ totalSize: 1, done: true });
    expect((result['records'] as unknown[])[0]).to.have.nested.property('Profile.UserLicense.Name', 'Salesforce');
  });

  it('describes and lists limits', async () => {
    const described = await cli(['sobject', 'describe', '-o', 'sim', '-s', 'User']);
    expect((described.result['fields'] as unknown[]).length).to.be.greaterThan(100);
    const limits = await cli(['org', 'list', 'limits', '-o', 'sim']);
    expect((limits.result as unknown as Array<{ name: string }>).map((limit) => limit.name)).to.include(
      'DailyApiRequests',
    );
  });

  it('exports in bulk', async () => {
    await cli([
      'data',
      'export',
      'bulk',
      '-o',
      'sim',
      '-q',
      'SELECT Id, Email, Account.Name FROM Contact',
      '--output-file',
      file('contacts.csv'),
      '--result-format',
      'csv',
      '--wait',
      '5',
    ]);
    const lines = (await readFile(file('contacts.csv'), 'utf8')).trim().split(/\r?\n/);
    expect(lines[0]?.replaceAll('"', '')).to.equal('Id,Email,Account.Name');
    expect(lines).to.have.length(org.store.find('Contact').length + 1);
  });

  it('imports users in bulk, and updates them', async () => {
    const contacts = contactsWithoutUser().slice(0, 3);
    const profileId = org.world?.profiles.get(mainProfile) ?? '';
    const header =
      'FirstName,LastName,ContactId,ProfileId,Username,Email,Alias,TimeZoneSidKey,LocaleSidKey,EmailEncodingKey,LanguageLocaleKey';
    const rows = contacts.map(
      (contact, index) =>
        `Eve,"Bulk, ${index}",${contact.Id},${profileId},cli${index}@portal.example,cli${index}@portal.example,cli${index},Europe/Berlin,de_DE,UTF-8,de`,
    );
    await writeFile(file('users.csv'), `${[header, ...rows].join('\n')}\n`);
    const imported = await cli([
      'data',
      'import',
      'bulk',
      '-o',
      'sim',
      '--sobject',
      'User',
      '--file',
      file('users.csv'),
      '--wait',
      '5',
    ]);
    expect(imported.result).to.include({ processedRecords: 3, successfulRecords: 3, failedRecords: 0 });
    const users = contacts.map((contact) => org.store.find('User', { ContactId: contact.Id })[0]);
    expect(users.map((user) => [user?.['LastName'], user?.['IsActive'], user?.['UserType']])).to.deep.equal(
      contacts.map((_, index) => [`Bulk, ${index}`, true, 'CspLitePortal']),
    );

    await writeFile(file('update.csv'), `Id,IsActive\n${users.map((user) => `${user?.Id ?? ''},false`).join('\n')}\n`);
    const updated = await cli([
      'data',
      'update',
      'bulk',
      '-o',
      'sim',
      '--sobject',
      'User',
      '--file',
      file('update.csv'),
      '--wait',
      '5',
    ]);
    expect(updated.result).to.include({ processedRecords: 3, failedRecords: 0 });
    expect(users.map((user) => org.store.get('User', user?.Id ?? '')?.['IsActive'])).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it('is told when its session has ended', async () => {
    org.session.expire();
    const failed = await cli(['data', 'query', '-o', 'sim', '-q', 'SELECT Id FROM User']).then(
      () => '',
      (error: unknown) => String(error),
    );
    expect(failed).to.include('INVALID_SESSION_ID');
  });
});
