/** Every answer of every scenario, hostile in every way: or a few of them, drawn by lot. */
import { createRandom } from '../simulated-org/random.ts';
import { sweepElsewhere } from './elsewhere.ts';
import { casesOf, HostileLab, nameOf, scenarios, type HostileCase, type HostileEnd, type Scenario } from './hostile.ts';
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
  for (const earlier of scenarios.slice(0, scenarios.indexOf(scenario))) await casesOf(earlier, met);
  return sweep(await casesOf(scenario, met), tell);
}

/** A few answers of one scenario. */
export async function sampleHostile(count: number, seed: number): Promise<Table> {
  const random = createRandom(seed);
  const cases = await casesOf(random.pick(scenarios), new Set());
  return sweep(Array.from({ length: count }, () => random.pick(cases)));
}

const ends: readonly HostileEnd[] = ['refused', 'done', 'resumed'];

async function sweep(cases: readonly HostileCase[], tell: (name: string) => void = () => undefined): Promise<Table> {
  const rows: string[][] = [];
  const failures: string[] = [];
  for (const scenario of scenarios) {
    const lab = new HostileLab(scenario);
    const ofScenario = cases.filter((each) => each.scenario === scenario);
    for (const [name, ofCall] of Map.groupBy(ofScenario, nameOf)) {
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
      rows.push([scenario.name, name, String(ofCall.length), ...ends.map((end) => String(counts[end]))]);
    }
    await lab.stop();
  }
  return {
    title: 'Hostile answers',
    header: ['scenario', 'call', 'answers', ...ends],
    rows,
    runs: cases.length,
    failures,
  };
}
