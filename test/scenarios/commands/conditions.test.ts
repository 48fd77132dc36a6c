/** A condition that Salesforce does not accept: shown as it was typed, with the caret below the fault and the usual cure. */
import { expect } from 'chai';
import { mainProfile, PortalOrg, runFolders } from './portalOrg.ts';
import { sideBySide } from './sfCall.ts';

const quotes = `Put text in single quotes, and the whole condition in double quotes: --where "LastName = 'Smith'"`;
const fields = 'sf sobject describe --sobject Contact --target-org portal';

/** The condition, the line and the index of the caret in it, and what to do. */
const cases: ReadonlyArray<readonly [where: string, line: string, caret: number, cure: string]> = [
  ['LastName = Acme', 'LastName = Acme', 11, quotes],
  ['LastName = true', 'LastName = true', 0, quotes],
  ['LastName = "Acme"', 'LastName = "Acme"', 11, 'Put text in straight single quotes'],
  ['LastName = ‘Acme’', 'LastName = ‘Acme’', 11, 'Put text in straight single quotes'],
  ["LastName = 'O'Brien'", "LastName = 'O'Brien'", 19, "Write a single quote within a text as \\'"],
  [
    "LastName = 'x' OR LastName = 'Smith",
    "LastName = 'x' OR LastName = 'Smith",
    29,
    'Close each text with a single quote.',
  ],
  ["LastName = 'x' AND", "LastName = 'x' AND", 18, 'Complete the condition'],
  ['LastName =', 'LastName =', 10, 'Complete the condition'],
  ["CreatedDate > '2026-01-01'", "CreatedDate > '2026-01-01'", 0, 'without quotes: IsActive = true'],
  ["WHERE LastName = 'x'", "WHERE LastName = 'x'", 0, 'Leave out the word WHERE.'],
  [
    "select Id FROM Contact WHERE LastName = 'x'",
    "select Id FROM Contact WHERE LastName = 'x'",
    0,
    'Leave out SELECT … FROM Contact WHERE.',
  ],
  ["LastName == 'x'", "LastName == 'x'", 10, 'Compare with a single ='],
  ['Email IS NOT NULL', 'Email IS NOT NULL', 6, 'Compare with null using = or !='],
  ['Nope__c = 1', 'Nope__c = 1', 0, fields],
  ["LastName LIKE 'x%'\n  AND Nope__c = 1", '  AND Nope__c = 1', 6, fields],
  ['Account.Tipe = 1', 'Account.Tipe = 1', 8, 'Did you mean "Type"'],
  ['Account.Nope__c = 1', 'Account.Nope__c = 1', 8, 'sf sobject describe --sobject Account --target-org portal'],
  ["Acount.Name = 'x'", "Acount.Name = 'x'", 0, 'Did you mean "Account"'],
  ["Account.Ownr.Name = 'x'", "Account.Ownr.Name = 'x'", 8, 'Use the API names of relationships'],
  ["LastName = 'x')", "LastName = 'x')", 14, `"SELECT Id FROM Contact WHERE LastName = 'x')" --target-org portal`],
];

