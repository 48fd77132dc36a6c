/** The real `sf` host as a child process, with this plugin linked and nothing of the machine's own sf in reach. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import type { PortalOrg } from '../scenarios/commands/portalOrg.ts';
import {
  environmentOf,
  finished,
  newFolder,
  repository,
  sfScript,
  type CallOptions,
  type SfAnswer,
} from '../scenarios/commands/sfCall.ts';
import { linkedPlugin } from '../scenarios/commands/warmSf.ts';

export type SfOptions = CallOptions & {
  /** Other plugins than this repository, linked into a data folder of its own. */
  readonly dataDir?: string;
  /** No file may grow beyond so many blocks of 512 bytes; not on Windows. */
  readonly greatestFile?: number;
};

/** sf's data folder with the plugins of some folders linked. */
export async function linkPlugins(...plugins: readonly string[]): Promise<string> {
  const dataDir = await newFolder('data');
  const home = await newFolder('home');
  for (const plugin of plugins) {
    const link = await finished(start(['plugins', 'link', plugin, '--no-install'], { home }, dataDir));
    expect(link.code, link.stderr).to.equal(0);
  }
  return dataDir;
}

/** Runs `sf …` to its end. This repository's plugin is linked. */
export async function sf(args: readonly string[], options: SfOptions): Promise<SfAnswer> {
  return finished(await startSf(args, options));
}

/** Starts `sf …`; for tests that interrupt it. */
export async function startSf(args: readonly string[], options: SfOptions): Promise<ChildProcess> {
  return start(args, options, options.dataDir ?? (await linkedPlugin()));
}

/** Starts `sf portal users …` with --json for an org, and leaves it running. */
export async function begin({ home, cwd }: PortalOrg, args: readonly string[]): Promise<ChildProcess> {
  return startSf(['portal', 'users', ...args, '--target-org', 'portal', '--json'], { home, cwd });
}

/** Whether this machine can give a command a terminal of its own: with the `script` of util-linux. */
export function hasTerminals(): boolean {
  const { error, stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return error === undefined && stdout.includes('util-linux');
}

/** @param redirect for the shell, such as `> out.txt` */
export type TerminalOptions = SfOptions & { readonly columns?: number; readonly redirect?: string };

/** Starts `sf …` in a terminal: what is written to the child's stdin is typed, its stdout is what the screen is sent. */
export async function startInTerminal(args: readonly string[], options: TerminalOptions): Promise<ChildProcess> {
  const { columns = 80, redirect = '' } = options;
  const words = [process.execPath, sfScript, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const command = `stty columns ${String(columns)} rows 50; exec ${words.join(' ')} ${redirect}`;
  return spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd: options.cwd ?? options.home,
    env: { ...environment(options, await linkedPlugin()), SHELL: '/bin/sh', TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** The environment of `sf`, for scripts that call it. */
export async function sfEnvironment(options: SfOptions): Promise<Record<string, string>> {
  return environment(options, options.dataDir ?? (await linkedPlugin()));
}

function start(args: readonly string[], options: SfOptions, dataDir: string): ChildProcess {
  const command = [process.execPath, sfScript, ...args];
  const limited = ['sh', '-c', 'ulimit -f "$0"; exec "$@"', String(options.greatestFile), ...command];
  const [program = '', ...rest] = options.greatestFile === undefined ? command : limited;
  const child = spawn(program, rest, {
    cwd: options.cwd ?? options.home,
    env: { ...environment(options, dataDir), ...(options.greatestFile === undefined ? {} : surviving) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // The command may end before it has read all: that is its right.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  return child;
}

/** The package signal-exit ends a process at the first write beyond its limit, unless somebody else listens: no full disk does that. */
const surviving = { NODE_OPTIONS: "--import=data:text/javascript,process.on('SIGXFSZ',()=>{})" };

/** Node keeps what it has compiled, for all processes of all tests: a fifth of the time of each. */
const compiled = { NODE_COMPILE_CACHE: join(repository, 'node_modules', '.cache', 'compiled') };

function environment(options: SfOptions, dataDir: string): Record<string, string> {
  return { ...compiled, ...environmentOf(options, dataDir) };
}
