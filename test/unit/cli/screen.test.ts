/** The screen of a command: what goes where, and which org the printed commands name. */
import { SfError } from '@salesforce/core';
import { expect } from 'chai';
import { canAsk, fitError, screenOf, type CommandScreen } from '../../../lib/cli/screen.js';

class PortalUsersTest {
  readonly out: string[] = [];
  readonly err: string[] = [];
  readonly warnings: unknown[] = [];
  readonly json: boolean;

  constructor(json: boolean) {
    this.json = json;
  }

  log(line: string): void {
    this.out.push(line);
  }

  logToStderr(line: string): void {
    this.err.push(line);
  }

  warn(warning: unknown): void {
    this.warnings.push(warning);
  }

  jsonEnabled(): boolean {
    return this.json;
  }
}

const nobody = { getUsername: (): undefined => undefined };

describe('screenOf', () => {
  const orgOf = (input: string | undefined, username?: string): string =>
    screenOf(
      new PortalUsersTest(false),
      input === undefined
        ? []
        : [
            { flag: 'wait', input: '5' },
            { flag: 'target-org', input },
          ],
      { getUsername: () => username },
    ).targetOrg;

  it('names the org as it was typed, and never by a token', () => {
    expect(orgOf('my-alias', 'ada@acme.example')).to.equal('my-alias');
    expect(orgOf(undefined, 'ada@acme.example')).to.equal('ada@acme.example');
    expect(orgOf('00D000000000001!secret', 'ada@acme.example')).to.equal('ada@acme.example');
    expect(orgOf('00D000000000001!secret')).to.equal('<org>');
    expect(orgOf('00D000000000001!secret', '00D000000000001!secret')).to.equal('<org>');
  });

  it('puts output on stdout, the dialog on stderr, and warnings where sf has them', () => {
    const command = new PortalUsersTest(false);
    const screen = screenOf(command, [], nobody);
    screen.log('output');
    screen.note('dialog');
    screen.warn({ name: 'W', message: 'warning' });
    expect([command.out, command.err, command.warnings]).to.deep.equal([
      ['output'],
      ['dialog'],
      [{ name: 'W', message: 'warning' }],
    ]);
  });

  it('says last words on stderr', () => {
    const command = new PortalUsersTest(false);
    const error = SfError.create({ name: 'InterruptedError', message: 'left', actions: ['resume it'], exitCode: 130 });
    screenOf(command, [], nobody).lastWords(error);
    expect(command.err).to.deep.equal(['left', 'resume it']);
  });

  it('keeps quiet with --json where nobody can be asked', () => {
    const command = new PortalUsersTest(true);
    const screen: CommandScreen = screenOf(command, [], nobody);
    screen.note('dialog');
    expect([screen.json, command.err]).to.deep.equal([true, []]);
  });
});

describe('fitError', () => {
  it('has commands say yes where nobody can be asked, but for a look at the plan and commands that never ask', () => {
    const ask =
      'To undo it:\n  sf portal users enable --from-run "a b" --target-org acme\nOr:\n  sf portal users resume --run-dir a --target-org acme';
    const others = [
      'sf portal users disable --mode freeze --dry-run --target-org acme',
      'sf portal users sync --no-prompt --target-org acme',
      'sf portal users create --file a.csv --target-org acme',
      'Use enable or disable.',
    ];
    const error = SfError.create({ message: 'No.', name: 'NoError', actions: [ask, ...others] });
    fitError(error, { json: true });
    const told = canAsk() ? ask : ask.replaceAll(' --target-org', ' --no-prompt --target-org');
    expect(error.actions).to.deep.equal([told, ...others]);
  });
});
