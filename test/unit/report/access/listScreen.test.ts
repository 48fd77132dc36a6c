/** A list on a narrow terminal: no name is lost, and columns are counted, not characters. */
import { expect } from 'chai';
import type { ListedUser, ListResult } from '../../../../lib/model/access/userList.js';
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
  return { summary, users, outputDir: 'list', files: { users: 'list/users.csv' } } as unknown as ListResult;
}

describe('listLines', () => {
  const lines = listLines(listOf('Jonas Silva', '山田 太郎'), { columns: 80, targetOrg: 'acme' });

  it('says whether the org is production', () => {
    expect(lines[1]).to.match(/ portal users in acme \((production|sandbox)\), as seen by /);
  });

  it('give each profile its whole name in the table', () => {
    for (const name of [customers, partners]) {
      const index = lines.findIndex((line) => line.trim() === name);
      expect(lines[index + 1]).to.match(/^ +2 /);
    }
  });

  it('keep the ends of names that begin alike, below each other whatever their script', () => {
    const [first = '', second = ''] = lines.slice(2);
    expect(first).to.match(/^ {2}Jonas Silva +Contoso.*….*EMEA {2}active$/);
    expect(second).to.match(/^ {2}山田 太郎 +Contoso.*….*APAC {2}active$/);
    expect(columnsOf(first)).to.equal(columnsOf(second)).and.to.be.at.most(80);
  });

  it('name ten users at most, three of more, and end with the totals and what can be done', () => {
    const listed = (amount: number): string[] => {
      const { summary, ...rest } = listOf(...Array.from({ length: amount }, (_, n) => `Person Number${n}`));
      const counted = { ...summary, users: amount, idle: amount, isSandbox: false };
      return listLines({ ...rest, summary: counted }, { columns: 80, targetOrg: 'acme' });
    };
    const named = (all: readonly string[]): string[] => all.filter((line) => line.includes('Person Number'));
    expect(named(listed(10))).to.have.length(10);
    const many = listed(11);
    expect(named(many)).to.have.length(3);
    expect(many).to.include('  and 8 more in users.csv');
    expect(many.length - many.findIndex((line) => line.startsWith('All '))).to.be.at.most(12);
    expect(many.at(-1)).to.match(/^ {2}sf portal users disable .* --dry-run$/);
  });

  it('leave out the profile where whole names have no room beside it', () => {
    const { summary, users, ...rest } = listOf('Maximiliane von und zu Hohenlohe-Waldenburg', 'Lars Zimmermann');
    const employed = users.map((user) => ({ ...user, accountName: 'Evergreen Machines Inc.' }));
    const narrow = listLines({ summary, users: employed, ...rest }, { columns: 80, targetOrg: 'acme' });
    const [first, second] = narrow.slice(2);
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
});
