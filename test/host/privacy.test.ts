/** What a process leaves besides its answer: no token anywhere, and no contact's address on the screen or in sf's log. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { mainProfile, mainSegment, mainSelection, PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { expectNoToken } from '../scenarios/commands/tokens.ts';
import { sf } from './sfHost.ts';
import { sfSeries } from './sfSeries.ts';

const address = /@customers\.example/i;

describe('privacy of logs', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

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
    expectNoToken(portal.org, printed, 'screen');
    expectNoToken(portal.org, log, 'log');
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
    expectNoToken(portal.org, printed, 'screen');
  });

  it('no file that create, disable, enable, invite or resume leaves holds a token or a password, whatever DEBUG says', async () => {
    const env = { DEBUG: '*', SF_LOG_LEVEL: 'trace', SF_DISABLE_LOG_FILE: 'false' };
    const { home, cwd } = portal;
    const where = "Profile.Name = 'Acme Customer Portal' AND IsActive = true LIMIT 2";
    const contacts = `${mainSegment} AND LastName <> 'Cher'`;
    const calls = [
      ['create', '--where', contacts, '--profile', mainProfile, '--output-dir', 'made'],
      ['disable', '--mode', 'freeze', '--where', where, '--output-dir', 'frozen'],
      ['enable', '--from-run', 'frozen', '--output-dir', 'thawed'],
      ['disable', '--mode', 'freeze', '--where', where, '--dry-run', '--output-dir', 'planned'],
      ['resume', '--run-dir', 'planned'],
      ['invite', '--where', 'IsActive = true AND LastLoginDate = null LIMIT 30', '--output-dir', 'invited'],
    ].map((args) => ['portal', 'users', ...args, '--target-org', 'portal', '--no-prompt']);
    const { answers, between } = await sfSeries(calls, { home, cwd, env });
    expectNoToken(portal.org, between, 'between the calls');
    for (const [n, { code, stdout, stderr }] of answers.entries()) {
      expect(code, `${calls[n]?.join(' ') ?? ''}\n${stderr.slice(-2_000)}`).to.equal(0);
      expect(stderr, 'DEBUG').to.match(/oclif:sf:portal:users/);
      for (const password of portal.org.rules.outbox.temporaryPasswords)
        expect((stdout + stderr + between).includes(password), 'a password on the screen').to.equal(false);
    }
    const files = [home, cwd].flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    expect(files).to.include.members(
      ['made', 'frozen', 'thawed', 'planned', 'invited'].map((name) => join(cwd, name, 'run.db')),
    );
    expect(files.filter((name) => name.endsWith('.log'))).not.to.deep.equal([]);
    // The login itself, which sf keeps there.
    const logins = [join(home, '.sfdx', 'admin@sim.example.json')];
    expect(files).to.include.members(logins);
    const { temporaryPasswords } = portal.org.rules.outbox;
    expect(temporaryPasswords).not.to.deep.equal([]);
    for (const file of files.filter((name) => !logins.includes(name))) {
      const content = readFileSync(file).toString('latin1');
      expectNoToken(portal.org, content, file);
      for (const password of temporaryPasswords) expect(content.includes(password), file).to.equal(false);
    }
  });
});
