/** The main job on the seeded world: check it, plan it, apply it, repeat it; what lands in the org and in the files. */
import { copyFileSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'csv-stringify/sync';
import {
  contactsCsv,
  csvHeader,
  expectSound,
  mainProfile,
  mainSelection,
  PortalOrg,
  readCsv,
  type RunResult,
} from './portalOrg.ts';

/** The columns of help article 000384961. */
const seedColumns = [
  'UserRoleId',
  'FirstName',
  'LastName',
  'ContactId',
  'ProfileId',
  'Username',
  'Email',
  'Alias',
  'TimeZoneSidKey',
  'LocaleSidKey',
  'EmailEncodingKey',
  'LanguageLocaleKey',
];

/** What the main segment of the world comes to: its awkward contacts, by code of the world, and where they land. */
const refusedCodes = ['OWNER_WITHOUT_ROLE', 'NO_EMAIL', 'INVALID_EMAIL', 'USERNAME_TAKEN', 'HAS_INACTIVE_USER'];

const planFiles = ['.gitignore', 'refused.csv', 'report.html', 'run.db', 'summary.md', 'unchanged.csv', 'users.csv'];
const allFiles = [...planFiles, 'failed.csv', 'succeeded.csv'].sort();

describe('create, from the plan to a second run', function () {
  let portal: PortalOrg;
  let untouched: string;
  let planned: RunResult;

  before(async () => {
    portal = await PortalOrg.start();
    untouched = portal.digest();
  });

  after(() => portal.stop());

  const inRun = (name: string): string => join(planned.runDir, name);

  it('--dry-run makes the whole plan and writes nothing to the org', async () => {
    const { result } = await portal.json(['create', ...mainSelection, '--dry-run']);
    planned = result;
    expect(result).to.include({ operation: 'create', state: 'planned', dryRun: true, orgId: portal.org.orgId });
    expect(result.username).to.equal(portal.org.username);
    expectSound(result);
    expect(result.counts).to.include({ selected: 198, planned: 189, unchanged: 3, refused: 6, pending: 189 });
    expect(result.refusedByReason).to.deep.equal({
      DUPLICATE_USERNAME_IN_PLAN: 1,
      ...Object.fromEntries(refusedCodes.map((reason) => [reason, 1])),
    });
    expect(result.unchangedByReason).to.deep.equal({ ALREADY_HAS_USER: 2, OTHER_PROFILE: 1 });
    expect(result.licenses).to.deep.equal([{ name: 'Customer Community', total: 500, used: 29, needed: 189 }]);
    expect(result.jobs).to.deep.equal([]);
    expect(portal.digest()).to.equal(untouched);
    expect(portal.writes()).to.deep.equal([]);
  });

  it('makes a private run folder with exactly these files', () => {
    expect(planned.runDir).to.match(/portal-users[/\\]\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-create$/);
    expect(readdirSync(planned.runDir).sort()).to.deep.equal([...planFiles].sort());
    expect(
      Object.values(planned.files)
        .map((file) => basename(file))
        .sort(),
    ).to.deep.equal(['refused.csv', 'report.html', 'summary.md', 'unchanged.csv', 'users.csv']);
    expect(readFileSync(inRun('.gitignore'), 'utf8').trim()).to.equal('*');
    if (process.platform === 'win32') return;
    expect(statSync(planned.runDir).mode & 0o777).to.equal(0o700);
    for (const name of planFiles) expect(statSync(inRun(name)).mode & 0o777, name).to.equal(0o600);
  });

  it('gives each awkward contact its reason, in words and with what to do', () => {
    const refused = readCsv(inRun('refused.csv'));
    const contactIds = refusedCodes.map((code) => [portal.contactOf(code).Id, code] as const);
    for (const [contactId, reason] of contactIds) {
      const row = refused.find((each) => each['ContactId'] === contactId);
      expect(row, reason).to.include({ Reason: reason });
      expect(row?.['Detail'], reason).to.match(/\w+ \w+.*\.$/);
      expect(row?.['Advice'], reason).to.match(/\w+ \w+/);
      expect(row?.['Advice'], reason).not.to.match(/<(ContactId|AccountId|UserId)>/);
    }
    const twins = refused.filter((row) => row['Reason'] === 'DUPLICATE_USERNAME_IN_PLAN');
    expect(twins.map((row) => row['Name'])).to.deep.equal(['Tina Twin']);
    const unchanged = readCsv(inRun('unchanged.csv'));
    expect(unchanged.map((row) => row['Name']).sort()).to.deep.equal([
      'Alina Already',
      'Frida Frozen',
      'Otto Otherprofile',
    ]);
    const detailOf = (name: string): string | undefined => unchanged.find((row) => row['Name'] === name)?.['Detail'];
    expect(detailOf('Frida Frozen')).to.match(/frozen/);
    expect(detailOf('Otto Otherprofile')).to.match(/"Acme Customer Login" instead of "Acme Customer Portal"/);
  });

  it('writes users.csv as Data Loader wants it', () => {
    expect(csvHeader(inRun('users.csv')).slice(0, 12)).to.deep.equal(seedColumns);
    const rows = readCsv(inRun('users.csv'));
    expect(rows).to.have.length(189);
    const contact = portal.contactOf('NAME_COMMA');
    expect(rows.find((row) => row['ContactId'] === contact.Id)).to.include({
      UserRoleId: '',
      FirstName: 'Bob',
      LastName: 'Baker, Jr.',
      ProfileId: portal.profileId(mainProfile),
      Username: 'name.0@customers.example',
      Email: 'name.0@customers.example',
      TimeZoneSidKey: 'Europe/Berlin',
      LocaleSidKey: 'en_US',
      EmailEncodingKey: 'UTF-8',
      LanguageLocaleKey: 'en_US',
      CommunityNickname: `user-${contact.Id.toLowerCase()}`,
    });
    for (const row of rows) expect(row['Alias']).to.have.length.within(1, 8);
  });

  it('keeps personal data out of summary.md', () => {
    const summary = readFileSync(inRun('summary.md'), 'utf8');
    expect(summary)
      .to.match(/\| 198 \|/)
      .and.to.match(/`NO_EMAIL`\) \| 1 \|/);
    expect(summary).not.to.match(/@customers\.example|Bob|Nomail/);
  });

  it('plans the same from its own users.csv', async () => {
    copyFileSync(inRun('users.csv'), join(portal.cwd, 'again.csv'));
    const { result } = await portal.json(['create', '--file', 'again.csv', '--dry-run', '--output-dir', 'from-users']);
    expect(result.counts).to.include({ selected: 189, planned: 189, unchanged: 0, refused: 0 });
    expect(readFileSync(result.files['users'] ?? '', 'utf8')).to.equal(readFileSync(inRun('users.csv'), 'utf8'));
  });

  it('resume applies the plan of the dry run; every name arrives as it is', async () => {
    const { result } = await portal.json(['resume', '--run-dir', planned.runDir]);
    expectSound(result);
    expect(result).to.include({ state: 'complete', dryRun: false, runDir: planned.runDir });
    expect(result.counts).to.include({ planned: 189, succeeded: 189, created: 189, failed: 0, pending: 0 });
    expect(result.jobs.map(({ rows, state }) => [rows, state])).to.deep.equal([[189, 'JobComplete']]);
    expect(readdirSync(planned.runDir).sort()).to.deep.equal(allFiles);
    const succeeded = readCsv(inRun('succeeded.csv'));
    expect(succeeded).to.have.length(189);
    for (const row of succeeded) {
      const user = portal.org.store.get('User', row['UserId'] ?? '');
      const contact = portal.org.store.get('Contact', row['ContactId'] ?? '');
      expect(row['Created']).to.equal('yes');
      expect(user).to.include({
        ContactId: contact?.Id,
        FirstName: contact?.['FirstName'],
        LastName: contact?.['LastName'],
        Email: contact?.['Email'],
        ProfileId: portal.profileId(mainProfile),
        IsActive: true,
        UserRoleId: null,
        UserType: 'CspLitePortal',
      });
    }
    const last = (code: string): unknown => portal.usersOf(portal.contactOf(code).Id)[0]?.['LastName'];
    expect([
      last('NAME_LINE_BREAK'),
      last('NAME_EMOJI'),
      last('NAME_RIGHT_TO_LEFT'),
      last('NAME_FORMULA'),
    ]).to.deep.equal(['Line\nBreak', 'Müller 👩‍👩‍👧', 'حداد', '+49 Formula']);
    for (const code of refusedCodes.filter((each) => each !== 'HAS_INACTIVE_USER')) {
      expect(portal.usersOf(portal.contactOf(code).Id), code).to.deep.equal([]);
    }
  });

  it('resume of a finished run changes nothing and reports it again', async () => {
    const before = portal.digest();
    portal.org.ledger.clear();
    // The newest that isn't finished is a plan that nobody has agreed to.
    expect(await portal.failure(['resume', '--use-most-recent'])).to.include({ name: 'NeedsNoPromptError', code: 1 });
    const { result } = await portal.json(['resume', '--run-dir', 'from-users']);
    expect(basename(result.runDir)).to.equal('from-users');
    expect(result.counts).to.include({ selected: 189, unchanged: 189, planned: 0 });
    const finished = await portal.json(['resume', '--run-dir', planned.runDir]);
    expect(finished.result.counts).to.include({ planned: 189, succeeded: 189, created: 189 });
    expect(portal.digest()).to.equal(before);
    expect(portal.writes()).to.deep.equal([]);
  });

  it('the same create again finds nothing to do', async () => {
    const before = portal.digest();
    const { result } = await portal.json(['create', ...mainSelection]);
    expectSound(result);
    expect(result.counts).to.include({ selected: 198, planned: 0, unchanged: 192, refused: 6 });
    expect(result.refusedByReason).not.to.have.property('USERNAME_TAKEN', 0);
    expect(portal.digest()).to.equal(before);
    expect(portal.writes()).to.deep.equal([]);
    const told = await portal.text(['create', ...mainSelection]);
    expect(told.code).to.equal(0);
    expect(told.stdout).to.match(/Nothing to do/);
  });

  it('create --file refused.csv goes on where its causes are fixed', async () => {
    const [noEmail, invalid] = [portal.contactOf('NO_EMAIL'), portal.contactOf('INVALID_EMAIL')];
    portal.change('Contact', { Id: noEmail.Id }, { Email: 'nele.nomail@customers.example' });
    const rows = readCsv(inRun('refused.csv')).map((row) => ({
      ...row,
      Email: row['ContactId'] === invalid.Id ? 'ivo.valid@customers.example' : '',
      Username: row['Reason'] === 'USERNAME_TAKEN' ? 'susan.support@portal.example' : '',
    }));
    portal.file('mended.csv', stringify(rows, { header: true }));
    const { result } = await portal.json(['create', '--file', 'mended.csv', '--profile', mainProfile]);
    expect(result.counts).to.include({ selected: 6, refused: 3, succeeded: 3 });
    expect(result.refusedByReason).to.have.all.keys('OWNER_WITHOUT_ROLE', 'HAS_INACTIVE_USER', 'USERNAME_TAKEN');
    expect(portal.usersOf(noEmail.Id)[0]).to.include({ Username: 'nele.nomail@customers.example', IsActive: true });
    expect(portal.usersOf(invalid.Id)[0]).to.include({ Email: 'ivo.valid@customers.example' });
    expect(portal.usersOf(portal.contactOf('USERNAME_TAKEN').Id)[0]).to.include({
      Username: 'susan.support@portal.example',
    });
  });
});

