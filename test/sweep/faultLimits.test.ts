/** An allowance is used up in the middle of a run: it stops sending, says how much is missing, and resume finishes. */
import { expect } from 'chai';
import { exitCodeOf } from '../../lib/report/exitCodes.js';
import { faultText } from '../../lib/report/faults.js';
import type { FaultMatch } from '../simulated-org/faults.ts';
import type { SimulatedOrg } from '../simulated-org/world/simulatedOrg.ts';
import { recordsOf, RunLab, type Run } from '../scenarios/runLab.ts';
import { changesSince, expectAllTrue, markOf, type Mark } from './checker.ts';

const closing: FaultMatch = { method: 'PATCH', path: /^\/jobs\/ingest\// };
const permissionSets = ['Portal_Documents'];

type Limit = {
  /** Used up just before the job is closed. */
  readonly useUp: (org: SimulatedOrg) => void;
  readonly lift: (org: SimulatedOrg) => void;
  readonly says: RegExp;
  /** Users that are made all the same. */
  readonly made: number | 'all';
};

function seats(org: SimulatedOrg, TotalLicenses: (used: number) => number): void {
  const [license] = org.store.find('UserLicense', { Name: 'Customer Community' });
  org.store.update('UserLicense', license?.Id ?? '', {
    TotalLicenses: TotalLicenses(Number(license?.['UsedLicenses'])),
  });
}

function useUpBatches({ limits }: SimulatedOrg, left: number): void {
  limits.use('DailyBulkApiBatches', limits.remaining('DailyBulkApiBatches') - left);
}

function giveBatches({ switches }: SimulatedOrg): void {
  switches.dailyBulkApiBatches *= 2;
}

const limits: Readonly<Record<string, Limit>> = {
  licenses: {
    useUp: (org) => {
      seats(org, (used) => used + 5);
    },
    lift: (org) => {
      seats(org, () => 500);
    },
    says: /LICENSE_LIMIT_EXCEEDED License Limit Exceeded - Customer Community/,
    made: 5,
  },
  storage: {
    useUp: ({ switches }) => (switches.recordsUntilStorageIsFull = 5),
    lift: ({ switches }) => (switches.recordsUntilStorageIsFull = Infinity),
    says: /no storage left.*storage limit exceeded/,
    made: 5,
  },
  'API calls of the day': {
    useUp: ({ switches }) => (switches.dailyApiRequestsUsed = switches.dailyApiRequests - 20),
    lift: ({ switches }) => (switches.dailyApiRequestsUsed = 0),
    says: /used up.*TotalRequests Limit exceeded/,
    made: 'all',
  },
  'batches of the day, when the job is to be worked on': {
    useUp: (org) => {
      useUpBatches(org, 0);
    },
    lift: giveBatches,
    says: /used up.*ApiBatchItems Limit exceeded/,
    made: 0,
  },
  'batches of the day, when the next job is to be made': {
    useUp: (org) => {
      org.switches.locks.rowLockStorm = 3;
      useUpBatches(org, 1);
    },
    lift: giveBatches,
    says: /used up.*ApiBatchItems Limit exceeded/,
    made: 'all',
  },
};

describe('a limit in the middle of a run', () => {
  const create = async (lab: RunLab, mark: Mark): Promise<Run> => {
    const run = await lab.create({ permissionSets }, { clock: lab.patientClock() });
    await expectAllTrue(lab, run, mark);
    return run;
  };
  let clean: { readonly changes: readonly string[]; readonly counts: Run['result']['counts'] };
  before(async () => {
    const lab = await RunLab.start();
    const mark = markOf(lab);
    const { result } = await create(lab, mark);
    clean = { changes: changesSince(lab, mark), counts: result.counts };
    await lab.stop();
  });
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start();
  });
  afterEach(() => lab.stop());

  for (const [name, { useUp, lift, says, made }] of Object.entries(limits)) {
    it(`stops it, and resume finishes it: ${name}`, async () => {
      const mark = markOf(lab);
      lab.org.faults.add(closing, {
        kind: 'meanwhile',
        run: () => {
          useUp(lab.org);
        },
      });
      const run = await create(lab, mark);
      expectStopped(run, says);
      const { planned, created, pending } = run.result.counts;
      if (made !== 'all') expect(created).to.equal(made);
      expect(pending).to.be.above(0).and.at.most(planned);
      if (run.end.end === 'licenses') expect(run.end.missing).to.equal(pendingUsers(run));

      const before = markOf(lab);
      const still = await lab.resume(run.folder, { clock: lab.patientClock() });
      expectStopped(still, says);
      await expectAllTrue(lab, still, mark);
      if (made !== 'all') {
        expect(still.result.counts).to.deep.equal(run.result.counts);
        expect(changesSince(lab, before)).to.deep.equal([]);
      }

      lift(lab.org);
      const done = await lab.resume(run.folder, { clock: lab.patientClock() });
      await expectAllTrue(lab, done, mark);
      expect(done.end).to.deep.equal({ end: 'done' });
      expect(done.result.counts).to.deep.equal(clean.counts);
      expect(changesSince(lab, mark)).to.deep.equal(clean.changes);
    });
  }

  /** Users that are still to be made. */
  const pendingUsers = ({ folder }: Run): number =>
    recordsOf(folder).filter(({ state }) => state === 'planned' || state === 'sent').length;

  const expectStopped = ({ end, result }: Run, says: RegExp): void => {
    expect(exitCodeOf(end, result)).to.equal(69);
    if (end.end === 'call') {
      expect(faultText(end.fault)).to.match(says);
      if (end.fault.code === 'orgLimit') expect(end.rest?.calls).to.be.above(0);
    } else if (end.end === 'licenses') expect(`${end.code} ${end.message}`).to.match(says);
    else throw new Error(end.end);
  };
});
