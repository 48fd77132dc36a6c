/** The org goes on while a disable or enable run stands still: what it does on resume is right by then. */
import { expect } from 'chai';
import type { Mode } from '../../../lib/model/modes.js';
import {
  among,
  differences,
  expectChangeDone,
  expectChangeTrue,
  loginOf,
  makeUsers,
  stateOf,
} from '../../scenarios/changeLab.ts';
import { csvOf, recordsOf, RunLab, type Run } from '../../scenarios/runLab.ts';

const profile = 'Acme Customer Plus';
const modes = ['freeze', 'deactivate', 'disable-portal', 'unfreeze', 'activate'] as const;

describe('users that change while a run stands still', () => {
  let lab: RunLab;
  let ids: string[];
  afterEach(() => lab.stop());

  const update = (id: string, values: Record<string, string | boolean | null>): void =>
    lab.org.store.update('User', id, values);
  const freeze = (id: string, IsFrozen: boolean): void =>
    lab.org.store.update('UserLogin', loginOf(lab, id).Id, { IsFrozen });
  const operationOf = (mode: Mode): 'enable' | 'disable' =>
    mode === 'activate' || mode === 'unfreeze' ? 'enable' : 'disable';

  /** Five users for whom the mode has something to do. */
  async function start(mode: Mode): Promise<void> {
    lab = await RunLab.start();
    ids = makeUsers(lab, profile, 5);
    for (const id of ids) {
      if (mode === 'unfreeze') freeze(id, true);
      if (mode === 'activate') update(id, { IsActive: false });
    }
  }

  const request = (mode: Mode): Parameters<RunLab['change']>[0] => ({
    operation: operationOf(mode),
    mode,
    where: among(ids),
  });

  /** A plan of which nothing is done, or what a job did before it failed. */
  const stoppings: ReadonlyArray<readonly [string, (mode: Mode) => Promise<Run>]> = [
    ['after a dry run', (mode) => lab.change({ ...request(mode), dryRun: true })],
    [
      'in the middle',
      (mode) => {
        Object.assign(lab.org.switches.bulk, { rowsPerChunk: 1, failNextJobAfterRows: 2 });
        return lab.change(request(mode), {
          onEvent: ({ type }, stop) => type === 'jobCollected' && stop.request('signal'),
        });
      },
    ],
  ];

  const undone = (run: Run): string[] =>
    recordsOf(run.folder)
      .filter((record) => record['state'] === 'planned')
      .map((record) => String(record['userId']));

  type Drift = {
    readonly what: string;
    readonly modes: readonly Mode[];
    readonly happen: (id: string) => void;
    readonly found: Partial<Record<'refusedByReason' | 'unchangedByReason', Record<string, number>>>;
  };
  const drifts: readonly Drift[] = [
    {
      what: 'is gone',
      modes,
      happen: (id) => {
        lab.org.store.remove('UserLogin', loginOf(lab, id).Id);
        lab.org.store.remove('User', id);
      },
      found: { refusedByReason: { USER_NOT_FOUND: 1 } },
    },
    {
      what: 'was frozen by somebody else',
      modes: ['freeze'],
      happen: (id) => freeze(id, true),
      found: { unchangedByReason: { ALREADY_DISABLED: 1 } },
    },
    {
      what: 'was deactivated by somebody else',
      modes: ['freeze', 'deactivate'],
      happen: (id) => update(id, { IsActive: false }),
      found: { unchangedByReason: { ALREADY_DISABLED: 1 } },
    },
    {
      what: 'was let in by somebody else',
      modes: ['unfreeze', 'activate'],
      happen: (id) => {
        freeze(id, false);
        update(id, { IsActive: true });
      },
      found: { unchangedByReason: { ALREADY_ENABLED: 1 } },
    },
    {
      what: 'was cut off by somebody else',
      modes: ['deactivate', 'disable-portal'],
      happen: (id) => update(id, { IsActive: false, IsPortalEnabled: false, ContactId: null, AccountId: null }),
      found: { unchangedByReason: { ALREADY_DISABLED: 1 } },
    },
    {
      what: 'was cut off by somebody else',
      modes: ['activate'],
      happen: (id) => update(id, { IsPortalEnabled: false, ContactId: null, AccountId: null }),
      found: { refusedByReason: { NOT_EXTERNAL: 1 } },
    },
    {
      what: 'became internal',
      modes,
      happen: (id) => update(id, { UserType: 'Standard' }),
      found: { refusedByReason: { NOT_EXTERNAL: 1 } },
    },
  ];
  for (const [when, stopping] of stoppings) {
    for (const { what, modes: concerned, happen, found } of drifts) {
      for (const mode of concerned) {
        // Five logins go in one call: there is no middle.
        if (when === 'in the middle' && (mode === 'freeze' || mode === 'unfreeze')) continue;
        it(`${mode}, ${when}: one of them ${what}`, async () => {
          await start(mode);
          const stopped = await stopping(mode);
          const left = undone(stopped);
          const already = stopped.result.counts.succeeded;
          expect(left.length + already).to.equal(5);
          expect(left.length).to.be.above(1);
          const [drifted = ''] = left;
          happen(drifted);
          const before = stateOf(lab.org);
          const done = await lab.resume(stopped.folder, { allowWelcomeEmails: true });
          expectChangeDone(lab, done);
          expect(done.result.counts).to.include({ selected: 5, succeeded: 4, failed: 0 });
          expect(done.result.refusedByReason).to.deep.equal(found.refusedByReason ?? {});
          expect(done.result.unchangedByReason).to.deep.equal(found.unchangedByReason ?? {});
          const login = lab.org.store.find('UserLogin', { UserId: drifted })[0]?.Id ?? drifted;
          const touched = differences(before, stateOf(lab.org)).filter(
            (line) => line.includes(drifted) || line.includes(login),
          );
          expect(touched).to.deep.equal([]);
          expect(csvOf(done.folder, 'snapshot').map((row) => row['Id'])).to.not.include(drifted);
        });
      }
    }

    it(`deactivate, ${when}: one of them was frozen, which is kept and undone by nobody`, async () => {
      await start('deactivate');
      const stopped = await stoppingOf(when)('deactivate');
      const [frozen = ''] = undone(stopped);
      freeze(frozen, true);
      const done = await lab.resume(stopped.folder);
      expectChangeDone(lab, done);
      expect(done.result.counts.succeeded).to.equal(5);
      const back = await lab.change({ operation: 'enable', fromRun: done.folder });
      expectChangeDone(lab, back);
      expect(back.result.counts.succeeded).to.equal(5);
      expect(ids.filter((id) => loginOf(lab, id)['IsFrozen'] === true)).to.deep.equal([frozen]);
    });

    it(`disable-portal, ${when}: the snapshot holds what the user was at last`, async () => {
      await start('disable-portal');
      const stopped = await stoppingOf(when)('disable-portal');
      const [renamed = ''] = undone(stopped);
      update(renamed, { Email: 'new@made.example', FederationIdentifier: 'fed-new' });
      const done = await lab.resume(stopped.folder);
      expectChangeDone(lab, done);
      const row = csvOf(done.folder, 'snapshot').find(({ Id }) => Id === renamed);
      expect(row).to.include({ Email: 'new@made.example', FederationIdentifier: 'fed-new' });
    });
  }
  const stoppingOf = (when: string): ((mode: Mode) => Promise<Run>) =>
    stoppings.find(([name]) => name === when)?.[1] ?? expect.fail(when);

  for (const [what, protect, move] of [
    ['by a field of its own', "Title = 'VIP'", (id: string) => update(id, { Title: 'VIP' })],
    [
      'by its account',
      "Account.Type = 'Key'",
      (id: string) =>
        lab.org.store.update('Account', String(lab.org.store.get('User', id)?.['AccountId']), { Type: 'Key' }),
    ],
  ] as const) {
    for (const mode of ['freeze', 'deactivate', 'disable-portal'] as const) {
      it(`${mode}: one of them came under --protect ${what}, another one left it`, async () => {
        await start(mode);
        const [comes = '', leaves = ''] = ids;
        move(leaves);
        const dry = await lab.change({ ...request(mode), protect: [protect], dryRun: true });
        expect(dry.result.refusedByReason).to.deep.equal({ PROTECTED: 1 });
        move(comes);
        update(leaves, { Title: null });
        const before = stateOf(lab.org);
        const done = await lab.resume(dry.folder);
        expectChangeTrue(lab, done);
        // Refused stays refused: the plan grows by nobody.
        expect(done.result.refusedByReason).to.deep.equal({ PROTECTED: 2 });
        expect(done.result.counts.succeeded).to.equal(3);
        const changed = differences(before, stateOf(lab.org)).join('\n');
        for (const id of [comes, leaves]) expect(changed).to.not.contain(id).and.not.contain(loginOf(lab, id).Id);
      });
    }
  }
});
