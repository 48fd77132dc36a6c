/** What leaves the run folder: no token anywhere, and no contact's address on the screen, in errors or in sf's log. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { mainProfile, mainSelection, PortalOrg } from './portalOrg.ts';
import { sf } from './sfHost.ts';

const address = /@customers\.example/i;

describe('privacy', function () {
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
    for (const text of [printed, log]) {
      expect(text.includes(portal.org.refreshToken), 'refresh token').to.equal(false);
      for (const call of portal.org.ledger.entries) {
        const token = call.headers['authorization']?.replace(/^Bearer /, '') ?? '';
        if (token !== '') expect(text.includes(token), 'access token').to.equal(false);
      }
    }
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
    const tokens = new Set(
      portal.org.ledger.entries.map((call) => call.headers['authorization']?.replace(/^Bearer /, '')),
    );
    for (const name of readdirSync(result.runDir)) {
      const content = readFileSync(join(result.runDir, name)).toString('latin1');
      for (const token of [...tokens, portal.org.refreshToken]) {
        expect(token !== undefined && content.includes(token), name).to.equal(false);
      }
    }
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
