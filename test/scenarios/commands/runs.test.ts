/** `runs`: what was started on this machine, and a support bundle in which nobody can be found. */
import { readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import {
  mainProfile,
  mainSelection,
  PortalOrg,
  printedArguments,
  readCsv,
  type JsonAnswer,
  type RunResult,
} from './portalOrg.ts';
import { warmSf } from './warmSf.ts';

type RunsResult = {
  readonly runs: ReadonlyArray<
    Readonly<Record<string, unknown>> & {
      readonly runDir: string;
      readonly state: string;
      readonly counts?: unknown;
      readonly next: readonly string[];
    }
  >;
  readonly supportBundle?: string;
};

/** What is printed names the org by the username of the run. */
const nextOf = (run: RunsResult['runs'][number] | undefined): string[] =>
  printedArguments(run?.next[0]?.replace(/--target-org \S+$/, '--target-org portal'));

/** Columns of a run's files that name somebody or something of the org. */
const naming = /^(Id|.*Id|Name|.*Name|Username|Email|CommunityNickname|FederationIdentifier|PermissionSets)$/;

describe('runs', () => {
  let portal: PortalOrg;
  before(async () => {
    portal = await PortalOrg.start();
  });
  after(() => portal.stop());

  const list = async (...args: string[]): Promise<JsonAnswer<RunsResult>> => {
    const answer = await warmSf(['portal', 'users', 'runs', ...args, '--json'], portal);
    return portal.readJson<RunsResult>(['runs'], answer);
  };
  const text = async (): Promise<string> => (await warmSf(['portal', 'users', 'runs'], portal)).stdout;

  it('says so where there are none', async () => {
    expect((await list()).result).to.deep.equal({ runs: [] });
    expect(await text()).to.match(/No runs were started on this machine/);
  });

  it('lists them newest first, with what can be done about each, and without those that are gone', async () => {
    const gone = await portal.json(['create', ...mainSelection, '--dry-run']);
    const made = await portal.json(['create', ...mainSelection]);
    const planned = await portal.json(['disable', '--mode', 'freeze', '--from-run', made.result.runDir, '--dry-run']);
    rmSync(gone.result.runDir, { recursive: true });
    const { runs } = (await list()).result;
    expect(runs.map(({ runDir }) => runDir)).to.deep.equal([planned.result.runDir, made.result.runDir]);
    expect(runs[0]).to.include({ operation: 'disable', mode: 'freeze', state: 'planned' });
    expect(runs[0]).to.include({ canResume: true, canTakeBack: false });
    expect(runs[1]).to.include({ operation: 'create', state: 'complete', canResume: false, canTakeBack: true });
    expect(runs[1]?.counts).to.deep.equal(made.result.counts);
    const table = await text();
    expect(table.indexOf('freeze')).to.be.lessThan(table.indexOf('create')).and.greaterThan(0);
    expect(table)
      .to.match(/189/)
      .and.match(/can be applied/)
      .and.match(/can be undone/);
    // From the folder in which people read them.
    const nextHere = ({ next, runDir }: RunsResult['runs'][number]): string | undefined =>
      next[0]?.replace(runDir, `portal-users/${basename(runDir)}`);
    const [plan = expect.fail('no run'), run = expect.fail('no run')] = runs;
    expect(/^To apply the newest plan:\n +(.*)$/m.exec(table)?.[1]).to.equal(nextHere(plan));
    expect(/^To undo the newest run that can be undone:\n +(.*)$/m.exec(table)?.[1]).to.equal(nextHere(run));
    // Reading has changed nothing: the run goes on, and then it is listed as done.
    // Nobody can be asked here, so the commands say yes.
    const done = await portal.json(nextOf(runs[0]));
    expect(done.result.counts).to.include({ succeeded: 189 });
    const [frozenRun] = (await list()).result.runs;
    expect(frozenRun).to.include({ state: 'complete', canTakeBack: true });
    expect(await text()).to.include(`org ${done.result.orgId} (production)`);
    // What was undone can't be undone again; a freeze does not undo a creation.
    const undone = await portal.json(nextOf(frozenRun));
    const [enabled, frozen, created] = (await list()).result.runs;
    expect([frozen?.['canTakeBack'], created?.['canTakeBack']]).to.deep.equal([false, true]);
    // The undoing can be undone as well, with the command that its result has.
    const again = `--mode freeze --file ${String(undone.result.files['succeeded'])} --no-prompt`;
    expect(undone.result.next.join('\n')).to.include(again);
    expect(enabled?.next.join('\n')).to.include(again);
  });

  it('says which are at work, damaged, or not the folders of runs', async () => {
    const [newest, other] = (await list()).result.runs;
    const holder = new DatabaseSync(join(newest?.runDir ?? '', 'run.db'));
    holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT');
    expect((await list()).result.runs[0]).to.deep.equal({
      ...{ runDir: newest?.runDir, state: 'inUse', canResume: false, canTakeBack: false, next: [] },
    });
    holder.close();
    truncateSync(join(newest?.runDir ?? '', 'run.db'), 5_000);
    rmSync(join(other?.runDir ?? '', 'run.db'));
    const { runs } = (await list()).result;
    expect(runs.slice(0, 2).map(({ state }) => state)).to.deep.equal(['unreadable', 'unreadable']);
    expect(runs[0]?.['problem'])
      .to.match(/damaged/i)
      .and.include(newest?.runDir);
    expect(await text()).to.include(String(runs[1]?.['problem']));
  });

  it('reads a run whose process was killed, and leaves it as it is', async () => {
    const { result } = await portal.json(['create', ...mainSelection, '--dry-run', '--output-dir', 'killed']);
    const file = join(result.runDir, 'run.db');
    const killed = new DatabaseSync(file);
    killed.exec(
      "PRAGMA locking_mode = EXCLUSIVE; UPDATE meta SET value = '2026-01-01T00:00:00.000Z' WHERE key = 'plannedAt'",
    );
    const log = readFileSync(`${file}-wal`);
    killed.close();
    writeFileSync(`${file}-wal`, log);
    expect((await list()).result.runs[0]).to.include({ runDir: result.runDir, plannedAt: '2026-01-01T00:00:00.000Z' });
    const resumed = await portal.json(['resume', '--run-dir', result.runDir]);
    expect(resumed.result.counts).to.include({ unchanged: 192 });
  });

  describe('--support-bundle', () => {
    let run: RunResult;
    let bundle: string;

    before(async () => {
      const remove = portal.org.rules.automation.add({
        sobject: 'User',
        judge: ({ record }) =>
          String(record['Email']).length % 3 === 0
            ? {
                code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
                message: `${String(record['FirstName'])} ${String(record['LastName'])} can't log in with ${String(record['Email'])}; ask Petra Privat, not '${String(record['Username'])}'`,
                fields: ['LastName'],
              }
            : undefined,
      });
      const contacts = [...portal.plainPartners(20), portal.contactOf('NO_EMAIL'), portal.contactOf('NO_ACCOUNT')];
      portal.file(
        'list.csv',
        ['ContactId,CompanyName', ...contacts.map(({ Id }) => `${Id},Geheim und Söhne`), ''].join('\n'),
      );
      const args = ['--file', 'list.csv', '--profile', mainProfile, '--username', '{Email}.uat'];
      run = (await portal.json(['create', ...args], 68)).result;
      remove();
      const { supportBundle = '' } = (await list('--support-bundle', run.runDir)).result;
      expect(supportBundle).to.equal(join(run.runDir, 'support-bundle.json'));
      bundle = readFileSync(supportBundle, 'utf8');
    });

    it('holds no name, no address, and no Id of the run', () => {
      const cells = readdirSync(run.runDir)
        .filter((name) => name.endsWith('.csv'))
        .flatMap((name) => readCsv(join(run.runDir, name)))
        .flatMap((row) => Object.entries(row).filter(([column]) => naming.test(column)))
        .map(([, value]) => value);
      const values = new Set([
        ...cells,
        run.orgId,
        run.username,
        ...run.jobs.map(({ id }) => id),
        'Petra',
        'Privat',
        'Geheim',
      ]);
      values.delete('');
      expect(values.size).to.be.greaterThan(100);
      const words = new Set(bundle.split(/[^\p{L}\p{M}\p{N}@._'’-]+/u));
      const found = [...values].filter((value) =>
        /^\p{L}+$/u.test(value) ? words.has(value) : bundle.includes(value),
      );
      expect(found).to.deep.equal([]);
      expect(bundle).not.to.match(/@/);
      expect(bundle).not.to.include(portal.cwd).and.not.to.include(portal.home);
    });

    it('says what happened: counts, codes, the words of Salesforce, and the same code for the same value', () => {
      const { counts, failedByCode, subjects, sends, meta, about } = JSON.parse(bundle) as {
        readonly counts: unknown;
        readonly failedByCode: unknown;
        readonly about: Readonly<Record<string, string>>;
        readonly meta: Readonly<Record<string, unknown>>;
        readonly sends: ReadonlyArray<Readonly<Record<string, unknown>>>;
        readonly subjects: ReadonlyArray<{
          readonly state: string | null;
          readonly reason: string | null;
          readonly contactId: string;
          readonly steps: ReadonlyArray<Readonly<Record<string, unknown>> & { readonly fieldValues: object }>;
        }>;
      };
      expect(counts).to.deep.equal(run.counts);
      expect(failedByCode).to.deep.equal(run.failedByCode);
      expect(about['node']).to.equal(process.version);
      expect(meta).to.include({ operation: 'create', strict: 'false' });
      expect(sends).not.to.have.length(0);
      expect(subjects).to.have.length(run.counts.selected);
      const [first] = subjects;
      expect(first?.state).to.equal('failed');
      expect(first?.steps[0]).to.include({ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', kind: 'createUser' });
      expect(first?.steps[0]?.['errorMessage']).to.match(/can't log in with ~\w+; ask … …, not '~\w+'/);
      expect(first?.steps[0]?.fieldValues).to.include({ ContactId: first?.contactId });
      expect(first?.contactId).to.match(/^003~[0-9a-f]{12}$/);
      expect(subjects.map(({ reason }) => reason)).to.include.members(['NO_EMAIL', 'NO_ACCOUNT']);
    });

    it('has other codes in another bundle, so that values can not be tried', async () => {
      const { supportBundle = '' } = (await list('--support-bundle', run.runDir)).result;
      expect(readFileSync(supportBundle, 'utf8')).not.to.equal(bundle);
    });

    it('fails at a folder that is no run', async () => {
      const answer = await warmSf(['portal', 'users', 'runs', '--support-bundle', 'nowhere', '--json'], portal);
      expect(answer.code).to.equal(1);
      expect(answer.stdout).to.include('NotARunFolderError');
    });
  });
});
