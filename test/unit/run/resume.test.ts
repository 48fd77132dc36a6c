/** `resume`: what run.db says is understood, or nothing is done by it; the org and the guards are those of the run. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import type { OrgClient } from '../../../lib/org/orgClient.js';
import { expectDone, recordsOf, RunLab, type Run } from '../../scenarios/runLab.ts';
import { damages, metaDamages, sendDamages, type Damage } from './damage.ts';

const { resumeRun } = await import('../../../lib/run/resume.js');

/** The fault's code; 'none' where it went on. */
async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'none',
    (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : error),
  );
}

describe('a run that is not understood', () => {
  let lab: RunLab;
  let plan: Run;
  let done: Run;
  let disabling: Run;
  let disabled: Run;
  /** A job that Salesforce has, of which nobody knows the outcome. */
  let left: Run;

  before(async function () {
    lab = await RunLab.start();
    plan = await lab.create({ dryRun: true, permissionSets: ['Portal_Documents'] });
    left = await lab.create(
      {},
      {
        onEvent: (event, stop) => {
          if (event.type === 'jobClosed') stop.request('signal');
        },
      },
    );
    expect(left.end.end).to.equal('signal');
    const copied = copyOf(left.folder);
    done = await lab.resume(copied);
    expectDone(lab, done);
    disabling = await lab.change({ mode: 'deactivate', fromRun: done.folder, dryRun: true });
    disabled = await lab.change({ mode: 'freeze', fromRun: done.folder });
    expectDone(lab, disabled);
  });
  after(() => lab.stop());

  function copyOf(folder: string, damage?: string): string {
    const copy = lab.newFolder();
    cpSync(folder, copy, { recursive: true });
    if (damage !== undefined) {
      const db = new DatabaseSync(join(copy, 'run.db'));
      db.exec(damage);
      db.close();
    }
    return copy;
  }

  /** It ends as damaged, and nothing was written to the org. */
  async function expectDamaged(
    damage: Damage,
    folder: string,
    work: (copy: string) => Promise<unknown>,
  ): Promise<void> {
    const writes = (): number => lab.org.ledger.writes().length;
    const [copy, before] = [copyOf(folder, damage[1]), writes()];
    expect(await codeOf(work(copy)), damage[0]).to.equal('runDamaged');
    expect(writes(), damage[0]).to.equal(before);
  }

  it('is no matter of the copy: an undamaged one goes on', async () => {
    const copy = copyOf(left.folder);
    expect(await codeOf(lab.resume(copy))).to.equal('none');
    expect(recordsOf(copy).filter((record) => record['state'] === 'sent')).to.deep.equal([]);
  });

  for (const damage of [...damages, ...metaDamages]) {
    it(`is not resumed with ${damage[0]} that nobody writes`, async () => {
      for (const run of [plan, disabling]) await expectDamaged(damage, run.folder, (copy) => lab.resume(copy));
    });
  }

  for (const damage of [...sendDamages, ...damages]) {
    it(`leaves its job where it is with ${damage[0]} that nobody writes`, async () => {
      await expectDamaged(damage, left.folder, (copy) => lab.resume(copy));
    });
  }

  it('is not resumed without what its operation needs', async () => {
    for (const key of ['columns', 'givenColumns'])
      for (const sql of [`DELETE FROM meta WHERE key = '${key}'`, `UPDATE meta SET value = '{' WHERE key = '${key}'`])
        await expectDamaged([sql, sql], plan.folder, (copy) => lab.resume(copy));
    for (const key of ['mode', 'protect', 'keyColumn']) {
      const sql = `DELETE FROM meta WHERE key = '${key}'`;
      await expectDamaged([sql, sql], disabling.folder, (copy) => lab.resume(copy));
    }
    for (const sql of [
      "UPDATE meta SET value = 'unfreeze' WHERE key = 'mode'",
      "UPDATE meta SET value = 'freeze' WHERE key = 'mode'",
      `UPDATE step SET fieldValues = '{"IsActive":"true"}' WHERE n = 1`,
      `UPDATE step SET fieldValues = '{"Email":"x"}' WHERE n = 1`,
      'UPDATE subject SET snapshot = NULL WHERE n = 1',
      'UPDATE subject SET userId = NULL WHERE n = 1',
    ])
      await expectDamaged([sql, sql], disabling.folder, (copy) => lab.resume(copy));
    const mode = "INSERT INTO meta VALUES ('mode', 'freeze')";
    await expectDamaged([mode, mode], plan.folder, (copy) => lab.resume(copy));
    for (const key of ['inactiveSince', 'neverLoggedInSince']) {
      const sql = `INSERT OR REPLACE INTO meta VALUES ('${key}', 'long ago')`;
      await expectDamaged([sql, sql], disabling.folder, (copy) => lab.resume(copy));
    }
  });

  for (const damage of damages) {
    it(`is not taken back with ${damage[0]} that nobody writes`, async () => {
      await expectDamaged(damage, done.folder, (copy) => lab.change({ mode: 'deactivate', fromRun: copy }));
      await expectDamaged(damage, disabled.folder, (copy) => lab.change({ operation: 'enable', fromRun: copy }));
    });
  }

  for (const damage of sendDamages) {
    it(`is not taken back with ${damage[0]} that nobody writes`, async () => {
      await expectDamaged(damage, done.folder, (copy) => lab.change({ mode: 'freeze', fromRun: copy }));
    });
  }
});

