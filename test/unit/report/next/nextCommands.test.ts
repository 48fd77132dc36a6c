/** The commands that are printed fit the run: they are what somebody can do next. */
import { expect } from 'chai';
import type { Outlook } from '../../../../lib/model/fileTexts.js';
import { nextCommands, nextText } from '../../../../lib/report/next/nextCommands.js';
import type { RunResult } from '../../../../lib/model/result.js';
import { resultOfReadme } from '../screens/runViews.ts';

const outlook: Outlook = {
  findings: [],
  resumeFlags: [],
  permissionSets: [],
  typed: [],
  fromRun: undefined,
  asks: true,
};
const noEmails = { possible: 0, atLeast: false, sites: [], senders: [] };

describe('nextCommands', () => {
  it('send new users a link to set their password where no welcome email does', () => {
    const purposes = (welcomeEmails: typeof noEmails): string[] =>
      nextCommands({ ...resultOfReadme(), welcomeEmails }, outlook, 'acme').map(({ purpose }) => purpose);
    expect(purposes(noEmails)).to.include('invite');
    expect(purposes({ ...noEmails, possible: 189 })).not.to.include('invite');
  });

  it('say first that a site has to have them as members, where none has', () => {
    const findings = [{ check: { key: 'sites.none', facts: { profile: 'Acme Identity' } } }] as const;
    const commands = nextCommands({ ...resultOfReadme(), welcomeEmails: noEmails }, { ...outlook, findings }, 'acme');
    const invite = commands.find(({ command }) => command.startsWith('sf portal users invite'));
    expect(invite?.purpose).to.equal('inviteMembers');
    // What is wrong, and where it is put right, the warning has said.
    const text = nextText(invite ?? { purpose: 'invite', command: '' }, resultOfReadme());
    expect(text)
      .to.match(/^When a site has the profile as a member/)
      .and.not.match(/can't log in|Setup/);
  });

  it('have refused rows fixed that can be, and as many as these are', () => {
    const plan = resultOfReadme();
    const retries = (refusedByReason: Record<string, number>): string[] => {
      const counts = { ...plan.counts, failed: 0, created: 0, refused: 1000 };
      const files = { ...plan.files, failed: '/r/failed.csv', refused: '/r/refused.csv' };
      const change = { operation: 'disable', mode: 'freeze', selectedBy: 'file' } as const;
      const result: RunResult = { ...plan, ...change, counts, files, refusedByReason };
      const next = nextCommands(result, outlook, 'acme').filter(({ purpose }) => purpose === 'retryRefused');
      return next.flatMap((each) => [nextText(each, result), each.command]);
    };
    const beyond = { DUPLICATE_USER: 980, NOT_EXTERNAL: 10, IS_RUNNING_USER: 1, PORTAL_ADMINISTRATOR: 1 };
    expect(retries(beyond)).to.deep.equal([]);
    expect(retries({ ...beyond, USER_NOT_FOUND: 8 })).to.deep.equal([
      'Fix the 8 rows in refused.csv that can be fixed (see its Advice column), then run the refused rows again:',
      'sf portal users disable --mode freeze --file /r/refused.csv --target-org acme',
    ]);
    expect(retries({ USER_NOT_FOUND: 1000 })[0]).to.match(
      /^Fix 1,000 rows in refused\.csv \(see its Advice column\), /,
    );
  });

  it('have nothing to undo of users that were created inactive', () => {
    const purposes = (active: number): string[] => {
      const newUsers = { active, inactive: 189 - active };
      return nextCommands({ ...resultOfReadme(), newUsers, licenses: [] }, outlook, 'acme').map(
        ({ purpose }) => purpose,
      );
    };
    // Licenses may be hidden.
    expect(purposes(1)).to.include('undo').and.not.include('activateCreated');
    expect(purposes(0)).to.include('activateCreated').and.not.include('undo');
  });

  it('undo an enable run by the opposite mode for the users it changed, unless it has given back more than access', () => {
    const plan = resultOfReadme();
    const counts = { ...plan.counts, succeeded: 7, failed: 0, created: 0 };
    const done = { planned: 0, done: 7, failed: 0, unknown: 0 };
    const undo = (mode: 'unfreeze' | 'activate', steps: RunResult['steps']): string[] =>
      nextCommands({ ...plan, licenses: [], operation: 'enable', mode, counts, steps }, outlook, 'acme')
        .filter(({ purpose }) => purpose === 'undo')
        .map(({ command }) => command.replace(plan.runDir, ''));
    expect(undo('unfreeze', { setFrozen: done }).join()).to.match(/ disable --mode freeze --file \S*succeeded\.csv/);
    expect(undo('activate', { setActive: done }).join()).to.match(
      / disable --mode deactivate --file \S*succeeded\.csv/,
    );
    expect(undo('activate', { setActive: done, assignPermissionSet: done })).to.deep.equal([]);
  });

  it('need no flag where they ask', () => {
    const record = resultOfReadme();
    const flags = (asks: boolean): Array<string | undefined> =>
      nextCommands({ ...record, welcomeEmails: noEmails }, { ...outlook, asks }, 'acme')
        .filter(({ purpose }) => purpose === 'invite' || purpose === 'undo')
        .map(({ command }) => / --no-prompt/.exec(command)?.[0]);
    expect(flags(true)).to.deep.equal([undefined, undefined]);
    expect(flags(false)).to.deep.equal([' --no-prompt', ' --no-prompt']);
  });
});
