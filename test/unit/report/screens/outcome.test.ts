/** The end of a run on the screen. */
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import type { RunResult } from '../../../../lib/model/result.js';
import type { RunView } from '../../../../lib/report/screens/runView.js';
import { nextLines } from '../../../../lib/report/screens/nextSteps.js';
import { questionOf } from '../../../../lib/report/question.js';
import { outcomeLines } from '../../../../lib/report/screens/outcome.js';
import { planLines } from '../../../../lib/report/screens/plan.js';
import { planOfReadme, resultOfReadme, viewOf } from './runViews.ts';

const plain = (lines: readonly string[]): string => lines.map(stripVTControlCharacters).join('\n');

describe('outcomeLines', () => {
  it('say what was done, and who failed; licenses as they are now; nothing that the plan has said before', () => {
    expect(plain(outcomeLines(viewOf(resultOfReadme()), true))).to.equal(`
  ✔ 186 users created in acme-prod (production)                    succeeded.csv
  ✖ 3 contacts failed                                                 failed.csv
        3  DUPLICATE_USERNAME  Dora Double (Double Works) and 2 more
           The username is taken in this org. A user that you can't see may have it. Either correct the column Username of failed.csv, or run the first command again with another template (--username "{Email}.portal").
  Licenses         Customer Community: 215 of 500 in use, 29 before
  Emails           up to 186 welcome emails from Acme Help Center <portal@acme.example>
  Permission sets  Portal_Documents for 189 users
  Page             portal-users/2026-11-29T10-00-00Z-create/report.html`);
  });

  it('have the headline and its file in one row of 80 columns', () => {
    const result = { ...resultOfReadme(), actions: { create: 0, assign: 0, change: 186 } };
    const head = (operation: 'invite' | 'enable'): string | undefined =>
      plain(outcomeLines(viewOf({ ...result, operation }, { targetOrg: 'my-org' }), true)).split('\n')[1];
    expect(head('invite')).to.match(/^ {2}✔ 186 users invited by email in my-org \(production\) +succeeded\.csv$/);
    expect(head('enable')).to.match(/^ {2}✔ 186 users restored in my-org \(production\) +succeeded/);
  });

  it('tell all where no plan was shown, and name nobody in a pipe', () => {
    const text = plain(outcomeLines(viewOf(resultOfReadme(), { columns: undefined }), false));
    expect(text)
      .to.match(/3 contacts already have a user/)
      .and.to.match(/12 contacts were refused/);
    expect(text).not.to.match(/Double|Nomail/);
  });

  it('name who was refused after the plan was shown, with the reason, and what to do; in a pipe nobody', () => {
    const { counts, ...result } = resultOfReadme();
    const refused: RunResult = {
      ...result,
      ...{
        operation: 'disable',
        mode: 'deactivate',
        failedByCode: {},
        licenses: [],
        refusedByReason: { PORTAL_ADMINISTRATOR: 5 },
      },
      counts: { ...counts, failed: 0, refused: 5 },
      refusedSincePlan: { PORTAL_ADMINISTRATOR: 5 },
    };
    const people = ['Ada Admin', 'Bo Boss', 'Cy Chief'].map((name) => ({ name, accountName: undefined }));
    const view = (columns: number | undefined): RunView => {
      const { detail, ...others } = viewOf(refused, { columns });
      return {
        ...others,
        detail: { ...detail, people: { ...detail.people, refusedSincePlan: { PORTAL_ADMINISTRATOR: people } } },
      };
    };
    const shown = plain(outcomeLines(view(110), true));
    expect(shown).to.match(/! 5 users were refused after the plan was made +refused\.csv/);
    expect(shown).to.match(/ 5 {2}portal administrator.* Ada Admin, Bo Boss, Cy Chief and 2 more/);
    const piped = plain(outcomeLines(view(undefined), true));
    expect(piped)
      .to.match(/5 users were refused after/)
      .and.not.match(/Ada|Boss/);
  });

  it('name failed.csv only where it has rows', () => {
    const { counts, ...result } = resultOfReadme();
    const done = { ...result, counts: { ...counts, succeeded: 189, created: 189, failed: 0 }, failedByCode: {} };
    const text = plain(outcomeLines(viewOf({ ...done, state: 'complete' }), true));
    expect(text).not.to.match(/failed/);
  });

  it('tell the licenses and emails of what was done, and nothing of those where nothing was', () => {
    const result = resultOfReadme();
    const usesOf = (done: number, pending: number, [needed, total] = [189, 500]): string => {
      const counts = { ...result.counts, pending, succeeded: done, created: done };
      const licenses = result.licenses.map((use) => ({ ...use, needed, total, done }));
      const welcomeEmails = { ...result.welcomeEmails, done };
      return plain(outcomeLines(viewOf({ ...result, counts, licenses, welcomeEmails }), true));
    };
    expect(usesOf(0, 0)).not.to.match(/in use|email/);
    expect(usesOf(7, 0))
      .to.match(/: 36 of 500 in use, 29 before/)
      .and.to.match(/up to 7 welcome emails from/);
    expect(usesOf(7, 0, [189, -1])).to.match(/: 36 in use, 29 before; no limit/);
    expect(usesOf(-14, 0, [-15, 60])).to.match(/: 15 of 60 in use, 29 before/);
    // What is not finished may be under way.
    expect(usesOf(7, 9))
      .to.match(/: 36 or more of 500 in use, 29 before/)
      .and.to.match(/up to 7 welcome emails so far from/);
    expect(usesOf(-14, 1, [-15, 60])).to.match(/: up to 15 of 60 in use, 29 before/);
  });

  it('count users of a list who can still log in, and rows that name nobody or a user twice apart', () => {
    const { counts, ...result } = resultOfReadme();
    const listed = (refusedByReason: Record<string, number>, succeeded: number): string => {
      const refused = Object.values(refusedByReason).reduce((sum, rows) => sum + rows, 0);
      const figures = { ...counts, selected: succeeded + refused, planned: succeeded, unchanged: 0, failed: 0 };
      const run = { ...result, operation: 'disable', mode: 'freeze', selectedBy: 'file', dryRun: false } as const;
      const then = { ...run, failedByCode: {}, refusedByReason, counts: { ...figures, refused, succeeded } };
      return plain(outcomeLines(viewOf(then), false));
    };
    const typical = listed({ USER_NOT_FOUND: 1, DUPLICATE_USER: 1 }, 6);
    expect(typical)
      .to.match(/! No user was found for 1 row of the file\./)
      .and.match(/! 2 rows were refused/)
      .and.not.match(/can still log in/);
    const mixed = listed({ USER_NOT_FOUND: 1, DUPLICATE_USER: 1, NOT_EXTERNAL: 1 }, 6);
    expect(mixed).to.match(
      /! 6 of 7 users frozen: 1 was refused and can still log in\.\n {2}! No user was found for 1 row/,
    );
    expect(listed({ NOT_EXTERNAL: 3 }, 0)).to.match(/! 0 of 3 users frozen: all 3 were refused and can still log in\./);
  });

  it('the plan and the question of new users say how many are inactive', () => {
    const told = (active: number): string[] => {
      const plan = { ...planOfReadme(), newUsers: { active, inactive: 189 - active } };
      return [plain(planLines(viewOf(plan))), questionOf(plan, 'acme').question];
    };
    const texts = {
      189: [/\+ 189 users to create {3}/, /^Create 189 users in/],
      0: [/\+ 189 inactive users to create/, /^Create 189 inactive users in/],
      188: [/\+ 189 users to create, 1 of them inactive/, /^Create 189 users \(1 of them inactive\) in/],
    } as const;
    for (const [active, patterns] of Object.entries(texts))
      for (const [n, text] of told(Number(active)).entries()) expect(text).to.match(patterns[n] ?? /^$/);
  });

  it('say that permission sets and licenses were removed only where users held any, and so does the question', () => {
    const { counts, ...result } = resultOfReadme();
    const off = { ...result, operation: 'disable', mode: 'deactivate', releaseLicenses: true } as const;
    const run = { ...off, actions: { create: 0, assign: 0, change: 3 }, licenses: [], failedByCode: {} };
    const [done, figures] = [
      { planned: 0, done: 3, failed: 0, unknown: 0 },
      { ...counts, succeeded: 3, created: 0, failed: 0 },
    ];
    const told = (steps: RunResult['steps']): string => {
      const then = { ...run, steps, counts: figures };
      return plain([...outcomeLines(viewOf(then), true), questionOf(then, 'acme').question]);
    };
    expect(told({ setActive: done }))
      .to.match(/✔ 3 users deactivated in/)
      .and.match(/Deactivate 3 users in/);
    expect(told({ setActive: done, removePermissionSet: done }))
      .to.match(/✔ 3 users are inactive, without permission sets and licenses in/)
      .and.match(/Deactivate 3 users, and remove permission sets and licenses in/);
  });

  it('say what is not finished', () => {
    const { counts, ...result } = resultOfReadme();
    const running = { ...result, counts: { ...counts, succeeded: 100, created: 100, failed: 0, pending: 89 } };
    expect(
      plain(
        outcomeLines(
          viewOf({ ...running, counts: { ...running.counts, created: 0, succeeded: 0 }, state: 'running' }),
          false,
        ),
      ),
    ).to.match(/^ {2}Nothing is done in acme-prod \(production\)\n {2}! 89 users are not finished/m);
    expect(plain(outcomeLines(viewOf({ ...running, state: 'running' }), true))).to.match(/! 89 users are not finished/);
  });
});

