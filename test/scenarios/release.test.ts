/** disable --release-licenses, and enable --from-run that gives everything back: what is true in the org and in the files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Guard } from '../../lib/model/result.js';
import { waysBack } from '../../lib/model/runs/waysBack.js';
import type { StoredRecord } from '../simulated-org/contracts.ts';
import { validationRule } from '../simulated-org/dml/automation.ts';
import { among, assignmentsOf, giveAssignments, makeUsers, permit } from './changeLab.ts';
import { csvOf, findingsOf, mainProfile, RunLab, type DriveChanges, type Run } from './runLab.ts';

// After the lab, which makes a home of its own first.
const { ChecksFailed } = await import('../../lib/model/checkOutcome.js');

describe('licenses that users hold when they are disabled', () => {
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start();
  });
  afterEach(() => lab.stop());

  const setId = (name: string): string => {
    const id = lab.org.world?.permissionSets.get(name);
    if (id === undefined) throw new Error(`no permission set ${name}`);
    return id;
  };
  const one = (object: string, values: Record<string, unknown> = {}): StoredRecord => {
    const [record] = lab.org.store.find(object, values as Record<string, string>);
    if (record === undefined) throw new Error(`no ${object}`);
    return record;
  };
  const give = (userId: string): void => {
    giveAssignments(lab, userId);
  };
  const heldBy = (userId: string): string[] => assignmentsOf(lab, userId);
  const isActive = (userId: string): unknown => lab.org.store.get('User', userId)?.['IsActive'];
  const release = (ids: readonly string[], request: Parameters<RunLab['change']>[0] = {}): Promise<Run> =>
    lab.change({ mode: 'deactivate', releaseLicenses: true, where: among(ids), ...request });
  /** Somebody activates a user when the steps of a kind begin. */
  const activateAt =
    (userId: string, kind: string): NonNullable<DriveChanges['onEvent']> =>
    (event) => {
      if (event.type === 'begun' && event.kind === kind) lab.org.store.update('User', userId, { IsActive: true });
    };
  const back = (run: Run): Promise<Run> => lab.change({ operation: 'enable', fromRun: run.folder });

  it('are removed after the users are off, are in snapshot.csv before, and come back exactly as they were', async () => {
    const ids = makeUsers(lab, mainProfile, 3);
    ids.slice(0, 2).forEach(give);
    const before = ids.map(heldBy);

    const plan = await release(ids, { dryRun: true });
    expect(plan.end.end).to.equal('planned');
    expect(plan.result.releaseLicenses).to.equal(true);
    expect(plan.result.actions).to.deep.equal({ create: 0, assign: 0, change: 3 });
    expect(plan.result.steps).to.deep.include({
      setActive: { planned: 3, done: 0, failed: 0, unknown: 0 },
      removePermissionSet: { planned: 4, done: 0, failed: 0, unknown: 0 },
      removePermissionSetLicense: { planned: 2, done: 0, failed: 0, unknown: 0 },
      removePackageLicense: { planned: 2, done: 0, failed: 0, unknown: 0 },
    });
    const freed = plan.result.licenses.map(({ of, needed }) => [of, needed]);
    expect(freed).to.deep.equal([
      [undefined, -3],
      ['permissionSet', -2],
      ['package', -2],
    ]);
    expect(plan.result.permissionSets.toRemove).to.deep.equal([
      { name: 'Portal_Analytics', users: 2 },
      { name: 'Portal_Documents', users: 2 },
    ]);
    const [kept] = csvOf(plan.folder, 'snapshot');
    expect(kept).to.include({ PermissionSets: 'Portal_Documents;Portal_Analytics', PackageLicenses: 'acmedocs' });
    expect(kept?.['PermissionSetEnds']).to.equal('Portal_Documents=2099-12-31T00:00:00.000Z');
    expect(kept?.['PermissionSetLicenses']).to.equal(one('PermissionSetLicense')['MasterLabel']);
    expect(ids.map(heldBy)).to.deep.equal(before);

    const off = await lab.resume(plan.folder);
    expect(off.end).to.deep.equal({ end: 'done' });
    expect(off.result.counts).to.include({ planned: 3, succeeded: 3, failed: 0, pending: 0 });
    expect(ids.map(isActive)).to.deep.equal([false, false, false]);
    expect(ids.flatMap(heldBy)).to.deep.equal([]);
    expect(csvOf(off.folder, 'users').map((row) => row['Id'])).to.deep.equal(ids);
    expect(csvOf(off.folder, 'succeeded').map((row) => row['Id'])).to.deep.equal(ids);

    const again = await release(ids);
    expect(again.result.counts).to.include({ planned: 0, unchanged: 3 });

    const on = await back(off);
    expect(on.end).to.deep.equal({ end: 'done' });
    expect(on.result.counts).to.include({ planned: 3, succeeded: 3, failed: 0 });
    expect(ids.map(isActive)).to.deep.equal([true, true, true]);
    expect(ids.map(heldBy)).to.deep.equal(before);
  });

  it('are removed from users who are inactive already, and given back without activating them', async () => {
    const [active = '', inactive = ''] = makeUsers(lab, mainProfile, 2);
    [active, inactive].forEach(give);
    lab.org.store.update('User', inactive, { IsActive: false });
    const before = [active, inactive].map(heldBy);
    const off = await release([active, inactive]);
    expect(off.result.actions).to.deep.equal({ create: 0, assign: 0, change: 1, release: 1 });
    expect(off.result.counts).to.include({ planned: 2, succeeded: 2 });
    expect([active, inactive].flatMap(heldBy)).to.deep.equal([]);
    expect(csvOf(off.folder, 'users').map((row) => row['Id'])).to.have.members([active, inactive]);
    const on = await back(off);
    expect(on.result.counts).to.include({ planned: 2, succeeded: 2 });
    expect([active, inactive].map(isActive)).to.deep.equal([true, false]);
    expect([active, inactive].map(heldBy)).to.deep.equal(before);
  });

  it('stay where the org gives nothing to inactive users: those rows fail, the others come back', async () => {
    const [active = '', inactive = ''] = makeUsers(lab, mainProfile, 2);
    [active, inactive].forEach(give);
    lab.org.store.update('User', inactive, { IsActive: false });
    const before = heldBy(active);
    const off = await release([active, inactive]);
    lab.org.switches.licenses.inactiveUsersAreAssigned = false;
    const on = await back(off);
    expect(on.end).to.deep.equal({ end: 'done' });
    expect(on.result.counts).to.include({ planned: 2, succeeded: 1, failed: 1 });
    expect(heldBy(active)).to.deep.equal(before);
    const [failed] = csvOf(on.folder, 'failed');
    expect(failed?.['ErrorCode']).to.equal('INACTIVE_OWNER_OR_USER');
    expect(failed?.['Advice']).to.contain('Activate the user first');
  });

  it('are not touched for a user who could not be deactivated', async () => {
    const ids = makeUsers(lab, mainProfile, 2);
    ids.forEach(give);
    const before = ids.map(heldBy);
    const [kept = '', taken = ''] = ids;
    lab.org.switches.users.portalAdministrators.add(kept);
    const off = await release(ids);
    expect(isActive(kept)).to.equal(true);
    expect(heldBy(kept)).to.deep.equal(before[0]);
    expect(isActive(taken)).to.equal(false);
    expect(heldBy(taken)).to.deep.equal([]);
    expect(off.result.refusedByReason).to.deep.equal({ PORTAL_ADMINISTRATOR: 1 });
    // What is free afterwards follows from what was done, everywhere.
    const { licenses } = off.result;
    expect(licenses.map(({ needed, done }) => [needed, done])).to.deep.equal(Array.from(licenses, () => [-2, -1]));
    const [own] = licenses;
    if (own === undefined) throw new Error('no license');
    const { name, used, total } = own;
    expect(readFileSync(join(off.folder, 'summary.md'), 'utf8')).to.contain(
      `${name}: ${String(used - 1)} of ${String(total)} in use, ${String(used)} before`,
    );
    const [, cells = ''] = readFileSync(join(off.folder, 'report.html'), 'utf8').split('>Licenses</h2>');
    expect(cells.match(/>\d+<\/td>/g)?.slice(0, 2)).to.deep.equal([used, used - 1].map((n) => `>${String(n)}</td>`));
  });

  it('are taken from nobody who is active again right before the call', async () => {
    const ids = makeUsers(lab, mainProfile, 3);
    ids.forEach(give);
    const before = ids.map(heldBy);
    const [again = ''] = ids;
    const off = await lab.change(
      { mode: 'deactivate', releaseLicenses: true, where: among(ids) },
      { onEvent: activateAt(again, 'removePermissionSet') },
    );
    expect(off.end).to.deep.equal({ end: 'done' });
    expect(heldBy(again)).to.deep.equal(before[0]);
    expect(ids.slice(1).flatMap(heldBy)).to.deep.equal([]);
    expect(off.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1 });
    expect(off.result.counts).to.include({ selected: 3, planned: 2, refused: 1, succeeded: 2 });
    // What it was before is kept all the same.
    expect(csvOf(off.folder, 'snapshot').map((row) => row['Id'])).to.deep.equal(ids);
    expect(off.result.refusedSincePlan).to.deep.equal({ CHANGED_SINCE: 1 });
    expect(off.detail.people.refusedSincePlan['CHANGED_SINCE']).to.have.length(1);
    // The user has everything: nothing is given back to it, and it counts in no way back.
    expect(off.result.changedInPart).to.equal(undefined);
    expect(waysBack(off.result).map(({ users }) => users)).to.deep.equal([2]);
    const on = await back(off);
    expect(on.result.counts).to.include({ planned: 2, succeeded: 2 });
    expect(ids.map(heldBy)).to.deep.equal(before);
  });

  it('have no way back where all were active again before anything was taken', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    give(some);
    const before = heldBy(some);
    const off = await lab.change(
      { mode: 'deactivate', releaseLicenses: true, where: among([some]) },
      { onEvent: activateAt(some, 'removePermissionSet') },
    );
    expect([off.end, isActive(some), heldBy(some)]).to.deep.equal([{ end: 'done' }, true, before]);
    expect(off.result.counts).to.include({ planned: 0, refused: 1 });
    expect(off.next).to.deep.equal([]);
    expect(csvOf(off.folder, 'refused')[0]).to.include({ UserId: some, Reason: 'CHANGED_SINCE' });
  });

  it('that were taken before somebody activated the user again come back, and nothing else is written', async () => {
    for (const kind of ['removePermissionSetLicense', 'removePackageLicense']) {
      const ids = makeUsers(lab, mainProfile, 2);
      ids.forEach(give);
      const before = ids.map(heldBy);
      const [again = ''] = ids;
      const off = await lab.change(
        { mode: 'deactivate', releaseLicenses: true, where: among(ids) },
        { onEvent: activateAt(again, kind) },
      );
      expect(off.result.refusedSincePlan).to.deep.equal({ CHANGED_SINCE: 1 });
      expect(off.result.changedInPart).to.equal(1);
      expect(heldBy(again)).to.not.deep.equal(before[0]);
      expect(off.next.filter(({ purpose }) => purpose === 'undo')).to.have.length(1);
      expect(csvOf(off.folder, 'refused')[0]?.['Advice']).to.contain('enable --from-run');
      const plan = await lab.change({ operation: 'enable', fromRun: off.folder, dryRun: true });
      expect(plan.result.actions).to.include({ change: 1, release: 1 });
      const on = await lab.resume(plan.folder);
      expect(on.result.counts).to.include({ planned: 2, succeeded: 2, refused: 0 });
      expect(ids.map(isActive)).to.deep.equal([true, true]);
      expect(ids.map(heldBy)).to.deep.equal(before);
    }
  });

  it('that could not all be given back are given by the same command again', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    give(some);
    const before = heldBy(some);
    const off = await release([some]);
    const { Id } = one('PackageLicense');
    lab.org.store.update('PackageLicense', Id, { AllowedLicenses: 0 });
    expect((await back(off)).result.counts).to.include({ planned: 1, failed: 1 });
    lab.org.store.update('PackageLicense', Id, { AllowedLicenses: 50 });
    const on = await back(off);
    expect(on.result.counts).to.include({ planned: 1, succeeded: 1 });
    expect(on.result.steps).to.have.keys(['assignPackageLicense']);
    expect(heldBy(some)).to.deep.equal(before);
  });

  it('are given back once: run again, the command finds nothing to do, and writes nothing', async () => {
    const ids = makeUsers(lab, mainProfile, 4);
    const [some = '', other = '', wasInactive = '', without = ''] = ids;
    [some, other, wasInactive].forEach(give);
    lab.org.store.insert('PermissionSetAssignment', {
      ...{ AssigneeId: other, PermissionSetGroupId: setId('Portal_Bundle') },
    });
    lab.org.store.update('User', wasInactive, { IsActive: false });
    const before = ids.map(heldBy);
    const off = await release(ids);
    expect((await back(off)).result.counts).to.include({ planned: 4, succeeded: 4 });
    expect(ids.map(heldBy)).to.deep.equal(before);
    expect(heldBy(without)).to.deep.equal([]);

    const again = await back(off);
    expect(again.end).to.deep.equal({ end: 'done' });
    expect(again.result.counts).to.include({ planned: 0, unchanged: 4, refused: 0 });
    expect(again.result.unchangedByReason).to.deep.equal({ ALREADY_ENABLED: 4 });

    // What somebody has taken since then is given back, and nothing else.
    lab.org.store.remove('UserPackageLicense', one('UserPackageLicense', { UserId: some }).Id);
    const third = await back(off);
    expect(third.result.counts).to.include({ planned: 1, succeeded: 1, unchanged: 3, refused: 0 });
    expect(third.result.steps).to.have.keys(['assignPackageLicense']);
    expect(ids.map(heldBy)).to.deep.equal(before);

    // What can't be seen is given again, as it may be missing.
    for (const name of ['ViewSetup', 'AssignPermissionSets']) permit(lab, name, false);
    const blind = await lab.change({ operation: 'enable', fromRun: off.folder, dryRun: true });
    expect(blind.result.counts).to.include({ planned: 3, unchanged: 1, refused: 0 });
    expect(blind.result.steps).to.have.keys(['assignPermissionSetLicense']);
  });

  it('come back beside what somebody else has given since then', async () => {
    const [id = ''] = makeUsers(lab, mainProfile, 1);
    give(id);
    const before = heldBy(id);
    const run = await release([id]);
    lab.org.store.insert('PermissionSetAssignment', { AssigneeId: id, PermissionSetId: setId('Portal_Orders') });
    const meanwhile = heldBy(id);
    await back(run);
    expect(heldBy(id)).to.have.members([...before, ...meanwhile]);
  });

  it('are removed once by two runs at once, and both tell the truth', async () => {
    for (const isFirstStopped of [false, true]) {
      const ids = makeUsers(lab, mainProfile, 3);
      ids.forEach(give);
      const before = ids.map(heldBy);
      const stopped = await release(ids, { dryRun: true });
      const runs: Run[] = [];
      if (isFirstStopped) {
        // The other run is done before this one removes anything.
        const first = await lab.resume(stopped.folder, {
          onEvent: (event, stop) => {
            if (event.type === 'begun' && event.kind === 'removePermissionSet') stop.request('signal');
          },
        });
        expect(first.end.end).to.equal('signal');
        runs.push(await release(ids), await lab.resume(stopped.folder));
      } else {
        const other = await release(ids, { dryRun: true });
        runs.push(...(await Promise.all([stopped, other].map(({ folder }) => lab.resume(folder)))));
      }
      expect(ids.map(isActive)).to.deep.equal([false, false, false]);
      expect(ids.flatMap(heldBy)).to.deep.equal([]);
      for (const { end, result } of runs) {
        expect(end).to.deep.equal({ end: 'done' });
        expect(result.counts).to.include({ succeeded: 3, failed: 0, pending: 0 });
      }
      for (const run of runs) await back(run);
      expect(ids.map(isActive)).to.deep.equal([true, true, true]);
      expect(ids.map(heldBy)).to.deep.equal(before);
    }
  });

  it('are not looked for where a part of them is hidden: nothing is written, and advice says why', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    give(some);
    const before = heldBy(some);
    const plan = await release([some], { dryRun: true });
    for (const name of ['ViewSetup', 'AssignPermissionSets']) permit(lab, name, false);
    for (const attempt of [() => release([some]), () => lab.resume(plan.folder)]) {
      const error = await attempt().catch((fault: unknown) => fault);
      if (!(error instanceof ChecksFailed)) throw error;
      const [check] = error.checks;
      expect(check).to.deep.include({ key: 'releasing.hidden' });
      expect(check?.facts).to.include({ objects: 'PermissionSetLicenseAssign' });
    }
    expect([isActive(some), heldBy(some)]).to.deep.equal([true, before]);
    for (const name of ['ViewSetup', 'AssignPermissionSets']) permit(lab, name, true);
    expect((await lab.resume(plan.folder)).result.counts).to.include({ succeeded: 1 });
  });

  it('that the running user may not remove stay, row by row, and everything else is removed', async () => {
    const ids = makeUsers(lab, mainProfile, 2);
    ids.forEach(give);
    permit(lab, 'ManagePackageLicenses', false);
    const off = await release(ids);
    const left = [...new Set(ids.flatMap(heldBy).map((text) => text.split(' ')[0]))];
    expect(left).to.deep.equal(['UserPackageLicense']);
    if (off.end.end === 'done') {
      expect(off.result.counts).to.include({ failed: 2 });
      expect(csvOf(off.folder, 'failed')[0]?.['Step']).to.equal('acmedocs');
    } else {
      expect(off.end).to.include({ end: 'org' });
      expect(off.result.counts).to.include({ pending: 2 });
    }
    permit(lab, 'ManagePackageLicenses', true);
    const run = off.end.end === 'done' ? await release(ids) : await lab.resume(off.folder);
    expect(run.end).to.deep.equal({ end: 'done' });
    expect(ids.flatMap(heldBy)).to.deep.equal([]);
  });

  it('that a set still needs stay with it, and the row says both', async () => {
    const ids = makeUsers(lab, mainProfile, 2);
    ids.forEach(give);
    const analytics = setId('Portal_Analytics');
    const staysSet = ({ operation, before }: { readonly operation: string; readonly before?: unknown }): boolean =>
      operation === 'delete' && JSON.stringify(before).includes(analytics);
    lab.org.rules.automation.add(validationRule('PermissionSetAssignment', staysSet, 'Analytics stay.'));
    const off = await release(ids);
    expect(off.result.counts).to.include({ planned: 2, failed: 2, succeeded: 0 });
    for (const id of ids)
      expect(heldBy(id).map((text) => text.split(' ')[0])).to.deep.equal([
        'PermissionSetAssignment',
        'PermissionSetLicenseAssign',
      ]);
    // Each of the two codes is of both users.
    expect(off.result.failedByCode).to.deep.equal({
      FIELD_CUSTOM_VALIDATION_EXCEPTION: 2,
      FIELD_INTEGRITY_EXCEPTION: 2,
    });
    expect(Object.values(off.detail.people.failed).map((people) => people.length)).to.deep.equal([2, 2]);
    const [failed] = csvOf(off.folder, 'failed');
    expect(failed?.['Detail']).to.match(/^Portal_Analytics: Analytics stay\. .+requires this license/u);
    const page = readFileSync(join(off.folder, 'report.html'), 'utf8');
    expect(page).to.contain('FIELD_CUSTOM_VALIDATION_EXCEPTION; FIELD_INTEGRITY_EXCEPTION');
  });

  it('come from a group as one assignment, which comes back as one', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    const group = setId('Portal_Bundle');
    lab.org.store.insert('PermissionSetAssignment', { AssigneeId: some, PermissionSetGroupId: group });
    const before = heldBy(some);
    const off = await release([some]);
    expect(off.result.steps['removePermissionSet']).to.include({ done: 1 });
    expect(csvOf(off.folder, 'snapshot')[0]).to.include({ PermissionSetGroups: 'Portal_Bundle' });
    expect(heldBy(some)).to.deep.equal([]);
    await back(off);
    expect(heldBy(some)).to.deep.equal(before);
  });

  it('are read once for a plan', async () => {
    const ids = makeUsers(lab, mainProfile, 2);
    ids.forEach(give);
    const from = lab.org.ledger.entries.length;
    await release(ids, { dryRun: true });
    const asked = lab.org.ledger.entries.slice(from).map(({ soql = '' }) => soql);
    for (const object of ['PermissionSetLicense', 'PackageLicense'])
      expect(asked.filter((text) => text.endsWith(`FROM ${object}`))).to.have.length(1);
  });

  it('of users are told before and after whenever a mode frees them, without another call', async () => {
    const ids = makeUsers(lab, mainProfile, 3);
    const from = lab.org.ledger.entries.length;
    const frozen = await lab.change({ mode: 'freeze', where: among(ids), dryRun: true });
    const between = lab.org.ledger.entries.length;
    expect(frozen.result.licenses).to.deep.equal([]);
    const plan = await lab.change({ mode: 'deactivate', where: among(ids), dryRun: true });
    expect(lab.org.ledger.entries.length - between).to.be.at.most(between - from);
    expect(plan.result.licenses.map(({ needed }) => needed)).to.deep.equal([-3]);
    const [name = ''] = plan.result.licenses.map((license) => license.name);
    const off = await lab.resume(plan.folder);
    expect(off.result.licenses).to.deep.equal(plan.result.licenses.map((license) => ({ ...license, done: -3 })));
    expect(readFileSync(join(off.folder, 'report.html'), 'utf8')).to.contain(name);
  });

  it('are kept by a user who was activated between the plan and the first write', async () => {
    const [inactive = ''] = makeUsers(lab, mainProfile, 1);
    give(inactive);
    lab.org.store.update('User', inactive, { IsActive: false });
    const before = heldBy(inactive);
    const plan = await release([inactive], { dryRun: true });
    lab.org.store.update('User', inactive, { IsActive: true });
    const off = await lab.resume(plan.folder);
    expect(off.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1 });
    expect(isActive(inactive)).to.equal(true);
    expect(heldBy(inactive)).to.deep.equal(before);
  });

  it('go on to be removed after an interruption, and come back after one', async () => {
    const ids = makeUsers(lab, mainProfile, 3);
    ids.forEach(give);
    const before = ids.map(heldBy);
    const stopAt = (kind: string) => ({
      onEvent: (
        event: { readonly type: string; readonly kind?: string },
        stop: { request: (cause: 'signal') => void },
      ): void => {
        if (event.type === 'begun' && event.kind === kind) stop.request('signal');
      },
    });
    const first = await lab.change(
      { mode: 'deactivate', releaseLicenses: true, where: among(ids) },
      stopAt('removePermissionSetLicense'),
    );
    expect(first.end.end).to.equal('signal');
    const off = await lab.resume(first.folder);
    expect(off.end).to.deep.equal({ end: 'done' });
    expect(off.result.counts).to.include({ planned: 3, succeeded: 3 });
    expect(ids.flatMap(heldBy)).to.deep.equal([]);
    // Licenses that went with the last set are known as taken.
    expect(csvOf(off.folder, 'snapshot').every((row) => row['IsActive'] === 'true')).to.equal(true);
    const begun = await lab.change({ operation: 'enable', fromRun: off.folder }, stopAt('assignPermissionSet'));
    expect(begun.end.end).to.equal('signal');
    expect(ids.map(isActive)).to.deep.equal([true, true, true]);
    const on = await lab.resume(begun.folder);
    expect(on.result.counts).to.include({ planned: 3, succeeded: 3 });
    expect(ids.map(heldBy)).to.deep.equal(before);
  });

  it('that are short or gone by then end as failed rows, and everything else comes back', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    give(some);
    const off = await release([some]);
    const analytics = setId('Portal_Analytics');
    lab.org.store.update('PackageLicense', one('PackageLicense').Id, { AllowedLicenses: 0 });
    lab.org.store.remove('PermissionSet', analytics);
    const on = await back(off);
    expect(on.result.counts).to.include({ planned: 1, failed: 1 });
    expect(isActive(some)).to.equal(true);
    expect(heldBy(some).map((text) => text.split(' ')[0])).to.deep.equal([
      'PermissionSetAssignment',
      'PermissionSetLicenseAssign',
    ]);
    const [failed] = csvOf(on.folder, 'failed');
    // The first of what could not be given, then all of it by name, with the advice for each.
    expect(failed).to.include({ Step: 'Portal_Analytics', ErrorCode: 'INVALID_CROSS_REFERENCE_KEY' });
    expect(failed?.['Detail']).to.match(/^Portal_Analytics: .+ acmedocs: .+$/u);
    expect(failed?.['Advice']).to.match(/no longer exists in the org.+acmedocs|no longer exists in the org.+license/u);
    expect(on.result.steps['assignPackageLicense']).to.deep.equal({ planned: 0, done: 0, failed: 1, unknown: 0 });
  });

  it('come back, too, where a part of them could not be removed', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    give(some);
    const before = heldBy(some);
    const isDelete = ({ operation }: { readonly operation: string }): boolean => operation === 'delete';
    lab.org.rules.automation.add(validationRule('UserPackageLicense', isDelete, 'Packages stay.'));
    const off = await release([some]);
    expect(off.result.counts).to.include({ planned: 1, succeeded: 0, failed: 1 });
    expect(csvOf(off.folder, 'failed')[0]).to.include({ Step: 'acmedocs', Error: 'Packages stay.', Detail: '' });
    expect(isActive(some)).to.equal(false);
    expect(heldBy(some)).to.have.length(1);
    expect(off.result.changedInPart).to.equal(1);
    expect(waysBack(off.result)).to.deep.equal([{ purpose: 'undo', operation: 'enable', flags: [], users: 1 }]);
    const on = await back(off);
    expect(on.result.counts).to.include({ planned: 1, succeeded: 1 });
    expect(isActive(some)).to.equal(true);
    expect(heldBy(some)).to.deep.equal(before);
  });

  it('cost the calls that the plan expects: one that removes, and the question before it', async () => {
    const ids = makeUsers(lab, mainProfile, 60);
    for (const id of ids) {
      give(id);
      lab.org.store.update('User', id, { IsActive: false });
    }
    const plan = await release(ids, { dryRun: true });
    await lab.resume(plan.folder);
    const deletes = lab.org.ledger.find('DELETE', /composite\/sobjects/u).length;
    expect(deletes).to.be.above(2);
    expect(plan.result.apiBudget.calls).to.equal(2 * deletes);
  });

  it('that would have ended by now are not given back', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    lab.org.store.insert('PermissionSetAssignment', {
      ...{ AssigneeId: some, PermissionSetId: setId('Portal_Documents') },
      ExpirationDate: '2020-01-01T00:00:00.000+0000',
    });
    const off = await release([some]);
    const on = await back(off);
    expect(on.result.counts).to.include({ planned: 1, succeeded: 1 });
    expect(on.result.steps).to.have.keys(['setActive']);
    expect(heldBy(some)).to.deep.equal([]);
  });

  it('keep nothing from the new users of people who were cut off', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    give(some);
    const off = await lab.change({ mode: 'disable-portal', releaseLicenses: true, where: among([some]) });
    expect(off.end).to.deep.equal({ end: 'done' });
    expect(heldBy(some)).to.deep.equal([]);
    const [again] = csvOf(off.folder, 'create-again');
    expect(again?.['PermissionSets']).to.equal('Portal_Analytics');
    const licenses = [one('PermissionSetLicense')['MasterLabel'], one('PackageLicense')['NamespacePrefix']].join(', ');
    expect(again?.['Detail']).to.include('Portal_Documents until 2099-12-31').and.include(`assign: ${licenses}.`);
    const anew = await lab.create({ file: `${off.folder}/create-again.csv`, profile: undefined });
    expect(anew.result.permissionSets).to.include({ assigned: 1, failed: 0 });
  });

  it('go by jobs where they are many, and where the org takes none, by calls of fewer than 50 sets', async function () {
    for (const byBulk of [true, false]) {
      lab.org.switches.bulk.permissionSetAssignment = byBulk;
      const ids = makeUsers(lab, mainProfile, 120);
      ids.forEach((id) => {
        for (const name of ['Portal_Documents', 'Portal_Orders'])
          lab.org.store.insert('PermissionSetAssignment', { AssigneeId: id, PermissionSetId: setId(name) });
      });
      const off = await release(ids);
      expect(off.end).to.deep.equal({ end: 'done' });
      expect(ids.flatMap(heldBy)).to.deep.equal([]);
      for (const { resource } of lab.org.ledger.find('DELETE', /composite\/sobjects/))
        expect(resource.split(',').length).to.be.below(50);
    }
  });

  it('go by a job from 2,001 on, and where Bulk takes none, all by calls', async function () {
    const documents = setId('Portal_Documents');
    const ids = makeUsers(lab, mainProfile, 2_001);
    const licensed = { PackageLicenseId: one('PackageLicense').Id };
    const license = { PermissionSetLicenseId: one('PermissionSetLicense').Id };
    const { store } = lab.org;
    ids.forEach((id) => store.update('User', id, { IsActive: false }));
    store.update('PackageLicense', licensed.PackageLicenseId, { AllowedLicenses: -1 });
    store.update('PermissionSetLicense', license.PermissionSetLicenseId, { TotalLicenses: 5_000 });
    const giveAll = (): void => {
      store.db.exec('SAVEPOINT "given"');
      for (const id of ids) {
        store.insert('PermissionSetAssignment', { AssigneeId: id, PermissionSetId: documents });
        store.insert('PermissionSetLicenseAssign', { AssigneeId: id, ...license });
        store.insert('UserPackageLicense', { UserId: id, ...licensed });
      }
      store.db.exec('RELEASE "given"');
    };
    const jobs = (): string[] =>
      lab.org.ledger.find('POST', '/jobs/ingest').map(({ body = '{}', status }) => {
        const { object, operation } = JSON.parse(body) as Record<string, string>;
        return `${String(operation)} ${String(object)} ${String(status)}`;
      });
    const objects = ['PermissionSetAssignment', 'PermissionSetLicenseAssign', 'UserPackageLicense'];
    const where = `ContactId <> null AND IsActive = false AND Email LIKE 'made.%'`;
    for (const byBulk of [true, false]) {
      giveAll();
      lab.org.switches.bulk.permissionSetAssignment = byBulk;
      // An object alone goes by calls, too.
      lab.org.switches.bulk.userPackageLicense = byBulk;
      const before = jobs().length;
      const off = await release(ids, { where, maxUsers: 3_000 });
      expect(off.end).to.deep.equal({ end: 'done' });
      expect(off.result.counts).to.include({ planned: 2_001, succeeded: 2_001 });
      expect(ids.flatMap(heldBy)).to.deep.equal([]);
      expect(jobs().slice(before)).to.deep.equal(
        objects.map((name) => `delete ${name} ${byBulk || name === 'PermissionSetLicenseAssign' ? '200' : '400'}`),
      );
    }
  });

  it('are asked for with --mode freeze in vain', async () => {
    await lab.change({ mode: 'freeze', releaseLicenses: true, where: "Username = 'x'" }).then(
      () => expect.fail('no error'),
      (error: unknown) => expect(error).to.have.property('key', 'releaseUnused'),
    );
  });

  it('need the right to assign permission sets, which is looked at before anybody is deactivated', async () => {
    const [some = ''] = makeUsers(lab, mainProfile, 1);
    give(some);
    const plan = await release([some], { dryRun: true });
    const codes = findingsOf(plan.folder).map((finding) => ('check' in finding ? finding.check.key : finding.guard));
    expect(codes).to.not.include('assigning.missing');
    const guards: readonly Guard[] = plan.result.guards;
    expect(guards.every(({ kind }) => kind !== 'obstacle')).to.equal(true);
  });

  it('are never taken from an active user, whatever happens in between', async function () {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            wasActive: fc.boolean(),
            holds: fc.boolean(),
            again: fc.constantFrom(
              undefined,
              'removePermissionSet',
              'removePermissionSetLicense',
              'removePackageLicense',
            ),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        async (people) => {
          const ids = makeUsers(lab, mainProfile, people.length);
          for (const [n, id] of ids.entries()) {
            if (people[n]?.holds === true) give(id);
            if (people[n]?.wasActive === false) lab.org.store.update('User', id, { IsActive: false });
          }
          const whenActive = new Map<string, string[]>();
          const run = await lab.change(
            { mode: 'deactivate', releaseLicenses: true, where: among(ids) },
            {
              onEvent: (event) => {
                if (event.type !== 'begun') return;
                for (const [n, id] of ids.entries()) {
                  if (people[n]?.again !== event.kind || isActive(id) === true) continue;
                  lab.org.store.update('User', id, { IsActive: true });
                  whenActive.set(id, heldBy(id));
                }
              },
            },
          );
          expect(run.end).to.deep.equal({ end: 'done' });
          for (const id of ids) {
            if (isActive(id) === true) expect(heldBy(id)).to.deep.equal(whenActive.get(id));
            else expect(heldBy(id)).to.deep.equal([]);
          }
          const { counts } = run.result;
          expect(counts.selected).to.equal(counts.planned + counts.unchanged + counts.refused);
          expect(counts.planned).to.equal(counts.succeeded + counts.failed);
        },
      ),
      { numRuns: 12 },
    );
  });
});
