/**
 * Several calls of `sf` in one new process, which has an environment of its own from its beginning on: for what libraries ask of
 * it once, when they are loaded. The calls are JSON in the first argument; the answers come as a message.
 */
import { fork } from 'node:child_process';
import { expect } from 'chai';
import { finished, type CallOptions, type SfAnswer } from '../scenarios/commands/sfCall.ts';
import { linkedPlugin, warmSf } from '../scenarios/commands/warmSf.ts';

type Series = { readonly calls: ReadonlyArray<readonly string[]>; readonly options: CallOptions };

/** @returns the answers in the order of the calls, and what was printed between them */
export async function sfSeries(
  calls: Series['calls'],
  options: CallOptions,
): Promise<{ readonly answers: readonly SfAnswer[]; readonly between: string }> {
  const child = fork(import.meta.filename, [JSON.stringify({ calls, options } satisfies Series)], {
    env: { ...process.env, ...options.env },
    silent: true,
  });
  let answers: readonly SfAnswer[] = [];
  child.once('message', (message) => (answers = message as SfAnswer[]));
  const { code, stdout, stderr } = await finished(child);
  expect(code, stderr.slice(-2_000)).to.equal(0);
  expect(answers).to.have.length(calls.length);
  return { answers, between: stdout + stderr };
}

if (process.argv[1] === import.meta.filename) {
  const { calls, options } = JSON.parse(process.argv[2] ?? '') as Series;
  await linkedPlugin(options.env);
  const answers: SfAnswer[] = [];
  for (const args of calls) answers.push(await warmSf(args, options));
  process.send?.(answers);
}
