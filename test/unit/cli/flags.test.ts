/** The flags that several commands have: what they take, and that a wrong one always has the same exit code. */
import { expect } from 'chai';
import { daysFlag, driveFlags, inactiveForFlag, maxUsersFlag, readFlags } from '../../../lib/cli/flags.js';

type Parse = (input: string) => Promise<unknown>;

/** As oclif calls it; the context says nothing to these. */
function parserOf(flag: { readonly parse: unknown }): Parse {
  return async (input): Promise<unknown> => Reflect.apply(flag.parse as Parse, flag, [input, {}, flag]);
}

describe('the flags with numbers', () => {
  const flags: ReadonlyArray<readonly [name: string, parse: Parse, good: readonly string[], bad: readonly string[]]> = [
    [
      '--wait',
      parserOf(driveFlags.wait),
      ['0', '1', ' 90 ', '999999999'],
      ['-1', '1.5', '12abc', '', '1e3', '9999999999'],
    ],
    ['--max-users', parserOf(maxUsersFlag()), ['1', '10000'], ['0', '-1', 'all', '']],
    ['--inactive-for', parserOf(inactiveForFlag()), ['1', '36500'], ['0', '36501', 'x']],
    ['--never-logged-in', parserOf(daysFlag()), ['1', '36500'], ['0', '-30', '1.5', '36501', 'x']],
  ];
  for (const [name, parse, good, bad] of flags) {
    it(`${name} takes whole numbers in its limits alone`, async () => {
      for (const input of good) expect(await parse(input), input).to.equal(Number(input));
      for (const input of bad) {
        const error: unknown = await parse(input).catch((reason: unknown) => reason);
        expect(error, input).to.include({ name: 'BadFlagError', exitCode: 2 });
        expect(String(error), input).to.include(input);
      }
    });
  }
});

describe('readFlags', () => {
  const failure = (parsing: Promise<{ raw: Array<{ flag: string; input: string }> }>): Promise<unknown> =>
    readFlags(parsing).then(
      () => 'no fault',
      (error: unknown) => error,
    );

  it('gives every wrong flag the exit code 2', async () => {
    const error = Object.assign(new Error('no org'), { oclif: { exit: 1 } });
    expect(await failure(Promise.reject(error))).to.equal(error);
    expect(error.oclif.exit).to.equal(2);
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- whatever is thrown goes on as it is
    for (const thrown of ['text', undefined]) expect(await failure(Promise.reject(thrown))).to.equal(thrown);
  });

  it('refuses values that are empty; conditions have words of their own for that', async () => {
    const raw = [
      { flag: 'where', input: '' },
      { flag: 'strict', input: '--strict' },
    ];
    expect(await readFlags(Promise.resolve({ raw }))).to.deep.equal({ raw });
    const empty = await failure(Promise.resolve({ raw: [...raw, { flag: 'output-dir', input: '' }] }));
    expect(empty).to.include({ name: 'BadFlagError', exitCode: 2 });
    expect(String(empty)).to.include('--output-dir is empty');
  });
});
