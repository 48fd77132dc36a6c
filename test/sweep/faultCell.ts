/** One run with one fault at one of its calls: what became of it, judged by the checker. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OrgClient } from '../../lib/org/orgClient.js';
import type { RunCounts } from '../../lib/model/result.js';
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import type { DriveChanges, Run, RunLab } from '../scenarios/runLab.ts';
import {
  attemptOf,
  callsSince,
  changesSince,
  expectAllTrue,
  expectNothingBegun,
  isOurs,
  markOf,
  type Mark,
} from './checker.ts';
import { tokenPath, type FaultKind, type Place } from './faultKinds.ts';
import type { Command, Scenario } from './faultScenarios.ts';
import { hastenTimeouts } from './hastyTimeouts.ts';

/** What a run does that meets with no fault. */
export type CleanRun = {
  readonly calls: readonly LedgerEntry[];
  /** Calls of a dry run that was before it. */
  readonly callsBefore: number;
  readonly counts: RunCounts;
  readonly changes: readonly string[];
};

/** `ok`: the run overcame the fault. `resumed`: one `resume` finished it. `again`: the same command did. */
export type Verdict = 'ok' | 'resumed' | 'again';

export async function runClean({ options, prepare }: Scenario): Promise<CleanRun> {
  const { lab, command } = await prepare(options);
  try {
    const mark = markOf(lab);
    const run = await command.run({ clock: lab.patientClock() });
    const calls = callsSince(lab, mark);
    expect(run.end.end).to.equal('done');
    await expectAllTrue(lab, run, mark);
    expect(run.result.counts).to.include({ failed: 0, pending: 0 });
    expect(run.result.counts.planned).to.be.above(3);
    const { counts, apiCalls } = run.result;
    return { calls, callsBefore: apiCalls - calls.length, counts, changes: changesSince(lab, mark) };
  } finally {
    await lab.stop();
  }
}

/** @param nth the call that is struck, of those of a clean run. @throws what is not as it must be */
export async function runWithFault(
  scenario: Scenario,
  fault: FaultKind,
  nth: number,
  clean: CleanRun,
): Promise<Verdict> {
  const { lab, command } = await scenario.prepare(scenario.options);
  const timeouts = hastenTimeouts();
  try {
    const mark = markOf(lab);
    fault.arm(lab.org, placeOf(clean.calls, nth), timeouts.strike);
    const first = await attemptOf(command.run(changesFor(lab, fault)));
    expectStruck(lab, mark, fault);
    if ('run' in first) await expectAllTrue(lab, first.run, mark);
    else expectNothingBegun(lab, first.error, mark, command.folder);
    const expectClean = (run: Run): void => {
      expectAsClean(lab, run, fault, mark, clean);
      // A command that came to nothing, or that was never let in, counts no calls; some of them may still be under way.
      const counts = 'run' in first && first.run.result.apiCalls > clean.callsBefore;
      if (counts) expectCallsTrue(lab, run, mark, clean, fault);
    };
    if ('run' in first && first.run.end.end === 'done') {
      expectClean(first.run);
      return 'ok';
    }
    expect(fault.passes, `stopped: ${JSON.stringify(first)}`).to.equal(false);
    lift(lab);
    const { run, verdict } = await goOn(lab, command);
    await expectAllTrue(lab, run, mark);
    expectClean(run);
    return verdict;
  } finally {
    timeouts.restore();
    await lab.stop();
  }
}

/**
 * The call of the clean run, found again by how many of its kind were before it: jobs side by side call in any order.
 * @param nth from 1
 */
export function placeOf(calls: readonly LedgerEntry[], nth: number): Place {
  const isFirst = firstLooks();
  const kinds = calls.slice(0, nth).filter(isFirst).map(kindOf);
  const kind = kinds.at(-1);
  const count = kinds.filter((other) => other === kind).length;
  return {
    reached: () => {
      let seen = 0;
      const isNew = firstLooks();
      return (call) => {
        if (!isOurs(call)) return false;
        if (isNew(call) && kindOf(call) === kind) seen += 1;
        return seen >= count;
      };
    },
  };
}

/** False for a look at a job that was looked at before: how often that is depends on the clock, so no place is told by it. */
export function firstLooks(): (call: LedgerEntry) => boolean {
  const seen = new Set<string>();
  return ({ method, path }) => {
    if (method !== 'GET' || !/\/jobs\/ingest\/\w+$/.test(path)) return true;
    if (seen.has(path)) return false;
    seen.add(path);
    return true;
  };
}

function kindOf({ method, resource }: LedgerEntry): string {
  return `${method} ${resource.replace(/\/\w{18}\b/, '')}`;
}

/** After so many polls of a job that does not move, the wait time is over. */
const mostPolls = 12;

function changesFor(lab: RunLab, { renewable }: FaultKind): DriveChanges {
  let polls = 0;
  return {
    clock: lab.patientClock(),
    connect: (): Promise<OrgClient> => (renewable ? lab.refreshableClient() : lab.client()),
    onEvent: ({ type }, stop) => {
      if (type === 'jobProgress' && lab.org.switches.bulk.stuck && ++polls > mostPolls) stop.request('wait');
    },
  };
}

/** A fault that has not come has not been overcome. A call for a token is none of the plugin's own. */
function expectStruck({ org }: RunLab, { calls }: Mark, { strikesRenewal }: FaultKind): void {
  const struck = org.ledger.entries.slice(calls).filter((call) => call.fault !== undefined);
  expect(struck.filter(isOurs).length, 'calls that were struck').to.be.above(0);
  const renewals = struck.filter(({ path }) => path === tokenPath).length;
  expect(renewals, 'renewals that were struck').to.equal(strikesRenewal ? 1 : 0);
}

/** What has gone wrong is over. */
function lift({ org }: RunLab): void {
  org.faults.clear();
  org.switches.bulk.stuck = false;
}

/** An existing run folder is driven on; without one the command is given again. */
async function goOn(lab: RunLab, { folder, run }: Command): Promise<{ readonly run: Run; readonly verdict: Verdict }> {
  const changes = { clock: lab.patientClock(), token: lab.org.session.login(lab.org.runningUserId) };
  if (!existsSync(join(folder, 'run.db'))) return { run: await run(changes), verdict: 'again' };
  return { run: await lab.resume(folder, changes), verdict: 'resumed' };
}

/** The org and the numbers are what they are after a run without a fault. */
function expectAsClean(
  lab: RunLab,
  { end, result }: Run,
  { losesAnswers }: FaultKind,
  mark: Mark,
  clean: CleanRun,
): void {
  expect(end, JSON.stringify(end)).to.deep.equal({ end: 'done' });
  expect(changesSince(lab, mark)).to.deep.equal(clean.changes);
  const created = losesAnswers ? result.counts.created : clean.counts.created;
  expect(result.counts).to.deep.equal({ ...clean.counts, created });
  expect(created).to.be.at.most(clean.counts.created);
}

/** Those of orgFacts.ts, each of which can be given up before it has left, and again when it is repeated (`TIMEOUT` in retryPolicy.ts). */
const readsSideBySide = 7;
const repetitions = 2;

function expectCallsTrue(
  lab: RunLab,
  { result }: Run,
  mark: Mark,
  { callsBefore }: CleanRun,
  { losesCalls }: FaultKind,
): void {
  const arrived = callsBefore + callsSince(lab, mark).length;
  const most = Math.max(arrived * 1.2, arrived + readsSideBySide * repetitions);
  if (losesCalls) expect(result.apiCalls, 'API calls').to.be.within(arrived, most);
  else expect(result.apiCalls, 'API calls').to.equal(arrived);
}
