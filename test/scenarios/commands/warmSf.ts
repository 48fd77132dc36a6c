/**
 * `sf` without a process of its own: the real host (its hooks, its flags, its envelope, its way to end) runs in this process,
 * where all of it is loaded already, so that a call takes milliseconds. What a process is beyond that (signals, a terminal, a
 * kill, the exit itself) is for test/host.
 *
 * A call finds the process as a new one would be, and leaves it as it was: arguments, environment, folder, streams, exit code,
 * listeners, caches of @salesforce/core. So one call runs at a time.
 */
import { mkdir } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import tty from 'node:tty';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';
import vm from 'node:vm';
import { expect } from 'chai';
import {
  environmentOf,
  repository,
  scratchFolder,
  sfModule,
  sfScript,
  type CallOptions,
  type SfAnswer,
} from './sfCall.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

let calls: Promise<unknown> = Promise.resolve();
let linked: Promise<string> | undefined;

/** Runs `sf …` to its end in this process. This repository's plugin is linked. */
export async function warmSf(args: readonly string[], options: CallOptions): Promise<SfAnswer> {
  linked ??= linkPlugin();
  const dataDir = await linked;
  return oneByOne(() => call(args, options, dataDir));
}

/** With the environment and the folder of `sf`, what an administrator's library does; its caches are empty before and after. */
export async function asSf<T>(options: CallOptions, work: () => Promise<T>): Promise<T> {
  return oneByOne(async () => {
    const restorePlace = takePlace(options, environmentOf(options, ''));
    // It warns of http.
    const streams = takeStreams('');
    try {
      await forgetState();
      return await work();
    } finally {
      await forgetState();
      streams.restore();
      restorePlace();
    }
  });
}

/** Everything that these calls change is the process's, so they queue. */
async function oneByOne<T>(work: () => Promise<T>): Promise<T> {
  const next = calls.then(work, work);
  calls = next;
  return next;
}

/** sf's data folder with this repository's plugin linked, by `sf` itself. */
async function linkPlugin(): Promise<string> {
  const [dataDir, home] = [join(scratchFolder(), 'warm-data'), join(scratchFolder(), 'warm-home')];
  await mkdir(home, { recursive: true });
  const link = await oneByOne(() => call(['plugins', 'link', repository, '--no-install'], { home }, dataDir));
  expect(link.code, link.stderr).to.equal(0);
  return dataDir;
}

async function call(args: readonly string[], options: CallOptions, dataDir: string): Promise<SfAnswer> {
  const before = marks();
  const restorePlace = takePlace(options, environmentOf(options, dataDir));
  const streams = takeStreams(options.stdin ?? '');
  const end = takeEnd();
  const restoreHeap = takeHeap();
  const restoreListeners = takeListeners();
  try {
    await forgetState();
    process.argv = [process.execPath, sfScript, ...args];
    const { run } = (await import(pathToFileURL(sfModule).href)) as { run: () => Promise<unknown> };
    await run();
    return { code: end.code(), ...streams.printed() };
  } finally {
    await forgetState();
    restoreListeners();
    restoreHeap();
    end.restore();
    streams.restore();
    restorePlace();
    // What a call leaves behind would be another's trouble, which nobody could explain.
    expect(marks()).to.deep.equal(before);
  }
}

/** What a command could change for those that come after it. */
function marks(): unknown {
  return {
    cwd: process.cwd(),
    env: { ...process.env },
    argv: process.argv,
    exitCode: process.exitCode,
    exit: process.exit,
    stdin: Object.getOwnPropertyDescriptor(process, 'stdin'),
    writes: [process.stdout, process.stderr].map(({ _write, _writev }) => [_write, _writev]),
    terminals: [process.stdout.isTTY, process.stderr.isTTY],
    listeners: listened().map(({ emitter, event }) => [event, emitter.rawListeners(event)]),
    umask: process.umask(),
    engine: [v8.setFlagsFromString, vm.runInNewContext],
  };
}

/** The folder, the arguments and all variables. */
function takePlace({ home, cwd = home }: CallOptions, variables: Readonly<Record<string, string>>): () => void {
  const { argv, env } = process;
  const place = { cwd: process.cwd(), env: { ...env } };
  process.chdir(cwd);
  replaceAll(variables);
  return () => {
    process.chdir(place.cwd);
    process.argv = argv;
    replaceAll(place.env);
  };
}

/** In place, as libraries hold on to the object. */
function replaceAll(variables: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (!(name in variables)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, variables);
}

