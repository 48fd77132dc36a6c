/** The commands that repeat the one that was typed. */
import { expect } from 'chai';
import { needsNoPrompt, withRepeat } from '../../../lib/cli/repeats.js';
import type { TypedFlag } from '../../../lib/model/fileTexts.js';
import type { RunResult } from '../../../lib/model/result.js';
import { detailOfReadme, planOfReadme } from '../report/screens/runViews.ts';

const typed: readonly TypedFlag[] = [{ name: 'definition-file', value: 'users.yaml' }, { name: 'strict' }];

function nextOf(code: string, changes: Partial<RunResult>): unknown[] {
  const guard = { code, kind: 'obstacle' as const, message: 'No.' };
  const result: RunResult = { ...planOfReadme(), operation: 'sync', guards: [guard], ...changes };
  const ended = { end: { end: 'guards' as const, failures: [] }, result, next: [], detail: detailOfReadme };
  const { next } = withRepeat(ended, { typed, targetOrg: 'acme', asks: false });
  return next.map(({ purpose, command }) => [purpose, command]);
}

const sync = 'sf portal users sync --definition-file users.yaml';

describe('a command that is repeated', () => {
  it('is a dry run again where the definition has to be changed first', () => {
    const plan = [['replan', `${sync} --strict --dry-run --target-org acme`]];
    expect(nextOf('limit', { dryRun: true })).to.deep.equal(plan);
    const run = [['repeat', `${sync} --strict --no-prompt --target-org acme`]];
    expect(nextOf('limit', { dryRun: false })).to.deep.equal(run);
  });

  it('is applied without --strict where that held it up', () => {
    const run = [['repeatWithoutStrict', `${sync} --no-prompt --target-org acme`]];
    expect(nextOf('strictRefused', { dryRun: true })).to.deep.equal(run);
  });

  it('has the folder that was asked for, or one beside it where that is taken', () => {
    const into = (folder: string): unknown =>
      needsNoPrompt('disable', [{ name: 'output-dir', value: folder }], 'acme').facts['preview'];
    const free = into('not-there-yet/');
    expect(free).to.equal('sf portal users disable --output-dir not-there-yet --dry-run --target-org acme');
    for (const given of ['src/', 'nowhere/../src'])
      expect(into(given)).to.equal('sf portal users disable --output-dir src-2 --dry-run --target-org acme');
  });

  it('is printed on one line, or not at all', () => {
    expect(needsNoPrompt('sync', typed, 'acme').facts).to.include({
      apply: `${sync} --strict --no-prompt --target-org acme`,
    });
    const where = { name: 'where', value: "Name = 'A'\nAND IsActive = true" };
    expect(needsNoPrompt('disable', [where], 'acme')).to.include({ key: 'needsNoPrompt' });
    expect(needsNoPrompt('disable', [{ name: 'file', value: '-' }], 'acme')).to.include({ key: 'needsNoPrompt' });
  });
});