describe('create at other doors', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  it('in a pipe shows plain lines, advice once a reason, the next command, and no escape codes', async () => {
    const args = ['create', ...mainSelection, '--dry-run'];
    const { code, stdout } = await portal.text([...args, '--verbose']);
    expect(code).to.equal(0);
    expect(stdout).not.to.include('\u001b');
    expect(stdout.split('or fill in the contact').length).to.equal(2);
    expect(stdout)
      .to.match(/6 contacts are refused +refused\.csv/)
      .and.to.match(/1 {2}no email address \(NO_EMAIL\)/)
      .and.to.match(/API calls +\d+ so far/)
      .and.to.match(/users\.csv/);
    expect(stdout).to.match(/Apply this plan:\n {4}sf portal users resume --run-dir "?[^" ]+"? --target-org \S+/);
    // Without what is the same for all, and without names.
    const brief = await portal.text(args);
    expect(brief.stdout).not.to.match(/or fill in the contact|API calls|Nomail/);
  });

  it('users.csv is taken by "sf data import bulk" as it is', async () => {
    const { result } = await portal.json(['create', ...mainSelection, '--dry-run']);
    const imported = await portal.official([
      'data',
      'import',
      'bulk',
      '--sobject',
      'User',
      '--file',
      result.files['users'] ?? '',
      '--wait',
      '5',
    ]);
    expect(imported.status, JSON.stringify(imported)).to.equal(0);
    expect(imported.result).to.include({ processedRecords: 189, successfulRecords: 189, failedRecords: 0 });
    const user = portal.usersOf(portal.contactOf('NAME_LINE_BREAK').Id)[0];
    expect(user).to.include({ LastName: 'Line\nBreak' });
    // What somebody else has done meanwhile is no failure of the plan.
    const resumed = await portal.json(['resume', '--run-dir', result.runDir]);
    expect(resumed.result.counts).to.include({ planned: 0, unchanged: 192, refused: 6, succeeded: 0 });
  });

  it("failed rows end with 68, Salesforce's text and advice in failed.csv, and no other row suffers", async () => {
    const chosen = ['ROLE_NOT_ALLOWED', 'NICKNAME_TAKEN', 'BAD_VALUE'].map((code) => portal.contactOf(code));
    const users = chosen.map((contact) => portal.usersOf(contact.Id)[0]);
    for (const user of users) if (user !== undefined) portal.org.store.remove('User', user.Id);
    const remove = portal.org.rules.automation.add({
      sobject: 'User',
      judge: ({ record }) =>
        record['LastName'] === 'Name'
          ? { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Nick, "not" today', fields: ['LastName'] }
          : undefined,
    });
    portal.file('three.csv', contactsCsv(chosen));
    const { result } = await portal.json(['create', '--file', 'three.csv', '--profile', mainProfile], 68);
    remove();
    expectSound(result);
    expect(result).to.include({ state: 'partial' });
    expect(result.counts).to.include({ planned: 3, succeeded: 2, failed: 1 });
    expect(result.failedByCode).to.deep.equal({ FIELD_CUSTOM_VALIDATION_EXCEPTION: 1 });
    const [failed, ...others] = readCsv(result.files['failed'] ?? '');
    expect(others).to.deep.equal([]);
    expect(failed).to.include({ ContactId: chosen[1]?.Id, ErrorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION' });
    expect(failed?.['Error']).to.include('Nick, "not" today');
    expect(failed?.['Advice']).to.match(/validation rule/);
    expect(portal.usersOf(chosen[1]?.Id ?? '')).to.deep.equal([]);
    // The same command later takes up just what is missing.
    const again = await portal.json(['create', '--file', 'three.csv', '--profile', mainProfile]);
    expect(again.result.counts).to.include({ planned: 1, unchanged: 2, succeeded: 1 });
  });

  it('a run folder can be moved, and selections of nobody are told', async () => {
    const { result } = await portal.json([
      'create',
      '--where',
      "LastName = 'Nobody'",
      '--profile',
      mainProfile,
      '--output-dir',
      'nobody',
    ]);
    expect(result.counts).to.include({ selected: 0, planned: 0 });
    renameSync(result.runDir, join(portal.cwd, 'moved'));
    const moved = await portal.json(['resume', '--run-dir', 'moved']);
    expect(moved.result.files['users']).to.equal(join(portal.cwd, 'moved', 'users.csv'));
    const told = await portal.json(['create', '--where', "LastName = 'Nobody'", '--profile', mainProfile]);
    expect(JSON.stringify(told.warnings)).to.match(/No contact is selected/);
  });
});

describe('create of one contact', () => {
  it('says at the end what became of it, how people get in, and how to take it back', async () => {
    const portal = await PortalOrg.start();
    const [contact] = portal.plainContacts(1);
    const file = portal.file('one.csv', contactsCsv(contact === undefined ? [] : [contact]));
    const { stdout } = await portal.text(['create', '--file', file, '--profile', mainProfile, '--output-dir', 'one']);
    expect(stdout)
      .to.match(/✔ 1 user created in portal \(production\)/)
      .and.to.match(/Customer Community: \d+ of 500 in use, \d+ before/)
      .and.to.match(
        /Unless people use single sign-on, send them a link to set their password:\n {4}sf portal users invite /,
      )
      .and.to.match(/Undo this run:\n {4}sf portal users disable --from-run \S+ --mode deactivate --no-prompt/);
    expect(stdout).not.to.match(/failed\.csv|✖/);
    await portal.stop();
  });
});