describe('resumeRun', () => {
  let lab: RunLab;
  let dry: Run;
  before(async () => {
    lab = await RunLab.start();
    dry = await lab.create({ dryRun: true, maxUsers: 77, strict: true, allowWelcomeEmails: false });
  });
  after(() => lab.stop());

  const request = { maxUsers: undefined, strict: false, allowWelcomeEmails: false, sendUnknownAgain: false };
  const never = (): Promise<OrgClient> => Promise.reject(new Error('no call'));

  it('takes the guards of the run, unless it is told more', async () => {
    for (const [told, guards] of [
      [{}, { maxUsers: 77, strict: true, allowWelcomeEmails: false }],
      [
        { maxUsers: 5, allowWelcomeEmails: true },
        { maxUsers: 5, strict: true, allowWelcomeEmails: true },
      ],
    ] as const) {
      const begun = await resumeRun({ folder: dry.folder, ...request, ...told }, never);
      begun.run.db.close();
      expect(begun.guards).to.deep.equal(guards);
      expect(begun.dryRun).to.equal(false);
    }
  });

  it('connects with the version that made its jobs', async () => {
    const versions: string[] = [];
    const connect = (version: string): Promise<OrgClient> => {
      versions.push(version);
      return never();
    };
    const begun = await resumeRun({ folder: dry.folder, ...request }, connect);
    const failed = await codeOf(
      begun.prepare(
        () => undefined,
        () => undefined,
      ),
    );
    begun.run.db.close();
    expect(failed).to.have.property('message', 'no call');
    expect(versions).to.deep.equal(['67.0']);
  });

  it('refuses the org of another run, and a plan that is not complete, and lets go of the folder', async () => {
    const change = (sql: string): void => {
      const db = new DatabaseSync(join(dry.folder, 'run.db'));
      db.exec(sql);
      db.close();
    };
    change("UPDATE meta SET value = '00D000000000009AAA' WHERE key = 'orgId'");
    expect(await codeOf(lab.resume(dry.folder))).to.equal('otherOrg');
    change("DELETE FROM meta WHERE key = 'plannedAt'");
    expect(await codeOf(lab.resume(dry.folder))).to.equal('planIncomplete');
    expect(await codeOf(lab.resume(dry.folder))).to.equal('planIncomplete');
    expect(await codeOf(lab.resume(lab.home))).to.equal('notARunFolder');
  });

  it('says who began it, where somebody else goes on', async () => {
    const run = await lab.create({ dryRun: true });
    const db = new DatabaseSync(join(run.folder, 'run.db'));
    db.exec("UPDATE meta SET value = '005000000000099AAA' WHERE key = 'userId'");
    db.exec("UPDATE meta SET value = 'ada@acme.example' WHERE key = 'username'");
    db.close();
    const resumed = await lab.resume(run.folder);
    expectDone(lab, resumed);
    expect(resumed.events.find(({ type }) => type === 'otherUser')).to.include({ begunBy: 'ada@acme.example' });
    expect(resumed.result.dryRun).to.equal(false);
  });
});
