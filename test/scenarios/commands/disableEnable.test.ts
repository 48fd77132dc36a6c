/** Access taken away and given back through `sf`: what is true in the org, on disk and on the screen. */
import { expect } from 'chai';
import {
  contactsCsv,
  expectSound,
  mainProfile,
  PortalOrg,
  printedArguments,
  readCsv,
  type RunResult,
} from './portalOrg.ts';

describe('disable and enable', () => {
  let portal: PortalOrg;
  let made: RunResult;
  let ids: string[];

  before(async () => {
    portal = await PortalOrg.start();
    const contacts = contactsCsv(portal.plainContacts(6));
    made = (await portal.json(['create', '--file', portal.file('people.csv', contacts), '--profile', mainProfile]))
      .result;
    ids = readCsv(made.files['succeeded'] ?? '').map((row) => row['UserId'] ?? '');
  });

  after(() => portal.stop());

  const fromRun = ['--from-run', ''];
  const values = (field: string): unknown[] => ids.map((id) => portal.org.store.get('User', id)?.[field]);
  const all = (value: boolean): boolean[] => ids.map(() => value);

  beforeEach(() => {
    fromRun[1] = made.runDir;
  });

  it('plan, deactivate, find nothing to do, and take it back', async () => {
    const untouched = portal.digest();
    const plan = await portal.json(['disable', '--mode', 'deactivate', ...fromRun, '--dry-run']);
    expect(plan.result).to.include({ operation: 'disable', mode: 'deactivate', state: 'planned', dryRun: true });
    expect(readCsv(plan.result.files['snapshot'] ?? '').map((row) => row['Id'])).to.have.members(ids);
    expect(portal.digest()).to.equal(untouched);

    const off = await portal.json(['resume', '--run-dir', plan.result.runDir, '--no-prompt']);
    expectSound(off.result);
    expect(off.result).to.include({ state: 'complete', dryRun: false });
    expect(values('IsActive')).to.deep.equal(all(false));
    expect(off.result.next.join()).to.match(/enable --from-run \S+ --allow-welcome-emails --no-prompt/);

    const again = await portal.json(['disable', '--mode', 'deactivate', ...fromRun, '--no-prompt']);
    expect(again.result.unchangedByReason).to.deep.equal({ ALREADY_DISABLED: ids.length });

    const back = await portal.json(['enable', '--from-run', off.result.runDir, '--no-prompt']);
    expect(back.result).to.include({ operation: 'enable', mode: 'activate', state: 'complete' });
    expect(values('IsActive')).to.deep.equal(all(true));
  });

  it('the refused.csv of a create run lets its inactive users in', async () => {
    const [id = ''] = ids;
    portal.org.store.update('User', id, { IsActive: false });
    const refused = await portal.json(['create', '--file', 'people.csv', '--profile', mainProfile]);
    expect(refused.result.refusedByReason).to.deep.equal({ HAS_INACTIVE_USER: 1 });
    const file = refused.result.files['refused'] ?? '';
    expect(readCsv(file)[0]?.['Advice']).to.contain(`enable --mode activate --file ${file}`);
    expect(refused.result.next).to.have.length(1);
    const back = await portal.json(printedArguments(refused.result.next[0]));
    expect(back.result).to.deep.include({ operation: 'enable', mode: 'activate' });
    expect(back.result.counts).to.include({ selected: 1, succeeded: 1 });
    expect(values('IsActive')).to.deep.equal(all(true));
  });

  it('the command that a create run with --inactive prints lets its users in', async () => {
    portal.file('later.csv', contactsCsv(portal.plainContacts(8).slice(6)));
    const made = await portal.json(['create', '--file', 'later.csv', '--profile', mainProfile, '--inactive']);
    // Nothing to undo: they are inactive already.
    const [activate, ...others] = made.result.next;
    expect(others).to.deep.equal([]);
    const on = await portal.json(printedArguments(activate));
    expect(on.result.counts).to.include({ selected: 2, succeeded: 2 });
  });

  it('nothing without a mode, a selection, or a yes', async () => {
    const untouched = portal.digest();
    const expectRefused = async (args: readonly string[], code: number, says: RegExp): Promise<void> => {
      const failed = await portal.failure(args);
      expect(failed.code, failed.text).to.equal(code);
      expect(failed.text).to.match(says);
    };
    await expectRefused(['disable', '--mode', 'freeze', ...fromRun], 1, /--no-prompt/);
    await expectRefused(['disable', ...fromRun, '--no-prompt'], 2, /--mode is missing/);
    await expectRefused(['disable', '--mode', 'freeze', '--no-prompt'], 2, /inactive-for.*never-logged-in/);
    for (const days of ['0', 'soon'])
      await expectRefused(
        ['disable', '--mode', 'freeze', '--never-logged-in', days, '--no-prompt'],
        2,
        /--never-logged-in[^]*isn't a number of days/,
      );
    const both = ['disable', '--mode', 'freeze', ...fromRun, '--never-logged-in', '30', '--no-prompt'];
    await expectRefused(both, 2, /--never-logged-in/);
    await expectRefused(['enable', ...fromRun, '--no-prompt'], 1, /the folder of a create run/);
    await expectRefused(['enable', '--where', 'IsActive = false', '--no-prompt'], 2, /mode/);
    await expectRefused(['disable', '--mode', 'gone', ...fromRun], 2, /freeze/);
    await expectRefused(
      ['disable', '--mode', 'freeze', '--where', 'Nope = 1', '--no-prompt'],
      1,
      /INVALID_FIELD.*Nope = 1/s,
    );
    expect(portal.digest()).to.equal(untouched);
  });

  it('prints commands that go on where nobody can be asked', async () => {
    const untouched = portal.digest();
    const freeze = ['disable', '--mode', 'freeze', ...fromRun];
    const guarded = await portal.json([...freeze, '--max-users', '1', '--no-prompt'], 1);
    expect(guarded.actions?.join()).to.match(
      /resume --run-dir "?[^" ]+"? --max-users 6 --no-prompt --target-org portal/,
    );
    for (const action of guarded.actions ?? []) expect(action).to.match(/^\S/);
    const planned = await portal.text([...freeze, '--dry-run']);
    const next = /^ {4}(sf portal users resume --run-dir \S+ --no-prompt --target-org portal)$/m;
    expect(planned.stdout, planned.stdout + planned.stderr).to.match(next);
    const resume = printedArguments(next.exec(planned.stdout)?.[1]);
    const asked = await portal.failure(resume.filter((word) => word !== '--no-prompt'));
    expect(asked).to.include({ code: 1, name: 'NeedsNoPromptError' });
    expect(asked.text)
      .to.match(/The plan is kept.*^ *sf portal users resume --run-dir "?[^" ]+"? --no-prompt --target-org portal$/ms)
      .and.not.to.match(/--dry-run/);
    const few = await portal.json([...freeze, '--max-users', '1', '--dry-run']);
    const told = await portal.failure(['resume', '--run-dir', few.result.runDir, '--max-users', '6']);
    expect(told.text).to.match(/resume --run-dir \S+ --max-users 6 --no-prompt --target-org portal$/m);
    const refused = await portal.failure(freeze);
    const [, preview] = /^ *(sf portal users disable .*--dry-run --target-org portal)$/m.exec(refused.text) ?? [];
    expect(refused.text).to.match(/^ *sf portal users disable .*--no-prompt --target-org portal$/m);
    expect((await portal.json(printedArguments(preview))).result).to.include({ state: 'planned', mode: 'freeze' });
    expect(portal.digest()).to.equal(untouched);
  });

  it('takes back no run on whose rows Salesforce still works', async () => {
    portal.org.switches.bulk.msInQueue = 600_000;
    const off = await portal.json(['disable', '--mode', 'deactivate', ...fromRun, '--no-prompt', '--wait', '0'], 69);
    const early = await portal.failure(['enable', '--from-run', off.result.runDir, '--no-prompt']);
    expect(early).to.include({ code: 1, name: 'FromRunNotFinishedError' });
    expect(early.text).to.include(
      `sf portal users resume --run-dir ${off.result.runDir} --no-prompt --target-org portal`,
    );
    portal.org.switches.bulk.msInQueue = 0;
    portal.org.clock.advance(601_000);
    await portal.json(['resume', '--run-dir', off.result.runDir]);
    const back = await portal.json(['enable', '--from-run', off.result.runDir, '--no-prompt']);
    expect(back.result.counts).to.include({ selected: 6, succeeded: 6 });
    expect(values('IsActive')).to.deep.equal(all(true));
  });
});
