/** Folders that can't be written, paths that need quotes: nothing is lost, and nothing half is left. */
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { contactsCsv, expectSound, mainProfile, mainSelection, PortalOrg } from './portalOrg.ts';

describe('bad environment', function () {
  let portal: PortalOrg;

  beforeEach(async () => {
    portal = await PortalOrg.start();
  });

  afterEach(() => portal.stop());

  it('a folder that can’t be written, or holds something', async function () {
    if (process.platform !== 'linux') this.skip();
    const untouched = portal.digest();
    const below = await portal.failure(['create', ...mainSelection, '--output-dir', '/proc/portal-users']);
    expect(below).to.include({ name: 'FolderNotWritableError', code: 1 });
    expect(below.text)
      .to.match(/\/proc\/portal-users/)
      .and.to.match(/--output-dir/);
    await mkdir(join(portal.cwd, 'full'));
    writeFileSync(join(portal.cwd, 'full', 'mine.txt'), 'mine');
    const full = await portal.failure(['create', ...mainSelection, '--output-dir', 'full']);
    expect(full).to.include({ name: 'FolderNotEmptyError', code: 1 });
    expect(readdirSync(join(portal.cwd, 'full'))).to.deep.equal(['mine.txt']);
    expect(portal.digest()).to.equal(untouched);
  });

  it('paths with blanks, quotes and letters of all kinds, in and out', async function () {
    if (process.platform === 'win32') this.skip();
    const contacts = portal.plainContacts(3);
    const file = portal.file('kontakte für März 🌻.csv', contactsCsv(contacts));
    const dir = join('läufe', "Anna's run – 顧客");
    const create = ['create', '--file', file, '--profile', mainProfile, '--output-dir', dir];
    const stopped = await portal.json([...create, '--dry-run']);
    expect(stopped.result.runDir).to.equal(join(portal.cwd, dir));
    const { result } = await portal.json(['resume', '--use-most-recent', '--no-prompt']);
    expectSound(result);
    expect(result.runDir).to.equal(stopped.result.runDir);
    expect(result.counts).to.include({ planned: 3, succeeded: 3 });
    const again = await portal.json(['resume', '--run-dir', dir]);
    expect(again.result.counts).to.deep.equal(result.counts);
  });
});
