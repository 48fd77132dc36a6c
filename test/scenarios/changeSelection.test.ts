/** Which users disable and enable select: by condition, file, last login or an earlier run; and who is refused. */
import { expect } from 'chai';
import type { RunFault } from '../../lib/model/faults.js';
import { among, csvFile, expectChangeDone, expectChangeTrue, makeUsers, stateOf, differences } from './changeLab.ts';
import { csvOf, mainProfile, recordsOf, RunLab, type Run } from './runLab.ts';

describe('the selection of disable and enable', () => {
  let lab: RunLab;
  let ids: string[];
  beforeEach(async () => {
    lab = await RunLab.start();
    ids = makeUsers(lab, mainProfile, 4);
  });
  afterEach(() => lab.stop());

  const user = (id: string): Readonly<Record<string, unknown>> => lab.org.store.get('User', id) ?? {};
  const internal = (name: string): string => lab.org.world?.internalUsers.get(name) ?? '';
  const plan = (request: Parameters<RunLab['change']>[0]): Promise<Run> =>
    lab.change({ mode: 'deactivate', dryRun: true, ...request });
  /** User Id and reason of each row, in order. */
  const decisions = ({ folder }: Run): string[] =>
    recordsOf(folder).map((it) => `${String(it['userId'] ?? it['key'])} ${String(it['reason'] ?? it['action'])}`);
  const faultOf = async (run: Promise<unknown>): Promise<RunFault> => {
    const before = stateOf(lab.org);
    try {
      await run;
    } catch (error) {
      expect(differences(before, stateOf(lab.org))).to.deep.equal([]);
      return error as RunFault;
    }
    throw new Error('no fault');
  };

  describe('by --where', () => {
    it('sends the condition as written: ORDER BY, LIMIT, sub-selects', async () => {
      const made = "Account.Type = 'Made'";
      const [, , third = '', fourth = ''] = ids;
      expect(decisions(await plan({ where: `${made} ORDER BY Id DESC LIMIT 2` }))).to.deep.equal([
        `${fourth} change`,
        `${third} change`,
      ]);
      const sub = "ContactId IN (SELECT Id FROM Contact WHERE Account.Type = 'Made')";
      expect(decisions(await plan({ where: sub })).sort()).to.deep.equal(ids.map((id) => `${id} change`).sort());
      const soql = lab.org.ledger.entries.map((call) => call.soql ?? '').filter((text) => text.endsWith(sub));
      expect(soql).to.have.length(1);
      expect(soql[0]).to.match(/^SELECT Id,.* FROM User WHERE ContactId IN/);
    });

    it("names a bad condition with Salesforce's words, and leaves no folder", async () => {
      const fault = await faultOf(plan({ where: "Nickname = 'x'" }));
      expect(fault.code).to.equal('conditionRejected');
      expect(fault.facts).to.include({ flag: '--where', code: 'INVALID_FIELD' });
      expect(fault.facts['message']).to.match(/^No such column 'Nickname'/);
      expect(await faultOf(plan({ where: ' ' }))).to.include({ key: 'whereEmpty.users' });
    });

    it('refuses internal, system and guest users and the running user, whatever the condition brings', async () => {
      const guest = lab.org.store.insert('User', { Username: 'guest@acme.example', UserType: 'Guest', IsActive: true });
      const run = await lab.change({
        mode: 'deactivate',
        where: `UserType NOT IN ('CspLitePortal','PowerPartner','PowerCustomerSuccess')`,
      });
      expectChangeTrue(lab, run);
      expect(run.result.counts).to.include({ planned: 0, unchanged: 0 });
      expect(run.result.refusedByReason).to.include({ IS_RUNNING_USER: 1 });
      expect(Object.keys(run.result.refusedByReason).sort()).to.deep.equal(['IS_RUNNING_USER', 'NOT_EXTERNAL']);
      expect(csvOf(run.folder, 'refused').map((row) => row['UserId'])).to.include.members([
        guest,
        lab.org.runningUserId,
        internal('sue.support'),
      ]);
      expect(user(guest)['IsActive']).to.equal(true);
    });

    it('finds nothing, which is done; with --strict a guard', async () => {
      const none = await lab.change({ mode: 'deactivate', where: "Username = 'nobody@acme.example'" });
      expectChangeDone(lab, none);
      expect(none.result).to.deep.include({ state: 'complete' });
      expect(none.result.counts.selected).to.equal(0);
      const strict = await lab.change({ mode: 'deactivate', where: "Username = 'nobody@acme.example'", strict: true });
      expect(strict.end).to.deep.include({ end: 'guards', failures: [{ guard: 'strictEmpty', facts: {} }] });
    });
  });

  describe('by --file', () => {
    it('takes each key', async () => {
      const [a = '', b = ''] = ids;
      lab.org.store.update('User', a, { FederationIdentifier: 'Fed-A'.padEnd(512, 'x') });
      lab.org.store.update('User', b, { FederationIdentifier: 'Fed-B' });
      const keys: ReadonlyArray<readonly [string, (id: string) => string]> = [
        ['Id', (id) => id],
        ['id', (id) => id.slice(0, 15)],
        ['UserId', (id) => id],
        ['Username', (id) => String(user(id)['Username']).toUpperCase()],
        ['FederationIdentifier', (id) => String(user(id)['FederationIdentifier'])],
        ['ContactId', (id) => String(user(id)['ContactId'])],
        ['CONTACTID', (id) => String(user(id)['ContactId']).slice(0, 15)],
        ['Email', (id) => String(user(id)['Email'])],
      ];
      for (const [header, valueOf] of keys) {
        const file = csvFile(lab, [['Note', header], ...[b, a].map((id) => ['x', valueOf(id)])]);
        expect(decisions(await plan({ file })), header).to.deep.equal([`${b} change`, `${a} change`]);
      }
    });

    it('lets the first key of the header count, and no other where its cell is empty', async () => {
      const [a = '', b = '', c = ''] = ids;
      const name = (id: string): string => String(user(id)['Username']);
      const file = csvFile(lab, [
        ['Email', 'ContactId', 'Username', 'Id'],
        ['nobody@made.example', String(user(b)['ContactId']), name(c), a],
        ['nobody@made.example', String(user(c)['ContactId']), name(b), ''],
        ['nobody@made.example', String(user(c)['ContactId']), '', ''],
        // A row without a value means nothing.
        ['', '', '', ''],
        ['nobody@made.example', '', '', ' '],
      ]);
      const run = await plan({ file });
      expect(decisions(run)).to.deep.equal([`${a} change`, ...Array.from({ length: 3 }, () => ' USER_NOT_FOUND')]);
      expectChangeTrue(lab, run);
    });

    it('refuses what it can find no user for, or several, or the same twice, or an internal one', async () => {
      const [a = '', b = ''] = ids;
      lab.org.store.update('User', a, { Email: 'shared@made.example' });
      lab.org.store.update('User', b, { Email: 'shared@made.example' });
      const byEmail = await plan({ file: csvFile(lab, [['Email'], ['shared@made.example'], ['gone@made.example']]) });
      expectChangeTrue(lab, byEmail);
      expect(byEmail.result.refusedByReason).to.deep.equal({ AMBIGUOUS_KEY: 1, USER_NOT_FOUND: 1 });
      expect(csvOf(byEmail.folder, 'refused')[0]?.['Detail']).to.contain(a).and.to.contain(b);
      const rows = [
        a,
        a.slice(0, 15),
        a.toLowerCase(),
        a.replace(/[A-Z]/, (capital) => capital.toLowerCase()),
        internal('sue.support'),
        lab.org.runningUserId,
        '003000000000001',
        b,
      ];
      const byId = await plan({ file: csvFile(lab, [['Id'], ...rows.map((id) => [id])]) });
      expectChangeTrue(lab, byId);
      expect(recordsOf(byId.folder).map((it) => it['reason'])).to.deep.equal([
        null,
        'DUPLICATE_USER',
        'DUPLICATE_USER',
        'USER_NOT_FOUND',
        'NOT_EXTERNAL',
        'IS_RUNNING_USER',
        'USER_NOT_FOUND',
        null,
      ]);
      expect(csvOf(byId.folder, 'refused')[0]?.['Detail']).to.contain('Line 2 comes first');
    });

    it('names the keys that a file without any may have', async () => {
      const fault = await faultOf(
        plan({
          file: csvFile(lab, [
            ['Name', 'Phone'],
            ['x', 'y'],
          ]),
        }),
      );
      expect(fault).to.include({ key: 'noKeyColumn.users' });
      expect(fault.facts['header']).to.equal('Name, Phone');
    });

    it('takes every file that a run has written', async () => {
      const off = await lab.change({ mode: 'freeze', where: among(ids) });
      for (const name of ['users', 'succeeded', 'snapshot']) {
        const run = await plan({ file: `${off.folder}/${name}.csv`, operation: 'enable', mode: 'unfreeze' });
        expect(decisions(run), name).to.deep.equal(ids.map((id) => `${id} change`));
      }
      const again = await plan({ where: among(ids), mode: 'freeze' });
      const byUnchanged = await plan({ file: `${again.folder}/unchanged.csv` });
      expect(decisions(byUnchanged)).to.deep.equal(ids.map((id) => `${id} change`));
    });
  });

  describe('by --inactive-for', () => {
    const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    beforeEach(() => {
      const history: ReadonlyArray<readonly [number | null, number]> = [
        [100, 400],
        [80, 400],
        [null, 100],
        [null, 80],
      ];
      history.forEach(([login, made], n) =>
        lab.org.store.update('User', ids[n] ?? '', {
          LastLoginDate: login === null ? null : daysAgo(login),
          CreatedDate: daysAgo(made),
        }),
      );
      lab.org.store.update('User', internal('sue.support'), { LastLoginDate: daysAgo(500) });
    });

    it('alone: external users only; users who never logged in count from their creation', async () => {
      const run = await plan({ inactiveFor: 90, maxUsers: 1_000 });
      const selected = new Set(recordsOf(run.folder).map((it) => it['userId']));
      expect(ids.map((id) => selected.has(id))).to.deep.equal([true, false, true, false]);
      expect(selected).not.to.include(internal('sue.support'));
      for (const id of selected) expect(String(user(String(id))['UserType'])).to.match(/^(Csp|Power)/);
    });

    it('narrows --where and --file; rows that name nobody stay', async () => {
      const [a = '', b = '', c = ''] = ids;
      const expected = [`${a} change`, `${c} change`];
      expect(decisions(await plan({ inactiveFor: 90, where: among(ids) })).sort()).to.deep.equal(expected.sort());
      const file = csvFile(lab, [['Id'], ...[a, b, '005000000000zzz', c].map((id) => [id])]);
      expect(decisions(await plan({ inactiveFor: 90, file }))).to.deep.equal([
        `${a} change`,
        '005000000000zzz USER_NOT_FOUND',
        `${c} change`,
      ]);
    });

    it('is looked at again before a dry run goes on: users who have logged in since are left alone', async () => {
      const [a = '', , c = ''] = ids;
      const run = await plan({ inactiveFor: 90, where: among(ids) });
      lab.org.store.update('User', a, { LastLoginDate: daysAgo(0) });
      const done = await lab.resume(run.folder);
      expectChangeDone(lab, done);
      expect(user(a)['IsActive']).to.equal(true);
      expect(user(c)['IsActive']).to.equal(false);
      expect(done.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1 });
    });
  });

  describe('by --never-logged-in', () => {
    const daysAgo = (days: number): string => new Date(lab.org.clock.now() - days * 86_400_000).toISOString();
    beforeEach(() => {
      const history: ReadonlyArray<readonly [login: number | null, made: number]> = [
        [100, 400],
        [null, 31],
        [null, 29],
        [null, 400],
      ];
      history.forEach(([login, made], n) =>
        lab.org.store.update('User', ids[n] ?? '', {
          LastLoginDate: login === null ? null : daysAgo(login),
          CreatedDate: daysAgo(made),
        }),
      );
      lab.org.store.update('User', internal('sue.support'), { LastLoginDate: null, CreatedDate: daysAgo(500) });
    });

    it('alone: external users only, who have never logged in and were made that long ago', async () => {
      const run = await plan({ neverLoggedIn: 30, maxUsers: 1_000 });
      const selected = recordsOf(run.folder).map((it) => String(it['userId']));
      expect(ids.map((id) => selected.includes(id))).to.deep.equal([false, true, false, true]);
      for (const id of selected) {
        expect(user(id)['LastLoginDate']).to.equal(null);
        expect(String(user(id)['UserType'])).to.match(/^(Csp|Power)/);
      }
      expect(run.result.selectedBy).to.equal('neverLoggedIn');
    });

    it('narrows --where, --file and --inactive-for; rows that name nobody stay', async () => {
      const [a = '', b = '', c = '', d = ''] = ids;
      const changed = (...of: string[]): string[] => of.map((id) => `${id} change`).sort();
      expect(decisions(await plan({ neverLoggedIn: 30, where: among(ids) })).sort()).to.deep.equal(changed(b, d));
      const both = { neverLoggedIn: 30, inactiveFor: 90, where: among(ids) };
      expect(decisions(await plan(both)).sort()).to.deep.equal(changed(d));
      const file = csvFile(lab, [['Id'], ...[a, b, '005000000000zzz', c, d].map((id) => [id])]);
      expect(decisions(await plan({ neverLoggedIn: 30, file }))).to.deep.equal([
        `${b} change`,
        '005000000000zzz USER_NOT_FOUND',
        `${d} change`,
      ]);
    });

    it('counts by the clock of the org', async () => {
      lab.org.clock.advance(2 * 86_400_000);
      const run = await plan({ neverLoggedIn: 30, where: among(ids) });
      expect(decisions(run).sort()).to.deep.equal(
        ids
          .slice(1)
          .map((id) => `${id} change`)
          .sort(),
      );
    });

    it('is looked at again before a dry run goes on: users who have logged in since are left alone', async () => {
      const [, b = '', , d = ''] = ids;
      const run = await plan({ neverLoggedIn: 30, where: among(ids) });
      // Long enough ago for --inactive-for.
      lab.org.store.update('User', b, { LastLoginDate: daysAgo(30.5) });
      const done = await lab.resume(run.folder);
      expectChangeDone(lab, done);
      expect(user(b)['IsActive']).to.equal(true);
      expect(user(d)['IsActive']).to.equal(false);
      expect(done.result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1 });
    });
  });

  describe('by --from-run', () => {
    it('takes what a create run is known to have created, and tells of the rest', async () => {
      lab.org.switches.bulk.repeatBatches = 1;
      const made = await lab.create();
      const of = (created: string): unknown[] =>
        recordsOf(made.folder)
          .filter((it) => it['created'] === created)
          .map((it) => it['userId']);
      expect(of('unknown').length).to.be.above(0);
      const run = await lab.change({ mode: 'deactivate', fromRun: made.folder });
      expect(recordsOf(run.folder).map((it) => it['userId'])).to.deep.equal(of('yes'));
      const told = run.events.find((event) => event.type === 'uncertainSkipped');
      expect(told).to.include({ rows: of('unknown').length });
    });

    it('refuses the folder of another kind of run, of another org, or of none', async () => {
      const made = await lab.create();
      const off = await lab.change({ mode: 'deactivate', fromRun: made.folder });
      expect((await faultOf(plan({ fromRun: off.folder }))).code).to.equal('notACreateRun');
      expect((await faultOf(plan({ fromRun: lab.home }))).code).to.equal('notARunFolder');
      const enable = (fromRun: string): Promise<Run> => lab.change({ operation: 'enable', fromRun });
      expect((await faultOf(enable(made.folder))).code).to.equal('notADisableRun');
      const client = { ...(await lab.client()), orgId: '00D000000000009AAA' };
      const elsewhere = lab.change({ operation: 'enable', fromRun: off.folder }, { client });
      expect((await faultOf(elsewhere)).code).to.equal('otherOrg');
    });

    it('refuses a run on whose rows Salesforce still works, until a resume has recorded them', async () => {
      lab.org.switches.bulk.msInQueue = 600_000;
      const made = await lab.create({}, { wait: 0 });
      const fault = await faultOf(plan({ fromRun: made.folder }));
      const rows = recordsOf(made.folder).filter((it) => it['state'] === 'sent').length;
      expect(rows).to.be.above(0);
      expect(fault).to.deep.include({ key: 'fromRunNotFinished', facts: { folder: made.folder, rows } });
      lab.org.clock.advance(601_000);
      lab.org.switches.bulk.msInQueue = 0;
      await lab.resume(made.folder);
      const run = await lab.change({ mode: 'deactivate', fromRun: made.folder });
      expect(run.result.counts.selected).to.equal(made.result.counts.planned);
    });

    it('finds nothing in a run that has made nobody', async () => {
      const dry = await lab.create({ dryRun: true });
      const run = await lab.change({ mode: 'deactivate', fromRun: dry.folder });
      expectChangeDone(lab, run);
      expect(run.result.counts.selected).to.equal(0);
    });
  });
});
