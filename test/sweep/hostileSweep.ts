/** Every answer of every scenario, hostile in every way: or a few of them, drawn by lot. */
import { createRandom } from '../simulated-org/random.ts';
import { sweepElsewhere } from './elsewhere.ts';
import {
  casesOf,
  freshCalls,
  HostileLab,
  nameOf,
  scenarios,
  type HostileCase,
  type HostileEnd,
  type Scenario,
} from './hostile.ts';
import { inTime } from './patience.ts';
import type { Sweep, Table } from './table.ts';

/** The whole sweep, a process a scenario. */
export const sweepHostile: Sweep = sweepElsewhere(
  'hostileWorker.ts',
  scenarios.map(({ name }) => name),
  'Hostile answers',
);

/**
 * All answers of a scenario. What several scenarios ask alike is hostile in the first of them.
 * @param tell gets the name of what is tried
 */
export async function sweepAnswers(scenario: Scenario, tell: (name: string) => void): Promise<Table> {
  const met = new Set<string>();
  for (const earlier of scenarios.slice(0, scenarios.indexOf(scenario))) await freshCalls(earlier, met);
  return sweep(scenario, await casesOf(scenario, met), tell);
}

/** A few answers of one scenario. */
export async function sampleHostile(count: number, seed: number): Promise<Table> {
  const random = createRandom(seed);
  const scenario = random.pick(scenarios);
  const cases = await casesOf(scenario, new Set());
  return sweep(
    scenario,
    Array.from({ length: count }, () => random.pick(cases)),
  );
}

const ends: readonly HostileEnd[] = ['refused', 'done', 'resumed'];

async function sweep(
  scenario: Scenario,
  cases: readonly HostileCase[],
  tell: (name: string) => void = () => undefined,
): Promise<Table> {
  const rows: string[][] = [];
  const failures: string[] = [];
  const lab = new HostileLab(scenario);
  for (const [name, ofCall] of Map.groupBy(cases, nameOf)) {
    const counts = { refused: 0, done: 0, resumed: 0 };
    for (const hostile of ofCall) {
      const { kind, place } = hostile.hostile;
      tell(`${name}, ${kind}, ${place}`);
      try {
        counts[await inTime(lab.meet(hostile))] += 1;
      } catch (error) {
        const what = error instanceof Error ? error.message : String(error);
        failures.push(`${scenario.name}, ${name}, ${kind}, ${place}: ${what.slice(0, 1_000)}`);
      }
    }
    rows.push([name, String(ofCall.length), ...ends.map((end) => String(counts[end]))]);
  }
  await lab.stop();
  return {
    title: `Hostile answers: ${scenario.name}`,
    header: ['call', 'answers', ...ends],
    rows,
    runs: cases.length,
    failures,
  };
}
