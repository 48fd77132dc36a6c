/** A list on a narrow terminal: no name is lost, and columns are counted, not characters. */
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import type { ListedUser, ListResult } from '../../../../lib/model/access/userList.js';
import { wrapLine } from '../../../../lib/cli/wrapLine.js';
import { listLines } from '../../../../lib/report/access/listScreen.js';
import { columnsOf } from '../../../../lib/report/screens/layout.js';

const figures = { users: 2, active: 2, frozen: 0, inactive: 0, neverLoggedIn: 0, idle: 0 };
const [customers, partners] = [
  'Contoso Customer Community Plus Login - EMEA',
  'Contoso Customer Community Plus Login - APAC',
];

function listOf(...names: string[]): ListResult {
  const users = names.map(
    (name, n) => ({ name, profile: n === 0 ? customers : partners, state: 'active' }) as ListedUser,
  );
  const profiles = [customers, partners].map((name) => ({ name, ...figures }));
  const licenses = [{ name: 'Customer Community Plus Login', total: 10, used: 2, left: 8, ...figures, profiles }];
  const summary = { ...figures, unseen: [], notPortalUsers: 0, username: 'admin@acme.example', licenses };
  const files = { users: 'list/users.csv', report: 'list/report.html' };
  return { summary, users, outputDir: 'list', files } as unknown as ListResult;
}

describe('listLines', () => {
  const lines = listLines(listOf('Jonas Silva', '山田 太郎'), { columns: 80, targetOrg: 'acme' });

  it('says whether the org is production', () => {
    expect(lines[0]).to.match(/ portal users in acme \((production|sandbox)\), as seen by /);
  });

  it('give each profile its whole name in the table', () => {
    for (const name of [customers, partners]) {
      const index = lines.findIndex((line) => line.trim() === name);
      expect(lines[index + 1]).to.match(/^ +2 /);
    }
  });

  it('keep the ends of names that begin alike, below each other whatever their script', () => {
    const [first = '', second = ''] = lines.slice(1);
    expect(first).to.match(/^ {2}Jonas Silva +Contoso.*….*EMEA {2}active$/);
    expect(second).to.match(/^ {2}山田 太郎 +Contoso.*….*APAC {2}active$/);
    expect(columnsOf(first)).to.equal(columnsOf(second)).and.to.be.at.most(80);
  });

  it('name ten users at most, of more a few in one line, and end with the totals and what can be done', () => {
    const listed = (amount: number): string[] => {
      const { summary, ...rest } = listOf(...Array.from({ length: amount }, (_, n) => `Person Number${n}`));
      const counted = { ...summary, users: amount, idle: amount, isSandbox: false };
      return listLines({ ...rest, summary: counted }, { columns: 80, targetOrg: 'acme' });
    };
    const named = (all: readonly string[]): string[] => all.filter((line) => line.includes('Person Number'));
    expect(named(listed(10))).to.have.length(10);
    const many = listed(11);
    expect(named(many)).to.have.length(1);
    expect(many[1]).to.match(/^ {2}Person Number0, Person Number1, Person Number2 and 8 more +users\.csv$/);
    expect(many.at(-1)).to.match(/^ {4}sf portal users disable .* --dry-run --file \S+users\.csv$/);
  });

  it('leave out the profile where whole names have no room beside it', () => {
    const { summary, users, ...rest } = listOf('Maximiliane von und zu Hohenlohe-Waldenburg', 'Lars Zimmermann');
    const employed = users.map((user) => ({ ...user, accountName: 'Evergreen Machines Inc.' }));
    const narrow = listLines({ summary, users: employed, ...rest }, { columns: 80, targetOrg: 'acme' });
    const [first, second] = narrow.slice(1);
    expect(first).to.equal('  Maximiliane von und zu…  Evergreen Machines Inc.  active');
    expect(second).to.equal('  Lars Zimmermann          Evergreen Machines Inc.  active');
  });

  it('move figures closer before a name gets a line of its own', () => {
    const { summary, ...rest } = listOf('Jonas Silva');
    const [license] = summary.licenses;
    const licenses = license === undefined ? [] : [{ ...license, profiles: [{ ...figures, name: 'Acme Portal' }] }];
    const narrow = listLines({ summary: { ...summary, licenses }, ...rest }, { columns: 80, targetOrg: 'acme' });
    expect(narrow).to.include('Customer Community Plus Login    10    2      2      0        0     0    0    8');
    expect(narrow).to.include('  Acme Portal                                 2      0        0     0    0');
  });

  describe('of an org with many licenses', () => {
    const rank = (n: number, most: number): number => (n * 7) % most;
    const licenses = Array.from({ length: 12 }, (_, n) => ({
      ...{ name: `License ${String(n)}`, total: 10, used: rank(n, 12), left: 10 - rank(n, 12), ...figures },
      users: rank(n, 12),
      active: rank(n, 12),
      profiles: Array.from({ length: 5 }, (__, m) => ({ ...figures, name: `Profile ${String(n)}.${String(m)}` })),
    }));
    const { summary, ...rest } = listOf(...Array.from({ length: 11 }, (_, n) => `Person Number${String(n)}`));
    const counted = { ...summary, users: 66, active: 66, idle: 3, invitable: 2, licenses };
    const shown = (columns: number | undefined): string[] =>
      listLines({ ...rest, summary: counted }, { columns, targetOrg: 'acme' }).flatMap((line) =>
        wrapLine(stripVTControlCharacters(line), columns).split('\n'),
      );

    it('fit on a screen: the licenses with the most users, and the others in one row', () => {
      const rows = shown(80).flatMap((line) => line.match(/.{1,80}/g) ?? ['']);
      // With the command, its progress, and the next prompt.
      expect(rows.length, rows.join('\n')).to.be.at.most(24 - 3);
      const named = rows.flatMap((row) => /^License \d+/.exec(row) ?? []);
      expect(named).to.deep.equal(['License 3', 'License 5', 'License 10']);
      const others = rows.find((row) => row.startsWith('9 more licenses'))?.match(/\d+/g) ?? [];
      const ofRows = named.map((name) => licenses.find((license) => license.name === name)?.users ?? 0);
      // Total, used, active.
      expect(others.slice(1, 4).map(Number)).to.deep.equal([90, 66 - sum(ofRows), 66 - sum(ofRows)]);
      expect(rows.find((row) => row.startsWith('All '))).to.match(/^All +120 +66 +66 /);
      expect(rows.join('\n')).to.match(/report\.html with the whole table/);
    });

    it('are whole in a pipe', () => {
      expect(shown(undefined).filter((row) => /^License \d+|^ {2}Profile/.test(row))).to.have.length(72);
    });
  });
});

function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, amount) => all + amount, 0);
}
