/** The commands that repeat the one that was typed. */
import { expect } from 'chai';
import { needsNoPrompt, withRepeat } from '../../../lib/cli/repeats.js';
import type { TypedFlag } from '../../../lib/model/fileTexts.js';
import type { RunResult } from '../../../lib/model/result.js';
import { detailOfReadme, planOfReadme } from '../report/screens/runViews.ts';

const given: readonly TypedFlag[] = [{ name: 'definition-file', value: 'users.yaml' }, { name: 'strict' }];

function nextOf(code: string, changes: Partial<RunResult>, isNew = true, typed = given, available = 3): unknown[] {
  const guard = {
    code,
    kind: code === 'maxUsers' ? ('decision' as const) : ('obstacle' as const),
    message: 'No.',
    available,
    needed: 5,
  };
  const result: RunResult = { ...planOfReadme(), operation: 'sync', guards: [guard], ...changes };
  const ended = { end: { end: 'guards' as const, failures: [] }, result, next: [], detail: detailOfReadme };
  const { next } = withRepeat(ended, { typed, targetOrg: 'acme', asks: false, isNew });
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
    const run = [
      ['repeatStrict', `${sync} --strict --no-prompt --target-org acme`],
      ['repeatWithoutStrict', `${sync} --no-prompt --target-org acme`],
    ];
    expect(nextOf('strictRefused', { dryRun: true })).to.deep.equal(run);
    expect(nextOf('strictRefused', { dryRun: false }, false)).to.deep.equal(run);
    const email = { code: 'welcomeEmails', kind: 'decision', message: 'm', flag: '--allow-welcome-emails' } as const;
    const strict = { code: 'strictRefused', kind: 'obstacle', message: 'm' } as const;
    const all = nextOf('', { dryRun: false, guards: [email, strict] }, false).map((each) => String(each));
    for (const command of all) expect(command).to.include(' --allow-welcome-emails --no-prompt ');
  });

  it('is none where it would end as it did', () => {
    expect(nextOf('strictEmpty', { dryRun: true })).to.deep.equal([]);
  });

  it('allows as many as the plan takes access from where --max-take-away was lower', () => {
    const lowered = [...given, { name: 'max-take-away', value: '3' }];
    const run = [['repeat', `${sync} --strict --max-take-away 5 --no-prompt --target-org acme`]];
    expect(nextOf('limit', { dryRun: false }, true, lowered)).to.deep.equal(run);
    const same = [['repeat', `${sync} --strict --max-take-away 3 --no-prompt --target-org acme`]];
    expect(nextOf('limit', { dryRun: false }, true, lowered, 2)).to.deep.equal(same);
  });

  it('is none of a plan that is kept where only a decision is open: its own command says that', () => {
    expect(nextOf('maxUsers', {}, true)).to.have.lengthOf(1);
    expect(nextOf('maxUsers', {}, false)).to.deep.equal([]);
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
    expect(needsNoPrompt('sync', given, 'acme').facts).to.include({
      apply: `${sync} --strict --no-prompt --target-org acme`,
    });
    const where = { name: 'where', value: "Name = 'A'\nAND IsActive = true" };
    expect(needsNoPrompt('disable', [where], 'acme')).to.include({ key: 'needsNoPrompt' });
    expect(needsNoPrompt('disable', [{ name: 'file', value: '-' }], 'acme')).to.include({ key: 'needsNoPrompt' });
  });
});
