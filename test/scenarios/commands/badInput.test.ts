/** Bad input: each fault has a clear message, a non-zero exit, and writes nothing. Good input of every dialect is taken. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { contactsCsv, expectSound, mainProfile, mainSegment, PortalOrg, readCsv, runFolders } from './portalOrg.ts';
import { sideBySide } from './sfCall.ts';

type BadCase = {
  readonly args: readonly string[];
  readonly says: readonly RegExp[];
  /** 1 where nothing else is said. */
  readonly exit?: number;
  readonly stdin?: string;
};

const profile = ['--profile', mainProfile];

describe('bad input', function () {
  let portal: PortalOrg;
  let contactId: string;
  let untouched: string;

  before(async () => {
    portal = await PortalOrg.start();
    contactId = portal.plainContacts(1)[0]?.Id ?? '';
    untouched = portal.digest();
  });

  after(() => portal.stop());

  async function expectRefused(cases: readonly BadCase[]): Promise<void> {
    portal.org.ledger.clear();
    await sideBySide(cases, async ({ args, says, exit = 1, stdin }) => {
      const failed = await portal.failure(['create', ...args], stdin === undefined ? {} : { stdin });
      const call = `create ${args.join(' ')}: ${failed.text}`;
      expect(failed.code, call).to.equal(exit);
      for (const text of says) expect(failed.text, call).to.match(text);
      expect(failed.stderr, call).to.equal('');
    });
    expect(portal.digest()).to.equal(untouched);
    expect(portal.writes().map(({ method, path }) => `${method} ${path}`)).to.deep.equal([]);
    expect(runFolders(portal.cwd)).to.deep.equal([]);
  }

  it('files that are no CSV files', async () => {
    mkdirSync(join(portal.cwd, 'folder.csv'));
    const file = (name: string, content: string | Buffer): string[] => [
      '--file',
      portal.file(name, content),
      ...profile,
    ];
    await expectRefused([
      { args: ['--file', 'missing.csv', ...profile], says: [/missing\.csv/, /does not exist/] },
      { args: ['--file', 'folder.csv', ...profile], says: [/folder\.csv/, /is a folder/] },
      { args: file('empty.csv', ''), says: [/empty\.csv/, /is empty/] },
      { args: file('header.csv', 'ContactId,LastName\n'), says: [/header\.csv/, /no rows/] },
      {
        args: file('binary.csv', Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0])),
        says: [/binary\.csv/, /isn't a text file/],
      },
      {
        args: file('utf16.csv', Buffer.from(`\ufeffContactId\n${contactId}\n`, 'utf16le')),
        says: [/utf16\.csv/, /UTF-16/],
      },
      {
        args: file('latin1.csv', Buffer.from(`ContactId,LastName\n${contactId},Müller\n`, 'latin1')),
        says: [/latin1\.csv/, /not in UTF-8/, /line 2/],
      },
      { args: ['--file', '-', ...profile], stdin: '', says: [/-/, /is empty/] },
    ]);
  });

  it('19: a condition on two lines of a file of --flags-dir, of which sf itself takes each as a value', async () => {
    mkdirSync(join(portal.cwd, 'two-lines'));
    portal.file(join('two-lines', 'where'), "External_Key__c LIKE 'plain-1%'\n  AND Email != null\n");
    await expectRefused([
      { args: ['--flags-dir', 'two-lines', ...profile], says: [/--where can only be specified once/], exit: 2 },
    ]);
  });

  it('files with faults in their rows and headers', async () => {
    const file = (name: string, content: string): string[] => ['--file', portal.file(name, content), ...profile];
    await expectRefused([
      {
        args: file('ragged.csv', `ContactId,LastName\n${contactId},A\n${contactId},B,C\n`),
        says: [/ragged\.csv/, /line 3/, /3 cells/, /header has 2/],
      },
      {
        args: file('quote.csv', `ContactId,LastName\n${contactId},A\n${contactId},"B\n${contactId},C\n`),
        says: [/quote\.csv/, /line 3/, /doesn't end/],
      },
      {
        args: file('twice.csv', `ContactId,LastName,lastname\n${contactId},A,B\n`),
        says: [/twice\.csv/, /"lastname"/, /twice/],
      },
      {
        args: file('keyless.csv', `LastName,Alias\nA,B\n`),
        says: [/LastName, Alias/, /ContactId/, /External_Key__c/, /Email/],
      },
      {
        args: file('unknown.csv', `ContactId,LasName\n${contactId},A\n`),
        says: [/"LasName"/, /not a field of User/, /Did you mean "LastName"/],
      },
      {
        args: file('odd.csv', `ContactId,Qqqqqqq\n${contactId},A\n`),
        says: [/"Qqqqqqq"/, /not a field of User/, /describe/],
      },
      {
        args: file('readonly.csv', `ContactId,LastLoginDate\n${contactId},2026-01-01\n`),
        says: [/LastLoginDate/, /column/],
      },
    ]);
  });

  it('profiles, conditions and templates', async () => {
    const where = ['--where', mainSegment];
    await expectRefused([
      { args: [...where], says: [/The new users need a profile/, /Acme Customer Portal/, /--profile/] },
      {
        args: [...where, '--profile', 'Acme Costumer Portal'],
        says: [/"Acme Costumer Portal"/, /Did you mean "Acme Customer Portal"/],
      },
      {
        args: [...where, '--profile', 'Standard User'],
        says: [/"Standard User" is not for external users/, /license is Salesforce/],
      },
      { args: ['--where', '', ...profile], says: [/--where is empty/] },
      { args: ['--where', ' ', ...profile], says: [/--where is empty/] },
      {
        args: ['--where', "Nonsense__c = 'x'", ...profile],
        says: [/INVALID_FIELD/, /No such column 'Nonsense__c'/, /No such column/],
      },
      { args: ['--where', "LastName = 'x", ...profile], says: [/MALFORMED_QUERY/] },
      { args: ['--where', "LastName = 'x'", '--file', 'x.csv', ...profile], says: [/--where/, /--file/], exit: 2 },
      { args: [...profile], says: [/--where/, /--file/], exit: 2 },
      { args: [...where, ...profile, '--username', '{Email'], says: [/--username/, /brace/, /position 1/] },
      { args: [...where, ...profile, '--username', '{}@a.example'], says: [/--username/, /empty braces/] },
      { args: [...where, ...profile, '--username', '{Emial}'], says: [/\{Emial\}/, /Did you mean "Email"/] },
      { args: [...where, ...profile, '--username', '{Email|shout}'], says: [/no filter "shout"/, /slug/, /initial/] },
      { args: [...where, ...profile, '--username', '{Acount.Name}'], says: [/Acount/, /Account/] },
    ]);
  });

  it('numbers and folders', async () => {
    const where = ['--where', mainSegment, ...profile];
    mkdirSync(join(portal.cwd, 'full'));
    portal.file(join('full', 'mine.txt'), 'do not touch');
    portal.file('a-file', '');
    await expectRefused([
      ...['0', '-5', '1.5', 'many', ''].map((value): BadCase => ({
        args: [...where, `--max-users=${value}`],
        says: [/--max-users/, /whole number of at least 1/],
        exit: 2,
      })),
      ...['-1', '12abc', '0.5'].map((value): BadCase => ({
        args: [...where, `--wait=${value}`],
        says: [/--wait/, /whole number of minutes/],
        exit: 2,
      })),
      { args: [...where, '--max-user', '5'], says: [/--max-user/], exit: 2 },
      { args: [...where, '--output-dir', 'full'], says: [/full/, /isn't empty/, /--output-dir(?!.*resume)/s] },
      {
        args: [...where, '--output-dir', join('a-file', 'below')],
        says: [/below/, /can't be written/, /--output-dir/],
      },
    ]);
    expect(existsSync(join(portal.cwd, 'full', 'mine.txt'))).to.equal(true);
  });

  it('flags whose value is empty, as a variable that is not set leaves one', async () => {
    const calls = [
      ['list', '--definition-file'],
      ['list', '--output-dir'],
      ['sync', '--definition-file'],
      ['sync', '--definition-file', 'none.yaml', '--output-dir'],
      ['create', '--where', mainSegment, '--profile'],
      ['create', '--where', mainSegment, ...profile, '--username'],
      ['create', '--where', mainSegment, ...profile, '--set'],
      ['create', '--where', mainSegment, ...profile, '--permission-set'],
      ['create', ...profile, '--file'],
      ['disable', '--mode', 'freeze', '--file'],
      ['disable', '--mode', 'freeze', '--from-run'],
      ['enable', '--from-run'],
      ['invite', '--from-run'],
      ['resume', '--run-dir'],
      ['check', '--profile'],
    ];
    portal.org.ledger.clear();
    for (const args of calls) {
      const failed = await portal.failure([...args, '']);
      expect(failed, args.join(' ')).to.include({ name: 'BadFlagError', code: 2 });
      expect(failed.text).to.include(`${args.at(-1) ?? ''} is empty`);
    }
    expect(portal.calls()).to.deep.equal([]);
  });

  it('an org without Digital Experiences', async () => {
    portal.org.switches.digitalExperiences = false;
    await expectRefused([{ args: ['--where', mainSegment, ...profile], says: [/no Digital Experiences/, /Setup/] }]);
    portal.org.switches.digitalExperiences = true;
  });

  it('tells a person the same in plain words on stderr', async () => {
    const { code, stdout, stderr } = await portal.text([
      'create',
      '--where',
      mainSegment,
      '--profile',
      'Acme Costumer Portal',
    ]);
    expect(code).to.equal(1);
    expect(stdout).not.to.match(/ at .*\.js/);
    expect(stderr)
      .to.match(/there is no profile "Acme Costumer Portal"/)
      .and.to.match(/Try this/);
  });
});

describe('good input of every dialect', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  it('BOM, CRLF, semicolons, tabs, quotes, old Mac line ends, short Ids, standard input', async () => {
    const [one, two] = portal.plainContacts(2).map(({ Id }) => Id);
    const rows = [
      ['ContactId', 'LastName', 'Alias'],
      [one ?? '', 'Eins, der', 'eins'],
      [two?.slice(0, 15) ?? '', 'Zwei "die"', ''],
    ];
    const csv = (delimiter: string, lineEnd: string): string =>
      `${rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join(lineEnd)}${lineEnd}`;
    const files = [
      portal.file('bom.csv', `\ufeff${csv(',', '\r\n')}`),
      portal.file('semicolon.csv', csv(';', '\n')),
      portal.file('tab.csv', csv('\t', '\r\n')),
      portal.file('mac.csv', csv(',', '\r')),
      // A column without a name means nothing.
      portal.file(
        'nameless.csv',
        `ContactId,,LastName,Alias\n${one ?? ''},x,"Eins, der",eins\n${two ?? ''},,"Zwei ""die""",\n`,
      ),
    ];
    await sideBySide(files, async (file) => {
      const args = ['create', '--file', file, ...profile, '--dry-run', '--output-dir', `run-${file}`];
      const { result } = await portal.json(args);
      expect(result.counts, file).to.include({ selected: 2, planned: 2 });
      const users = readCsv(result.files['users'] ?? '');
      expect(
        users.map((row) => [row['ContactId'], row['LastName']]),
        file,
      ).to.deep.equal([
        [one, 'Eins, der'],
        [two, 'Zwei "die"'],
      ]);
      expect(users[0]).to.include({ Alias: 'eins' });
      expect(users[1]?.['Alias']).to.match(/\w/);
    });
    const piped = await portal.json(['create', '--file', '-', ...profile, '--dry-run'], 0, csv(',', '\n'));
    expect(piped.result.counts).to.include({ selected: 2, planned: 2 });
  });

  it('keys: external key, e-mail address, Id; rows that name nobody, many, or somebody twice', async () => {
    const [one, two, three] = portal.plainContacts(3);
    const twin = portal.contactOf('DUPLICATE_USERNAME_IN_PLAN');
    portal.file(
      'keys.csv',
      [
        'External_Key__c',
        one?.['External_Key__c'],
        two?.['External_Key__c'],
        'K-NOBODY',
        one?.['External_Key__c'],
        '',
      ].join('\n'),
    );
    const byKey = await portal.json([
      'create',
      '--file',
      'keys.csv',
      ...profile,
      '--dry-run',
      '--output-dir',
      'by-key',
    ]);
    expectSound(byKey.result);
    expect(byKey.result.counts).to.include({ selected: 4, planned: 2, refused: 2 });
    expect(byKey.result.refusedByReason).to.deep.equal({ CONTACT_NOT_FOUND: 1, DUPLICATE_CONTACT: 1 });
    const refused = readCsv(byKey.result.files['refused'] ?? '');
    expect(refused.map((row) => row['External_Key__c'])).to.deep.equal(['K-NOBODY', one?.['External_Key__c']]);
    expect(refused[0]?.['Detail']).to.match(/line 4/);

    portal.file('emails.csv', ['Email', String(three?.['Email']).toUpperCase(), twin['Email'], ''].join('\n'));
    const byEmail = await portal.json([
      'create',
      '--file',
      'emails.csv',
      ...profile,
      '--dry-run',
      '--output-dir',
      'by-email',
    ]);
    expect(byEmail.result.counts).to.include({ selected: 2, planned: 1, refused: 1 });
    expect(byEmail.result.refusedByReason).to.deep.equal({ AMBIGUOUS_KEY: 1 });

    portal.file('ids.csv', `Id\n${three?.Id ?? ''}\n${portal.org.runningUserId}\n`);
    const byId = await portal.json(['create', '--file', 'ids.csv', ...profile, '--dry-run', '--output-dir', 'by-id']);
    expect(byId.result.counts).to.include({ selected: 2, planned: 1, refused: 1 });
    expect(byId.result.refusedByReason).to.deep.equal({ CONTACT_NOT_FOUND: 1 });
  });

  it('values of the file win, and bad ones refuse their row alone', async () => {
    const ids = portal.plainContacts(6).map(({ Id }) => Id);
    const cells = [
      ['pick.me@portal.example', 'Europe/Paris', '', 'Ünï'],
      ['', 'Paris', '', ''],
      ['no-address', '', '', ''],
      [`${'x'.repeat(80)}@portal.example`, '', '', ''],
      ['', '', 'ALINA', ''],
      ['', '', '#N/A', ''],
    ];
    const lines = cells.map((row, index) => [ids[index], ...row].join(','));
    portal.file(
      'values.csv',
      ['ContactId,Username,TimeZoneSidKey,CommunityNickname,FirstName', ...lines, ''].join('\n'),
    );
    const { result } = await portal.json(['create', '--file', 'values.csv', ...profile]);
    expectSound(result);
    expect(result.counts).to.include({ selected: 6, succeeded: 1, refused: 5 });
    const reasons = readCsv(result.files['refused'] ?? '').map((row) => row['Reason']);
    expect(reasons).to.deep.equal(['BAD_VALUE', 'INVALID_USERNAME', 'VALUE_TOO_LONG', 'NICKNAME_TAKEN', 'BAD_VALUE']);
    expect(readCsv(result.files['refused'] ?? '')[0]?.['Detail']).to.match(/Europe\/Paris/);
    const [user] = portal.usersOf(ids[0] ?? '');
    expect(user).to.include({ Username: 'pick.me@portal.example', TimeZoneSidKey: 'Europe/Paris', FirstName: 'Ünï' });
  });

  it('templates with fields of the contact and its account, and filters', async () => {
    const [contact] = portal.plainContacts(1);
    portal.change('Contact', { Id: contact?.Id ?? '' }, { FirstName: 'Éva', LastName: 'Smith & Söhne' });
    portal.file('one.csv', contactsCsv(contact === undefined ? [] : [contact]));
    const username = '{FirstName|initial}.{LastName|slug}.{External_Key__c}@{Account.Name|slug}.example';
    const { result } = await portal.json([
      'create',
      '--file',
      'one.csv',
      ...profile,
      '--username',
      username,
      '--dry-run',
    ]);
    const account = portal.org.store.get('Account', String(contact?.['AccountId']));
    const slug = String(account?.['Name'])
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replace(/-$/, '');
    const key = String(contact?.['External_Key__c']).toLowerCase();
    expect(readCsv(result.files['users'] ?? '')[0]?.['Username']).to.equal(`e.smith-sohne.${key}@${slug}.example`);
    const empty = portal.contactOf('EMPTY_TEMPLATE_FIELD');
    portal.file('empty-key.csv', contactsCsv([empty]));
    const refused = await portal.json([
      'create',
      '--file',
      'empty-key.csv',
      ...profile,
      '--username',
      '{External_Key__c}@a.example',
      '--dry-run',
      '--output-dir',
      'empty-key',
    ]);
    expect(refused.result.refusedByReason).to.deep.equal({ EMPTY_TEMPLATE_FIELD: 1 });
  });
});
