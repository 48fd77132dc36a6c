/** A sync of more people than IN lists are good for: read in few calls, and decided about like everybody else. */
import { expect } from 'chai';
import { mainProfile, mainSegment, RunLab } from '../runLab.ts';
import { decisionsOf, SyncLab } from './syncLab.ts';

const contacts = 10_010;
const users = 10_050;

describe('sync of many people', () => {
  let lab: RunLab;
  before(async () => {
    // None of the users has a contact of the main segment: all of them are leavers.
    lab = await RunLab.start({ world: { welcomeEmails: false, large: { contacts, users } } });
    lab.org.store.db.exec(`UPDATE "UserLogin" SET "LastModifiedDate" = '2020-01-01T00:00:00.000Z'`);
    lab.org.ledger.keepsBodies = false;
  });
  after(() => lab.stop());

  it('reads each object once, finds the contacts of leavers by 4,000, and takes no username that somebody has', async () => {
    const { store, ledger, username } = lab.org;
    const portalUsers = store.find('User').filter(({ ContactId }) => typeof ContactId === 'string');
    const [gone, namesake, leaver] = portalUsers.filter(({ IsActive }) => IsActive === true);
    if (gone === undefined || namesake === undefined || leaver === undefined)
      throw new Error('the world has no active users');
    store.db.prepare('DELETE FROM "Contact" WHERE "Id" = ?').run(String(gone['ContactId']));
    const [first, second] = lab.segment();
    if (first === undefined || second === undefined) throw new Error('the world has no contacts');
    store.update('Contact', first.Id, { Email: username });
    store.update('Contact', second.Id, { Email: String(namesake['Username']) });
    ledger.clear();
    const sync = SyncLab.ofAll(lab);
    const run = await sync.sync(
      {
        groups: [{ name: 'Customers', contacts: mainSegment, profile: mainProfile }],
        leavers: { action: 'freeze' },
        limits: { create: 99_999, takeAway: 99_999, takeAwayShare: 1 },
      },
      { dryRun: true },
    );
    const decisions = decisionsOf(run);
    expect(decisions.get(first.Id)).to.equal('USERNAME_TAKEN.detail');
    expect(decisions.get(second.Id)).to.equal('USERNAME_TAKEN.detail');
    expect(decisions.get(gone.Id)).to.equal('CONTACT_NOT_VISIBLE.detail');
    expect(decisions.get(namesake.Id)).to.equal('SAME_EMAIL.detail');
    expect(decisions.get(leaver.Id)).to.equal('setFrozen true');
    const active = portalUsers.filter(({ IsActive }) => IsActive === true).length;
    expect(run.result.actions).to.include({ create: contacts - 2, change: active - 2 });
    const jobs = ledger.find('POST', '/jobs/query').map(({ soql = '' }) => / FROM (\w+)/u.exec(soql)?.[1]);
    expect(jobs).to.deep.equal(['Contact', 'User', 'UserLogin', 'Contact', 'Contact', 'Contact']);
    const looks = ledger.count('GET', /^\/jobs\/query\/\w+$/u);
    expect(ledger.entries.length - looks).to.be.at.most(40);
  });
});
