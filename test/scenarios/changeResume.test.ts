/** What a resume of disable and enable must never do: write anew without looking again at what it writes to. */
import { expect } from 'chai';
import { faultAnswers } from '../simulated-org/faults.ts';
import { expectChangeDone, loginOf, makeUsers } from './changeLab.ts';
import { csvOf, mainProfile, RunLab } from './runLab.ts';

const where = "Account.Type = 'Made'";

describe('resume of disable and enable', () => {
  let lab: RunLab;
  let ids: string[];
  beforeEach(async () => {
    lab = await RunLab.start();
    ids = makeUsers(lab, mainProfile, 4);
  });
  afterEach(() => lab.stop());

  const vip = 0;
  const user = (n: number): Readonly<Record<string, unknown>> => lab.org.store.get('User', ids[n] ?? '') ?? {};
  const change = (n: number, values: Record<string, string>): void => {
    lab.org.store.update('User', ids[n] ?? '', values);
  };
  /** The process dies at an event; nothing after it happens. @returns the run folder */
  async function killed(type: string, request: Parameters<RunLab['change']>[0]): Promise<string> {
    const outputDir = lab.newFolder();
    const died = new Error('killed');
    const onEvent = (event: { readonly type: string }): void => {
      if (event.type === type) throw died;
    };
    await lab.change({ where, outputDir, ...request }, { onEvent }).then(
      () => expect.fail('was not killed'),
      (error: unknown) => {
        expect(error).to.equal(died);
      },
    );
    return outputDir;
  }

  const protect = ["Title = 'VIP'"];
  const stops: ReadonlyArray<readonly [string, () => Promise<string>]> = [
    ['a process that died before it made its job', () => killed('jobPlanned', { mode: 'disable-portal', protect })],
    [
      'a session that ended before the upload',
      async () => {
        const fault = lab.org.faults.add({ method: 'PUT', times: Infinity }, faultAnswers.sessionExpired());
        const run = await lab.change({ mode: 'disable-portal', where, protect });
        expect(run.end.end).to.equal('call');
        lab.org.faults.remove(fault);
        return run.folder;
      },
    ],
  ];
  for (const [stop, begin] of stops) {
    it(`after ${stop} leaves a user who is protected by now, and keeps what the others are now`, async () => {
      const folder = await begin();
      change(vip, { Title: 'VIP' });
      change(1, { FirstName: 'Changed' });
      const run = await lab.resume(folder);
      expectChangeDone(lab, run);
      expect(run.result.refusedByReason).to.deep.equal({ PROTECTED: 1 });
      expect(ids.map((_, n) => user(n)['IsPortalEnabled'])).to.deep.equal([true, false, false, false]);
      const again = csvOf(folder, 'create-again').find((row) => row['FirstName'] === 'Changed');
      expect(again).to.not.equal(undefined);
    });
  }

  it('asks what became of a call whose answer was lost, and looks again at the rest', async () => {
    const fault = lab.org.faults.add(
      { method: 'PATCH', path: '/composite/sobjects', times: Infinity },
      faultAnswers.sessionExpired(),
    );
    const stopped = await lab.change({ mode: 'freeze', where, protect });
    lab.org.faults.remove(fault);
    change(vip, { Title: 'VIP' });
    const run = await lab.resume(stopped.folder);
    expectChangeDone(lab, run);
    expect(run.result.refusedByReason).to.deep.equal({ PROTECTED: 1 });
    expect(ids.map((id) => loginOf(lab, id)['IsFrozen'])).to.deep.equal([false, true, true, true]);
  });

  it('holds to the guards as long as nothing was sent', async () => {
    const folder = await killed('begun', { mode: 'deactivate' });
    const run = await lab.resume(folder, { maxUsers: 1 });
    expect(run.end.end).to.equal('guards');
    expect(ids.map((_, n) => user(n)['IsActive'])).to.deep.equal([true, true, true, true]);
  });

  it('goes on although the org once did not know its open job', async () => {
    lab.org.faults.add({ method: 'PUT' }, { kind: 'dropBefore' });
    lab.org.faults.add({ method: 'GET', path: /^\/jobs\/ingest\/\w+$/ }, faultAnswers.gone());
    const run = await lab.change({ mode: 'deactivate', where });
    expectChangeDone(lab, run);
    expect(ids.map((_, n) => user(n)['IsActive'])).to.deep.equal([false, false, false, false]);
  });
});

