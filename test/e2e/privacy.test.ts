/** What leaves the run folder: no token anywhere, and no contact's address on the screen, in errors or in sf's log. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { mainProfile, mainSegment, mainSelection, PortalOrg } from './portalOrg.ts';
import { sf } from './sfHost.ts';

const address = /@customers\.example/i;

describe('privacy', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  /** No token that the org has ever given, whole or in the form that a URL has. */
  function expectNoToken(text: string, where: string): void {
    const sent = portal.org.ledger.entries.map(
      ({ headers }) => headers['authorization']?.replace(/^Bearer /, '') ?? '',
    );
    for (const token of new Set([...sent, portal.org.accessToken, portal.org.refreshToken])) {
      if (token === '') continue;
      expect(text.includes(token), `a token in ${where}`).to.equal(false);
      expect(text.includes(encodeURIComponent(token)), `a token in ${where}`).to.equal(false);
    }
  }

  /** Puts an ending to a field of all records of an object. */
  function rename(sobject: string, field: string, ending: string): void {
    for (const record of portal.org.store.find(sobject)) {
      portal.org.store.update(sobject, record.Id, { [field]: `${String(record[field])}${ending}` });
    }
  }

  it('a whole run at trace level leaves no token and no address in the log or on the screen', async () => {
    await portal.loginWithRefreshToken();
    // A refresh, a refusal and a failed row on the way: errors are where such things slip out.
    portal.org.faults.add({ path: /\/batches$/ }, { kind: 'meanwhile', run: () => portal.org.session.expire() });
    portal.org.rules.automation.add({
      sobject: 'User',
      judge: ({ record }) =>
        record['LastName'] === 'Cher'
          ? { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No stars', fields: ['LastName'] }
          : undefined,
    });
    const answer = await sf(['portal', 'users', 'create', ...mainSelection, '--target-org', 'portal'], {
      home: portal.home,
      cwd: portal.cwd,
      env: { SF_LOG_LEVEL: 'trace', SF_DISABLE_LOG_FILE: 'false' },
    });
    expect(answer.code, answer.stderr).to.equal(68);
    const printed = answer.stdout + answer.stderr;
    expect(printed).not.to.match(address);
    const logs = readdirSync(join(portal.home, '.sf')).filter((name) => name.endsWith('.log'));
    expect(logs).not.to.deep.equal([]);
    const log = logs.map((name) => readFileSync(join(portal.home, '.sf', name), 'utf8')).join('\n');
    expect(log).to.match(/portal:users:create|PortalUsersCreate/);
    expect(/.*@customers\.example.{0,80}/i.exec(log)?.[0].slice(-300)).to.equal(undefined);
    expectNoToken(printed, 'screen');
    expectNoToken(log, 'log');
  });

  it('a run with everything that DEBUG can say leaves no token and no address there', async () => {
    portal.org.session.expire();
    const answer = await sf(['portal', 'users', 'create', ...mainSelection, '--target-org', 'portal', '--json'], {
      home: portal.home,
      cwd: portal.cwd,
      env: { DEBUG: '*', SF_LOG_LEVEL: 'trace', SF_DISABLE_LOG_FILE: 'false' },
    });
    expect(answer.code, answer.stderr.slice(-2_000)).to.equal(68);
    expect(answer.stderr).to.match(/oclif:sf:portal:users:create/);
    const printed = answer.stdout + answer.stderr;
    expect(/.*@customers\.example.{0,80}/i.exec(printed)?.[0].slice(-300)).to.equal(undefined);
    expectNoToken(printed, 'screen');
  });

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
      expectNoToken(readFileSync(join(result.runDir, name)).toString('latin1'), name);
    }
  });

  it('no file that create, disable, enable or resume leaves holds a token, whatever DEBUG says', async () => {
    const env = { DEBUG: '*', SF_LOG_LEVEL: 'trace', SF_DISABLE_LOG_FILE: 'false' };
    const { home, cwd } = portal;
    const run = async (...args: string[]): Promise<void> => {
      const all = ['portal', 'users', ...args, '--target-org', 'portal', '--no-prompt'];
      const { code, stderr } = await sf(all, { home, cwd, env });
      expect(code, `${args.join(' ')}\n${stderr.slice(-2_000)}`).to.equal(0);
    };
    const where = "Profile.Name = 'Acme Customer Portal' AND IsActive = true LIMIT 2";
    await run(
      'create',
      '--where',
      `${mainSegment} AND LastName <> 'Cher'`,
      '--profile',
      mainProfile,
      '--output-dir',
      'made',
    );
    await run('disable', '--mode', 'freeze', '--where', where, '--output-dir', 'frozen');
    await run('enable', '--from-run', 'frozen', '--output-dir', 'thawed');
    await run('disable', '--mode', 'freeze', '--where', where, '--dry-run', '--output-dir', 'planned');
    await run('resume', '--run-dir', 'planned');
    const files = [home, cwd].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    expect(files).to.include.members(['made', 'frozen', 'thawed', 'planned'].map((name) => join(cwd, name, 'run.db')));
    // The login itself, which sf keeps there.
    const logins = [join(home, '.sfdx', 'admin@sim.example.json')];
    expect(files).to.include.members(logins);
    for (const file of files.filter((name) => !logins.includes(name)))
      expectNoToken(readFileSync(file).toString('latin1'), file);
  });

  it('names in the org that would steer a terminal are shown harmless, and the files are private whatever the umask', async () => {
    const escape = '\u001b]0;owned\u0007\u001b[2J\u009b31m\r';
    const named = ['Profile', 'Network', 'UserLicense', 'Account', 'Organization'];
    for (const sobject of named) rename(sobject, 'Name', escape);
    rename('PermissionSet', 'Label', escape);
    const umask = process.umask(0);
    const profile = portal.profileId(mainProfile);
    const args = ['create', '--where', "LastName = 'Cher'", '--profile', profile, '--output-dir', 'open/private'];
    const create = await portal.text(args).finally(() => process.umask(umask));
    const check = await portal.text(['check', '--profile', 'no such profile']);
    for (const { stdout, stderr } of [create, check]) {
      expect(stdout + stderr).to.match(/\ufffd/);
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
