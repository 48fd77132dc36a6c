/** Runs a command of `sf` to its end, and tells what it took. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished, scratchFolder, startSf, type SfAnswer, type SfOptions } from '../e2e/sfHost.ts';

export type Usage = {
  readonly seconds: number;
  /** The most memory that the process held at a time, resident. */
  readonly peakBytes: number;
};

/** Each Node process writes down what it used; those that `sf` starts itself do too, under another name. */
const writeUsage = `
  import { writeFileSync } from 'node:fs';
  process.on('exit', () => writeFileSync(process.env.USAGE_FOLDER + '/' + process.pid, String(process.resourceUsage().maxRSS)));
`;

export async function measuredRun(args: readonly string[], options: SfOptions): Promise<SfAnswer & Usage> {
  const folder = mkdtempSync(join(scratchFolder(), 'usage-'));
  const hook = `--import=data:text/javascript,${encodeURIComponent(writeUsage)}`;
  const env = { ...options.env, NODE_OPTIONS: hook, USAGE_FOLDER: folder };
  const start = performance.now();
  const child = await startSf(args, { ...options, env });
  const answer = await finished(child);
  const seconds = (performance.now() - start) / 1000;
  // Kilobytes on every platform (Node's documentation of process.resourceUsage).
  return { ...answer, seconds, peakBytes: Number(readFileSync(join(folder, String(child.pid)), 'utf8')) * 1024 };
}
