/** disable and enable when something goes wrong, or somebody else is at work: snapshot, way back, drift, lost answers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { faultAnswers, type FaultAction, type FaultMatch } from '../simulated-org/faults.ts';
import type { SwitchChanges } from '../simulated-org/switches.ts';
import {
  among,
  csvFile,
  differences,
  expectChangeDone,
  expectChangeTrue,
  loginOf,
  makeUsers,
  stateOf,
} from './changeLab.ts';
import { csvOf, expectDone, mainProfile, RunLab, type Run } from './runLab.ts';

describe('disable and enable in trouble', () => {
  let lab: RunLab;
  let ids: string[];
  const start = async (switches: SwitchChanges = {}): Promise<void> => {
    lab = await RunLab.start({ switches });
    ids = makeUsers(lab, mainProfile, 4);
  };
  afterEach(() => lab.stop());

  const user = (id = ''): Readonly<Record<string, unknown>> => lab.org.store.get('User', id) ?? {};
  const disable = (mode: 'freeze' | 'deactivate' | 'disable-portal'): Promise<Run> =>
    lab.change({ mode, where: among(ids) });
  const undo = (run: Run): Promise<Run> => lab.change({ operation: 'enable', fromRun: run.folder });
  const faultCode = async (run: Promise<unknown>): Promise<unknown> => {
    try {
      await run;
    } catch (error) {
      return Reflect.get(Object(error), 'code');
    }
    throw new Error('no fault');
  };

  it('has the whole snapshot on disk before the first write', async () => {
    await start();
    for (const [mode, match] of [
      ['freeze', { method: 'PATCH', path: '/composite/sobjects' }],
      ['disable-portal', { method: 'POST', path: '/jobs/ingest' }],
    ] as const) {
      const outputDir = lab.newFolder();
      const before = ids.map((id) => user(id));
      let seen: unknown[] = [];
      const look = (): void => {
        seen = csvOf(outputDir, 'snapshot').map((row) => [
          row['Id'],
          row['Username'],
          row['ContactId'],
          row['ProfileId'],
        ]);
        expect(existsSync(join(outputDir, 'create-again.csv'))).to.equal(mode === 'disable-portal');
      };
      lab.org.faults.add(match, { kind: 'meanwhile', run: look });
      expectChangeDone(lab, await lab.change({ mode, where: among(ids), outputDir }));
      expect(seen).to.deep.equal(before.map((it) => [it['Id'], it['Username'], it['ContactId'], it['ProfileId']]));
      if (mode === 'freeze') expectChangeDone(lab, await lab.change({ operation: 'enable', fromRun: outputDir }));
    }
  });

  for (const keeps of [true, false]) {
    for (const renames of [true, false]) {
      it(`gives new users to who was cut off: identities ${keeps ? 'held' : 'free'}, username ${renames ? 'free' : 'held'}`, async () => {
        await start({
          users: { disabledKeepsIdentities: keeps, ...(renames ? {} : { disabledUsername: (name) => name }) },
        });
        for (const id of ids)
          lab.org.store.update('User', id, { FederationIdentifier: `fed-${id}`, CommunityNickname: `nick-${id}` });
        lab.org.store.update('User', ids[3] ?? '', { IsActive: false });
        const before = ids.map((id) => user(id));
        const off = await disable('disable-portal');
        expectChangeDone(lab, off);
        const file = join(off.folder, 'create-again.csv');
        const rows = csvOf(off.folder, 'create-again');
        rows.forEach((row, n) => {
          const old = before[n] ?? {};
          expect(row['ContactId']).to.equal(old['ContactId']);
          expect(row['Username']).to.equal(renames ? old['Username'] : '');
          expect(row['CommunityNickname']).to.equal(keeps ? '' : old['CommunityNickname']);
          expect(row['FederationIdentifier']).to.equal(keeps ? '' : old['FederationIdentifier']);
          const held = [
            ...(renames ? [] : ['Username']),
            ...(keeps ? ['FederationIdentifier', 'CommunityNickname'] : []),
          ];
          const wasInactive = old['IsActive'] === false;
          if (wasInactive) expect(row['Detail']).to.match(/was inactive, but the new one will be active/);
          if (held.length === 0) expect(row['Detail'] === '').to.equal(!wasInactive);
          else expect(row['Detail']).to.contain(held.join(', ')).and.to.contain(ids[n]);
        });
        const username = renames ? '{Email}' : '{Email}.again';
        const anew = await lab.create({ file, profile: undefined, username });
        expectDone(lab, anew);
        expect(anew.result.counts).to.include({ created: 4, refused: 0, failed: 0 });
        for (const old of before) {
          const [fresh] = lab.usersOf(String(old['ContactId']));
          expect(fresh).to.include({ ProfileId: old['ProfileId'], IsActive: true, Email: old['Email'] });
        }
      });
    }
  }

  it('says that there is no way back from disable-portal, and where the file is', async () => {
    await start();
    expect(await faultCode(undo(await disable('disable-portal')))).to.equal('noWayBack');
  });

  for (const mode of ['freeze', 'deactivate'] as const) {
    it(`takes back exactly what ${mode} left: who was changed since is refused, and who is as before has nothing to get`, async () => {
      await start();
      const off = await disable(mode);
      const [a = '', b = '', c = '', d = ''] = ids;
      if (mode === 'freeze') lab.org.store.update('UserLogin', loginOf(lab, a).Id, { IsFrozen: false });
      else lab.org.store.update('User', a, { IsActive: true });
      lab.org.store.update('User', b, { ContactId: user(c)['ContactId'] as string });
      lab.org.store.update('User', c, { ProfileId: lab.org.world?.profiles.get('Acme Customer Login') ?? null });
      const before = stateOf(lab.org);
      const back = await undo(off);
      expectChangeDone(lab, back);
      expect(back.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 2 });
      expect(back.result.unchangedByReason).to.deep.equal({ ALREADY_ENABLED: 1 });
      expect(differences(before, stateOf(lab.org))).to.have.length(1);
      expect(csvOf(back.folder, 'succeeded').map((row) => row['UserId'])).to.deep.equal([d]);
    });

    it(`looks again before a plan that takes ${mode} back goes on`, async () => {
      await start();
      const off = await disable(mode);
      const dry = await lab.change({ operation: 'enable', fromRun: off.folder, dryRun: true });
      lab.org.store.update('User', ids[0] ?? '', {
        ProfileId: lab.org.world?.profiles.get('Acme Customer Login') ?? null,
      });
      const done = await lab.resume(dry.folder, { allowWelcomeEmails: true });
      expectChangeDone(lab, done);
      expect(done.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1 });
      expect(done.result.counts.succeeded).to.equal(3);
    });
  }

  it('activates exactly the inactive users that a create run has refused', async () => {
    await start();
    const refused = (await lab.create()).folder;
    const idle = csvOf(refused, 'refused').filter((row) => row['Reason'] === 'HAS_INACTIVE_USER');
    expect(idle).to.have.length(1);
    const before = stateOf(lab.org);
    const run = await lab.change({ operation: 'enable', mode: 'activate', file: join(refused, 'refused.csv') });
    expectChangeTrue(lab, run);
    expect(differences(before, stateOf(lab.org))).to.deep.equal([`User ${idle[0]?.['UserId'] ?? ''} IsActive: 0 → 1`]);
    const byId = csvFile(lab, [
      ['Id', 'UserId'],
      [idle[0]?.['ContactId'] ?? '', idle[0]?.['UserId'] ?? ''],
    ]);
    const again = await lab.change({ operation: 'enable', mode: 'activate', file: byId });
    expect(again.result.unchangedByReason).to.deep.equal({ ALREADY_ENABLED: 1 });
  });

  it('stops before activation where licenses are short or welcome emails may go out', async () => {
    await start();
    const off = await disable('deactivate');
    const before = stateOf(lab.org);
    const mails = await lab.change({ operation: 'enable', fromRun: off.folder, allowWelcomeEmails: false });
    expect(mails.end).to.have.nested.property('failures[0].guard', 'welcomeEmails.seenFrom');
    expect(mails.result.welcomeEmails.possible).to.equal(4);
    const [license] = lab.org.store.find('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community' });
    const used = Number(license?.['UsedLicenses']);
    lab.org.store.update('UserLicense', license?.Id ?? '', { TotalLicenses: used + 3 });
    const short = await undo(off);
    expect(short.end).to.have.nested.property('failures[0].guard', 'licenses');
    expect(differences(before, stateOf(lab.org))).to.deep.equal([]);
    // UsedLicenses lags: it says short, and the count of users decides.
    lab.org.store.update('UserLicense', license?.Id ?? '', { TotalLicenses: used + 4, UsedLicenses: used + 4 });
    lab.org.switches.users.usedLicensesLag = true;
    expectChangeDone(lab, await undo(off));
  });

  it('keeps what is missing when licenses run out in the middle, and goes on', async () => {
    await start();
    const off = await disable('deactivate');
    const [license] = lab.org.store.find('UserLicense', { LicenseDefinitionKey: 'PID_Customer_Community' });
    const used = Number(license?.['UsedLicenses']);
    const seats = (TotalLicenses: number): void =>
      lab.org.store.update('UserLicense', license?.Id ?? '', { TotalLicenses });
    lab.org.faults.add({ method: 'POST', path: '/jobs/ingest' }, { kind: 'meanwhile', run: () => seats(used + 2) });
    const run = await undo(off);
    expect(run.end.end).to.equal('licenses');
    expectChangeTrue(lab, run);
    expect(run.result.counts).to.include({ succeeded: 2, pending: 2, failed: 0 });
    seats(used + 4);
    expectChangeDone(lab, await lab.resume(run.folder));
  });

  it('refuses portal administrators, who can be frozen', async () => {
    await start();
    lab.org.switches.users.portalAdministrators.add(ids[0] ?? '');
    for (const mode of ['deactivate', 'disable-portal'] as const) {
      const run = await disable(mode);
      expectChangeDone(lab, run);
      expect(run.result.refusedByReason).to.deep.equal({ PORTAL_ADMINISTRATOR: 1 });
      expect(csvOf(run.folder, 'refused')[0]?.['Advice']).to.contain(`--mode freeze --where "Id = '${ids[0] ?? ''}'"`);
      expect(user(ids[0])).to.include({ IsActive: true, IsPortalEnabled: true });
    }
    ids.splice(1);
    expectChangeDone(lab, await disable('freeze'));
  });

  it('fails the users of a closed standard profile alone', async () => {
    await start();
    ids.push(...makeUsers(lab, 'Customer Community User', 2));
    const run = await disable('deactivate');
    expectChangeDone(lab, run);
    expect(run.result.counts).to.include({ succeeded: 4, failed: 2 });
    expect(csvOf(run.folder, 'failed')[0]?.['Advice']).to.contain('Allow using standard external profiles');
  });

  describe('drift between dry run and resume', () => {
    const kinds: ReadonlyArray<readonly [string, (id: string) => void, Record<string, number>]> = [
      ['done by somebody else', (id) => lab.org.store.update('User', id, { IsActive: false }), { unchanged: 1 }],
      ['became internal', (id) => lab.org.store.update('User', id, { UserType: 'Standard' }), { refused: 1 }],
    ];
    for (const [what, change, counts] of kinds) {
      it(what, async () => {
        await start();
        const dry = await lab.change({ mode: 'deactivate', where: among(ids), dryRun: true });
        change(ids[1] ?? '');
        const done = await lab.resume(dry.folder);
        expectChangeDone(lab, done);
        expect(done.result.counts).to.include({ succeeded: 3, ...counts });
      });
    }
  });

  it('goes on from a stop at any event, and does nothing twice', async () => {
    await start();
    for (const mode of ['freeze', 'deactivate', 'disable-portal'] as const) {
      for (let nth = 1; ; nth++) {
        const [id = ''] = makeUsers(lab, mainProfile, 1);
        const before = stateOf(lab.org);
        let events = 0;
        const run = await lab.change(
          { mode, where: among([id]) },
          {
            onEvent: (event, stop) => {
              if (['jobPlanned', 'stage', 'read', 'planned'].includes(event.type) && event.type !== 'jobPlanned')
                return;
              if (++events === nth) stop.request('signal');
            },
          },
        );
        if (events < nth) break;
        expectChangeTrue(lab, run);
        const done = await lab.resume(run.folder);
        expectChangeDone(lab, done);
        expect(done.result.counts).to.include({ succeeded: 1, failed: 0 });
        expect(differences(before, stateOf(lab.org)).filter((line) => !line.includes(id))).to.have.length(
          mode === 'freeze' ? 1 : 0,
        );
      }
    }
  });

  it('counts a freeze whose answer was lost as its own, and takes it back', async () => {
    await start();
    const fault = lab.org.faults.add(
      { method: 'PATCH', path: '/composite/sobjects', times: Infinity },
      { kind: 'dropAfter' },
    );
    const run = await disable('freeze');
    expect(run.end.end).to.equal('call');
    expect(run.result.counts).to.include({ pending: 4 });
    expect(ids.every((id) => loginOf(lab, id)['IsFrozen'] === true)).to.equal(true);
    lab.org.faults.remove(fault);
    const done = await lab.resume(run.folder);
    expectChangeDone(lab, done);
    expect(done.result.counts).to.include({ succeeded: 4, unchanged: 0 });
    expectChangeDone(lab, await undo(done));
    expect(ids.every((id) => loginOf(lab, id)['IsFrozen'] === false)).to.equal(true);
  });

  it('does not count what a colleague has frozen meanwhile as its own, and does not take it back', async () => {
    await start();
    const fault = lab.org.faults.add(
      { method: 'PATCH', path: '/composite/sobjects', times: Infinity },
      { kind: 'dropBefore' },
    );
    const { end, folder } = await disable('freeze');
    expect(end.end).to.equal('call');
    lab.org.faults.remove(fault);
    const [colleague, theirs] = [lab.org.world?.internalUsers.get('second.admin') ?? '', ids.slice(0, 2)];
    const rows = theirs.map((id) => ({ Id: loginOf(lab, id).Id, IsFrozen: true }));
    const work = { sobject: 'UserLogin', operation: 'update', rows, runningUserId: colleague, lockOwner: 'colleague' };
    expect(lab.org.executeDml({ ...work, operation: 'update' }).map(({ success }) => success)).to.deep.equal([
      true,
      true,
    ]);
    const done = await lab.resume(folder);
    expectChangeDone(lab, done);
    expect(done.result.counts).to.include({ succeeded: 2, unchanged: 2 });
    expect(done.result.unchangedByReason).to.deep.equal({ ALREADY_DISABLED: 2 });
    expectChangeDone(lab, await undo(done));
    expect(ids.map((id) => loginOf(lab, id)['IsFrozen'])).to.deep.equal([true, true, false, false]);
  });

  it('counts a freeze of another administrator who resumed the run as its own', async () => {
    await start();
    const lose = (kind: 'dropBefore' | 'dropAfter'): ReturnType<typeof lab.org.faults.add> =>
      lab.org.faults.add({ method: 'PATCH', path: '/composite/sobjects', times: Infinity }, { kind });
    const before = lose('dropBefore');
    const { folder } = await disable('freeze');
    lab.org.faults.remove(before);
    const after = lose('dropAfter');
    const token = lab.org.session.login(lab.org.world?.internalUsers.get('second.admin') ?? '');
    expect((await lab.resume(folder, { token })).end.end).to.equal('call');
    lab.org.faults.remove(after);
    const done = await lab.resume(folder);
    expectChangeDone(lab, done);
    expect(done.result.counts).to.include({ succeeded: 4, unchanged: 0 });
  });

  const gone: FaultAction = faultAnswers.gone();
  const results: FaultMatch = { method: 'GET', path: /Results$|unprocessedrecords$/, times: 3 };
  const troubles: ReadonlyArray<readonly [string, () => void]> = [
    ['results that are gone', () => lab.org.faults.add(results, gone)],
    ['an upload cut off', () => lab.org.faults.add({ method: 'PUT' }, { kind: 'dropBefore' })],
    ['an upload whose answer is lost', () => lab.org.faults.add({ method: 'PUT' }, { kind: 'dropAfter' })],
    ['a job that fails half-way', () => (lab.org.switches.bulk.failNextJobAfterRows = 2)],
    [
      'a job with rows in none of its results',
      () => Object.assign(lab.org.switches.bulk, { failNextJobAfterRows: 2, failNextJobUnrecordedAfter: 1 }),
    ],
    ['a job that is aborted half-way', () => (lab.org.switches.bulk.abortNextJobAfterRows = 2)],
    ['a batch that is repeated', () => (lab.org.switches.bulk.repeatBatches = 1)],
    ['failed rows without an Id', () => (lab.org.switches.bulk.failedUpdateKeepsId = false)],
  ];
  for (const [what, happen] of troubles) {
    it(`survives ${what}`, async () => {
      await start({ bulk: { rowsPerChunk: 1 } });
      for (const mode of ['deactivate', 'disable-portal'] as const) {
        happen();
        const run = await disable(mode);
        expectChangeDone(lab, run);
        expect(run.result.counts).to.include({ succeeded: 4, failed: 0 });
        lab.org.faults.clear();
        if (mode === 'deactivate') expectChangeDone(lab, await undo(run));
      }
    });
  }

  it('ends resumable when the session is gone', async () => {
    await start();
    lab.org.faults.add({ method: 'PUT' }, { kind: 'meanwhile', run: () => lab.org.session.expire() });
    const run = await disable('deactivate');
    expect(run.end.end).to.equal('call');
    expectChangeTrue(lab, run);
    const token = lab.org.session.login(lab.org.runningUserId);
    expectChangeDone(lab, await lab.resume(run.folder, { token }));
    expect(ids.every((id) => user(id)['IsActive'] === false)).to.equal(true);
  });
});
