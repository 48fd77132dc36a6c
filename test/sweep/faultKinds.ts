/** Every kind of fault that can strike a call, and what a run has to make of it. */
import { faultAnswers, type FaultAction } from '../simulated-org/faults.ts';
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import type { BulkSwitches, LockSwitches } from '../simulated-org/ruleSwitches.ts';
import type { SimulatedOrg } from '../simulated-org/world/simulatedOrg.ts';

const isResult = ({ path }: LedgerEntry): boolean => /\/(\w+Results|unprocessedrecords)$/.test(path);
const isPage = ({ path }: LedgerEntry): boolean => /\/jobs\/query\/\w+\/results$/.test(path);
const isClosing = ({ method, path }: LedgerEntry): boolean => method === 'PATCH' && jobOf(path) !== undefined;
const isOfJob = ({ path }: LedgerEntry): boolean => jobOf(path) !== undefined;
const hasBody = ({ bodyBytes }: LedgerEntry): boolean => bodyBytes > 0;

export const tokenPath = '/services/oauth2/token';

export type FaultKind = {
  readonly name: string;
  /** The run overcomes it by itself. Otherwise it may stop with a clear message, and is finished by one `resume`. */
  readonly passes: boolean;
  /** An answer that names a new user may be gone for good: its maker is then `unknown`. */
  readonly losesAnswers: boolean;
  /** Calls of another lane may be given up before they have left; they are counted all the same. */
  readonly losesCalls: boolean;
  /** The session can be renewed. */
  readonly renewable: boolean;
  /** The call for a new token is struck besides. */
  readonly strikesRenewal: boolean;
  /** The calls that it can strike. */
  readonly strikes: (call: LedgerEntry) => boolean;
  /** The fault strikes at a place. `timeOut` lets all that is waited for time out. */
  readonly arm: (org: SimulatedOrg, place: Place, timeOut: () => void) => void;
};

/** Where a run is struck. */
export type Place = {
  /** @returns a new condition that holds for a certain call of the run, and for those that come after it */
  readonly reached: () => (call: LedgerEntry) => boolean;
};

type Traits = Partial<Omit<FaultKind, 'name' | 'arm'>>;

function kind(name: string, arm: FaultKind['arm'], traits: Traits = {}): FaultKind {
  return {
    name,
    passes: true,
    losesAnswers: false,
    losesCalls: false,
    renewable: false,
    strikesRenewal: false,
    strikes: () => true,
    ...traits,
    arm,
  };
}

/** A fault of the call itself. @param times how many calls in a row it strikes */
function ofCall(name: string, action: FaultAction, times: number, traits: Traits = {}): FaultKind {
  return kind(name, (org, { reached }) => void org.faults.add({ when: reached(), times }, action), traits);
}

/** As long as our patience lasts, a run overcomes it; what goes on until somebody ends it (…) stops the run. */
function passingAndLasting(name: string, action: FaultAction, traits: Traits = {}): FaultKind[] {
  return [ofCall(name, action, 1, traits), ofCall(`${name} …`, action, Infinity, { ...traits, passes: false })];
}

/** A fault of one result of a job, and of those that are read after it. */
function ofResults(name: string, action: FaultAction): FaultKind {
  return kind(
    name,
    (org, { reached }) => {
      const hasCome = reached();
      org.faults.add({ when: (call) => hasCome(call) && isResult(call), times: 3 }, action);
    },
    noAnswer,
  );
}

/** Something that happens in the org just before a call. */
function meanwhile(
  name: string,
  run: (org: SimulatedOrg, call: LedgerEntry) => void | Promise<void>,
  traits: Traits,
): FaultKind {
  return kind(
    name,
    (org, { reached }) => {
      org.faults.add({ when: reached() }, { kind: 'meanwhile', run: (call) => run(org, call) }, name);
    },
    traits,
  );
}

/** The session is over at a call, and so the token is renewed: that is struck, but not the call for a token by which a run connects. */
function renewing(name: string, action: FaultAction): FaultKind {
  const run = (org: SimulatedOrg): void => {
    org.session.expire();
    org.faults.add({ method: 'POST', path: tokenPath }, action);
  };
  return meanwhile(`session renewed (${name})`, run, { renewable: true, strikesRenewal: true });
}

/** The org treats the job otherwise that is closed by the call. */
function switching(
  name: string,
  bulk: Partial<BulkSwitches>,
  traits: Traits = {},
  locks: Partial<LockSwitches> = {},
): FaultKind {
  const turn = ({ switches }: SimulatedOrg): void => {
    Object.assign(switches.bulk, bulk);
    Object.assign(switches.locks, locks);
  };
  return meanwhile(name, turn, { strikes: isClosing, ...traits });
}

function stalling(name: string, before: boolean, times: number): FaultKind {
  return kind(
    name,
    (org, { reached }, timeOut) => {
      // When the call waits, not before.
      const run = (): void => void setImmediate(timeOut);
      org.faults.add({ when: reached(), times }, { kind: 'meanwhile', after: before, run });
      org.faults.add({ when: reached(), times }, { kind: 'stall', milliseconds: Infinity, before });
    },
    { passes: times === 1, losesCalls: true },
  );
}

