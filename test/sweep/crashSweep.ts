/** Enumerates the moments at which a process can die: all of every command, or a few that are drawn by lot. */
import { createRandom, type Random } from '../simulated-org/random.ts';
import { runCrashed, runUncrashed, type CrashVerdict, type Uncrashed } from './crashCell.ts';
import { crashScenarios, type CrashScenario } from './crashScenarios.ts';
import { runLanes } from './lanes.ts';
import { inTime } from './patience.ts';
import { failedTable, textOfFailure, type Sweep, type Table } from './table.ts';

type Crash = {
  readonly scenario: CrashScenario;
  readonly uncrashed: Uncrashed;
  /** The point of the command to die at. */
  readonly killAt: number;
  /** The point of the resume after it to die at; 0: it lives. */
  readonly killResumeAt: number;
};

/** The whole sweep: about 2,200 crashes. Every other resume is killed as well, at a point drawn by lot. */
export const sweepCrashes: Sweep = async (tell) => {
  const random = createRandom(1);
  const planned = new Set<string>();
  for (const scenario of crashScenarios) {
    // All creates make their plan in the same way, and so do all others: once is enough.
    const kind = scenario.name.split(',')[0] ?? '';
    try {
      const crashes = await crashesOf(scenario, planned.has(kind), random);
      tell(await sweep(crashes, (line) => void process.stderr.write(`${line}\n`)));
      planned.add(kind);
    } catch (error) {
      tell(failedTable(`Crash sweep: ${scenario.name}. Broken off`, error));
    }
  }
};

async function crashesOf(scenario: CrashScenario, skipsPlan: boolean, random: Random): Promise<Crash[]> {
  const uncrashed = await inTime(runUncrashed(scenario));
  return moments(uncrashed, skipsPlan).map((killAt) => {
    const killResumeAt = random.below(2) * pointOfResume(random, uncrashed, killAt);
    return { scenario, uncrashed, killAt, killResumeAt };
  });
}

/** A few crashes of some commands, drawn by lot. */
export async function sampleCrashes(count: number, seed: number): Promise<Table> {
  const random = createRandom(seed);
  const scenarios = [random.pick(crashScenarios), random.pick(crashScenarios), random.pick(crashScenarios)];
  const crashes: Crash[] = [];
  for (const scenario of new Set(scenarios)) {
    const uncrashed = await runUncrashed(scenario);
    for (let nth = 0; nth < count / scenarios.length; nth++) {
      const killAt = random.pick(moments(uncrashed, false));
      crashes.push({ scenario, uncrashed, killAt, killResumeAt: (nth % 2) * pointOfResume(random, uncrashed, killAt) });
    }
  }
  return sweep(crashes, () => undefined);
}

/** A resume looks at the org again, and does what is left. */
function pointOfResume(random: Random, { points }: Uncrashed, killAt: number): number {
  return 1 + random.below(points.length - killAt + pointsOfChecks);
}

const pointsOfChecks = 30;

/** Points with something durable between them: "before" a step that follows "after" another one is the same moment. */
function moments({ points }: Uncrashed, skipsPlan: boolean): number[] {
  const first = skipsPlan ? points.findIndex((point) => point.endsWith('users.csv.new')) : 0;
  const isSame = (n: number): boolean =>
    points[n]?.startsWith('before') === true && points[n - 1]?.startsWith('after') === true;
  return points.flatMap((_, n) => (n < first || isSame(n) ? [] : n + 1));
}

/** @param tell how far it is, and what was found */
async function sweep(crashes: readonly Crash[], tell: (line: string) => void): Promise<Table> {
  const failures: string[] = [];
  const ends = new Map<Crash, CrashVerdict>();
  let done = 0;
  await runLanes(crashes, async (crash) => {
    try {
      ends.set(crash, await inTime(runCrashed(crash.scenario, crash.killAt, crash.killResumeAt, crash.uncrashed)));
    } catch (error) {
      failures.push(`${describe(crash)}\n${textOfFailure(error)}`);
      tell(failures.at(-1) ?? '');
    }
    if (++done % 50 === 0) tell(`${String(done)} of ${String(crashes.length)} crashes`);
  });
  const rows = [...new Set(crashes.map(({ scenario }) => scenario))].map((scenario) => {
    const own = crashes.filter((crash) => crash.scenario === scenario);
    const count = (verdict: CrashVerdict | undefined): string =>
      String(own.filter((crash) => ends.get(crash) === verdict).length);
    const verdicts = [count('again'), count('resumed'), count('twice'), count(undefined)];
    return [scenario.name, String(own.length), ...verdicts];
  });
  const header = ['command', 'killed', 'given again', 'resumed', 'resume killed too', 'differences'];
  return { title: 'Crash sweep', header, rows, runs: crashes.length, failures };
}

function describe({ scenario, uncrashed, killAt, killResumeAt }: Crash): string {
  const resume = killResumeAt === 0 ? '' : `, its resume at point ${String(killResumeAt)}`;
  return `${scenario.name}, killed at point ${String(killAt)} (${uncrashed.points[killAt - 1] ?? ''})${resume}`;
}
