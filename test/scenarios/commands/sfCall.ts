/** What a call of `sf` is given and what it answers, whether in a process of its own (test/host) or in this one. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect } from 'chai';

export const repository = join(import.meta.dirname, '..', '..', '..');
const cli = join(repository, 'node_modules', '@salesforce', 'cli');
export const sfScript = join(cli, 'bin', 'run.js');
/** What the script calls: the host itself. */
export const sfModule = join(cli, 'dist', 'cli.js');

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

export type CallOptions = {
  /** The private HOME: logins and the most recent run are in it. */
  readonly home: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
};

/** Stands for a terminal: `sf` finds one on its three streams, but for those that are redirected. */
export type StandIn = {
  readonly columns: number;
  readonly redirected?: ReadonlyArray<'stdin' | 'stdout' | 'stderr'>;
  /** Typed when a question stands on the screen. */
  readonly keys?: string;
};

/** Runs `sf …` to its end. */
export type Sf = (args: readonly string[], options: CallOptions) => Promise<SfAnswer>;

let scratch: string | undefined;

/**
 * The folder that everything of this test process is in; gone when the process ends. Without links in its path, as a process
 * sees where it is (macOS has one there), and with a short name: the path of a socket has 103 characters at most there.
 */
export function scratchFolder(): string {
  if (scratch === undefined) {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'portal-')));
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

/** All that `sf` sees of the environment: nothing of the machine's own sf is in reach. @param dataDir where plugins are linked */
export function environmentOf(options: CallOptions, dataDir: string): Record<string, string> {
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
    SF_DISABLE_TELEMETRY: 'true',
    SF_DISABLE_AUTOUPDATE: 'true',
    SF_SKIP_NEW_VERSION_CHECK: 'true',
    SF_DISABLE_LOG_FILE: 'true',
    SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
    OCLIF_DISABLE_LINKED_ESM_WARNING: 'true',
    NO_COLOR: '1',
    ...options.env,
    SF_DATA_DIR: dataDir,
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
