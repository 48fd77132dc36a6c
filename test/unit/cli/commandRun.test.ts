/** What the commands that drive a run share: no question where nobody can answer, one result, one exit code. */
import { join } from 'node:path';
import { expect } from 'chai';
import type { CommandRun, OperationCommand } from '../../../lib/cli/commandRun.js';
import type { CommandScreen } from '../../../lib/cli/screen.js';
import { changeRequest, createRequest, RunLab } from '../../scenarios/runLab.ts';

// Their libraries are loaded once the home folder is the tests' own.
const { Global } = await import('@salesforce/core');
const { commandRun, operationCommand } = await import('../../../lib/cli/commandRun.js');
const { beginChange } = await import('../../../lib/operations/change.js');
const { beginCreate } = await import('../../../lib/operations/create.js');
const { mostRecentRun } = await import('../../../lib/run/mostRecent.js');
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
  const screen: CommandScreen = {
    log: (line) => said.push(line),
    note: (line) => said.push(line),
    warn: ({ name }) => warned.push(name),
    json: true,
    targetOrg: 'lab',
    lastWords: () => undefined,
  };
  let connections = 0;
  const connect = (): ReturnType<RunLab['client']> => {
    connections += 1;
    return lab.client();
  };
  const create = (
    changes: Parameters<RunLab['create']>[0] = {},
    command: Partial<OperationCommand> = {},
  ): ReturnType<typeof operationCommand> =>
    operationCommand({
      screen,
      operation: 'create',
      noPrompt: false,
      wait: undefined,
      connect,
      beginning: () => beginCreate(createRequest({ outputDir: lab.newFolder(), ...changes })),
      ...command,
    });
  const change = (changes: Parameters<RunLab['change']>[0], noPrompt = false): ReturnType<typeof operationCommand> =>
    operationCommand({
      screen,
      operation: changes.operation ?? 'disable',
      noPrompt,
      wait: undefined,
      connect,
      beginning: () => beginChange(changeRequest({ outputDir: lab.newFolder(), ...changes })),
    });
  const resume = (folder: string, command: Partial<CommandRun> = {}): ReturnType<typeof commandRun> =>
    commandRun({
      screen,
      title: 'title.resume',
      noPrompt: false,
      wait: undefined,
      begin: () => resumeRun({ folder, maxUsers: undefined, strict: false, allowWelcomeEmails: false }, connect),
      ...command,
    });
  const failure = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('creates without a question where nobody can be asked, and remembers the run', async () => {
    const result = await create();
    expect(result).to.include({ state: 'complete', operation: 'create' });
    expect(process.exitCode).to.equal(0);
    expect(await mostRecentRun(Global.SF_DIR)).to.equal(result.runDir);
  });

  it('changes nobody without --no-prompt there, and makes no call to find that out', async () => {
    const made = await create();
    connections = 0;
    expect(await failure(change({ mode: 'freeze', fromRun: made.runDir }))).to.have.property(
      'name',
      'NeedsNoPromptError',
    );
    expect(connections).to.equal(0);
    const plan = await change({ mode: 'freeze', fromRun: made.runDir, dryRun: true });
    expect(plan).to.include({ state: 'planned' });
    // The plan that a resume would apply needs it as well.
    expect(await failure(resume(plan.runDir))).to.have.property('name', 'NeedsNoPromptError');
    const frozen = await resume(plan.runDir, { noPrompt: true });
    expect(frozen).to.include({ state: 'complete', mode: 'freeze' });
    expect(await change({ operation: 'enable', fromRun: frozen.runDir }, true)).to.include({ state: 'complete' });
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
    const guarded = await failure(create({ maxUsers: 1 }));
    expect(guarded).to.have.property('name', 'GuardStoppedError');
    expect(guarded).to.have.nested.property('result.state', 'planned');
  });

  it('writes summary.md beside the files', async () => {
    const result = await create({ dryRun: true });
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(result.files.summary, 'utf8')).to.match(/\S/);
  });
});