describe('nextLines', () => {
  const retry = { purpose: 'retry', command: 'sf portal users create --file failed.csv' } as const;
  const undo = { purpose: 'undo', command: 'sf portal users disable --from-run run' } as const;

  it('repeat what failed, let people in, take it back: each command on a line of its own', () => {
    expect(plain(nextLines([retry, undo], resultOfReadme()))).to.equal(`
What to do next
  Fix the problems listed in failed.csv, then run the failed rows again:
    sf portal users create --file failed.csv
  People set their password with the link in Salesforce's welcome email.
  Undo this run:
    sf portal users disable --from-run run`);
  });

  it('say that a command with the flag that allows emails may send them', () => {
    const back = { purpose: 'undo', command: 'sf portal users enable --from-run run --allow-welcome-emails' } as const;
    expect(plain(nextLines([back], resultOfReadme()))).to.contain('Undo this run (this may send welcome emails):');
  });

  it('say how people get in who get no email, or are inactive', () => {
    const noMails = { ...resultOfReadme(), welcomeEmails: { possible: 0, atLeast: false, sites: [], senders: [] } };
    expect(plain(nextLines([], noMails))).to.match(/single sign-on/);
    const some = { ...resultOfReadme().welcomeEmails, possible: 185 };
    expect(plain(nextLines([], { ...resultOfReadme(), welcomeEmails: some }))).to.match(/Not all of these people/);
    const mixed = { ...resultOfReadme(), welcomeEmails: some, newUsers: { active: 185, inactive: 4 } };
    expect(plain(nextLines([], mixed)))
      .to.match(/Some of the new users are inactive/)
      .and.match(/People set their password/);
    expect(nextLines([], { ...noMails, newUsers: { active: 0, inactive: 189 } })).to.deep.equal([]);
  });

  it('say that the permission sets of existing users stay', () => {
    const { actions, permissionSets, ...rest } = resultOfReadme();
    const told = (assign: number, assigned: number): string =>
      plain(
        nextLines([], { ...rest, actions: { ...actions, assign }, permissionSets: { ...permissionSets, assigned } }),
      );
    expect(told(3, 3)).to.include('No command takes back the permission sets');
    expect(told(0, 3)).not.to.include('No command');
    expect(told(3, 0)).not.to.include('No command');
  });

  it('say what is to be decided first', () => {
    const apply = { purpose: 'apply', command: 'sf portal users resume --run-dir run' } as const;
    const mails = { code: 'welcomeEmails', kind: 'decision', message: 'm', needed: 189 } as const;
    const many = { code: 'maxUsers', kind: 'decision', message: 'm', needed: 189, available: 100 } as const;
    const plan = { ...planOfReadme(), guards: [many, mails] };
    expect(plain(nextLines([apply], plan))).to.equal(`
What to do next   To decide: 189 users (--max-users is 100); up to 189 welcome emails
  Apply this plan:
    sf portal users resume --run-dir run`);
    const unseen = { ...plan, guards: [mails], welcomeEmails: { ...plan.welcomeEmails, atLeast: true } };
    expect(plain(nextLines([apply], unseen))).to.include('To decide: at least 189 welcome emails\n');
  });

  it('are none where there is nothing to do', () => {
    const { counts, ...result } = resultOfReadme();
    expect(nextLines([], { ...result, counts: { ...counts, created: 0 } })).to.deep.equal([]);
  });
});
