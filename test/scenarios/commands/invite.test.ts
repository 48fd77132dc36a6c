/** `sf portal users invite`, as people call it. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { RunResult } from '../../../lib/model/result.js';
import { PortalOrg } from './portalOrg.ts';

describe('sf portal users invite', () => {
  let portal: PortalOrg;
  before(async () => {
    portal = await PortalOrg.start();
    await portal.login();
  });
  after(() => portal.stop());

  const customers = "Profile.Name = 'Acme Customer Portal' AND IsActive = true";

  it('needs a yes where nobody can be asked', async () => {
    const { message } = await portal.failure(['invite', '--where', customers]);
    expect(message).to.include('invite needs your confirmation');
    expect(portal.org.rules.outbox.temporaryPasswords).to.deep.equal([]);
  });

  it('says what became of each email, and by which command what nobody knows is sent again', async () => {
    portal.org.switches.mail.resetMovesDate = false;
    portal.org.faults.add({ method: 'POST', path: '/composite' }, { kind: 'dropAfter' });
    const { result } = await portal.json<RunResult>(
      ['invite', '--where', customers, '--include-logged-in', '--no-prompt'],
      68,
    );
    expect(result).to.include({ operation: 'invite' });
    expect(result.counts.unknown).to.be.above(0);
    expect(result.files.unknown).to.match(/unknown\.csv$/);
    expect(result.passwordEmails?.sites.length).to.be.above(0);
    expect(readFileSync(result.files.summary, 'utf8')).to.match(/Condition: .*IsActive = true/);
    expect(result.next.join('\n')).to.include('--send-unknown-again');
    const again = await portal.json<RunResult>(['resume', '--run-dir', result.runDir, '--send-unknown-again']);
    expect(again.result.counts).to.include({ unknown: 0, succeeded: result.counts.planned });
  });
});
