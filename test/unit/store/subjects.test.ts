/** The subjects of a plan: written as they were decided, decided about anew, read page by page. */
import { expect } from 'chai';
import { refuse, decideExisting } from '../../../lib/model/reasons.js';
import {
  continueWithUser,
  giveUpSubject,
  insertSubjects,
  moveSubject,
  pagesOf,
  refreshSnapshot,
} from '../../../lib/store/subjects.js';
import { transaction } from '../../../lib/store/sqlite.js';
import { contactIdOf, plannedSubject, profileId, RunDb } from './runDb.ts';

describe('subjects in run.db', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('hold what is known of each, and its steps', async () => {
    run = await RunDb.with(
      {
        key: 'K-1',
        line: 7,
        cells: { Key__c: 'K-1' },
        accountId: '001a',
        values: { IsActive: 'false' },
        givenFederationId: 'f',
        permissionSets: ['0PG1'],
      },
      { decision: decideExisting({ id: '005', username: 'x', isActive: true }) },
    );
    const [first, second] = run.table('subject');
    expect(first).to.deep.include({
      n: 1,
      key: 'K-1',
      line: 7,
      cells: '{"Key__c":"K-1"}',
      contactId: contactIdOf(1),
      accountId: '001a',
      name: 'Name 1',
      accountName: 'Acme',
      userId: null,
      profileId,
      snapshot: null,
      verdict: 'steps',
      reason: null,
      state: 'open',
    });
    expect(second).to.deep.include({
      verdict: 'unchanged',
      reason: 'ALREADY_HAS_USER',
      detailText: 'detail',
      state: null,
    });
    const [user, set] = run.table('step');
    expect(user).to.deep.include({
      subject: 1,
      kind: 'createUser',
      target: contactIdOf(1),
      seats: 0,
      family: 'highVolume',
      lock: '001a',
      username: 'u1@acme.example',
      nickname: 'user-1',
      givenNickname: null,
      givenFederationId: 'f',
      state: 'planned',
      refusals: 0,
      send: null,
      wave: 1,
    });
    expect(set).to.deep.include({
      subject: 1,
      kind: 'assignPermissionSet',
      target: '0PG1',
      label: 'Set 0PG1',
      fieldValues: '{"PermissionSetGroupId":"0PG1"}',
      lock: contactIdOf(1),
    });
    expect(run.table('step')).to.have.length(2);
  });

  it('are written all together or not at all', async () => {
    run = await RunDb.with({});
    const twice = [plannedSubject(2), plannedSubject(3)];
    insertSubjects(run.db, 2, twice);
    expect(() => insertSubjects(run.db, 0, twice)).to.throw();
    expect(run.subjects('n')).to.deep.equal([1, 2, 3]);
    expect(run.table('step')).to.have.length(3);
  });

  it('are given up with all that is planned for them; what was done stays', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1', '0PS2'] }, {});
    run.setStep(1, "state = 'done', created = 'yes'");
    run.setSubject(1, "userId = '005a'");
    giveUpSubject(run.db, 1, refuse('NO_EMAIL.detail'));
    giveUpSubject(run.db, 2, decideExisting({ id: '005b', username: 'x', isActive: true }));
    expect(run.steps('state')).to.deep.equal(['done', 'dropped', 'dropped', 'dropped']);
    expect(run.subjects('verdict')).to.deep.equal(['refused', 'unchanged']);
    expect(run.subjects('reason')).to.deep.equal(['NO_EMAIL', 'ALREADY_HAS_USER']);
    expect(run.subjects('state')).to.deep.equal([null, null]);
    // A user who is known stays known.
    expect(run.subjects('userId')).to.deep.equal(['005a', '005b']);
  });

  it('go on with a user who exists after all, and with what the user lacks alone', async () => {
    run = await RunDb.with({ permissionSets: ['0PS1', '0PS2'] }, { permissionSets: ['0PS1'] });
    continueWithUser(run.db, 1, { userId: '005a', username: 'a@acme.example' }, ['0PS2']);
    expect(run.steps('state')).to.deep.equal(['dropped', 'dropped', 'planned', 'planned', 'planned']);
    expect(run.subjects('userId')).to.deep.equal(['005a', null]);
    expect(run.subjects('username')).to.deep.equal(['a@acme.example', null]);
    continueWithUser(run.db, 1, { userId: '005a', username: undefined }, ['0PS2']);
    expect(run.subjects('username')[0]).to.equal('a@acme.example');
    expect(run.subjects('state')).to.deep.equal(['open', 'open']);
  });

  it('keep what a user is now', async () => {
    run = await RunDb.with({}, {});
    refreshSnapshot(run.db, 1, { snapshot: { Id: '005' }, profileId: undefined });
    expect(run.subjects('snapshot')).to.deep.equal(['{"Id":"005"}', null]);
    expect(run.subjects('profileId')).to.deep.equal([null, profileId]);
  });

  it('move to another account with the locks of their steps of one kind', async () => {
    run = await RunDb.with({ accountId: 'A', permissionSets: ['0PS1'] }, { accountId: 'A' });
    moveSubject(run.db, 1, 'createUser', { accountId: 'B', accountName: 'Other' });
    expect(run.subjects('accountId')).to.deep.equal(['B', 'A']);
    expect(run.subjects('accountName')).to.deep.equal(['Other', 'Acme']);
    expect(run.steps('lock')).to.deep.equal(['B', contactIdOf(1), 'A']);
    moveSubject(run.db, 2, 'createUser', { accountId: undefined, accountName: undefined });
    expect(run.steps('lock')[2]).to.equal(null);
    // A contact that has not moved keeps the lock, whatever it is.
    run.setStep(1, "lock = 'kept'");
    moveSubject(run.db, 1, 'createUser', { accountId: 'B', accountName: 'Other' });
    expect(run.steps('lock')[0]).to.equal('kept');
  });

  it('come page by page, each once, although they are changed in between', async () => {
    const count = 4_100;
    run = await RunDb.with(...Array.from({ length: count }, () => ({})));
    const seen: unknown[] = [];
    const sizes: number[] = [];
    for (const page of pagesOf(run.db, "SELECT n FROM subject WHERE state = 'open' AND n > ?")) {
      sizes.push(page.length);
      transaction(run.db, () => {
        for (const { n } of page) {
          seen.push(n);
          if (Number(n) % 2 === 0) giveUpSubject(run.db, Number(n), refuse('NO_EMAIL.detail'));
        }
      });
    }
    expect(sizes).to.deep.equal([2000, 2000, 100]);
    expect(seen).to.deep.equal(Array.from({ length: count }, (_, index) => index + 1));
  });
});
