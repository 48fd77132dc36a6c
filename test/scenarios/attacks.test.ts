/** Attacks that once succeeded: wrong verdicts about rows that Salesforce never judged, or that are ours. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { faultAnswers } from '../simulated-org/faults.ts';
import { csvOf, expectDone, expectTrue, jobsOf, mainProfile, recordsOf, RunLab } from './runLab.ts';

describe('a create run under attack', () => {
  let lab: RunLab;
  afterEach(() => lab.stop());

  /** Contacts without a user and without any of the world's faults. */
  it('never fails rows that Salesforce has not judged, however often it is stopped', async () => {
    lab = await RunLab.start();
    const fault = lab.org.faults.add({ method: 'PUT', times: 1000 }, faultAnswers.dailyLimit());
    let run = await lab.create();
    for (let attempt = 0; attempt < 9; attempt++) run = await lab.resume(run.folder);
    expect(run.end.end).to.equal('call');
    expect(run.result.counts).to.include({ failed: 0, succeeded: 0, pending: run.result.counts.planned });
    lab.org.faults.remove(fault);
    expectDone(lab, await lab.resume(run.folder));
  });

  it('stops, with its rows still planned, when job after job fails without a row being judged', async () => {
    lab = await RunLab.start();
    const fail = (): void => {
      lab.org.switches.bulk.failNextJobAfterRows = 0;
    };
    fail();
    const run = await lab.create({}, { onEvent: (event) => event.type === 'jobCollected' && fail() });
    expect(run.end).to.include({ end: 'org', code: 'JOB_FAILED' });
    expect(jobsOf(run.folder)).to.have.length(5);
    expect(run.result.counts).to.include({ failed: 0, pending: run.result.counts.planned });
    expectTrue(lab, run);
  });

  it('sends no more than canaries into a gate that stays closed', async () => {
    const missingPermissions = ['PermissionsModifyMetadata', 'PermissionsModifyAllData'];
    lab = await RunLab.start({ world: { customerContacts: 260 }, switches: { missingPermissions } });
    const name = 'Customer Community User';
    const profile = lab.org.store.find('Profile', { Name: name })[0];
    expect(profile, name).not.to.equal(undefined);
    let run = await lab.create({ profile: name });
    for (let attempt = 0; attempt < 4; attempt++) run = await lab.resume(run.folder);
    expect(run.end).to.include({ end: 'org' });
    expect(jobsOf(run.folder).map((job) => job['size'])).to.deep.equal([1, 1, 1, 1, 1]);
    expectTrue(lab, run);
  });

  it('recognizes its users when the org repeats a batch, although PortalRole reads back null', async () => {
    lab = await RunLab.start();
    lab.org.switches.bulk.repeatBatches = 1;
    const run = await lab.create({ profile: 'Acme Customer Plus', portalRole: 'Worker' });
    expectDone(lab, run);
    expect(run.result.counts.planned).to.be.above(20);
    expect(run.result.counts.succeeded).to.equal(run.result.counts.planned);
    expect(recordsOf(run.folder).some((record) => record['created'] === 'unknown')).to.equal(true);
  });

  it('restores the capitals of an Id in one case, refuses one with another capital, and goes on with the others', async () => {
    lab = await RunLab.start();
    const [first, second, third] = lab.freeContacts().map(({ Id }) => Id);
    const changed = (second ?? '').replace(/[A-Z]/, (capital) => capital.toLowerCase());
    expect(changed).not.to.equal(second);
    const file = join(lab.home, 'mangled.csv');
    writeFileSync(file, `Id\n${(first ?? '').toLowerCase()}\n${changed}\n${third ?? ''}\n`);
    const run = await lab.create({ file });
    expectDone(lab, run);
    expect(run.result.refusedByReason).to.deep.equal({ CONTACT_NOT_FOUND: 1 });
    const made = [first, second, third].map((id) => lab.usersOf(id ?? '').length);
    expect(made).to.deep.equal([1, 0, 1]);
  });

  it('gives refused rows back with all that they asked for', async () => {
    lab = await RunLab.start();
    const [contact] = lab.freeContacts();
    const file = join(lab.home, 'wish.csv');
    writeFileSync(
      file,
      `ContactId,Username,PermissionSets,Department\n${contact?.Id ?? ''},leila at portal,Portal Orders,Sales\n`,
    );
    const refused = join((await lab.create({ file })).folder, 'refused.csv');
    const mended = join(lab.home, 'mended.csv');
    writeFileSync(mended, readFileSync(refused, 'utf8').replaceAll('leila at portal', 'leila@portal.example'));
    const run = await lab.create({ file: mended });
    expectDone(lab, run);
    expect(lab.usersOf(contact?.Id ?? '')[0]).to.include({ Username: 'leila@portal.example', Department: 'Sales' });
    expect(run.result.permissionSets).to.deep.include({ assigned: 1, failed: 0 });
  });

  it('gives the permission sets to users whom somebody else has made meanwhile', async () => {
    lab = await RunLab.start();
    const run = await lab.create({ permissionSets: ['Portal_Documents'], dryRun: true });
    const planned = recordsOf(run.folder)
      .filter((record) => record['action'] === 'create')
      .slice(0, 3);
    for (const record of planned) lab.giveUser(String(record['contactId']));
    const done = await lab.resume(run.folder);
    expectDone(lab, done);
    expect(done.result.counts.succeeded).to.equal(run.result.counts.planned);
    expect(done.result.actions.assign).to.equal(run.result.actions.assign + 3);
  });

  it('finds what it made with --inactive, and tells a role level that can’t be', async () => {
    lab = await RunLab.start();
    const first = await lab.create({ inactive: true });
    const again = await lab.create({ inactive: true });
    expectDone(lab, again);
    expect(again.result.counts).to.include({ planned: 0 });
    expect(again.result.counts.unchanged).to.be.at.least(first.result.counts.succeeded);
    expect(csvOf(again.folder, 'unchanged').some((row) => row['Detail']?.includes('inactive'))).to.equal(true);
    const role = await lab.create({ profile: mainProfile, portalRole: 'Manager' }).catch((error: unknown) => error);
    expect(role).to.include({ code: 'portalRoleUnused' });
  });
});
