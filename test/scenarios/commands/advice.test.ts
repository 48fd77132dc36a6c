/** The commands that an error prints work as they are printed, in the situation in which they are printed. */
import { expect } from 'chai';
import { validationRule } from '../../simulated-org/dml/automation.ts';
import {
  contactsCsv,
  expectSound,
  mainProfile,
  PortalOrg,
  printedArguments,
  readCsv,
  type RunResult,
} from './portalOrg.ts';

describe('what an error advises', () => {
  let portal: PortalOrg;
  let made: RunResult;

  before(async () => {
    portal = await PortalOrg.start();
    portal.file('people.csv', contactsCsv(portal.plainContacts(3)));
    made = (await portal.json(['create', '--file', 'people.csv', '--profile', mainProfile])).result;
  });

  after(() => portal.stop());

  const active = (): unknown[] =>
    readCsv(made.files['succeeded'] ?? '').map(
      (row) => portal.org.store.get('User', row['UserId'] ?? '')?.['IsActive'],
    );

  const printed = (text: string): string[] =>
    printedArguments(text.split('\n').find((line) => line.startsWith('sf portal users ')));

  it('where --from-run is given a run of another kind, does what was meant', async () => {
    const takeAway = await portal.failure(['enable', '--from-run', made.runDir]);
    expect(takeAway).to.include({ name: 'NotADisableRunError', code: 1 });
    const off = await portal.json([...printed(takeAway.text), '--no-prompt']);
    expectSound(off.result);
    expect(active()).to.deep.equal([false, false, false]);

    const deactivate = ['disable', '--mode', 'deactivate', '--no-prompt', '--from-run'];
    const takeBack = await portal.failure([...deactivate, off.result.runDir]);
    expect(takeBack).to.include({ name: 'NotACreateRunError', code: 1 });
    const on = await portal.json([...printed(takeBack.text), '--no-prompt']);
    expectSound(on.result);
    expect(active()).to.deep.equal([true, true, true]);

    const offAgain = await portal.failure([...deactivate, on.result.runDir]);
    expect(offAgain).to.include({ name: 'NotACreateRunError', code: 1 });
    expectSound((await portal.json([...printed(offAgain.text), '--no-prompt'])).result);
    expect(active()).to.deep.equal([false, false, false]);

    const wrong = await portal.failure(['enable', '--from-run', on.result.runDir]);
    expect(wrong).to.include({ name: 'NotADisableRunError', code: 1 });
    expect(wrong.text).to.include('Specify the folder of the disable run.');
  });

  it('where the run of --from-run has created inactive users, lets them in', async () => {
    const [person] = portal.plainContacts(4).slice(3);
    portal.file('inactive.csv', contactsCsv(person === undefined ? [] : [person]));
    const args = ['create', '--file', 'inactive.csv', '--profile', mainProfile, '--inactive'];
    const { result } = await portal.json(args);
    const { text } = await portal.failure(['enable', '--from-run', result.runDir]);
    const command = text.split('\n').find((line) => line.startsWith('sf portal users enable '));
    expectSound((await portal.json([...printedArguments(command), '--no-prompt'])).result);
    expect(portal.usersOf(person?.Id ?? '').map((user) => user['IsActive'])).to.deep.equal([true]);
  });

  it('where an undo fails, gives back permission sets, too, when it is repeated', async () => {
    const people = portal.plainContacts(6).slice(4);
    portal.file('sets.csv', contactsCsv(people));
    const sets = ['--profile', mainProfile, '--permission-set', 'Portal_Documents'];
    const { result: created } = await portal.json(['create', '--file', 'sets.csv', ...sets]);
    const release = ['--mode', 'deactivate', '--release-licenses', '--no-prompt'];
    const { result: off } = await portal.json(['disable', '--from-run', created.runDir, ...release]);
    const remove = portal.org.rules.automation.add(validationRule('User', () => true, 'Not today.'));
    const { result: failed } = await portal.json(['enable', '--from-run', off.runDir, '--no-prompt'], 68);
    remove();
    expect(failed.counts).to.include({ failed: 2 });
    const [again] = failed.next;
    expect((await portal.json(printedArguments(again))).result.counts).to.include({ succeeded: 2 });
    const users = people.flatMap(({ Id }) => portal.usersOf(Id));
    expect(users.map((user) => user['IsActive'])).to.deep.equal([true, true]);
    for (const { Id } of users)
      expect(portal.org.store.find('PermissionSetAssignment', { AssigneeId: Id })).to.have.length(1);
  });

  it('where the folder of --output-dir holds a run, goes on with that', async () => {
    const plan = ['create', '--file', 'people.csv', '--profile', mainProfile, '--dry-run', '--output-dir', 'my run'];
    await portal.json(plan);
    const full = await portal.failure(plan);
    expect(full).to.include({ name: 'FolderNotEmptyError', code: 1 });
    expectSound((await portal.json(printed(full.text))).result);
  });

  it('where a mode is missing, names those of the command, and no others', async () => {
    const { code, text } = await portal.failure(['disable', '--where', "Username = 'x'", '--no-prompt']);
    expect(code).to.equal(2);
    expect(text)
      .to.match(/freeze .*deactivate .*disable-portal /)
      .and.not.to.match(/unfreeze|activate,/);
  });
});
