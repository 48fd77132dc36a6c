/** One command that is killed at one point, and driven on: what became of it, judged by the checker. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunCounts } from '../../lib/model/result.js';
import { RunLab, type Run } from '../scenarios/runLab.ts';
import { attemptOf, callsSince, changesSince, expectAllTrue, markOf, type Mark } from './checker.ts';
import type { CrashScenario } from './crashScenarios.ts';
import type { CrashCommand, CrashOrder } from './crashWorker.ts';
import { patience } from './patience.ts';

/** What a run does that is not killed. */
export type Uncrashed = {
  /** The points in their order, for example `before PUT /jobs/ingest/…/batches`. */
  readonly points: readonly string[];
  readonly counts: RunCounts;
  readonly changes: readonly string[];
};

/** `again`: the same command was given again; `resumed`: one resume was enough; `twice`: that was killed too. */
export type CrashVerdict = 'again' | 'resumed' | 'twice';

const worker = join(import.meta.dirname, 'crashWorker.ts');

/** What became of a process: the points that it passed, and whether it died at the last of them. */
type Given = { readonly points: readonly string[]; readonly wasKilled: boolean };

/**
 * @param killAt the point to die at; 0: it lives
 * @param allowed whether it may also fail by itself, as a command does that meets another one
 * @throws if it ended in another way than by our hand, or as allowed
 */
export async function give(
  lab: RunLab,
  command: CrashCommand,
  killAt: number,
  allowed: 'ends' | 'endsOrFails' = 'ends',
): Promise<Given> {
  const order: CrashOrder = { token: lab.org.accessToken, killAt, command };
  const env = { ...process.env, SF_ORG_INSTANCE_URL: lab.org.url };
  const child = spawn(process.execPath, [worker, JSON.stringify(order)], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  const points = stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^\d+ /, ''));
  // Windows has no signals: a process that ends itself leaves with 1.
  const wasKilled = signal === 'SIGKILL' || (process.platform === 'win32' && code === 1 && points.length === killAt);
  if (wasKilled) expect(points).to.have.length(killAt);
  else if (allowed === 'ends') expect(code, stderr).to.equal(0);
  return { points, wasKilled };
}

export async function runUncrashed({ options, prepare }: CrashScenario): Promise<Uncrashed> {
  const lab = await RunLab.start(options);
  try {
    const folder = lab.newFolder();
    const command = await prepare(lab, folder);
    const mark = markOf(lab);
    const { points } = await give(lab, command, 0);
    const run = await lab.resume(folder);
    expect(run.result.counts).to.include({ failed: 0, pending: 0 });
    expect(run.result.counts.planned).to.be.above(3);
    await expectAllTrue(lab, run, mark);
    return { points, counts: run.result.counts, changes: changesSince(lab, mark) };
  } finally {
    await lab.stop();
  }
}

/**
 * @param killAt the point of the command to die at
 * @param killResumeAt the point of the resume after it to die at; 0: it lives
 * @throws what is not as it must be
 */
export async function runCrashed(
  { options, prepare }: CrashScenario,
  killAt: number,
  killResumeAt: number,
  uncrashed: Uncrashed,
): Promise<CrashVerdict> {
  const lab = await RunLab.start(options);
  try {
    const folder = lab.newFolder();
    const command = await prepare(lab, folder);
    const mark = markOf(lab);
    const first = await give(lab, command, killAt);
    // How often a job is looked at depends on the machine: a run may be done before its last points.
    if (!first.wasKilled) expect(killAt, 'points').to.be.above(first.points.length);
    const wayOn = async (): Promise<CrashCommand> =>
      (await expectPlannedOrTold(lab, folder, mark)) ? { kind: 'resume', folder } : command;
    let next = await wayOn();
    const wasKilledAgain = killResumeAt > 0 && (await give(lab, next, killResumeAt)).wasKilled;
    // A resume has fewer points than one can know: one that is done before that point lives, and there is a finished run.
    if (killResumeAt > 0) next = wasKilledAgain ? await wayOn() : { kind: 'resume', folder };
    await expectFinished(lab, await goOn(lab, next), mark, uncrashed);
    const writes = lab.org.ledger.writes().length;
    await expectFinished(lab, await lab.resume(folder), mark, uncrashed);
    expect(lab.org.ledger.writes().slice(writes)).to.deep.equal([]);
    if (wasKilledAgain) return 'twice';
    return next.kind === 'resume' ? 'resumed' : 'again';
  } finally {
    await lab.stop();
  }
}

/** A plan that was not finished is told to be so, and has done nothing; the same command can be given again. */
async function expectPlannedOrTold(lab: RunLab, folder: string, mark: Mark): Promise<boolean> {
  if (existsSync(join(folder, 'users.csv'))) return true;
  const told = await attemptOf(lab.resume(folder, { wait: 0, consent: () => Promise.resolve(false) }));
  if ('run' in told) return true;
  expect(told.error).to.have.property('code').that.is.oneOf(['notARunFolder', 'planIncomplete']);
  expect(changesSince(lab, mark)).to.deep.equal([]);
  return false;
}

export function goOn(lab: RunLab, command: CrashCommand): Promise<Run> {
  if (command.kind === 'resume') return lab.resume(command.folder);
  switch (command.kind) {
    case 'create':
      return lab.create(command.request);
    case 'change':
      return lab.change(command.request);
    case 'invite':
      return lab.invite(command.request);
    case 'sync':
      return lab.sync(command.request);
  }
}

/** The org, the numbers and the files are what they are after a run that was not killed. */
async function expectFinished(lab: RunLab, run: Run, mark: Mark, uncrashed: Uncrashed): Promise<void> {
  expect(run.end, JSON.stringify(run.end)).to.deep.equal({ end: 'done' });
  await expectAllTrue(lab, run, mark);
  expect(changesSince(lab, mark)).to.deep.equal(uncrashed.changes);
  expect(run.result.counts).to.deep.equal(uncrashed.counts);
  // Of a process that died, the calls since its last event are not counted. A call of the other lane was counted before it left,
  // and may never have arrived; two processes may have died.
  expect(run.result.apiCalls, 'API calls').to.be.at.most(callsSince(lab, { calls: 0 }).length + 2);
}
