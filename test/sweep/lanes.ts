import { availableParallelism } from 'node:os';

/** Runs work side by side, as many at a time as the machine has processors. */
export async function runLanes<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}
