/** Two runs that want users for the same contacts at the same time, as the same user and with the same templates. */
import { rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import type { CreateRunRequest } from '../../lib/operations/beginCreate.js';
import type { RunEvent } from '../../lib/model/events.js';
import type { OrgAnswer, OrgCall, OrgClient } from '../../lib/org/orgClient.js';
import { faultAnswers } from '../simulated-org/faults.ts';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { expectDone, jobsOf, recordsOf, RunLab, type DriveChanges, type Run } from './runLab.ts';

/** A client that waits at its first call of a kind until it is let go. */
function gated(client: OrgClient, isGate: (call: OrgCall) => boolean): Gated {
  const [reached, open] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const call = async (request: OrgCall): Promise<OrgAnswer> => {
    if (isGate(request)) {
      reached.resolve(undefined);
      await open.promise;
    }
    return client.call(request);
  };
  return { client: { ...client, callsMade: 0, call }, reached: reached.promise, open: () => open.resolve(undefined) };
}

type Gated = { readonly client: OrgClient; readonly reached: Promise<void>; readonly open: () => void };

const isUpload = ({ method }: OrgCall): boolean => method === 'PUT';
const readsContacts = ({ path }: OrgCall): boolean => path.startsWith('/query') && path.includes('FROM+Contact');
const readsUsers = ({ path }: OrgCall): boolean =>
  path.startsWith('/query') && path.includes('FROM+User+WHERE+Contact');

/** An org, and a client for all runs of a case: cases run side by side, as most of their time is waiting. */
class Duel {
  readonly lab: RunLab;
  private readonly client: OrgClient;
  private readonly before: ReadonlySet<string>;

  private constructor(lab: RunLab, client: OrgClient) {
    this.lab = lab;
    this.client = client;
    this.before = new Set(lab.org.store.find('User').map(({ Id }) => Id));
  }

  static async start(options: SimulatedOrgOptions): Promise<Duel> {
    const lab = await RunLab.start(options);
    return new Duel(lab, await lab.client());
  }

  get bulk(): RunLab['org']['switches']['bulk'] {
    return this.lab.org.switches.bulk;
  }

  create(request: Partial<CreateRunRequest> = {}, changes: DriveChanges = {}): Promise<Run> {
    return this.lab.create(request, { client: { ...this.client }, ...changes });
  }

  resume(folder: string, changes: DriveChanges = {}): Promise<Run> {
    return this.lab.resume(folder, { client: { ...this.client }, ...changes });
  }

  gated(isGate: (call: OrgCall) => boolean): Gated {
    return gated(this.client, isGate);
  }

  /** The org goes on with its jobs whenever it is asked something. */
  async work(): Promise<void> {
    await this.client.call({ method: 'GET', path: '/jobs/ingest?jobType=V2Ingest' });
  }

  /** Contacts without a user, and without any of the world's faults. */
  plain(count: number): string[] {
    const awkward = new Set(this.lab.org.world?.awkwardCases.map((it) => it.contactId));
    const contacts = this.lab.segment().filter(({ Id }) => !awkward.has(Id) && this.lab.usersOf(Id).length === 0);
    expect(contacts.length).to.be.at.least(count);
    return contacts.map(({ Id }) => Id).slice(0, count);
  }

  file(contactIds: readonly string[]): string {
    const path = `${this.lab.newFolder()}.csv`;
    writeFileSync(path, ['ContactId', ...contactIds].join('\n'));
    return path;
  }

  /** Two plans whose jobs are both closed before the org begins with either. */
  async sideBySide(a: Partial<CreateRunRequest>, b: Partial<CreateRunRequest>): Promise<Run[]> {
    const plans = [await this.create({ ...a, dryRun: true }), await this.create({ ...b, dryRun: true })];
    this.bulk.stuck = true;
    let closed = 0;
    const onEvent: DriveChanges['onEvent'] = ({ type }) => {
      if (type === 'jobClosed' && ++closed === 2) this.bulk.stuck = false;
    };
    return Promise.all(plans.map(({ folder }) => this.resume(folder, { onEvent })));
  }

  /** One user a contact, each of one run at most, and each run tells the truth. @returns how many users each has made */
  expectShared(...runs: readonly Run[]): number[] {
    for (const run of runs) expectDone(this.lab, run);
    const made = this.lab.org.store.find('User').filter(({ Id }) => !this.before.has(Id));
    const owned = runs.map((run) =>
      recordsOf(run.folder).flatMap((row) => (row['created'] === null ? [] : row['userId'])),
    );
    expect(owned.flat().sort()).to.deep.equal(made.map(({ Id }) => Id).sort());
    for (const run of runs) expect(run.result.counts.failed).to.equal(0);
    return owned.map((ids) => ids.length);
  }
}

type Case = {
  readonly name: string;
  readonly switches?: SimulatedOrgOptions['switches'];
  readonly world?: SimulatedOrgOptions['world'];
  readonly run: (duel: Duel) => Promise<void>;
};

/** Runs cases side by side, each in an org of its own; the name of one that fails stands in the error. */
async function sideBySide(cases: readonly Case[]): Promise<void> {
  const duels: Array<readonly [Case, Duel]> = [];
  // One after the other, as an access token is looked up by an environment variable.
  for (const each of cases)
    duels.push([each, await Duel.start({ switches: each.switches ?? {}, ...(each.world && { world: each.world }) })]);
  const ends = await Promise.allSettled(duels.map(([{ run }, duel]) => run(duel)));
  for (const [, { lab }] of duels) await lab.stop();
  const failed = ends.flatMap((end, n) =>
    end.status === 'fulfilled' ? [] : `${cases[n]?.name}: ${stackOf(end.reason)}`,
  );
  expect(failed.join('\n')).to.equal('');
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Stops a run by a signal at the first event of a kind. */
const signalAt =
  (at: RunEvent['type']): NonNullable<DriveChanges['onEvent']> =>
  ({ type }, stop) => {
    if (type === at) stop.request('signal');
  };

const doubtful = (run: Run): number => recordsOf(run.folder).filter(({ created }) => created === 'unknown').length;

describe('two create runs at once', () => {
  it('whose batches are worked on side by side make each user once', () =>
    sideBySide(
      (
        [
          ['licenses without roles', {}, {}],
          ['licenses with roles', { profile: 'Acme Customer Plus' }, {}],
          ['a duplicate username found first', {}, { users: { duplicatesFirst: 'Username' } }],
          ['a duplicate nickname found first', {}, { users: { duplicatesFirst: 'CommunityNickname' } }],
          ['a duplicate federation id found first', {}, { users: { duplicatesFirst: 'FederationIdentifier' } }],
          ['a list of own jobs only, one a page', {}, { bulk: { jobList: 'own', jobListPage: 1 } }],
        ] as const
      ).map(([name, request, switches]) => ({
        name,
        switches,
        run: async (duel) => {
          duel.bulk.rowsPerChunk = 1;
          const ids = duel.plain(9);
          const set = ['FederationIdentifier={Email}'];
          // The second one is ahead with those that both have: each makes some.
          const runs = await duel.sideBySide(
            { file: duel.file(ids.slice(0, 7)), set, ...request },
            { file: duel.file(ids.slice(2)), set, ...request },
          );
          expect(Math.min(...duel.expectShared(...runs))).to.be.above(0);
        },
      })),
    ));

  it('may be at any two places when they meet', () =>
    sideBySide(
      (
        [
          ['reads contacts', readsContacts],
          ['reads who has a user', readsUsers],
          ['is about to upload', isUpload],
        ] as const
      ).flatMap(([when, isGate]) =>
        [false, true].map((frozen) => ({
          name: `one is done while the other ${when}${frozen ? ', all in one second' : ''}`,
          run: async (duel) => {
            if (frozen) duel.lab.org.clock.freeze(new Date('2026-11-27T03:00:00Z'));
            const slow = duel.gated(isGate);
            const running = duel.create({}, { client: slow.client });
            await slow.reached;
            const quick = await duel.create();
            slow.open();
            expect(duel.expectShared(quick, await running)).to.deep.equal([quick.result.counts.planned, 0]);
          },
        })),
      ),
    ));

  it('may lose answers, be killed and be resumed', () =>
    sideBySide([
      ...(
        [
          ['the making of the job', { method: 'POST', path: '/jobs/ingest' }],
          ['the upload', { method: 'PUT' }],
          ['the closing', { method: 'PATCH' }],
        ] as const
      ).map(([call, match]): Case => ({
        name: `the answer to ${call} is lost to both`,
        run: async (duel) => {
          duel.bulk.rowsPerChunk = 3;
          duel.lab.org.faults.add({ ...match, times: 2 }, { kind: 'dropAfter' });
          duel.expectShared(...(await Promise.all([duel.create(), duel.create()])));
        },
      })),
      {
        name: 'one is killed after its job was closed, and resumed when the other is done',
        run: async (duel) => {
          duel.bulk.stuck = true;
          const died = new Error('killed');
          const outputDir = duel.lab.newFolder();
          const onEvent = ({ type }: { readonly type: string }): void => {
            if (type === 'jobClosed') throw died;
          };
          expect(await duel.create({ outputDir }, { onEvent }).catch((error: unknown) => error)).to.equal(died);
          duel.bulk.stuck = false;
          duel.expectShared(await duel.create(), await duel.resume(outputDir));
        },
      },
      {
        name: 'one’s folder is lost while its job runs, and the same command is given again',
        run: async (duel) => {
          Object.assign(duel.bulk, { rowsPerChunk: 2, stuck: true });
          const lost = await duel.create({}, { wait: 0 });
          rmSync(lost.folder, { recursive: true });
          const again = await duel.create(
            {},
            { onEvent: ({ type }) => type === 'jobClosed' && (duel.bulk.stuck = false) },
          );
          expectDone(duel.lab, again);
          expect(again.result.counts).to.include({ selected: lost.result.counts.selected, failed: 0 });
          expect(again.result.counts.planned).to.equal(again.result.counts.created);
          for (const { contactId } of recordsOf(again.folder).filter(({ action }) => action !== 'refused'))
            expect(duel.lab.usersOf(String(contactId))).to.have.length(1);
        },
      },
      {
        name: 'both are stopped and resumed, again and again',
        run: async (duel) => {
          Object.assign(duel.bulk, { rowsPerChunk: 2, stuck: true });
          const stopped = await Promise.all([duel.create({}, { wait: 0 }), duel.create({}, { wait: 0 })]);
          duel.bulk.stuck = false;
          for (let times = 0; times < 2; times++)
            duel.expectShared(...(await Promise.all(stopped.map(({ folder }) => duel.resume(folder)))));
        },
      },
      {
        name: 'both want permission sets: who has made the user does not matter',
        run: async (duel) => {
          duel.bulk.rowsPerChunk = 2;
          const { store, world } = duel.lab.org;
          const permissionSets = ['Portal_Documents', 'Portal_Orders'];
          const runs = await duel.sideBySide({ permissionSets }, { permissionSets });
          duel.expectShared(...runs);
          const done = runs.map(({ folder }) => recordsOf(folder).filter(({ state }) => state === 'succeeded'));
          expect(done[0]?.length).to.equal(done[1]?.length).and.to.be.above(20);
          for (const { userId } of done.flat()) {
            const held = store.find('PermissionSetAssignment', { AssigneeId: String(userId) });
            const wanted = permissionSets.map((name) => world?.permissionSets.get(name));
            expect(
              held.map((row) => row['PermissionSetId']).filter((id) => wanted.includes(String(id))),
            ).to.have.length(2);
          }
        },
      },
    ]));

  it('may both write permission sets by jobs', () =>
    sideBySide([
      {
        name: 'more than collections take',
        world: { customerContacts: 1_001 },
        run: async (duel) => {
          const permissionSets = ['Portal_Documents', 'Portal_Orders'];
          const { store } = duel.lab.org;
          for (const { Id } of store.find('UserLicense')) store.update('UserLicense', Id, { TotalLicenses: -1 });
          const runs = await duel.sideBySide({ permissionSets }, { permissionSets });
          duel.expectShared(...runs);
          for (const { result } of runs) {
            expect(result.permissionSets).to.deep.include({ failed: 0 });
            expect(result.permissionSets.assigned).to.be.above(2_000);
          }
          expect(duel.lab.org.ledger.count('POST', '/composite/sobjects')).to.equal(0);
        },
      },
    ]));

  it('are told apart from a batch that the server repeats', () =>
    sideBySide([
      {
        name: 'it is this run’s own, whatever others did before and an empty job that a lost answer has left',
        run: async (duel) => {
          const ids = duel.plain(6);
          await duel.create({ file: duel.file(ids.slice(0, 3)) });
          duel.lab.org.clock.advance(600_000);
          duel.bulk.repeatBatches = 1;
          duel.lab.org.faults.add({ method: 'POST', path: '/jobs/ingest' }, { kind: 'dropAfter' });
          const run = await duel.create({ file: duel.file(ids.slice(3)) });
          expectDone(duel.lab, run);
          expect([run.result.counts.succeeded, doubtful(run)]).to.deep.equal([3, 3]);
        },
      },
      ...(['Username', 'CommunityNickname', 'FederationIdentifier'] as const).map((first): Case => ({
        name: `it is so too where a duplicate ${first} is found first`,
        switches: { bulk: { repeatBatches: 1 }, users: { duplicatesFirst: first } },
        run: async (duel) => {
          const run = await duel.create({ set: ['FederationIdentifier={Email}'] });
          expectDone(duel.lab, run);
          expect(doubtful(run)).to.equal(run.result.counts.planned);
        },
      })),
      {
        name: 'it is so too where the org gives no list of jobs',
        switches: { bulk: { jobList: 'refused', repeatBatches: 1 } },
        run: async (duel) => {
          const run = await duel.create();
          expectDone(duel.lab, run);
          expect(doubtful(run)).to.equal(run.result.counts.planned);
        },
      },
      {
        name: 'where the list fails for now, a later resume collects the job',
        switches: { bulk: { repeatBatches: 1 } },
        run: async (duel) => {
          duel.lab.org.faults.add({ method: 'GET', path: '/jobs/ingest' }, faultAnswers.sessionExpired());
          const run = await duel.create();
          expect(run.end.end).to.equal('call');
          expectDone(duel.lab, await duel.resume(run.folder));
          expect(doubtful(run)).to.equal(run.result.counts.planned);
        },
      },
      {
        name: 'it is so too beside a run with other contacts',
        switches: { bulk: { repeatBatches: 1 } },
        run: async (duel) => {
          const ids = duel.plain(8);
          const runs = await duel.sideBySide({ file: duel.file(ids.slice(0, 4)) }, { file: duel.file(ids.slice(4)) });
          for (const run of runs) {
            expectDone(duel.lab, run);
            expect(run.result.counts).to.include({ succeeded: 4, unchanged: 0 });
          }
          expect(runs.map(doubtful).reduce((sum, rows) => sum + rows)).to.equal(4);
        },
      },
      {
        name: 'what the job of the other one did not get to is no claim',
        run: async (duel) => {
          duel.bulk.stuck = true;
          const other = await duel.create({}, { onEvent: signalAt('jobClosed') });
          const path = `/jobs/ingest/${String(jobsOf(other.folder)[0]?.['id'])}`;
          await duel.gated(() => false).client.call({ method: 'PATCH', path, body: '{"state":"Aborted"}' });
          Object.assign(duel.bulk, { stuck: false, repeatBatches: 1 });
          const run = await duel.create();
          const planned = doubtful(run);
          expect(planned).to.be.above(20);
          expect(duel.expectShared(run, await duel.resume(other.folder))).to.deep.equal([planned, 0]);
        },
      },
      {
        name: 'what failed in the job of the other one for another reason is no claim',
        run: async (duel) => {
          duel.bulk.stuck = true;
          const other = await duel.create({}, { onEvent: signalAt('jobClosed') });
          duel.lab.org.switches.locks.rowLockStorm = 40;
          duel.bulk.stuck = false;
          await duel.work();
          Object.assign(duel.lab.org.switches.locks, { rowLockStorm: 0 });
          duel.bulk.repeatBatches = 1;
          const run = await duel.create();
          const planned = doubtful(run);
          expect(planned).to.be.above(20);
          expect(duel.expectShared(run, await duel.resume(other.folder))).to.deep.equal([planned, 0]);
        },
      },
      {
        name: 'where the job of the other one is at work for an hour, whose they are is told by a later resume',
        switches: { bulk: { rowsPerChunk: 4, msPerRow: 300_000, msInQueue: 0 } },
        run: async (duel) => {
          const clock = duel.lab.patientClock();
          const ids = duel.plain(12);
          const slow = await duel.create({ file: duel.file(ids) }, { clock, onEvent: signalAt('jobClosed') });
          await duel.work();
          // Not before our job exists, as users that are older than it were made by others.
          const onEvent: DriveChanges['onEvent'] = ({ type }) =>
            type === 'jobClosed' && duel.lab.org.clock.advance(4 * 300_000 + 1_000);
          const run = await duel.create({ file: duel.file(ids.slice(0, 4)) }, { clock, onEvent });
          expect(ids.filter((id) => duel.lab.usersOf(id).length > 0).length).to.be.below(12);
          expect(run.end).to.deep.include({ end: 'call' });
          expect(run.end).to.have.nested.property('fault.code', 'rivalAtWork');
          expect(run.result.counts).to.include({ succeeded: 0, pending: 4 });
          expect((await duel.resume(run.folder, { clock, wait: 0 })).end).to.deep.equal({ end: 'wait' });
          duel.lab.org.clock.advance(3_600_000);
          const ended = await duel.resume(slow.folder, { clock });
          expect(duel.expectShared(ended, await duel.resume(run.folder, { clock }))).to.deep.equal([12, 0]);
        },
      },
      {
        name: 'where the answers of one never came, what was answered to the other one decides',
        run: async (duel) => {
          duel.bulk.rowsPerChunk = 2;
          const results = /(successfulResults|failedResults|unprocessedrecords)$/;
          const deaf = duel.create({}, { onEvent: ({ type }) => type === 'jobClosed' && lose() });
          const lose = (): void => {
            duel.lab.org.faults.add({ path: results, times: 3 }, faultAnswers.gone());
          };
          duel.expectShared(...(await Promise.all([deaf, duel.create()])));
        },
      },
      {
        name: 'where answers never came, either may have made the user',
        run: async (duel) => {
          duel.bulk.rowsPerChunk = 2;
          const results = /(successfulResults|failedResults|unprocessedrecords)$/;
          duel.lab.org.faults.add({ path: results, times: 6 }, faultAnswers.gone());
          const runs = await Promise.all([duel.create(), duel.create()]);
          for (const run of runs) expectDone(duel.lab, run);
          expect(doubtful(runs[0]) + doubtful(runs[1])).to.be.above(0);
        },
      },
    ]));
});