describe('a condition that Salesforce does not accept', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  it('is shown as it was typed, with the caret below the fault, and what cures it', async () => {
    const untouched = portal.digest();
    await sideBySide(cases, async ([where, line, caret, cure]) => {
      const { code, stdout, stderr } = await portal.text(['create', '--where', where, '--profile', mainProfile]);
      expect(code, where).to.equal(1);
      expect(stdout, where).not.to.include('SELECT Id,');
      expect(stderr, where).to.match(
        /Error \(\w*ConditionRejectedError\): Salesforce doesn't accept the condition of --where: \S/,
      );
      expect(stderr, where).not.to.match(/Row:|Account\.Owner/);
      const pointed = `\n  ${' '.repeat(caret)}^`;
      expect(stderr, where).to.include(`\n\n  ${line}${pointed}\n\n`);
      expect(stderr.split('Try this:')[1], where).to.include(cure);
    });
    expect(portal.digest()).to.equal(untouched);
    expect(runFolders(portal.cwd)).to.deep.equal([]);
  });

  it('of --protect names that flag, and the object that it is on', async () => {
    const args = ['disable', '--mode', 'freeze', '--where', "Username = 'x'", '--no-prompt'];
    const { code, stderr } = await portal.text([...args, '--protect', "SELECT Id FROM User WHERE Name = 'x'"]);
    expect(code).to.equal(1);
    expect(stderr).to.include('the condition of --protect: ').and.to.include('Leave out SELECT … FROM User WHERE.');
  });

  it('of a definition has its place in the file, and a cure for the key that it is written for', async () => {
    const head = `orgs: [${portal.org.orgId}]\ngroups:\n  - name: "Plain people"\n    profile: ${mainProfile}\n    contacts: `;
    /** The rest of the file, the place in it, the line with the caret, and what to do. */
    const wrong: ReadonlyArray<readonly [rest: string, place: string, pointed: string, cure: string]> = [
      ['LastName = Acme\n', '5:26', '  LastName = Acme\n             ^', `contacts: "LastName = 'Smith'"`],
      [
        '"Email != null AND Account.Tipe = 1"\n',
        '5:42',
        '  Email != null AND Account.Tipe = 1\n                            ^',
        'Did you mean "Type"',
      ],
      [`|\n      LastName != 'x'\n      AND Nope__c = 1\n`, '5:15', '  AND Nope__c = 1\n      ^', fields],
      [`Id != null\ngoverns: Profile.Nme = 'x'\n`, '6:18', "  Profile.Nme = 'x'\n          ^", 'Did you mean "Name"'],
      [
        `Id != null\nprotect:\n  - Username = 'x'\n  - Name = Acme\n`,
        '8:12',
        '  Name = Acme\n         ^',
        `- "LastName`,
      ],
    ];
    for (const [rest, place, pointed, cure] of wrong) {
      const file = portal.file('access.yaml', head + rest);
      const args = ['sync', '--definition-file', file, '--dry-run'];
      const { code, stderr } = await portal.text(args);
      expect(code, rest).to.equal(1);
      const [error = '', todo = ''] = stderr.split('Try this:');
      expect(error, rest).to.include(`access.yaml:${place}: Salesforce doesn't accept this condition (`);
      expect(error, rest).to.include(`\n\n${pointed}\n\n`);
      expect(todo, rest).to.include(cure).and.not.include('of "Plain people"');
      const { stdout, name } = await portal.failure(args);
      expect(name, rest).to.equal('ConditionRejectedError');
      const [line, column] = place.split(':').map(Number);
      expect(JSON.parse(stdout), rest).to.have.nested.property('data.faults[0]').that.deep.includes({ line, column });
    }
    const file = portal.file('access.yaml', `${head}Id != null\n`);
    const args = ['sync', '--definition-file', file, '--dry-run', '--protect', 'Name = Acme'];
    expect((await portal.text(args)).stderr)
      .to.include('the condition of --protect: ')
      .and.include(`--protect "LastName`);
    expect(runFolders(portal.cwd)).to.deep.equal([]);
  });

  it('of a definition has its place when a plan is applied, too: a field may have been hidden since', async () => {
    const group = `\n  - name: Customers\n    profile: ${mainProfile}\n    contacts: Email != null AND Portal_Access__c = true\n`;
    const file = portal.file('hidden.yaml', `orgs: [${portal.org.orgId}]\ngroups:${group}`);
    const { result } = await portal.json(['sync', '--definition-file', file, '--dry-run', '--output-dir', 'to-apply']);
    portal.org.switches.hiddenFields = ['Contact.Portal_Access__c'];
    const { code, stderr } = await portal.text(['resume', '--run-dir', result.runDir, '--no-prompt']);
    portal.org.switches.hiddenFields = [];
    expect(code).to.equal(1);
    expect(stderr).to.include('hidden.yaml:5:33: ').and.include("No such column 'Portal_Access__c'");
    expect(portal.writes()).to.deep.equal([]);
  });

  it('is cut to what stands around the fault where it is long', async () => {
    const long = Array.from({ length: 30 }, (_, at) => `LastName != 'a${at}'`);
    const { stderr } = await portal.text([
      'create',
      '--where',
      [...long, 'Nope__c = 1', ...long].join(' AND '),
      '--profile',
      mainProfile,
    ]);
    const [line = '', caret = ''] = stderr.split('\n').filter((it) => /^ {2}(…|\s*\^$)/.test(it));
    expect(line)
      .to.match(/^ {2}….*Nope__c = 1.*…$/)
      .and.to.have.length.below(80);
    expect(line.slice(caret.indexOf('^'))).to.match(/^Nope__c/);
  });
});
