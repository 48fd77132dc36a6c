/** The preflight of a create run knows the profiles and permission sets that only a file names. */
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { ChecksFailed } from '../../lib/model/checkOutcome.js';
import { csvFile } from './changeLab.ts';
import { expectDone, findingsOf, mainProfile, RunLab, type Run } from './runLab.ts';

describe('the preflight of a create run', () => {
  let lab: RunLab;
  afterEach(() => lab.stop());

  const file = (...rows: string[][]): string => csvFile(lab, rows);
  const people = (count: number): string[] => {
    return lab.plainIds(count);
  };
  /** A file of contacts with one profile each. */
  const withProfiles = (...profiles: string[]): string => {
    const ids = people(profiles.length);
    return file(['ContactId', 'Profile'], ...profiles.map((profile, at) => [ids[at] ?? '', profile]));
  };
  const warnings = ({ folder }: Run): string[] =>
    findingsOf(folder).flatMap((finding) => ('check' in finding ? finding.check.key : []));

  /** No folder is left, and nothing was written. */
  async function expectFailed(request: Parameters<RunLab['create']>[0], ...texts: string[]): Promise<void> {
    const outputDir = lab.newFolder();
    const error = await lab.create({ ...request, outputDir }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ChecksFailed);
    expect((error as ChecksFailed).checks.map(({ key }) => key)).to.deep.equal(texts);
    expect(existsSync(outputDir)).to.equal(false);
    expect(lab.count('POST', /^\/jobs\/ingest/)).to.equal(0);
  }

  it('fails for partners in a file when only customers may be made', async () => {
    lab = await RunLab.start({
      world: { customerContacts: 4, runningUser: 'customerService' },
      switches: { users: { manageCustomerUsersSuffices: true } },
    });
    const request = { profile: undefined, allowWelcomeEmails: true };
    await expectFailed({ ...request, file: withProfiles(mainProfile, 'Acme Partner') }, 'permission.missing');
    const customers = await lab.create({ ...request, file: withProfiles(mainProfile, 'Acme Customer Login') });
    expectDone(lab, customers);
    expect(customers.result.counts.succeeded).to.equal(2);
    expect(warnings(customers)).to.deep.equal(['permission.customerOnly', 'sites.unseen', 'sites.unseen']);
  });

  it('fails for a license that is switched off, only if a row that is planned has it', async () => {
    lab = await RunLab.start({ world: { customerContacts: 4 } });
    const [license] = lab.org.store.find('UserLicense', { Name: 'Partner Community' });
    lab.org.store.update('UserLicense', license?.Id ?? '', { Status: 'Disabled' });
    await expectFailed({ profile: undefined, file: withProfiles('Acme Partner') }, 'licenses.disabled');
    const others = await lab.create({ profile: undefined, file: withProfiles(mainProfile), dryRun: true });
    expect(others.result.counts.planned).to.equal(1);
  });

  /** Without them, the Metadata API refuses. */
  const missingPermissions = ['PermissionsModifyMetadata', 'PermissionsModifyAllData'];

  it('warns of the gate and of sites for each profile, of --profile and of the file alike', async () => {
    lab = await RunLab.start({ world: { customerContacts: 4 }, switches: { missingPermissions } });
    const standard = ['standardProfile.standard', 'sites.none'];
    const byFlag = await lab.create({ profile: 'Customer Community User', dryRun: true });
    expect(warnings(byFlag)).to.deep.equal(standard);
    const path = withProfiles(mainProfile, 'Customer Community User', 'Acme Identity');
    const byFile = await lab.create({ profile: undefined, file: path, dryRun: true });
    expect(warnings(byFile)).to.deep.equal([...standard, 'sites.none']);
    expect(warnings(await lab.create({ dryRun: true }))).to.deep.equal([]);
  });

  it('knows whether the gate is closed where the Metadata API tells, and fails or says nothing', async () => {
    lab = await RunLab.start({ world: { customerContacts: 4 } });
    const profile = 'Customer Community User';
    await expectFailed({ profile, dryRun: true }, 'standardProfile.closed');
    lab.org.switches.users.allowStandardExternalProfiles = true;
    expect(warnings(await lab.create({ profile, dryRun: true }))).to.deep.equal(['sites.none']);
  });

  it('says that users get the lowest role, and that a large load is calculated for long', async () => {
    lab = await RunLab.start({ world: { customerContacts: 5001 } });
    const profile = 'Acme Customer Plus';
    expect(warnings(await lab.create({ profile, dryRun: true }))).to.deep.equal(['portalRole.lowest', 'sharing.large']);
    lab.org.switches.missingPermissions = missingPermissions;
    const unknown = await lab.create({ profile, dryRun: true });
    expect(warnings(unknown)).to.deep.equal(['portalRole.lowest', 'sharing.largeUnknown']);
    Object.assign(lab.org.switches, { missingPermissions: [], deferGroupMembership: true });
    const request = { profile, portalRole: 'Manager', dryRun: true } as const;
    expect(warnings(await lab.create(request))).to.deep.equal(['sharing.deferred']);
    Object.assign(lab.org.switches, { deferGroupMembership: false, deferSharingRules: true });
    const few = { ...request, where: "Account.Type = 'Customer' LIMIT 3" };
    expect(warnings(await lab.create(few))).to.deep.equal(['sharing.deferred']);
  });

  it('warns after a large load that its sharing is still deferred, also where the last job is collected by resume', async () => {
    lab = await RunLab.start({ world: { customerContacts: 5001 }, switches: { deferGroupMembership: true } });
    for (const { Id } of lab.org.store.find('UserLicense'))
      lab.org.store.update('UserLicense', Id, { TotalLicenses: 6000 });
    const told = ({ events }: Run): unknown[] => events.filter(({ type }) => type === 'sharingStillDeferred');
    let sent = 0;
    const stopped = await lab.create(
      { profile: 'Acme Customer Plus' },
      {
        onEvent: (event, stop) => {
          if (event.type === 'jobClosed' && (sent += event.rows) > 5000) stop.request('signal');
        },
      },
    );
    expect(stopped.end).to.deep.equal({ end: 'signal' });
    expect(told(stopped)).to.deep.equal([]);
    const done = await lab.resume(stopped.folder);
    expectDone(lab, done);
    const { created } = done.result.counts;
    expect(created).to.be.above(5000);
    expect(told(done)).to.deep.equal([{ type: 'sharingStillDeferred', users: created }]);
    // A run of which nothing was left says nothing more.
    expect(told(await lab.resume(done.folder))).to.deep.equal([]);
  });

  it('warns of a sender whose domain has no active DKIM key', async () => {
    lab = await RunLab.start({ world: { customerContacts: 2, dkim: false } });
    expect(warnings(await lab.create({ dryRun: true }))).to.deep.equal(['emailSender.unverified']);
    // Also where users only get a permission set.
    expectDone(lab, await lab.create({}));
    const [central] = lab.org.store.find('Network', { Name: 'Acme Partner Central' });
    lab.org.store.update('Network', central?.Id ?? '', { Status: 'Live' });
    const assigned = await lab.create({ permissionSets: ['Portal_Partner_Site'], dryRun: true });
    expect(assigned.result.actions).to.include({ create: 0, assign: 25 });
    expect(warnings(assigned)).to.deep.equal(['emailSender.unverified']);
  });

  it('warns of real addresses in a sandbox, but not where there is nothing to do', async () => {
    lab = await RunLab.start({ world: { customerContacts: 2, sandbox: true } });
    expect(warnings(await lab.create({ dryRun: true }))).to.deep.equal(['sandbox.realAddresses']);
    expect(warnings(await lab.create({ where: "LastName = 'Nobody'", dryRun: true }))).to.deep.equal([]);
  });

  it('says which permission set of the file takes people into a site', async () => {
    lab = await RunLab.start({ world: { customerContacts: 4 } });
    const [central] = lab.org.store.find('Network', { Name: 'Acme Partner Central' });
    lab.org.store.update('Network', central?.Id ?? '', { Status: 'Live' });
    const [contact = ''] = people(1);
    const path = file(['ContactId', 'Profile', 'PermissionSets'], [contact, 'Acme Identity', 'Portal_Partner_Site']);
    const stopped = await lab.create({ profile: undefined, file: path, allowWelcomeEmails: false });
    expect(warnings(stopped)).to.deep.equal([]);
    expect(stopped.end).to.have.nested.property('failures[0].guard', 'welcomeEmails.seenFrom');
    expect(stopped.result.welcomeEmails).to.deep.equal({
      possible: 1,
      atLeast: false,
      sites: ['Acme Partner Central'],
      senders: [
        {
          site: 'Acme Partner Central',
          address: 'portal@acme.example',
          template: 'Communities: New Member Welcome Email',
        },
      ],
    });
    const done = await lab.resume(stopped.folder, { allowWelcomeEmails: true });
    expectDone(lab, done);
    expect(lab.org.rules.outbox.mails).to.have.length(1);
  });
});