/** Pipes: what is printed is kept, and nobody types. */
function takeStreams(stdin: string | Buffer): { printed: () => Omit<SfAnswer, 'code'>; restore: () => void } {
  const stdout = takeOutput(process.stdout);
  const stderr = takeOutput(process.stderr);
  const input = Object.getOwnPropertyDescriptor(process, 'stdin') ?? {};
  Object.defineProperty(process, 'stdin', { ...input, get: keep(Readable.from(stdin.length === 0 ? [] : [stdin])) });
  const { isatty } = tty;
  tty.isatty = () => false;
  syncBuiltinESMExports();
  return {
    printed: () => ({ stdout: stdout.text(), stderr: stderr.text() }),
    restore: () => {
      tty.isatty = isatty;
      syncBuiltinESMExports();
      Object.defineProperty(process, 'stdin', input);
      stderr.restore();
      stdout.restore();
    },
  };
}

function keep<T>(value: T): () => T {
  return () => value;
}

/** At the lowest place, as libraries hold on to `write`. */
function takeOutput(stream: NodeJS.WriteStream): { text: () => string; restore: () => void } {
  const { isTTY } = stream;
  const chunks: Buffer[] = [];
  stream.isTTY = false;
  // Pipes are given texts, files and terminals are given bytes.
  stream._write = (chunk: string | Buffer, _encoding, written) => {
    chunks.push(Buffer.from(chunk));
    written();
  };
  stream._writev = (parts, written) => {
    chunks.push(...parts.map(({ chunk }) => Buffer.from(chunk as string | Buffer)));
    written();
  };
  return {
    text: () => Buffer.concat(chunks).toString('utf8'),
    restore: () => {
      stream.isTTY = isTTY;
      // Those of the class are back.
      Reflect.deleteProperty(stream, '_write');
      Reflect.deleteProperty(stream, '_writev');
    },
  };
}

/** How the process would have ended: oclif ends it with the code of the error, or lets it end with `process.exitCode`. */
function takeEnd(): { code: () => number; restore: () => void } {
  const { exit, exitCode } = process;
  const exits: number[] = [];
  process.exitCode = undefined;
  process.exit = ((code?: number) => {
    exits.push(code ?? Number(process.exitCode ?? 0));
  }) as typeof process.exit;
  return {
    code: () => {
      expect(exits, 'a process ends once').to.have.length.at.most(1);
      return exits[0] ?? Number(process.exitCode ?? 0);
    },
    restore: () => {
      process.exit = exit;
      process.exitCode = exitCode;
    },
  };
}

/** The engine's flags and its forced collection are for a process that ends soon; here they would slow down all that comes. */
function takeHeap(): () => void {
  const { setFlagsFromString } = v8;
  const { runInNewContext } = vm;
  v8.setFlagsFromString = () => undefined;
  vm.runInNewContext = (code, ...more) => (code === 'gc' ? undefined : (runInNewContext(code, ...more) as unknown));
  return () => {
    v8.setFlagsFromString = setFlagsFromString;
    vm.runInNewContext = runInNewContext;
  };
}

/** Each command adds its own to the signals, wraps those of closed outputs, and waits for outputs to drain. */
function takeListeners(): () => void {
  const taken = listened().map(({ emitter, event }) => ({ emitter, event, listeners: emitter.rawListeners(event) }));
  return () => {
    for (const { emitter, event } of listened()) emitter.removeAllListeners(event);
    for (const { emitter, event, listeners } of taken) {
      for (const listener of listeners) emitter.on(event, listener as (...args: unknown[]) => void);
    }
  };
}

/** What commands listen to. */
function listened(): Array<{ emitter: NodeJS.EventEmitter; event: string | symbol }> {
  const outputs: NodeJS.EventEmitter[] = [process.stdout, process.stderr];
  return [
    ...[...signals, 'sfCommandError'].map((event) => ({ emitter: process as NodeJS.EventEmitter, event })),
    ...outputs.flatMap((emitter) => emitter.eventNames().map((event) => ({ emitter, event }))),
  ];
}

/** Logins, settings, and who listens to warnings are read anew by each process. */
async function forgetState(): Promise<void> {
  const { ConfigAggregator, StateAggregator } = await import('@salesforce/core');
  await StateAggregator.clearInstanceAsync();
  await ConfigAggregator.clearInstance();
  Reflect.deleteProperty(globalThis, 'salesforceCoreLifecycle');
  // What the parser of oclif has read from stdin.
  Reflect.deleteProperty(Object(Reflect.get(globalThis, 'oclif')), 'stdinCache');
}
