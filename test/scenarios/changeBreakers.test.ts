/** What stops a disable or enable run, and whom it never touches. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { ChangeRunRequest } from '../../lib/operations/change.js';
import {
  among,
  csvFile,
  differences,
  expectChangeDone,
  expectChangeTrue,
  makeUsers,
  permit,
  stateOf,
} from './changeLab.ts';
import { mainProfile, recordsOf, RunLab, type Run } from './runLab.ts';

// After the lab, which makes a home of its own first.
const { ChecksFailed } = await import('../../lib/model/checkOutcome.js');

describe('the breakers of disable and enable', () => {
  let lab: RunLab;
  let ids: string[];
  beforeEach(async () => {
    lab = await RunLab.start();
    ids = makeUsers(lab, mainProfile, 4);
  });
  afterEach(() => lab.stop());

  const guardsOf = ({ end }: Run): string[] => (end.end === 'guards' ? end.failures.map(({ guard }) => guard) : []);
  const where = "Account.Type = 'Made'";

  /** Nothing was written; the plan is kept. */
  const expectStopped = async (request: Partial<ChangeRunRequest>, guard: string): Promise<Run> => {
    const before = stateOf(lab.org);
    const run = await lab.change({ mode: 'deactivate', where, ...request });
    expect(guardsOf(run)).to.deep.equal([guard]);
    expect(differences(before, stateOf(lab.org))).to.deep.equal([]);
    expectChangeTrue(lab, run);
    return run;
  };

  it('--max-users stops a plan with more users, also on resume', async () => {
    const run = await expectStopped({ maxUsers: 3 }, 'maxUsers');
    expect(guardsOf(await lab.resume(run.folder))).to.deep.equal(['maxUsers']);
    expectChangeDone(lab, await lab.resume(run.folder, { maxUsers: 4 }));
    expectChangeDone(lab, await lab.change({ operation: 'enable', fromRun: run.folder, maxUsers: 4 }));
  });

  it('--strict stops a plan with refused rows', async () => {
    await expectStopped({ strict: true, protect: [`Id = '${ids[0] ?? ''}'`] }, 'strictRefused');
  });

  it('--protect refuses who meets one of the conditions, as written', async () => {
    const [a = '', b = '', c = '', d = ''] = ids;
    const protect = [
      `Id = '${a}'`,
      `Account.Type = 'Made' AND Id IN ('${b}') ORDER BY Id LIMIT 1`,
      "Username = 'nobody'",
    ];
    const run = await lab.change({ mode: 'deactivate', where, protect });
    expectChangeDone(lab, run);
    expect(run.result.refusedByReason).to.deep.equal({ PROTECTED: 2 });
    const active = ids.filter((id) => lab.org.store.get('User', id)?.['IsActive'] === true);
    expect(active.sort()).to.deep.equal([a, b].sort());
    expect([c, d].some((id) => active.includes(id))).to.equal(false);
    expect(
      lab.org.ledger.entries.filter(({ soql }) => soql === `SELECT Id FROM User WHERE ${protect[1] ?? ''}`),
    ).to.have.length(1);
  });

  it('--protect is looked at again by resume', async () => {
    const [a = ''] = ids;
    const run = await lab.change({ mode: 'deactivate', where, protect: ["Title = 'VIP'"], dryRun: true });
    expect(run.result.counts.planned).to.equal(4);
    lab.org.store.update('User', a, { Title: 'VIP' });
    const done = await lab.resume(run.folder);
    expectChangeDone(lab, done);
    expect(done.result.refusedByReason).to.deep.equal({ PROTECTED: 1 });
    expect(lab.org.store.get('User', a)?.['IsActive']).to.equal(true);
  });

  it('a bad condition of --protect stops before anything, and is named', async () => {
    for (const [protect, code] of [
      ['Nickname = 1', 'conditionRejected'],
      [' ', 'whereEmpty'],
    ] as const) {
      const outputDir = lab.newFolder();
      try {
        await lab.change({ mode: 'deactivate', where, protect: ["Title = 'VIP'", protect], outputDir });
        expect.fail('no fault');
      } catch (error) {
        expect(error).to.include({ code });
        expect(error).to.have.nested.property('facts.flag', '--protect');
        if (code === 'conditionRejected') expect(error).to.have.nested.property('condition.where', protect);
      }
    }
  });

  it('an answer of no changes nothing', async () => {
    const before = stateOf(lab.org);
    const run = await lab.change({ mode: 'disable-portal', where }, { consent: () => Promise.resolve(false) });
    expect(run.end.end).to.equal('declined');
    expect(differences(before, stateOf(lab.org))).to.deep.equal([]);
    expectChangeDone(lab, await lab.resume(run.folder));
  });

  describe('permissions', () => {
    const checksOf = async (run: Promise<unknown>): Promise<unknown> => {
      try {
        await run;
      } catch (error) {
        if (error instanceof ChecksFailed) return error.checks.map(({ key }) => key);
        throw error;
      }
      throw new Error('no check failed');
    };

    it('are checked before anything else is done', async () => {
      permit(lab, 'ManageUsers', false);
      const enable = { operation: 'enable', where } as const;
      expect(await checksOf(lab.change({ mode: 'freeze', where }))).to.deep.equal(['freezing.hidden']);
      expect(await checksOf(lab.change({ ...enable, mode: 'unfreeze' }))).to.deep.equal(['freezing.hidden']);
      expect(await checksOf(lab.change({ ...enable, mode: 'activate' }))).to.deep.equal(['disabling.activation']);
      for (const name of ['FreezeUsers', 'ManagePartners', 'ManageCssUsers', 'ManageMyExternalUsers'])
        permit(lab, name, false);
      expect(await checksOf(lab.change({ mode: 'freeze', where }))).to.deep.equal(['freezing.missing']);
      expect(await checksOf(lab.change({ mode: 'deactivate', where }))).to.deep.equal(['disabling.missing']);
      expect(await checksOf(lab.change({ mode: 'disable-portal', where }))).to.deep.equal(['disabling.missing']);
    });

    for (const needed of [true, false]) {
      it(`less than Manage Users ${needed ? 'stops the run at the first row' : 'may suffice to deactivate'}`, async () => {
        permit(lab, 'ManageUsers', false);
        lab.org.switches.users.manageUsersForActivation = needed;
        const run = await lab.change({ mode: 'deactivate', where });
        if (!needed) return expectChangeDone(lab, run);
        expect(run.end).to.include({ end: 'org', code: 'INSUFFICIENT_ACCESS_OR_READONLY' });
        expect(run.result.counts).to.include({ pending: 4, failed: 0 });
        permit(lab, 'ManageUsers', true);
        expectChangeDone(lab, await lab.resume(run.folder));
      });
    }
  });

  describe('never, whatever flags and world', () => {
    const external = /^(CspLitePortal|PowerPartner|PowerCustomerSuccess|CustomerSuccess)$/;
    const conditions = [
      'Id != null',
      'IsActive = true',
      "UserType = 'Standard'",
      "Profile.Name = 'Acme Partner'",
      "Account.Type = 'Made'",
      "Title = 'VIP'",
      'IsActive = true LIMIT 3',
      'ContactId != null ORDER BY Username DESC LIMIT 7',
    ] as const;
    const condition = fc.constantFrom(...conditions);
    const key = fc.constantFrom('Id', 'Username', 'Email', 'ContactId', 'UserId');
    const world = fc.record({
      inactive: fc.array(fc.nat(200), { maxLength: 10 }),
      frozen: fc.array(fc.nat(200), { maxLength: 10 }),
      vip: fc.array(fc.nat(200), { maxLength: 10 }),
      longGone: fc.array(fc.nat(200), { maxLength: 10 }),
    });
    const flags = fc.record({
      mode: fc.constantFrom('freeze', 'deactivate', 'disable-portal', 'unfreeze', 'activate'),
      source: fc.constantFrom('where', 'file', 'inactiveFor', 'both'),
      where: condition,
      key,
      rows: fc.array(fc.nat(200), { minLength: 1, maxLength: 12 }),
      inactiveFor: fc.integer({ min: 1, max: 700 }),
      protect: fc.array(condition, { maxLength: 2 }),
      maxUsers: fc.integer({ min: 1, max: 60 }),
      strict: fc.boolean(),
      resumed: fc.boolean(),
      byBulk: fc.boolean(),
    });

    it('is an internal user, the running user, a protected user, or one user too many changed', async function () {
      this.timeout(300_000);
      let runsThatChanged = 0;
      await fc.assert(
        fc.asyncProperty(world, flags, async (world, flags) => {
          const { store } = lab.org;
          const users = store.find('User');
          const at = (n: number): (typeof users)[number] => users[n % users.length] ?? expect.fail('no users');
          for (const n of world.inactive)
            if (at(n).Id !== lab.org.runningUserId) store.update('User', at(n).Id, { IsActive: false });
          for (const n of world.frozen)
            for (const { Id } of store.find('UserLogin', { UserId: at(n).Id }))
              store.update('UserLogin', Id, { IsFrozen: true });
          for (const n of world.vip) store.update('User', at(n).Id, { Title: 'VIP' });
          for (const n of world.longGone) store.update('User', at(n).Id, { LastLoginDate: '2020-01-01T00:00:00.000Z' });
          lab.org.switches.bulk.userLogin = flags.byBulk;

          const isEnable = flags.mode === 'unfreeze' || flags.mode === 'activate';
          const field = flags.key === 'UserId' ? 'Id' : flags.key;
          const cells = flags.rows.map((n) => [String(at(n)[field] ?? '')]);
          const file = csvFile(lab, [[flags.key, 'Note'], ...cells.map((row) => [...row, 'x'])]);
          const source: Partial<ChangeRunRequest> = {
            where: { where: flags.where },
            file: { file },
            inactiveFor: isEnable ? { where: flags.where } : { inactiveFor: flags.inactiveFor },
            both: isEnable ? { file } : { where: flags.where, inactiveFor: flags.inactiveFor },
          }[flags.source];
          const protect = isEnable ? [] : flags.protect;
          const isProtected = new Set<string>();
          for (const text of protect) {
            const client = await lab.client();
            const answer = await client.call({
              method: 'GET',
              path: `/query?q=${encodeURIComponent(`SELECT Id FROM User WHERE ${text}`)}`,
              repeatable: true,
            });
            for (const { Id } of (JSON.parse(answer.body) as { records: Array<{ Id: string }> }).records)
              isProtected.add(Id);
          }

          const before = stateOf(lab.org);
          const { mode, maxUsers, strict } = flags;
          const operation = isEnable ? 'enable' : 'disable';
          let run = await lab.change({ operation, mode, ...source, protect, maxUsers, strict, dryRun: flags.resumed });
          if (flags.resumed) run = await lab.resume(run.folder, { allowWelcomeEmails: true });
          expectChangeTrue(lab, run);

          const touched = new Set(
            differences(before, stateOf(lab.org)).map((line) => {
              const [table = '', id = ''] = line.split(' ');
              if (table === 'UserLogin') return String(store.get('UserLogin', id)?.['UserId']);
              expect(table, line).to.match(/^(User|GroupMember)$/);
              return id;
            }),
          );
          if (touched.size > 0) runsThatChanged += 1;
          expect(touched.size).to.equal(run.result.counts.succeeded).and.to.be.at.most(maxUsers);
          for (const id of touched) {
            expect(id).not.to.equal(lab.org.runningUserId);
            expect(isProtected.has(id), `${id} is protected`).to.equal(false);
            expect(store.get('User', id)?.['UserType']).to.match(external);
          }
          expect(recordsOf(run.folder)).to.have.length(run.result.counts.selected);
        }),
        { numRuns: 60 },
      );
      // About a quarter of them change somebody; none would mean that nothing was proved.
      expect(runsThatChanged).to.be.above(0);
    });
  });

  it('counts the users that are planned, not those that are selected', async () => {
    const [a = '', b = ''] = ids;
    lab.org.store.update('User', a, { IsActive: false });
    lab.org.store.update('User', b, { IsActive: false });
    expectChangeDone(lab, await lab.change({ mode: 'deactivate', where: among(ids), maxUsers: 2 }));
  });
});
