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
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import tty from 'node:tty';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { keepConfigs } from './keptConfig.ts';
import {
  environmentOf,
  repository,
  scratchFolder,
  sfModule,
  sfScript,
  type CallOptions,
  type SfAnswer,
  type StandIn,
} from './sfCall.ts';

/** In the order of their numbers. */
const streamNames = ['stdin', 'stdout', 'stderr'] as const;
const signals = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

type WarmOptions = CallOptions & { readonly terminal?: StandIn };

let calls: Promise<unknown> = Promise.resolve();
let linked: Promise<string> | undefined;

/** Runs `sf …` to its end in this process. This repository's plugin is linked. */
export async function warmSf(args: readonly string[], options: WarmOptions): Promise<SfAnswer> {
  const dataDir = await linkedPlugin();
  return oneByOne(() => call(args, options, dataDir));
}

/** sf's data folder with this repository's plugin linked, once per test process. @param env which libraries find when they are loaded */
export async function linkedPlugin(env: CallOptions['env'] = {}): Promise<string> {
  linked ??= linkPlugin(env);
  return linked;
}

/** With the environment and the folder of `sf`, what an administrator's library does; its caches are empty before and after. */
export async function asSf<T>(options: CallOptions, work: () => Promise<T>): Promise<T> {
  return oneByOne(async () => {
    const restorePlace = takePlace(options, environmentOf(options, ''));
    // It warns of http.
    const streams = takeStreams(options);
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

/** By `sf` itself. */
async function linkPlugin(env: Readonly<Record<string, string>>): Promise<string> {
  const [dataDir, home] = [join(scratchFolder(), 'warm-data'), join(scratchFolder(), 'warm-home')];
  await mkdir(home, { recursive: true });
  const link = await oneByOne(() => call(['plugins', 'link', repository, '--no-install'], { home, env }, dataDir));
  expect(link.code, link.stderr).to.equal(0);
  keepConfigs();
  // Libraries ask once, when they are loaded, whether there is a terminal: there is none.
  await oneByOne(() => call(['portal', 'users', 'check', '--nonesuch'], { home, env }, dataDir));
  return dataDir;
}

async function call(args: readonly string[], options: WarmOptions, dataDir: string): Promise<SfAnswer> {
  const before = marks();
  const restorePlace = takePlace(options, environmentOf(options, dataDir));
  const streams = takeStreams(options);
  const end = takeEnd();
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
    end.restore();
    streams.restore();
    restorePlace();
    // What a call leaves behind would be another's trouble, which nobody could explain.
    expect(marks()).to.deep.equal(before);
  }
}

/** What a call replaces. */
const replaced: ReadonlyArray<readonly [of: object, name: string]> = [
  [process, 'stdin'],
  [process, 'exit'],
  ...[process.stdout, process.stderr].flatMap((output) =>
    ['isTTY', 'columns', 'getColorDepth', '_write', '_writev'].map((name) => [output, name] as const),
  ),
  [tty, 'isatty'],
];

/** All that a command could change for those that come after it. */
function marks(): unknown {
  return {
    cwd: process.cwd(),
    env: { ...process.env },
    argv: process.argv,
    exitCode: process.exitCode,
    replaced: replaced.map(([of, name]) => Object.getOwnPropertyDescriptor(of, name)),
    listeners: listened().map(({ emitter, event }) => [event, emitter.rawListeners(event)]),
  };
}

/** @returns what puts it back */
function replace(of: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(of, name);
  Object.defineProperty(of, name, { value, configurable: true, enumerable: true, writable: true });
  return () => {
    if (before === undefined) Reflect.deleteProperty(of, name);
    else Object.defineProperty(of, name, before);
  };
}

/** The folder, the arguments and all variables. */
function takePlace({ home, cwd = home }: CallOptions, variables: Readonly<Record<string, string>>): () => void {
  const { argv, env } = process;
  const place = { cwd: process.cwd(), env: { ...env } };
  process.chdir(cwd);
  replaceVariables(variables);
  expect(homedir(), 'the home folder of this call').to.equal(home);
  return () => {
    process.chdir(place.cwd);
    process.argv = argv;
    replaceVariables(place.env);
  };
}

/** In place: another object would be the process's own environment no more, and nothing would change the home folder. */
export function replaceVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (!(name in variables)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, variables);
}

/** Pipes, unless a terminal is wanted: what is printed is kept. */
function takeStreams({ stdin = '', terminal }: WarmOptions): {
  printed: () => Omit<SfAnswer, 'code'>;
  restore: () => void;
} {
  const input = new PassThrough();
  const { redirected = [] } = terminal ?? {};
  const isTerminal = streamNames.map((name) => terminal !== undefined && !redirected.includes(name));
  const [isTyped, isShown, isToldOn] = isTerminal;
  if (isTyped !== true) input.end(stdin);
  const stdout = takeOutput(process.stdout, isShown === true ? terminal : undefined);
  const stderr = takeOutput(process.stderr, isToldOn === true ? terminal : undefined, (screen) => {
    if (/\(y\/N\)|to go ahead:/.test(screen) && !input.writableEnded) input.end(terminal?.keys ?? '');
  });
  const restoreInput = replace(process, 'stdin', input);
  const restoreTerminals = replace(tty, 'isatty', (stream: number) => isTerminal[stream] === true);
  syncBuiltinESMExports();
  return {
    printed: () => ({ stdout: stdout.text(), stderr: stderr.text() }),
    restore: () => {
      restoreTerminals();
      syncBuiltinESMExports();
      restoreInput();
      stderr.restore();
      stdout.restore();
    },
  };
}

/** At the lowest place, as libraries hold on to `write`. */
function takeOutput(
  output: NodeJS.WriteStream,
  terminal: StandIn | undefined,
  printed: (all: string) => void = () => undefined,
): { text: () => string; restore: () => void } {
  const chunks: Buffer[] = [];
  // Pipes are given texts, files and terminals are given bytes.
  const keep = (chunk: string | Buffer): void => {
    chunks.push(Buffer.from(chunk));
    printed(text());
  };
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  const restores = [
    replace(output, 'isTTY', terminal !== undefined),
    replace(output, 'columns', terminal?.columns),
    // By TERM, NO_COLOR, and the like.
    replace(output, 'getColorDepth', terminal && ((env?: object) => tty.WriteStream.prototype.getColorDepth(env))),
    replace(output, '_write', (chunk: string | Buffer, _encoding: unknown, written: () => void) => {
      keep(chunk);
      written();
    }),
    replace(output, '_writev', (parts: ReadonlyArray<{ chunk: string | Buffer }>, written: () => void) => {
      for (const { chunk } of parts) keep(chunk);
      written();
    }),
  ];
  return {
    text,
    restore: () => {
      for (const restore of restores) restore();
    },
  };
}

/** How the process would have ended: oclif ends it with the code of the error, or lets it end with `process.exitCode`. */
function takeEnd(): { code: () => number; restore: () => void } {
  const { exitCode } = process;
  const exits: number[] = [];
  process.exitCode = undefined;
  const restoreExit = replace(process, 'exit', (code?: number) => {
    exits.push(code ?? Number(process.exitCode ?? 0));
  });
  return {
    code: () => {
      expect(exits, 'a process ends once').to.have.length.at.most(1);
      return exits[0] ?? Number(process.exitCode ?? 0);
    },
    restore: () => {
      restoreExit();
      process.exitCode = exitCode;
    },
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
  const shared: unknown = Reflect.get(globalThis, 'oclif');
  if (typeof shared === 'object' && shared !== null) Reflect.deleteProperty(shared, 'stdinCache');
}