describe('disable in odd orgs', () => {
  let lab: RunLab;
  let ids: string[];
  beforeEach(async () => {
    lab = await RunLab.start();
    ids = makeUsers(lab, mainProfile, 3);
  });
  afterEach(() => lab.stop());

  for (const field of ['FederationIdentifier', 'CommunityNickname']) {
    it(`cuts users off where User.${field} is hidden`, async () => {
      lab.org.switches.hiddenFields.push(`User.${field}`);
      const run = await lab.change({ mode: 'disable-portal', where });
      expect(run.end.end).to.equal('done');
      expect(run.result.counts.succeeded).to.equal(ids.length);
    });
  }

  for (const [flag, days] of [
    ['--inactive-for', { inactiveFor: 30 }],
    ['--never-logged-in', { neverLoggedIn: 30 }],
  ] as const) {
    it(`selects nobody by a last login that is hidden: ${flag}`, async () => {
      lab.org.switches.hiddenFields.push('User.LastLoginDate');
      const outputDir = lab.newFolder();
      const ended = await lab
        .change({ mode: 'deactivate', where, ...days, outputDir })
        .catch((error: unknown) => error);
      expect(ended).to.deep.include({ code: 'lastLoginHidden', facts: { flag } });
      for (const id of ids) expect(lab.org.store.get('User', id)?.['IsActive']).to.equal(true);
    });
  }

  it('fails who is still active after being cut off', async () => {
    lab.org.switches.users.disablingDeactivates = false;
    const run = await lab.change({ mode: 'disable-portal', where });
    expect(run.result.failedByCode).to.deep.equal({ NOT_CUT_OFF: ids.length });
    expect(csvOf(run.folder, 'failed')[0]?.['Advice']).to.match(/--mode deactivate/);
  });

  it('a row that is refused beside others that succeed has failed, and holds nothing up', async () => {
    const [first = ''] = ids;
    lab.org.rules.automation.add({
      sobject: 'User',
      judge: ({ record }) =>
        record['Id'] === first
          ? { code: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'insufficient access rights on object id', fields: [] }
          : undefined,
    });
    const run = await lab.change({ mode: 'deactivate', where });
    expect(run.end.end).to.equal('done');
    expect(run.result.counts).to.include({ succeeded: 2, failed: 1, pending: 0 });
  });

  it('names a permission set by its Id where a group has the same name, so that create knows which is meant', async () => {
    const [first = ''] = ids;
    const { store } = lab.org;
    const PermissionSetId = store.insert('PermissionSet', { Name: 'Same', Label: 'Same', IsOwnedByProfile: false });
    store.insert('PermissionSetGroup', { DeveloperName: 'Same', MasterLabel: 'Same' });
    store.insert('PermissionSetAssignment', { AssigneeId: first, PermissionSetId });
    const contactId = String(store.get('User', first)?.['ContactId']);
    const off = await lab.change({ mode: 'disable-portal', where: `Id = '${first}'` });
    const anew = await lab.create({ file: `${off.folder}/create-again.csv`, profile: undefined });
    expect(anew.result.counts).to.include({ created: 1, refused: 0, failed: 0 });
    const [fresh] = lab.usersOf(contactId);
    const held = store.find('PermissionSetAssignment', { AssigneeId: fresh?.Id ?? '' });
    expect(held.map((row) => row['PermissionSetId'])).to.include(PermissionSetId);
  });
});
