/** A plan on one screen. */
import { stripVTControlCharacters } from 'node:util';
import path from 'node:path';
import { expect } from 'chai';
import { disableModes, enableModes } from '../../../../lib/model/modes.js';
import type { RunResult } from '../../../../lib/model/result.js';
import { wrapLine } from '../../../../lib/cli/wrapLine.js';
import { quoteArgument } from '../../../../lib/report/next/printedCommand.js';
import { planLines } from '../../../../lib/report/screens/plan.js';
import type { RunView } from '../../../../lib/report/screens/runView.js';
import { planOfReadme, viewOf } from './runViews.ts';

/** As they are on the screen. */
function shown(result: RunResult, screen: Partial<RunView['screen']> = {}): string[] {
  return planLines(viewOf(result, screen)).flatMap((line) =>
    wrapLine(stripVTControlCharacters(line), 'columns' in screen ? screen.columns : 80).split('\n'),
  );
}

describe('planLines', () => {
  it('say what, in which org, by whom; what will be done; which users are left as they are, and why; licenses, emails, files', () => {
    expect(shown(planOfReadme()).join('\n')).to
      .equal(`Plan for acme-prod (production), as admin@acme.example    nothing is written yet

  + 189 users to create   Acme Customer Portal, Customer Community
        Tom Twin (Twin Works), Jonas Silva (Silva Works) and 187 more  users.csv
  = 3 contacts already have a user                                 unchanged.csv
  ! 12 contacts are refused                                          refused.csv
        8  no email address              Nele Nomail (Nomail Works) and 7 more
        3  account owner without a role  Olaf Ownerless, Owen Orphan, Olga Open
        1  with an inactive user         Ida Idle
  Licenses         Customer Community: 29 in use, 218 of 500 afterwards
  Emails           up to 189 welcome emails from Acme Help Center
                   <portal@acme.example>
  Permission sets  Portal_Documents for 189 users
  Run folder       portal-users/2026-11-29T10-00-00Z-create`);
  });

  it('name a profile without its license where there is no room for both', () => {
    const profile = (name: string): RunView['detail']['profiles'][number] => ({
      name,
      license: 'Partner Community',
      users: 9,
    });
    const view = viewOf(planOfReadme(), { columns: 60 });
    const detail = { ...view.detail, profiles: [profile('Acme Partner'), profile('Other')] };
    const head = (columns: number): string | undefined =>
      planLines({ ...view, detail, screen: { ...view.screen, columns } })
        .map(stripVTControlCharacters)
        .find((line) => line.includes('to create'));
    expect(head(110)).to.equal('  + 189 users to create   Acme Partner, Partner Community and 1 more profile');
    expect(head(70)).to.equal('  + 189 users to create   Acme Partner and 1 more profile');
  });

  it('give each advice below the line of those whom it is for', () => {
    const plan = planOfReadme();
    const unchangedByReason = { OTHER_PROFILE: 10, ALREADY_HAS_USER: 3 };
    const result = { ...plan, unchangedByReason, counts: { ...plan.counts, unchanged: 13 } };
    const lines = shown(result, { verbose: true, columns: undefined });
    const from = lines.findIndex((line) => line.startsWith('  ='));
    const wanted = [
      /^ {2}= 3 contacts already/,
      /^ +There is nothing to do/,
      /^ {2}! 10 contacts have/,
      /^ +The command never/,
    ];
    for (const [n, words] of wanted.entries()) expect(lines[from + n]).to.match(words);
    expect(lines.filter((line) => line.includes('The command never changes the profile'))).to.have.lengthOf(1);
  });

  it('say of an invite each thing once: a warning of a bad time has the time, and the line of a site its sender', () => {
    const plan: RunResult = {
      ...{ ...planOfReadme(), operation: 'invite', licenses: [], actions: { create: 0, assign: 0, change: 189 } },
      welcomeEmails: { possible: 0, atLeast: false, sites: [], senders: [] },
      passwordEmails: {
        sites: [{ name: 'Acme Help Center', users: 189, sender: 'portal@acme.example', template: 'Changed Password' }],
        recentlyWelcomed: 0,
        timeZone: { name: 'Europe/Berlin', users: 180 },
      },
    };
    const facts = (result: RunResult, columns?: number): string[] => {
      const view = viewOf(result, { columns });
      const lines = planLines({ ...view, detail: { ...view.detail, orgTime: Date.parse('2026-11-27T16:30:00Z') } });
      return lines
        .slice(lines.findIndex((line) => line.includes('  Emails')))
        .filter((line) => !line.includes('Permission'));
    };
    const shared = '  Emails           the link works once, for 24 hours; current passwords stop working';
    const template = '                   email template "Changed Password"';
    const time = '  Time             Friday 5:30 PM in Europe/Berlin, the time zone of 180 users';
    const site = '  Sites            Acme Help Center: 189 users';
    expect(facts(plan, 80).slice(0, 4)).to.deep.equal([
      shared,
      `${site}, perhaps from portal@acme.example`,
      template,
      time,
    ]);
    expect(facts(plan)[1]).to.equal(site);
    const warned = {
      ...plan,
      guards: [{ code: 'sendingTime', kind: 'warning', message: "It's Friday, 5:30 PM" } as const],
    };
    expect(facts(warned, 80).join()).not.to.include('Friday');
  });

  it('say of a sync how many need no change, so that the figures of those who are only reported add up', () => {
    const done = { create: 0, activate: 0, change: 0, assign: 0, takeAway: 0, deactivate: 0, release: 0 };
    const sync = { groups: [], profiles: [], done, given: 0, unfrozen: 0, taken: 0 };
    const { counts, ...plan } = planOfReadme();
    const lines = (asDefined: number, others: Record<string, number>): string[] =>
      shown({
        ...{ ...plan, operation: 'sync', sync, counts: { ...counts, unchanged: 122 } },
        unchangedByReason: { ALREADY_HAS_USER: asDefined, ...others },
      }).filter((line) => line.startsWith('  ='));
    expect(lines(122, {})[0]).not.to.match(/Nothing to do/);
    const idle = { ...plan, operation: 'sync', sync, counts, actions: { create: 0, assign: 0, change: 0 } } as const;
    expect(shown(idle).find((line) => line.startsWith('  ='))).to.match(/Nothing to do/);
    expect(lines(122, {}).join()).to.match(/^ {2}= 122 people stay as they are {2,}unchanged\.csv$/);
    expect(lines(56, { OFF_BY_OTHERS: 66 }).join()).to.match(
      /^ {2}= 122 people stay as they are: 56 as defined, 66 only reported/,
    );
  });

  it('tell groups of a sync from profiles of the same name, and say whose users it may change', () => {
    const done = { create: 0, activate: 0, change: 0, assign: 0, takeAway: 0, deactivate: 0, release: 0 };
    const name = 'Customer Community User';
    const groups = [{ name, contacts: 12, create: 1, activate: 0, change: 0, assign: 0 }];
    const access = { users: 1, withAccess: 1, unexplained: 0, takeAway: 0, deactivate: 0, release: 0 };
    const sync = { groups, profiles: [{ profile: name, ...access }], done, given: 0, unfrozen: 0, taken: 0 };
    const plan: RunResult = { ...planOfReadme(), operation: 'sync', sync };
    const text = shown(plan).join('\n');
    expect(text).to.match(/^ {2}\+ Group Customer Community User: 12 contacts\n {6}1 to create {2,}users\.csv$/m);
    expect(text).to.match(
      /^ {2}= Profile Customer Community User: 1 user under this definition, 1 with access\n {6}no change$/m,
    );
    expect(text).not.to.match(/governed/);
    const held = planLines({ ...viewOf(plan), isHeld: true }).map((line) => stripVTControlCharacters(line));
    expect(held.filter((line) => line.includes('refused'))).to.deep.equal([
      '  ! 12 contacts are refused                                          refused.csv',
    ]);
    const left = { ...sync, profiles: [{ profile: name, ...access, users: 4, unexplained: 3, takeAway: 1 }] };
    const told = shown({ ...plan, sync: left }).join('\n');
    expect(told).to.match(/^ {6}1 to freeze .*users\.csv\n {6}2 more in no group, only reported {2,}unchanged\.csv$/m);
  });

  it('name who is only reported by a sync, in a terminal alone', () => {
    const done = { create: 0, activate: 0, change: 0, assign: 0, takeAway: 0, deactivate: 0, release: 0 };
    const sync = { groups: [], profiles: [], done, given: 0, unfrozen: 0, taken: 0 };
    const plan: RunResult = { ...planOfReadme(), operation: 'sync', sync, unchangedByReason: { LEAVER: 2 } };
    const view = (columns: number | undefined): RunView => {
      const { detail, ...others } = viewOf(plan, { columns });
      const unchanged = { LEAVER: [{ name: 'Lea Leaver', accountName: 'Acme' }] };
      return { ...others, detail: { ...detail, people: { ...detail.people, unchanged } } };
    };
    const textIn = (columns: number | undefined): string =>
      stripVTControlCharacters(planLines(view(columns)).join('\n'));
    expect(textIn(80)).to.match(/^ {8}2 {2}\S.* {2}Lea Leaver \(Acme\) and 1 more$/m);
    expect(textIn(undefined))
      .to.match(/LEAVER/)
      .and.not.to.match(/Lea Leaver/);
  });

  it('name three people where there is room, and nobody in a pipe, which is kept', () => {
    expect(shown(planOfReadme(), { columns: 120 }).join('\n')).to.match(
      /Tom Twin \(Twin Works\), Jonas Silva \(Silva Works\), Mia Stone \(Stone Works\) and 186 more/,
    );
    const piped = shown(planOfReadme(), { columns: undefined }).join('\n');
    expect(piped).not.to.match(/Twin|Nomail|Idle|portal@acme/);
    expect(piped).to.match(/up to 189 welcome emails from Acme Help Center$/m);
    expect(piped).to.match(/8 {2}no email address \(NO_EMAIL\)$/m);
  });

  it('name sender and email template, also where not all sites can be seen', () => {
    const [sender] = planOfReadme().welcomeEmails.senders;
    const senders = sender === undefined ? [] : [{ ...sender, template: 'Welcome to Acme' }];
    const emails = (changes: Partial<RunResult['welcomeEmails']>, columns = 110): string[] =>
      shown({ ...planOfReadme(), welcomeEmails: { ...planOfReadme().welcomeEmails, ...changes } }, { columns })
        .filter((line) => /^ {2}(Emails| {10})/.test(line))
        .map((line) => line.trim());
    const from = 'from Acme Help Center <portal@acme.example>';
    expect(emails({ senders })).to.deep.equal([
      `Emails           up to 189 welcome emails ${from}`,
      'email template "Welcome to Acme"',
    ]);
    expect(emails({ senders, atLeast: true, possible: 1 })).to.deep.equal([
      `Emails           at least 1 welcome email ${from}; you can't see the`,
      'members of all sites',
      'email template "Welcome to Acme"',
    ]);
    expect(emails({ senders: [], sites: [], atLeast: true, possible: 0 })).to.deep.equal([
      "Emails           perhaps welcome emails; you can't see the members of all sites",
    ]);
  });

  it('tell a sandbox from production', () => {
    expect(shown({ ...planOfReadme(), orgKind: 'sandbox' })[0]).to.match(/acme-prod \(sandbox\)/);
  });

  for (const columns of [80, 120]) {
    it(`fit on a screen of ${String(columns)} columns: 24 lines with the question, no line too long, no word broken`, () => {
      const many = { ...planOfReadme(), refusedByReason: Object.fromEntries(reasons.map((reason) => [reason, 1])) };
      for (const result of [planOfReadme(), many]) {
        const lines = shown(result, { columns });
        // A blank line and the question follow.
        expect(lines.length, lines.join('\n')).to.be.at.most(22);
        for (const line of lines) expect(line.length, line).to.be.at.most(columns);
        const words = planLines(viewOf(result, { columns })).join(' ');
        expect(lines.join(' ').split(/\s+/)).to.deep.equal(stripVTControlCharacters(words).split(/\s+/));
      }
    });
  }

  for (const mode of [...disableModes, ...enableModes]) {
    it(`of ${mode} tell what it does to users, in 22 lines of 80 columns`, () => {
      const isEnable = enableModes.some((each) => each === mode);
      const { licenses, welcomeEmails } = planOfReadme();
      const taken = isEnable ? { licenses, welcomeEmails } : { licenses: [], welcomeEmails: noEmails };
      const actions = { create: 0, assign: 0, change: 189 };
      const unchangedByReason = { ALREADY_DISABLED: 3 };
      const operation = isEnable ? 'enable' : 'disable';
      const lines = shown({ ...planOfReadme(), ...taken, operation, mode, actions, unchangedByReason });
      expect(lines.join('\n'))
        .to.match(/^ {2}\S 189 users to .*\n/m)
        .and.to.match(/^ {2}Login {2,}\S/m);
      expect(lines.length, lines.join('\n')).to.be.at.most(22);
      for (const line of lines) expect(line.length, line).to.be.at.most(80);
    });
  }

  it('with --verbose say what to do about each reason, and what the org is asked for', () => {
    const text = shown(planOfReadme(), { verbose: true }).join('\n');
    expect(text)
      .to.match(/NO_EMAIL.*\n {11}\S/)
      .and.to.match(/API calls {2,}12 so far/);
    expect(shown(planOfReadme()).join('\n')).not.to.match(/API calls|NO_EMAIL/);
  });

  it('with --verbose tell paths from the folder in which the command runs, as everywhere on a screen', () => {
    const { files } = planOfReadme();
    const refused = path.resolve('march', 'refused.csv');
    const run = { ...planOfReadme(), files: { ...files, refused }, refusedByReason: { HAS_INACTIVE_USER: 6 } };
    const text = shown(run, { verbose: true }).join('\n');
    expect(text).to.include(`--file ${quoteArgument(path.join('march', 'refused.csv'))}`);
  });

  it('say how many licenses are missing', () => {
    const licenses = [{ name: 'Customer Community', total: 100, used: 29, needed: 189 }];
    expect(shown({ ...planOfReadme(), licenses }).join('\n')).to.match(
      /Customer Community: 29 of 100 in use, 189 needed, 118 missing/,
    );
  });
});

const noEmails = { possible: 0, atLeast: false, sites: [], senders: [] };

const reasons = [
  ...['NO_EMAIL', 'OWNER_WITHOUT_ROLE', 'HAS_INACTIVE_USER', 'INVALID_EMAIL', 'USERNAME_TAKEN', 'NICKNAME_TAKEN'],
  ...['DUPLICATE_USERNAME_IN_PLAN', 'NO_ACCOUNT', 'VALUE_TOO_LONG', 'BAD_VALUE', 'ROLE_NOT_ALLOWED', 'AMBIGUOUS_KEY'],
];
