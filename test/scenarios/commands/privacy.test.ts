/** What a command shows and leaves: no token in the run folder, no contact's address in errors, nothing that steers a terminal. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { mainProfile, mainSelection, PortalOrg } from './portalOrg.ts';
import { expectNoToken } from './tokens.ts';

describe('privacy', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
    await portal.loginWithRefreshToken();
    // A failed row on the way: errors are where such things slip out.
    portal.org.rules.automation.add({
      sobject: 'User',
      judge: ({ record }) =>
        record['LastName'] === 'Cher'
          ? { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No stars', fields: ['LastName'] }
          : undefined,
    });
  });

  after(() => portal.stop());

  /** Puts an ending to a field of all records of an object. */
  function rename(sobject: string, field: string, ending: string): void {
    for (const record of portal.org.store.find(sobject)) {
      portal.org.store.update(sobject, record.Id, { [field]: `${String(record[field])}${ending}` });
    }
  }

  it('the run folder holds no token', async () => {
    const { result } = await portal.json([
      'create',
      '--where',
      "LastName = 'Cher'",
      '--profile',
      mainProfile,
      '--dry-run',
    ]);
    for (const name of readdirSync(result.runDir)) {
      expectNoToken(portal.org, readFileSync(join(result.runDir, name)).toString('latin1'), name);
    }
  });

  it('names in the org that would steer a terminal are shown harmless, and the files are private whatever the umask', async () => {
    const escape = '\u001b]0;owned\u0007\u001b[2J\u009b31m\r';
    const named = ['Profile', 'Network', 'UserLicense', 'Account', 'Organization'];
    for (const sobject of named) rename(sobject, 'Name', escape);
    rename('PermissionSet', 'Label', escape);
    const umask = process.umask(0);
    const profile = portal.profileId(mainProfile);
    const args = ['create', '--where', "LastName = 'Cher'", '--profile', profile, '--output-dir', 'open/private'];
    const plan = await portal.text([...args.slice(0, -2), '--dry-run']);
    const create = await portal.text(args).finally(() => process.umask(umask));
    const check = await portal.text(['check', '--profile', 'no such profile']);
    for (const { stdout, stderr } of [plan, check]) expect(stdout + stderr).to.match(/\ufffd/);
    for (const { stdout, stderr } of [plan, create, check]) {
      expect(stdout + stderr).not.to.match(/[\0-\x08\x0b-\x1f\x7f-\x9f]/);
    }
    if (process.platform === 'win32') return;
    const folder = join(portal.cwd, 'open', 'private');
    const rights = (path: string): number => statSync(path).mode & 0o777;
    expect(rights(folder)).to.equal(0o700);
    const names = readdirSync(folder);
    expect(names).to.include.members(['run.db', 'users.csv', 'summary.md', 'failed.csv']);
    for (const name of names) expect(rights(join(folder, name)), name).to.equal(0o600);
  });

  it('errors name no person: a bad file with addresses in it', async () => {
    const contact = portal.contactOf('NAME_NO_FIRST');
    portal.file('bad.csv', `ContactId,Email\n${contact.Id},"somebody@customers.example\n`);
    await portal.failure(['create', '--file', 'bad.csv', '--profile', mainProfile]);
    portal.file('ragged.csv', `ContactId,Email\n${contact.Id},somebody@customers.example,more@customers.example\n`);
    await portal.failure(['create', '--file', 'ragged.csv', '--profile', mainProfile]);
    portal.org.faults.add(
      { path: '/query', when: (call) => call.soql?.includes('FROM User WHERE Username IN') === true },
      {
        kind: 'answer',
        status: 400,
        body: [{ errorCode: 'MALFORMED_QUERY', message: "\nUsername IN ('somebody@customers.example')\n^\nERROR" }],
      },
    );
    await portal.failure(['create', ...mainSelection]);
  });
});