/** Somebody deletes the job, whatever its state. */
async function deleteJob(org: SimulatedOrg, { path }: LedgerEntry): Promise<void> {
  const [url = ''] = /.*\/jobs\/ingest\/\w+/.exec(org.url + path) ?? [];
  const authorization = `Bearer ${org.session.login(org.runningUserId)}`;
  const headers = { authorization, 'content-type': 'application/json' };
  await fetch(url, { method: 'PATCH', headers, body: '{"state":"Aborted"}' });
  const { status } = await fetch(url, { method: 'DELETE', headers });
  if (status !== 204) throw new Error(`the job is still there (${String(status)})`);
}

function jobOf(path: string): string | undefined {
  return /\/jobs\/ingest\/(\w+)/.exec(path)?.[1];
}

const noAnswer: Traits = { strikes: isResult, losesAnswers: true };

/** Gzip is what the org uses by itself; without it a length is announced, or nothing. */
function withoutGzip({ arm, ...fault }: FaultKind): FaultKind {
  return {
    ...fault,
    arm: (org, place, timeOut) => {
      org.switches.compressesAnswers = false;
      arm(org, place, timeOut);
    },
  };
}

export const faultKinds: readonly FaultKind[] = [
  meanwhile('session renewed', (org) => org.session.expire(), { renewable: true }),
  renewing('503', faultAnswers.unavailable()),
  renewing('429', faultAnswers.tooManyRequests(7)),
  renewing('dropped before', { kind: 'dropBefore' }),
  renewing('dropped after', { kind: 'dropAfter' }),
  meanwhile('session over', (org) => org.session.expire(), { passes: false }),
  ofCall('daily limit', faultAnswers.dailyLimit(), Infinity, { passes: false }),
  ...passingAndLasting('concurrent limit', faultAnswers.concurrentLimit()),
  ...passingAndLasting('429', faultAnswers.tooManyRequests(7)),
  ...passingAndLasting('500', faultAnswers.serverError()),
  ...passingAndLasting('502', faultAnswers.badGateway()),
  ...passingAndLasting('503', faultAnswers.unavailable()),
  // The last of the tries that src/org/retryPolicy.ts allows is answered.
  ofCall('503 nine times', faultAnswers.unavailable(), 9),
  ...passingAndLasting('dropped before', { kind: 'dropBefore' }),
  ...passingAndLasting('dropped after', { kind: 'dropAfter' }),
  stalling('stalled before', false, 1),
  stalling('stalled before …', false, Infinity),
  stalling('stalled after', true, 1),
  stalling('stalled after …', true, Infinity),
  ...passingAndLasting('upload cut', { kind: 'cutUpload' }, { strikes: hasBody }),
  ...passingAndLasting('answer cut, gzip', { kind: 'truncate', share: 0.6 }),
  ...passingAndLasting('answer cut', { kind: 'truncate', share: 0.6 }).map(withoutGzip),
  ...passingAndLasting('answer cut, chunked', { kind: 'truncate', share: 0.6, chunked: true }).map(withoutGzip),
  // What looks whole to HTTP.
  ...passingAndLasting('result cut in a row', { kind: 'shorten', share: 0.6 }, noAnswer),
  ofCall('result cut in a row, plain', { kind: 'shorten', share: 0.9 }, 1, noAnswer),
  ofCall('result cut after a row', { kind: 'shorten', lines: 2 }, 1, noAnswer),
  ofResults('results cut after a row', { kind: 'shorten', lines: 2 }),
  ofCall('result cut after its header', { kind: 'shorten', lines: 1 }, 1, noAnswer),
  ofCall('result empty', { kind: 'shorten', lines: 0 }, 1, noAnswer),
  ofCall('result gone', faultAnswers.gone(), 1, noAnswer),
  ofResults('results gone', faultAnswers.gone()),
  ofCall('page cut in a row', { kind: 'shorten', share: 0.6 }, 1, { strikes: isPage }),
  ofCall('page cut after a row', { kind: 'shorten', lines: 2 }, 1, { strikes: isPage }),
  ofCall('page empty', { kind: 'shorten', lines: 0 }, 1, { strikes: isPage }),
  // The same command asks anew.
  ofCall('page gone', faultAnswers.gone(), 1, { strikes: isPage, passes: false }),
  meanwhile('job deleted', deleteJob, { strikes: isOfJob, losesAnswers: true }),
  // One row locked, one done, the others not looked at.
  switching('job failed', { rowsPerChunk: 1, failNextJobAfterRows: 2 }, {}, { rowLockStorm: 1 }),
  switching('job aborted', { rowsPerChunk: 1, abortNextJobAfterRows: 1 }),
  switching('job stuck', { stuck: true }, { passes: false }),
  switching('batch repeated', { repeatBatches: 1 }, { losesAnswers: true }),
];
