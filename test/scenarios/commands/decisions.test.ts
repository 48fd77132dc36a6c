/** What somebody has to decide holds up what would write, in a pipe, and is part of the question in a terminal; every printed command works. */
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { contactsCsv, mainProfile, PortalOrg, printedArguments, type RunResult } from './portalOrg.ts';
import type { SfAnswer } from './sfCall.ts';
import { warmSf } from './warmSf.ts';

describe('decisions', function () {
  let portal: PortalOrg;
  let free: string[];
  let untouched: string;
  let files = 0;

  before(async () => {
    portal = await PortalOrg.start();
    portal.change('Network', { Name: 'Acme Help Center' }, { OptionsSendWelcomeEmail: true });
    free = portal.plainContacts(30).map(({ Id }) => Id);
  });

  after(() => portal.stop());

  beforeEach(() => {
    untouched = portal.digest();
  });

  const mails = (): number => portal.org.rules.outbox.mails.length;

  function createFor(contacts: number, ...more: string[]): string[] {
    files += 1;
    const name = `people of ${String(files)}.csv`;
    portal.file(name, contactsCsv(free.splice(0, contacts).map((Id) => ({ Id }))));
    return ['create', '--file', name, '--profile', mainProfile, ...more];
  }

  async function type(args: readonly string[], keys: string): Promise<SfAnswer> {
    const { home, cwd } = portal;
    const terminal = { columns: 120, keys };
    const answer = await warmSf(['portal', 'users', ...args, '--target-org', 'portal'], { home, cwd, terminal });
    return { ...answer, stderr: stripVTControlCharacters(answer.stderr) };
  }

  const codes = ({ guards }: RunResult): string[] => guards.map(({ code, kind }) => `${kind} ${code}`);

  it('leave a dry run a success, which says what is open and prints both ways on, with all flags at once', async () => {
    const args = createFor(3, '--max-users', '2', '--dry-run', '--output-dir', 'kept');
    const { code, stdout, stderr } = await portal.text(args);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^What to do next +To decide: 3 users \(--max-users is 2\); up to 3 welcome emails$/m);
    const commands = stdout.split('\n').filter((line) => /^ {4}sf portal users /.test(line));
    const flags = '--max-users 3 --allow-welcome-emails';
    expect(commands[0]).to.match(
      new RegExp(`^ {4}sf portal users resume --run-dir \\S+ ${flags} --target-org portal$`),
    );
    expect(commands[1]).to.match(
      new RegExp(`^ {4}sf portal users create --file "people of 1.csv".* ${flags} --target-org`),
    );
    expect(commands[1]).to.include(' --output-dir kept-2 ').and.not.include('--json');
    expect(commands).to.have.length(2);
    expect(portal.digest()).to.equal(untouched);
    const applied = await portal.json(printedArguments(commands[0]?.trim()));
    expect(applied.result.counts).to.include({ succeeded: 3 });
    expect(applied.result.guards.filter(({ kind }) => kind === 'decision')).to.deep.equal([]);
    const again = await portal.json(printedArguments(commands[1]?.trim()));
    expect(again.result.counts).to.include({ planned: 0, unchanged: 3 });
  });

  it('end a dry run with 1 at --strict, and in a pipe everything that would write', async () => {
    const args = createFor(2, '--max-users', '1');
    for (const more of [['--dry-run', '--strict'], []]) {
      const { result, name } = await portal.json([...args, ...more], 1);
      expect(name).to.equal('GuardStoppedError');
      expect(codes(result)).to.deep.equal(['decision maxUsers', 'decision welcomeEmails']);
      expect(result.guards.map(({ flag, needed }) => [flag, needed])).to.deep.equal([
        ['--max-users 2', 2],
        ['--allow-welcome-emails', 2],
      ]);
      expect(portal.digest()).to.equal(untouched);
    }
    const { result } = await portal.json([...args, '--dry-run']);
    expect([result.state, codes(result).length]).to.deep.equal(['planned', 2]);
  });

  it('are part of the question in a terminal: the number is typed above --max-users, y is not enough', async () => {
    const sent = mails();
    const args = createFor(2, '--max-users', '1');
    const question =
      /Create 2 users in portal \(production\) and send up to 2 welcome emails\? Type the number of users \(2\)/;
    const y = await type(args, 'y\n');
    expect([y.code, portal.digest()]).to.deep.equal([1, untouched]);
    expect(y.stderr)
      .to.match(question)
      .and.to.match(/Canceled\. Nothing was changed\./);
    const two = await type(args, '2\n');
    expect(two.code, two.stderr).to.equal(0);
    expect(mails() - sent).to.equal(2);
  });

  it('are answered by y where only mails are to be decided', async () => {
    const sent = mails();
    const yes = await type(createFor(1), 'y\n');
    expect(yes.stderr).to.match(/Create 1 user in portal \(production\) and send up to 1 welcome email\? \(y\/N\)/);
    expect([yes.code, mails() - sent]).to.deep.equal([0, 1]);
  });

  it('say right above the question that the users could log in nowhere', async () => {
    const people = createFor(1).slice(0, -1);
    const { stderr } = await type([...people, 'Acme Identity'], 'n\n');
    const [above = ''] = stderr.split('Create 1 user');
    expect(above.slice(-400)).to.match(/No live site has the profile "Acme Identity"/);
    expect(portal.digest()).to.equal(untouched);
  });

  it('resume --use-most-recent, where nobody can be asked, prints the command of the newest plan, with what is to be agreed to', async () => {
    const { result } = await portal.json(createFor(1, '--dry-run'));
    const args = ['portal', 'users', 'resume', '--use-most-recent', '--target-org', 'portal'];
    const { code, stderr } = await warmSf(args, portal);
    expect(code).to.equal(1);
    const [printed = ''] = stderr.split('\n').filter((line) => line.includes(' resume '));
    expect(printed.trim()).to.equal(
      `sf portal users resume --run-dir ${relative(portal.cwd, result.runDir)} --allow-welcome-emails --no-prompt --target-org portal`,
    );
    expect((await portal.json(printedArguments(printed.trim()))).result.counts).to.include({ succeeded: 1 });
  });

  it('a plan that --strict holds prints, also when it is resumed, the commands for another one', async () => {
    const file = portal.file('strict.csv', `${contactsCsv(portal.plainContacts(1))}003000000000001AAA\n`);
    const held = await portal.text([
      'create',
      '--file',
      file,
      '--profile',
      mainProfile,
      '--strict',
      '--output-dir',
      'held',
    ]);
    expect(held.code).to.equal(1);
    const again = await portal.text(['resume', '--run-dir', 'held', '--no-prompt']);
    for (const { stdout, stderr } of [held, again])
      expect(stdout + stderr).to.match(
        / create --file \S+ .*--strict --output-dir held-2 .*\n.*\n.* create (?!.*--strict)/,
      );
  });

  it('the way back that create prints works as it is printed', async () => {
    const made = await portal.json(createFor(2, '--allow-welcome-emails'));
    const [back] = made.result.next;
    expect(back).to.match(/disable --from-run \S+ --mode deactivate --no-prompt/);
    const off = await portal.json(printedArguments(back));
    expect(off.result.counts).to.include({ succeeded: 2 });
    const on = await portal.json([...printedArguments(off.result.next[0]), '--allow-welcome-emails']);
    expect(on.result).to.include({ operation: 'enable', state: 'complete' });
    const [offAgain] = on.result.next;
    expect(offAgain).to.match(/ disable --mode deactivate --file \S+succeeded\.csv"? --no-prompt /);
    expect(readFileSync(on.result.files['summary'] ?? '', 'utf8')).to.include(
      `- Undo this run:\n  \`\`\`sh\n  ${String(offAgain)}\n`,
    );
    const taken = await portal.json(printedArguments(offAgain));
    expect(taken.result.counts).to.include({ selected: 2, succeeded: 2 });
  });

  it('are asked again by what a terminal prints: --no-prompt is meant for the command that it was typed for', async () => {
    const commandsOf = ({ stdout, stderr }: SfAnswer): string[] =>
      `${stdout}\n${stderr}`
        .split('\n')
        .flatMap((line) => (/^ +sf portal /.test(line) ? line.replaceAll(/ +/g, ' ') : []));
    const made = await type(createFor(1, '--allow-welcome-emails', '--no-prompt'), '');
    expect(made.code, made.stderr).to.equal(0);
    expect(commandsOf(made).join('\n')).to.match(/ disable --from-run \S+ --mode deactivate --target-org portal$/);
    const held = await type(createFor(1, '--no-prompt'), '');
    expect(held.code).to.equal(1);
    const [apply = '', repeat = ''] = commandsOf(held);
    expect(apply).to.match(/ resume --run-dir \S+ --target-org portal$/);
    expect(repeat).to.match(/ create --file "[^"]+" --profile "[^"]+" --target-org portal$/);
    const applied = await type(printedArguments(apply.trim()), 'y\n');
    expect(applied.stderr).to.match(/send up to 1 welcome email\? \(y\/N\)/);
    expect(applied.code).to.equal(0);
  });

  it('contacts that create refused get a user by the printed command, once refused.csv is corrected', async () => {
    const [one = '', other = ''] = free.splice(0, 2);
    portal.file('bad.csv', `ContactId,Email\n${one},nobody\n${other},other@customers.example\n`);
    const args = ['create', '--file', 'bad.csv', '--profile', mainProfile, '--username', 'portal.{Id}@acme.example'];
    const { result } = await portal.json([...args, '--allow-welcome-emails']);
    expect([result.counts.created, result.refusedByReason]).to.deep.equal([1, { INVALID_EMAIL: 1 }]);
    const file = result.files['refused'] ?? '';
    const retry = result.next.find((command) => command.includes(` --file ${file} `));
    writeFileSync(file, readFileSync(file, 'utf8').replace('nobody', 'somebody@customers.example'));
    const again = await portal.json(printedArguments(retry));
    expect(again.result.counts).to.include({ selected: 1, created: 1 });
    const [user] = portal.org.store.find('User', { ContactId: one });
    expect(user).to.include({ Email: 'somebody@customers.example' });
    // By the template that was typed.
    expect(user?.['Username']).to.match(/^portal\.003/i);
    // Nothing that is left would be cured by it.
    expect(again.result.next.filter((command) => command.includes('refused.csv'))).to.deep.equal([]);
  });

  it('a list for disable of whom nobody could be reached ends with 68, and says why', async () => {
    portal.file('nobody.csv', 'Username\nnobody@acme.example\nnot.me@acme.example\n');
    const args = ['disable', '--mode', 'freeze', '--file', 'nobody.csv', '--no-prompt'];
    const { result } = await portal.json(args, 68);
    expect(result.refusedByReason).to.deep.equal({ USER_NOT_FOUND: 2 });
    const { stdout } = await portal.text(args);
    expect(stdout).to.match(/^Plan for .*\n\n {2}! No user was found for 2 rows of the file\.\n/m);
    expect(stdout).not.to.match(/can still log in|Nothing to do/);
    expect(stdout).to.match(
      /refused\.csv \(see its Advice column\), then run the refused rows again:\n +sf portal users disable --mode freeze --file \S+refused\.csv"? --no-prompt/,
    );
    expect((await portal.text([...args, '--dry-run'])).code).to.equal(0);
  });

  it('whom --protect kept is protected from the command that runs the refused rows again, too', async () => {
    const [one, two] = portal.org.store.find('User', { IsActive: true, UserType: 'CspLitePortal' });
    const names = [one, two].map((user) => String(user?.['Username']));
    portal.file('some.csv', ['Username', ...names, 'nobody@acme.example', ''].join('\n'));
    const protect = ['--protect', `Username = '${String(names[0])}'`];
    const args = ['disable', '--mode', 'freeze', '--file', 'some.csv', ...protect, '--no-prompt'];
    const { result } = await portal.json(args, 68);
    expect(result.refusedByReason).to.deep.equal({ PROTECTED: 1, USER_NOT_FOUND: 1 });
    const retry = result.next.find((command) => command.includes('refused.csv'));
    const again = await portal.json(printedArguments(retry), 68);
    expect(again.result.refusedByReason).to.deep.equal({ PROTECTED: 1, USER_NOT_FOUND: 1 });
    expect(again.result.counts.planned).to.equal(0);
    const [login] = portal.org.store.find('UserLogin', { UserId: one?.Id ?? '' });
    expect(login).to.include({ IsFrozen: false });
  });

  it('users who have logged in since the plan are not reached by the command that runs the refused rows again', async () => {
    const [user] = portal.org.store.find('User', { IsActive: true, UserType: 'CspLitePortal' });
    const id = user?.Id ?? '';
    portal.org.store.update('User', id, { LastLoginDate: null, CreatedDate: '2020-01-01T00:00:00.000+0000' });
    portal.file('idle.csv', `Username\n${String(user?.['Username'])}\nnobody@acme.example\n`);
    const args = ['disable', '--mode', 'freeze', '--file', 'idle.csv', '--inactive-for', '90'];
    const { result: plan } = await portal.json([...args, '--dry-run']);
    expect(plan.counts.planned).to.equal(1);
    portal.org.store.update('User', id, { LastLoginDate: new Date().toISOString() });
    const { result } = await portal.json(['resume', '--run-dir', plan.runDir, '--no-prompt'], 68);
    expect(result.refusedByReason).to.deep.equal({ CHANGED_SINCE: 1, USER_NOT_FOUND: 1 });
    const retry = result.next.find((command) => command.includes('refused.csv'));
    expect(retry).to.include('--inactive-for 90');
    const again = await portal.json(printedArguments(retry), 68);
    expect(again.result.counts.planned).to.equal(0);
    const [login] = portal.org.store.find('UserLogin', { UserId: id });
    expect(login).to.include({ IsFrozen: false });
  });

  it('users whom a marked file spares are in no command that is printed for refused rows', async () => {
    const users = portal.org.store.find('User', { IsActive: true, UserType: 'CspLitePortal' });
    const rows = users.slice(-2).map(({ Id }, index) => `${Id},${String(index === 1)}`);
    portal.file('marked.csv', ['Id,IsActive', ...rows, '0055x00000ZZZZZAAA,false', ''].join('\n'));
    const { result } = await portal.json(['disable', '--mode', 'freeze', '--file', 'marked.csv', '--no-prompt'], 68);
    expect(result.refusedByReason).to.deep.equal({ CONTRADICTED: 1, USER_NOT_FOUND: 1 });
    expect(result.counts.succeeded).to.equal(1);
    expect(result.next.filter((command) => command.includes('refused.csv'))).to.deep.equal([]);
  });

  it('a retry needs no more than it says: another folder, and as many users as there are rows', async () => {
    portal.file('few.csv', 'Username\nnobody@acme.example\nno.one@acme.example\n');
    const args = ['disable', '--mode', 'freeze', '--file', 'few.csv', '--max-users', '1', '--output-dir', 'few'];
    const { result } = await portal.json([...args, '--no-prompt'], 68);
    const retry = result.next.find((command) => command.includes('refused.csv'));
    expect(retry).not.to.match(/--output-dir|--max-users/);
    await portal.json(printedArguments(retry), 68);
  });

  it('a condition of disable that selects nobody is a warning', async () => {
    const args = ['disable', '--mode', 'freeze', '--where', "Username = 'nobody@acme.example'", '--no-prompt'];
    const { result, warnings } = await portal.json(args);
    expect(codes(result)).to.deep.equal(['warning nothingSelected']);
    expect(JSON.stringify(warnings)).to.match(/No user is selected/);
  });

  it('a check that fails before there is a plan is an obstacle in the data of the error', async () => {
    const failed = await portal.failure(['create', '--where', "LastName = 'X'", '--profile', 'System Administrator']);
    const { data } = JSON.parse(failed.stdout) as { data?: { guards: RunResult['guards'] } };
    expect(data?.guards.map(({ code, kind }) => `${kind} ${code}`)).to.deep.equal(['obstacle profile']);
  });
});
