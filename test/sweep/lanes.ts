import { availableParallelism } from 'node:os';

/**
 * Runs work side by side, three pieces at a time for each processor: two thirds of a run of a sweep is waiting, for jobs, time-outs
 * and repetitions.
 */
export async function runLanes<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: 3 * availableParallelism() }, lane));
}
