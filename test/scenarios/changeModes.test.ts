/** Each mode does to each kind of user what it says, and nothing else in the org. */
import { expect } from 'chai';
import type { Mode } from '../../lib/model/modes.js';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { among, csvFile, differences, expectChangeDone, loginOf, makeUsers, stateOf, writesOf } from './changeLab.ts';
import { csvOf, recordsOf, RunLab } from './runLab.ts';

const kinds = {
  'high-volume': 'Acme Customer Portal',
  'role-based customer': 'Acme Customer Plus',
  partner: 'Acme Partner',
} as const;

describe('the modes of disable and enable', () => {
  let lab: RunLab;
  const start = async (options: SimulatedOrgOptions = {}): Promise<void> => {
    lab = await RunLab.start(options);
  };
  afterEach(() => lab.stop());

  const user = (id: string): Readonly<Record<string, unknown>> => lab.org.store.get('User', id) ?? {};
  const usedSeats = (): number =>
    lab.org.store.find('UserLicense').reduce((sum, license) => sum + Number(license['UsedLicenses']), 0);

  for (const [kind, profile] of Object.entries(kinds)) {
    it(`freeze and unfreeze ${kind} users`, async () => {
      await start();
      const ids = makeUsers(lab, profile, 3);
      const before = stateOf(lab.org);
      const off = await lab.change({ mode: 'freeze', where: among(ids) });
      expectChangeDone(lab, off);
      const frozen = ids.map((id) => `UserLogin ${loginOf(lab, id).Id} IsFrozen: 0 → 1`).sort();
      expect(differences(before, stateOf(lab.org))).to.deep.equal(frozen);
      const back = await lab.change({ operation: 'enable', fromRun: off.folder });
      expectChangeDone(lab, back);
      expect(back.result.counts).to.include({ planned: 3, succeeded: 3 });
      expect(differences(before, stateOf(lab.org))).to.deep.equal([]);
    });

    it(`deactivate and activate ${kind} users`, async () => {
      await start();
      const ids = makeUsers(lab, profile, 3);
      const before = stateOf(lab.org);
      expectChangeDone(lab, await lab.change({ mode: 'deactivate', where: among(ids) }));
      const seats = usedSeats();
      expect(differences(before, stateOf(lab.org))).to.deep.equal(ids.map((id) => `User ${id} IsActive: 1 → 0`).sort());
      const back = await lab.change({ operation: 'enable', mode: 'activate', where: among(ids) });
      expectChangeDone(lab, back);
      expect(differences(before, stateOf(lab.org))).to.deep.equal([]);
      expect(usedSeats()).to.equal(seats + 3);
      expect(back.result.licenses.map(({ needed }) => needed)).to.deep.equal([3]);
    });

    it(`cut ${kind} users off, with the one field alone`, async () => {
      await start();
      const ids = makeUsers(lab, profile, 3);
      const before = stateOf(lab.org);
      const old = new Map(ids.map((id) => [id, user(id)]));
      const off = await lab.change({ mode: 'disable-portal', where: among(ids) });
      expectChangeDone(lab, off);
      const lost = ids.flatMap((id) => {
        const { ContactId, AccountId, Username, UserRoleId } = old.get(id) ?? {};
        const role = typeof UserRoleId === 'string' ? [`User ${id} UserRoleId: ${UserRoleId} → null`] : [];
        return [
          `User ${id} AccountId: ${String(AccountId)} → null`,
          `User ${id} ContactId: ${String(ContactId)} → null`,
          `User ${id} IsActive: 1 → 0`,
          `User ${id} IsPortalEnabled: 1 → 0`,
          `User ${id} Username: ${String(Username)} → ${String(user(id)['Username'])}`,
          ...role,
        ];
      });
      expect(differences(before, stateOf(lab.org))).to.deep.equal(lost.sort());
      expect(writesOf(lab).map((write) => Object.keys(write))).to.deep.equal(ids.map(() => ['Id', 'IsPortalEnabled']));
      const snapshot = csvOf(off.folder, 'snapshot');
      for (const row of snapshot) {
        const { ContactId, AccountId, Username, UserRoleId } = old.get(row['Id'] ?? '') ?? {};
        expect(row).to.include({ ContactId, AccountId, Username, UserRoleId: UserRoleId ?? '', IsActive: 'true' });
        expect(row['PortalRole']).to.equal(UserRoleId === null ? '' : 'Worker');
      }
    });
  }

  it('write one field a row, whatever the mode', async () => {
    await start();
    const ids = Object.values(kinds).flatMap((profile) => makeUsers(lab, profile, 2));
    const fields = {
      freeze: 'IsFrozen',
      unfreeze: 'IsFrozen',
      deactivate: 'IsActive',
      activate: 'IsActive',
      'disable-portal': 'IsPortalEnabled',
    };
    for (const mode of ['freeze', 'unfreeze', 'deactivate', 'activate', 'disable-portal'] as const) {
      lab.org.ledger.clear();
      const operation = mode === 'unfreeze' || mode === 'activate' ? 'enable' : 'disable';
      expectChangeDone(lab, await lab.change({ operation, mode, where: among(ids) }));
      expect(writesOf(lab)).to.have.length(ids.length);
      for (const write of writesOf(lab)) expect(Object.keys(write), mode).to.deep.equal(['Id', fields[mode]]);
    }
  });

  describe('by collections or by jobs', () => {
    it('freeze up to 2,000 users by collections, whatever Bulk takes', async () => {
      await start();
      const ids = makeUsers(lab, kinds['high-volume'], 401);
      for (const byBulk of [true, false]) {
        lab.org.switches.bulk.userLogin = byBulk;
        lab.org.ledger.clear();
        const off = await lab.change({ mode: 'freeze', where: "Account.Type = 'Made'" });
        expectChangeDone(lab, off);
        expect(off.result.counts.succeeded).to.equal(401);
        expect(lab.count('POST', /^\/jobs\/ingest/)).to.equal(0);
        expect(lab.count('PATCH', /^\/composite\/sobjects/)).to.equal(3);
        expectChangeDone(lab, await lab.change({ operation: 'enable', fromRun: off.folder }));
        expect(ids.every((id) => loginOf(lab, id)['IsFrozen'] === false)).to.equal(true);
      }
    });

    for (const byBulk of [true, false]) {
      it(`freeze more than that ${byBulk ? 'by jobs' : 'by collections where Bulk refuses UserLogin'}`, async () => {
        await start({ switches: { bulk: { userLogin: byBulk } } });
        const ids = makeUsers(lab, kinds['high-volume'], 2_002);
        const off = await lab.change({ mode: 'freeze', where: "Account.Type = 'Made'", maxUsers: 3_000 });
        expectChangeDone(lab, off);
        expect(off.result.counts.succeeded).to.equal(2_002);
        expect(ids.every((id) => loginOf(lab, id)['IsFrozen'] === true)).to.equal(true);
        // The canary, and one job for the rest.
        expect(off.result.jobs.map(({ rows }) => rows)).to.deep.equal(byBulk ? [1, 2_001] : []);
        expect(lab.count('PATCH', /^\/composite\/sobjects/)).to.equal(byBulk ? 0 : 11);
        expect(writesOf(lab)).to.have.length(2_002);
      });
    }
  });

  it('leave who is in the wanted state as it is, and say so', async () => {
    await start();
    const ids = makeUsers(lab, kinds['role-based customer'], 4);
    const [frozen = '', inactive = '', cutOff = '', active = ''] = ids;
    lab.org.store.update('UserLogin', loginOf(lab, frozen).Id, { IsFrozen: true });
    lab.org.store.update('User', inactive, { IsActive: false });
    expectChangeDone(lab, await lab.change({ mode: 'disable-portal', where: among([cutOff]) }));
    const file = csvFile(lab, [['Id'], ...ids.map((id) => [id])]);
    const plan = async (mode: Mode): Promise<Array<readonly [unknown, unknown, unknown]>> => {
      const operation = mode === 'unfreeze' || mode === 'activate' ? 'enable' : 'disable';
      const run = await lab.change({ operation, mode, file, dryRun: true });
      return recordsOf(run.folder).map((it) => [it['action'], it['reason'], it['detailText']] as const);
    };
    const change = ['change', null, null];
    const unchanged = (reason: string, text: string): string[] => ['unchanged', reason, text];
    expect(await plan('freeze')).to.deep.equal([
      unchanged('ALREADY_DISABLED', 'freeze'),
      unchanged('ALREADY_DISABLED', 'inactive'),
      unchanged('ALREADY_DISABLED', 'inactive'),
      change,
    ]);
    expect(await plan('deactivate')).to.deep.equal([
      change,
      unchanged('ALREADY_DISABLED', 'deactivate'),
      unchanged('ALREADY_DISABLED', 'deactivate'),
      change,
    ]);
    expect(await plan('disable-portal')).to.deep.equal([
      change,
      change,
      unchanged('ALREADY_DISABLED', 'disable-portal'),
      change,
    ]);
    expect(await plan('unfreeze')).to.deep.equal([
      change,
      ...[2, 3, 4].map(() => unchanged('ALREADY_ENABLED', 'unfreeze')),
    ]);
    expect(await plan('activate')).to.deep.equal([
      unchanged('ALREADY_ENABLED', 'activate'),
      change,
      ['refused', 'NOT_EXTERNAL', 'cutOff'],
      unchanged('ALREADY_ENABLED', 'activate'),
    ]);
    expect(user(active)['IsActive']).to.equal(true);
  });
});
