/** The real `sf` host as a child process, with this plugin linked and nothing of the machine's own sf in reach. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'chai';

export const repository = join(import.meta.dirname, '..', '..');
export const sfScript = join(repository, 'node_modules', '@salesforce', 'cli', 'bin', 'run.js');

/** What `--json` prints: the envelope of sf. */
export type Envelope = {
  readonly status: number;
  readonly name?: string;
  readonly message?: string;
  readonly actions?: readonly string[];
  readonly result?: unknown;
  readonly warnings?: readonly unknown[];
};

export type SfAnswer = {
  /** The exit code; undefined when a signal ended the process. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

export type SfOptions = {
  /** The private HOME: logins and the most recent run are in it. */
  readonly home: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
  /** Other plugins than this repository, linked into a data folder of its own. */
  readonly dataDir?: string;
  /** No file may grow beyond so many blocks of 512 bytes; not on Windows. */
  readonly greatestFile?: number;
};

let scratch: string | undefined;
let linked: Promise<string> | undefined;

/** The folder that everything of this test process is in; gone when the process ends. */
export function scratchFolder(): string {
  if (scratch === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'sf-portal-users-e2e-'));
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
    scratch = folder;
  }
  return scratch;
}

export async function newFolder(prefix: string): Promise<string> {
  return mkdtemp(join(scratchFolder(), `${prefix}-`));
}

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

/** Runs `sf …` to its end. This repository's plugin is linked once per test process. */
export async function sf(args: readonly string[], options: SfOptions): Promise<SfAnswer> {
  return finished(await startSf(args, options));
}

/** Starts `sf …`; for tests that interrupt it. */
export async function startSf(args: readonly string[], options: SfOptions): Promise<ChildProcess> {
  linked ??= linkPlugins(repository);
  return start(args, options, options.dataDir ?? (await linked));
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
  linked ??= linkPlugins(repository);
  const { columns = 80, redirect = '' } = options;
  const words = [process.execPath, sfScript, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const command = `stty columns ${String(columns)} rows 50; exec ${words.join(' ')} ${redirect}`;
  return spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd: options.cwd ?? options.home,
    env: { ...environment(options, await linked), SHELL: '/bin/sh', TERM: 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** The environment of `sf`, for scripts that call it. */
export async function sfEnvironment(options: SfOptions): Promise<Record<string, string>> {
  linked ??= linkPlugins(repository);
  return environment(options, options.dataDir ?? (await linked));
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

function environment(options: SfOptions, dataDir: string): Record<string, string> {
  const kept = ['SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'ComSpec', 'PATHEXT'];
  const machine = kept.flatMap((name): Array<[string, string]> => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(machine),
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    HOME: options.home,
    USERPROFILE: options.home,
    SF_DATA_DIR: dataDir,
    SF_DISABLE_TELEMETRY: 'true',
    SF_DISABLE_AUTOUPDATE: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    OCLIF_DISABLE_LINKED_ESM_WARNING: 'true',
    NO_COLOR: '1',
    ...options.env,
  };
}

/** Waits for the end of a child and gathers what it prints. */
export async function finished(child: ChildProcess): Promise<SfAnswer> {
  const printed = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout?.on('data', (chunk: Buffer) => printed.stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => printed.stderr.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return {
    code: code ?? undefined,
    stdout: Buffer.concat(printed.stdout).toString('utf8'),
    stderr: Buffer.concat(printed.stderr).toString('utf8'),
  };
}

/** The one JSON document that is all of stdout, and whose status is the exit code. */
export function envelopeOf(answer: SfAnswer): Envelope {
  let envelope: Envelope;
  try {
    envelope = JSON.parse(answer.stdout) as Envelope;
  } catch {
    throw new Error(`stdout is not one JSON document:\n${answer.stdout}\nstderr:\n${answer.stderr}`);
  }
  expect(envelope.status, 'status in the JSON').to.equal(answer.code);
  return envelope;
}

/** Runs tests of independent commands side by side, as each waits for its own process most of the time. */
export async function sideBySide<T>(items: readonly T[], run: (item: T) => Promise<void>, lanes = 3): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
