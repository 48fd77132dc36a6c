/** Every pair of commands at once, at random moments: nobody is done twice, and both say what is true. */
import { createRandom } from '../simulated-org/random.ts';
import { duel, duelists, type Duelist } from './duelCell.ts';
import { inTime } from './patience.ts';
import { runLanes } from './lanes.ts';
import { textOfFailure, type Sweep, type Table } from './table.ts';

const pairs = duelists.flatMap((a, n) => duelists.slice(n).map((b): readonly [Duelist, Duelist] => [a, b]));

/** The whole sweep: 210 duels. */
export const sweepDuels: Sweep = async (tell) => {
  const seeds = Array.from({ length: 14 }, (_, n) => n);
  tell(await fight(pairs.flatMap((pair) => seeds.map((seed) => ({ pair, seed })))));
};

/** Some of them, drawn by lot. */
export async function sampleDuels(count: number, seed: number): Promise<Table> {
  const random = createRandom(seed);
  return fight(Array.from({ length: count }, (_, n) => ({ pair: random.pick(pairs), seed: seed + n })));
}

type Duel = { readonly pair: readonly [Duelist, Duelist]; readonly seed: number };

async function fight(duels: readonly Duel[]): Promise<Table> {
  const failures: string[] = [];
  const counts = new Map<string, { duels: number; both: number }>();
  await runLanes(duels, async ({ pair, seed }) => {
    const name = pair.join(' and ');
    const count = counts.get(name) ?? { duels: 0, both: 0 };
    counts.set(name, count);
    count.duels += 1;
    try {
      if ((await inTime(duel(pair, createRandom(seed)))) === 'both') count.both += 1;
    } catch (error) {
      failures.push(`${name}, seed ${String(seed)}\n${textOfFailure(error)}`);
    }
  });
  const rows = [...counts].map(([name, count]) => [name, String(count.duels), String(count.both)]);
  return { title: 'Duels', header: ['commands', 'duels', 'both wrote'], rows, runs: duels.length, failures };
}
