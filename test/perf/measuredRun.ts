/** Runs a command of `sf`, or a script, to its end, and tells what it took. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSf, type SfOptions } from '../host/sfHost.ts';
import { finished, scratchFolder, type SfAnswer } from '../scenarios/commands/sfCall.ts';

export type Usage = {
  readonly seconds: number;
  /** Of the process's own work: the same however busy the machine is. */
  readonly cpuSeconds: number;
  /** The most memory that the process held at a time, resident. */
  readonly peakBytes: number;
};

export async function measuredRun(args: readonly string[], options: SfOptions): Promise<SfAnswer & Usage> {
  return measured((env) => startSf(args, { ...options, env: { ...options.env, ...env } }));
}

export async function measuredScript(script: string, ...args: readonly string[]): Promise<SfAnswer & Usage> {
  return measured((env) => spawn(process.execPath, [script, ...args], { env: { ...process.env, ...env } }));
}

/** Each Node process writes down what it used; those that `sf` starts itself do too, under another name. */
const writeUsage = `
  import { writeFileSync } from 'node:fs';
  process.on('exit', () => writeFileSync(process.env.USAGE_FOLDER + '/' + process.pid, JSON.stringify(process.resourceUsage())));
`;

async function measured(
  startProcess: (env: Record<string, string>) => ChildProcess | Promise<ChildProcess>,
): Promise<SfAnswer & Usage> {
  const folder = mkdtempSync(join(scratchFolder(), 'usage-'));
  const hook = `--import=data:text/javascript,${encodeURIComponent(writeUsage)}`;
  const start = performance.now();
  const child = await startProcess({ NODE_OPTIONS: hook, USAGE_FOLDER: folder });
  const answer = await finished(child);
  const seconds = (performance.now() - start) / 1000;
  const usage = JSON.parse(readFileSync(join(folder, String(child.pid)), 'utf8')) as NodeJS.ResourceUsage;
  const cpuSeconds = (usage.userCPUTime + usage.systemCPUTime) / 1e6;
  // Kilobytes on every platform (Node's documentation of process.resourceUsage).
  return { ...answer, seconds, cpuSeconds, peakBytes: usage.maxRSS * 1024 };
}
