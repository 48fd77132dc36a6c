/** What the commands that drive a run share: no question where nobody can answer, one result, one exit code. */
import { join } from 'node:path';
import { expect } from 'chai';
import type { CommandOutput } from '../../../lib/cli/screen.js';
import { changeRequest, createRequest, RunLab } from '../../scenarios/runLab.ts';

// Their libraries are loaded once the home folder is the tests' own.
const { Global, Org } = await import('@salesforce/core');
const { commandRun, operationCommand } = await import('../../../lib/cli/commandRun.js');
const { beginChange } = await import('../../../lib/operations/change.js');
const { beginCreate } = await import('../../../lib/operations/beginCreate.js');
const { startedRuns } = await import('../../../lib/run/startedRuns.js');
const { connectOrg } = await import('../../../lib/org/connectOrg.js');
const { resumeRun } = await import('../../../lib/run/resume.js');

describe('commandRun', () => {
  let lab: RunLab;
  let said: string[];
  let warned: string[];
  const exitCode = process.exitCode;
  beforeEach(async () => {
    lab = await RunLab.start();
    said = [];
    warned = [];
  });
  afterEach(async () => {
    process.exitCode = exitCode;
    await lab.stop();
  });

  /** Nobody can be asked. */
  const output: CommandOutput = {
    log: (line) => said.push(line),
    logToStderr: (line) => said.push(line),
    warn: ({ name }) => warned.push(name),
    jsonEnabled: () => true,
  };
  const raw = [
    { flag: 'target-org', input: 'lab' },
    { flag: 'profile', input: 'Acme Customer Portal' },
  ];
  type Flags = Parameters<typeof operationCommand>[1]['flags'];
  const flagsOf = async (changes: Partial<Flags>): Promise<Flags> => ({
    'target-org': changes['target-org'] ?? (await Org.create({ connection: await lab.connection() })),
    'api-version': '67.0',
    'output-dir': lab.newFolder(),
    'dry-run': false,
    json: true,
    'max-users': 10_000,
    'allow-welcome-emails': true,
    strict: false,
    verbose: false,
    'no-prompt': false,
    wait: undefined,
    ...changes,
  });
  const calls = (): number => lab.org.ledger.entries.length;
  const create = async (
    changes: Parameters<RunLab['create']>[0] = {},
    flags: Partial<Flags> = {},
  ): ReturnType<typeof operationCommand> =>
    operationCommand(output, { flags: await flagsOf(flags), raw }, 'create', (asked) =>
      beginCreate({ ...createRequest({ outputDir: undefined, ...changes }), ...asked }),
    );
  const change = async (
    changes: Parameters<RunLab['change']>[0],
    flags: Partial<Flags> = {},
  ): ReturnType<typeof operationCommand> =>
    operationCommand(output, { flags: await flagsOf(flags), raw }, changes.operation ?? 'disable', (asked) =>
      beginChange({ ...changeRequest({ outputDir: undefined, ...changes }), ...asked }),
    );
  const resume = async (folder: string, flags: Partial<Flags> = {}): ReturnType<typeof commandRun> => {
    const given = await flagsOf(flags);
    const request = { folder, maxUsers: undefined, strict: false, allowWelcomeEmails: false, sendUnknownAgain: false };
    return commandRun(output, { flags: given, raw }, () =>
      resumeRun(request, (version) => connectOrg(given['target-org'].getConnection(version))),
    );
  };
  const failure = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('creates without a question where nobody can be asked, and remembers the run', async () => {
    const result = await create();
    expect(result).to.include({ state: 'complete', operation: 'create' });
    expect(process.exitCode).to.equal(0);
    expect((await startedRuns(Global.SF_DIR))[0]).to.equal(result.runDir);
  });

  it('prints the command again with refused.csv, also when a resume ends the run', async () => {
    const again = ({ next, files }: Awaited<ReturnType<typeof create>>): string[] =>
      next.filter((command) => command.startsWith('sf portal users create') && command.includes(files.refused));
    const plan = await create({}, { 'dry-run': true });
    expect(plan.counts.refused).to.be.above(0);
    expect(again(plan)).to.deep.equal([]);
    const done = await resume(plan.runDir);
    expect(done).to.include({ state: 'complete' });
    expect(again(done)).to.have.length(1);
    expect(again(await create())).to.have.length(1);
  });

  it('changes nobody without --no-prompt there, and makes no call to find that out', async () => {
    const made = await create();
    const flags = await flagsOf({});
    const before = calls();
    expect(await failure(change({ mode: 'freeze', fromRun: made.runDir }, flags))).to.have.property(
      'name',
      'NeedsNoPromptError',
    );
    expect(calls()).to.equal(before);
    const plan = await change({ mode: 'freeze', fromRun: made.runDir }, { 'dry-run': true });
    expect(plan).to.include({ state: 'planned' });
    // The plan that a resume would apply needs it as well.
    expect(await failure(resume(plan.runDir))).to.have.property('name', 'NeedsNoPromptError');
    const frozen = await resume(plan.runDir, { 'no-prompt': true });
    expect(frozen).to.include({ state: 'complete', mode: 'freeze' });
    expect(await change({ operation: 'enable', fromRun: frozen.runDir }, { 'no-prompt': true })).to.include({
      state: 'complete',
    });
  });

  it('hands the time to wait on, and says how to go on', async () => {
    lab.org.switches.bulk.stuck = true;
    const result = await create({}, { wait: 0 });
    expect(result).to.include({ state: 'running' });
    expect([process.exitCode, warned]).to.deep.equal([69, ['NotFinished']]);
    lab.org.switches.bulk.stuck = false;
    expect(await resume(result.runDir)).to.include({ state: 'complete' });
  });

  it('makes every fault an error of the CLI with its exit code', async () => {
    const noRun = await failure(resume(join(lab.home, 'nowhere')));
    expect(noRun).to.include({ name: 'NotARunFolderError', exitCode: 1 });
    expect(await failure(create({ where: ' ' }))).to.include({ name: 'WhereEmptyError', exitCode: 1 });
    const guarded = await failure(create({}, { 'max-users': 1 }));
    expect(guarded).to.have.property('name', 'GuardStoppedError');
    expect(guarded).to.have.nested.property('result.state', 'planned');
  });

  it('writes summary.md beside the files', async () => {
    const result = await create({}, { 'dry-run': true });
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(result.files.summary, 'utf8')).to.match(/\S/);
  });
});
