/** A folder in which a plan was begun and never finished is taken by the same command; any other one is left as it is. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { readMeta, writeMeta } from '../../lib/store/meta.js';
import { makeRun } from '../../lib/run/newRun.js';
import { closeRunDatabase, createRunDatabase, openRunDatabase } from '../../lib/store/runDatabase.js';

describe('an abandoned plan', () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'abandoned-'));
    folder = join(home, 'run');
    mkdirSync(folder);
    writeFileSync(join(folder, '.gitignore'), '*\n');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const make = async (): Promise<string> => {
    try {
      const run = await makeRun(folder, 'create', ({ db }) => {
        writeMeta(db, { plannedAt: 'now' });
        return Promise.resolve();
      });
      closeRunDatabase(run.db);
      return 'made';
    } catch (error) {
      return String(Reflect.get(Object(error), 'code'));
    }
  };

  for (const [when, leave] of [
    ['before there was a database', () => Promise.resolve()],
    ['in the middle of its first file', async () => writeFile(join(folder, '.gitignore'), '')],
    ['before there was a table', async () => writeFile(join(folder, 'run.db'), '')],
    [
      'before the plan was complete',
      async () => {
        const db = await createRunDatabase(folder);
        writeMeta(db, { operation: 'create' });
        db.close();
      },
    ],
    ['while it gave way to another one', async () => writeFile(join(folder, 'run.db-wal'), 'log')],
    [
      'with its log beside it',
      async () => {
        const elsewhere = mkdtempSync(join(home, 'elsewhere-'));
        const db = await createRunDatabase(elsewhere);
        writeMeta(db, { operation: 'create' });
        for (const name of ['run.db', 'run.db-wal']) copyFileSync(join(elsewhere, name), join(folder, name));
        db.close();
      },
    ],
  ] as const) {
    it(`that was left ${when} gives way`, async () => {
      await leave();
      expect(await make()).to.equal('made');
      expect(readdirSync(folder).sort()).to.deep.equal(['.gitignore', 'run.db']);
      expect(await make()).to.equal('folderNotEmpty');
    });
  }

  it('that is still being made does not', async () => {
    const db = await createRunDatabase(folder);
    expect(await make()).to.equal('runLocked');
    db.close();
    expect(await make()).to.equal('made');
  });

  for (const where of ['an empty folder', 'a folder that is not there']) {
    it(`two commands that begin at once in ${where}: one gets it, and keeps it`, async () => {
      for (let round = 0; round < 20; round++) {
        const wanted = join(home, `both-${String(round)}`, 'below');
        if (where === 'an empty folder') mkdirSync(wanted, { recursive: true });
        const begin = async (name: string): Promise<string> => {
          const run = await makeRun(wanted, 'create', async ({ db }) => {
            writeMeta(db, { operation: name });
            await setImmediate();
          });
          await setImmediate();
          writeMeta(run.db, { plannedAt: name });
          closeRunDatabase(run.db);
          return name;
        };
        const ends = await Promise.allSettled([begin('first'), begin('second')]);
        const winners = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
        const codes = ends.flatMap((end) =>
          end.status === 'rejected' ? [String(Reflect.get(Object(end.reason), 'code'))] : [],
        );
        expect(winners, codes.join()).to.have.length(1);
        expect(codes[0]).to.be.oneOf(['runLocked', 'folderNotEmpty']);
        const db = await openRunDatabase(wanted);
        expect([readMeta(db, 'operation'), readMeta(db, 'plannedAt')]).to.deep.equal([winners[0], winners[0]]);
        closeRunDatabase(db);
        expect(readdirSync(wanted).sort()).to.deep.equal(['.gitignore', 'run.db']);
      }
    });
  }

  it('is not what holds anything else', async () => {
    writeFileSync(join(folder, 'mine.txt'), 'mine');
    (await createRunDatabase(folder)).close();
    expect(await make()).to.equal('folderNotEmpty');
    rmSync(join(folder, 'mine.txt'));
    writeFileSync(join(folder, '.gitignore'), '*.log\n');
    expect(await make()).to.equal('folderNotEmpty');
    expect(readFileSync(join(folder, '.gitignore'), 'utf8')).to.equal('*.log\n');
    expect(existsSync(join(folder, 'run.db'))).to.equal(true);
  });

  it('is not a database of somebody else, or a damaged one', async () => {
    const content = 'no database at all, but long enough to be looked at'.repeat(100);
    writeFileSync(join(folder, 'run.db'), content);
    expect(await make()).to.equal('folderNotEmpty');
    expect(readFileSync(join(folder, 'run.db'), 'utf8')).to.equal(content);
  });
});
