/** How long a command of `sf` takes until a person sees something. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { startSf, type SfOptions } from '../host/sfHost.ts';

/** Seconds. */
export type FirstText = {
  readonly wall: number;
  /** What the process itself has worked, whatever else the machine does; only Linux tells it of another process. */
  readonly cpu: number | undefined;
};

/** Runs `sf …` until its first text, on stdout or stderr, and ends it there. @throws if that text tells of an error */
export async function firstText(args: readonly string[], options: SfOptions): Promise<FirstText> {
  const start = performance.now();
  const child = await startSf(args, options);
  const closed = once(child, 'close');
  const text = await Promise.race([firstData(child), closed.then(() => '')]);
  const wall = (performance.now() - start) / 1000;
  const cpu = cpuSeconds(child.pid);
  child.kill('SIGKILL');
  await closed;
  if (text === '' || /error/i.test(text)) throw new Error(`sf ${args.join(' ')} says: ${text}`);
  return { wall, cpu };
}

async function firstData(child: ChildProcess): Promise<string> {
  const streams = [child.stdout, child.stderr].flatMap((stream) => stream ?? []);
  const [data] = (await Promise.race(streams.map((stream) => once(stream, 'data')))) as [Buffer];
  return data.toString();
}

const ticksPerSecond = 100;

/** User and system time, fields 14 and 15 of /proc/<pid>/stat (proc(5)); the second field, a name, may hold blanks. */
function cpuSeconds(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
