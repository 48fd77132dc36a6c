/** A condition that Salesforce does not accept: shown as it was typed, with the caret below the fault and the usual cure. */
import { expect } from 'chai';
import { mainProfile, PortalOrg, runFolders } from './portalOrg.ts';
import { sideBySide } from './sfCall.ts';

const quotes = `Put text in single quotes, and the whole condition in double quotes: --where "LastName = 'Smith'"`;
const fields = 'sf sobject describe --sobject Contact --target-org portal';

/** The condition, the line and the index of the caret in it (none: Salesforce names no place), and what to do. */
const cases: ReadonlyArray<readonly [where: string, line: string, caret: number | undefined, cure: string]> = [
  ['LastName = Acme', 'LastName = Acme', 11, quotes],
  ['LastName = true', 'LastName = true', 0, quotes],
  ['LastName = "Acme"', 'LastName = "Acme"', 16, 'Put text in straight single quotes'],
  ['LastName = ‘Acme’', 'LastName = ‘Acme’', 11, 'Put text in straight single quotes'],
  ["LastName = 'O'Brien'", "LastName = 'O'Brien'", undefined, "Write a single quote within a text as \\'"],
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
      const pointed = caret === undefined ? '' : `\n  ${' '.repeat(caret)}^`;
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
