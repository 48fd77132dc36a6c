/** Role-based licenses beside high-volume ones: profiles by flag, by column, mixed, and wrong. */
import { expect } from 'chai';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import { contactsCsv, expectSound, mainProfile, PortalOrg, readCsv } from './portalOrg.ts';

const plus = 'Acme Customer Plus';
const partner = 'Acme Partner';

describe('license families', function () {
  let portal: PortalOrg;
  let customers: StoredRecord[];
  let partners: StoredRecord[];

  before(async () => {
    portal = await PortalOrg.start();
    customers = portal.plainContacts(40);
    partners = portal.plainPartners(8);
  });

  after(() => portal.stop());

  const userOf = (contact: StoredRecord | undefined): StoredRecord | undefined => portal.usersOf(contact?.Id ?? '')[0];

  /** A user of a role-based license has the role of its account, of the right kind. */
  function expectRole(contact: StoredRecord | undefined, portalType: string): void {
    const role = portal.org.store.get('UserRole', String(userOf(contact)?.['UserRoleId']));
    expect(role, String(contact?.['Name'])).to.include({
      PortalType: portalType,
      PortalAccountId: contact?.['AccountId'],
    });
  }

  it('mixed profiles by name in one file: each row has its license and its role', async () => {
    const [one, two, three] = customers.splice(0, 3);
    const [four, five] = partners.splice(0, 2);
    const rows = [
      [one?.Id, mainProfile],
      [two?.Id, plus.toUpperCase()],
      [three?.Id, portal.profileId('Acme Identity')],
      [four?.Id, partner],
      [five?.Id, 'Acme Partnr'],
      [customers[0]?.Id, 'Standard User'],
      [customers[1]?.Id, ''],
    ];
    portal.file('mixed.csv', ['ContactId,Profile', ...rows.map((row) => row.join(',')), ''].join('\n'));
    const { result } = await portal.json(['create', '--file', 'mixed.csv', '--profile', 'Acme Customer Login']);
    expectSound(result);
    expect(result.counts).to.include({ selected: 7, planned: 5, refused: 2, succeeded: 5 });
    expect(result.refusedByReason).to.deep.equal({ BAD_VALUE: 2 });
    const refused = readCsv(result.files['refused'] ?? '');
    expect(refused[0]?.['Detail']).to.match(/"Acme Partnr".*Acme Partner/);
    expect(refused[1]?.['Detail']).to.match(/"Standard User" is not a profile for external users/);
    expect(userOf(one)).to.include({ UserType: 'CspLitePortal', UserRoleId: null });
    expect(userOf(two)).to.include({ UserType: 'PowerCustomerSuccess', ProfileId: portal.profileId(plus) });
    expect(userOf(three)).to.include({ ProfileId: portal.profileId('Acme Identity') });
    expect(userOf(four)).to.include({ UserType: 'PowerPartner', ProfileId: portal.profileId(partner) });
    expect(userOf(customers[1])).to.include({ ProfileId: portal.profileId('Acme Customer Login') });
    expectRole(two, 'CustomerPortal');
    expectRole(four, 'Partner');
    expect(result.licenses.map(({ name, needed }) => `${name} ${needed}`).sort()).to.deep.equal([
      'Customer Community 1',
      'Customer Community Login 1',
      'Customer Community Plus 1',
      'External Identity 1',
      'Partner Community 1',
    ]);
    // Families never share a job, and high-volume rows are sent no role.
    for (const { body = '' } of portal.org.ledger.find('PUT', /\/batches$/)) {
      const isRoleBased = [plus, partner].map((name) => body.includes(portal.profileId(name)));
      const isHighVolume = [mainProfile, 'Acme Identity'].map((name) => body.includes(portal.profileId(name)));
      expect(isRoleBased.includes(true) && isHighVolume.includes(true), body).to.equal(false);
      expect(body.split('\n')[0]).not.to.match(/UserRoleId/);
    }
    customers.splice(0, 2);
  });

  it('role-based jobs run one at a time, and lock storms cost nothing but time', async () => {
    const chosen = customers.splice(0, 12);
    portal.file('plus.csv', contactsCsv(chosen));
    portal.org.ledger.clear();
    portal.org.switches.locks.groupLockStorm = 3;
    portal.org.switches.locks.rowLockStorm = 1;
    const { result } = await portal.json(['create', '--file', 'plus.csv', '--profile', plus]);
    expectSound(result);
    expect(result.counts).to.include({ planned: 12, succeeded: 12, failed: 0 });
    expect(result.jobs.length).to.be.within(2, 8);
    // A job is made only when the one before it has ended: nobody looks at that one any more.
    const steps = portal.calls().map(({ method, resource }) => `${method} ${resource}`);
    const made = steps.flatMap((step, index) => (step === 'POST /jobs/ingest' ? [index] : []));
    const lastLooks = result.jobs.map(({ id }) => steps.lastIndexOf(`GET /jobs/ingest/${id}`));
    expect(made).to.have.length(result.jobs.length);
    lastLooks.forEach((look, job) => expect(look).to.be.within(made[job] ?? NaN, made[job + 1] ?? Infinity));
    for (const contact of chosen) {
      expect(portal.usersOf(contact.Id)).to.have.length(1);
      expectRole(contact, 'CustomerPortal');
    }
  });

  it('a username that is taken in another org fails its row alone, with advice', async () => {
    portal.org.switches.users.uniquePartnerUsernamesInOrg = false;
    const global = portal.contactOf('USERNAME_TAKEN_ELSEWHERE');
    portal.file('global.csv', contactsCsv([global, ...partners.splice(0, 1)]));
    const { result } = await portal.json(['create', '--file', 'global.csv', '--profile', partner], 68);
    expect(result.failedByCode).to.deep.equal({ DUPLICATE_USERNAME: 1 });
    expect(readCsv(result.files['failed'] ?? '')[0]).to.include({ ContactId: global.Id });
    expect(readCsv(result.files['failed'] ?? '')[0]?.['Advice']).to.match(/--username/);
    const mended = await portal.json([
      'create',
      '--file',
      'global.csv',
      '--profile',
      partner,
      '--username',
      '{Email}.acme',
    ]);
    expect(mended.result.counts).to.include({ planned: 1, unchanged: 1, succeeded: 1 });
  });

  const standard = ['--profile', 'Customer Community User'];

  it('a standard profile behind a gate that the Metadata API shows is refused before anything is sent', async () => {
    const chosen = customers.splice(0, 2);
    portal.file('closed.csv', contactsCsv(chosen));
    const before = portal.digest();
    for (const dryRun of [['--dry-run'], []]) {
      const failed = await portal.failure(['create', '--file', 'closed.csv', ...standard, ...dryRun]);
      expect(failed).to.include({ name: 'ChecksFailedError', code: 1 });
      expect(failed.text).to.match(/"Customer Community User" is a standard profile/);
    }
    expect(portal.digest()).to.equal(before);
    portal.org.switches.users.allowStandardExternalProfiles = true;
    const { result } = await portal.json(['create', '--file', 'closed.csv', ...standard]);
    expect(result.counts).to.include({ planned: 2, succeeded: 2 });
    portal.org.switches.users.allowStandardExternalProfiles = false;
  });

  it('a standard profile behind a gate that nobody shows stops the run as a whole, with what to set', async () => {
    // Without them, the Metadata API refuses.
    portal.org.switches.missingPermissions.push('PermissionsModifyMetadata', 'PermissionsModifyAllData');
    const chosen = customers.splice(0, 3);
    portal.file('gate.csv', contactsCsv(chosen));
    const args = ['create', '--file', 'gate.csv', ...standard];
    const dry = await portal.json([...args, '--dry-run']);
    expect(JSON.stringify(dry.warnings)).to.match(/name of a standard profile.*Use a clone/s);
    const stopped = await portal.json(args, 1);
    expectSound(stopped.result);
    expect(stopped.result.counts).to.include({ planned: 3, succeeded: 0, failed: 0, pending: 3 });
    expect(JSON.stringify(stopped.warnings)).to.match(/To create or update users for this profile/);
    for (const contact of chosen) expect(portal.usersOf(contact.Id)).to.deep.equal([]);
    portal.org.switches.users.allowStandardExternalProfiles = true;
    const resumed = await portal.json(['resume', '--run-dir', stopped.result.runDir]);
    expect(resumed.result.counts).to.include({ planned: 3, succeeded: 3 });
  });
});
