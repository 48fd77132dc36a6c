/** What a plan says of permission sets: which users get them, and which sites take whom in by it. */
import { expect } from 'chai';
import { refuse } from '../../../../lib/model/reasons.js';
import {
  countPermissionSets,
  readJoiners,
  wantedPermissionSetIds,
  wantedProfileIds,
  type Joiners,
} from '../../../../lib/store/queries/permissionSetSteps.js';
import { giveUpSubject } from '../../../../lib/store/subjects.js';
import { paintStep, profileId, RunDb, userIdOf, type Wanted } from '../runDb.ts';

describe('the permission sets of a plan', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('are counted by their name, by who gets them, and by what became of it', async () => {
    run = await RunDb.with(
      { permissionSets: ['0PS1', '0PS2'] },
      { userId: userIdOf(2), permissionSets: ['0PS1'] },
      { permissionSets: ['0PS1'] },
    );
    run.setStep(2, "state = 'done'");
    run.setStep(3, "state = 'failed'");
    giveUpSubject(run.db, 3, refuse('NO_EMAIL.detail'));
    expect(countPermissionSets(run.db)).to.deep.equal({
      assigned: 1,
      failed: 1,
      planned: [
        { name: 'Set 0PS1', users: 2 },
        { name: 'Set 0PS2', users: 1 },
      ],
    });
  });

  it('and profiles are wanted as long as somebody is still to get them', async () => {
    const other = '00e000000000002AAA';
    run = await RunDb.with(
      { permissionSets: ['0PS1'] },
      { values: { ProfileId: other }, permissionSets: ['0PS2', '0PS3'] },
    );
    expect(wantedProfileIds(run.db).sort()).to.deep.equal([profileId, other]);
    expect(wantedPermissionSetIds(run.db).sort()).to.deep.equal(['0PS1', '0PS2', '0PS3']);
    run.setStep(3, "state = 'done'");
    run.setStep(4, "state = 'done'");
    run.setStep(5, "state = 'sending'");
    expect(wantedProfileIds(run.db)).to.deep.equal([profileId]);
    expect(wantedPermissionSetIds(run.db).sort()).to.deep.equal(['0PS1', '0PS3']);
  });

  it('tell the sites who joins: new active users, users with more sets, users who come back', async () => {
    const back = (permissionSets: string): Wanted => ({
      userId: userIdOf(8),
      snapshot: permissionSets === '' ? {} : { PermissionSetIds: permissionSets },
      steps: [paintStep(8, { seats: 1 })],
    });
    run = await RunDb.with(
      { permissionSets: ['0PS2', '0PS1'] },
      { permissionSets: ['0PS1', '0PS2'] },
      {},
      { userId: userIdOf(4), permissionSets: ['0PS1'] },
      // Neither is active, nor comes in.
      { values: { IsActive: 'false' } },
      { userId: userIdOf(6), steps: [paintStep(6)] },
      { userId: userIdOf(7), steps: [paintStep(7, { seats: -1 })] },
      back('0PS3;0PS4'),
      back(''),
    );
    const joiners: Joiners[] = [
      { users: 2, areNew: true, profileId, permissionSetIds: ['0PS1', '0PS2'] },
      { users: 2, areNew: true, profileId, permissionSetIds: [] },
      { users: 1, areNew: false, profileId, permissionSetIds: ['0PS1'] },
      { users: 1, areNew: true, profileId, permissionSetIds: ['0PS3', '0PS4'] },
    ];
    expect(readJoiners(run.db, 'planned')).to.have.deep.members(joiners);
    expect(readJoiners(run.db, 'done')).to.deep.equal([]);
    // The first user is made and has its sets; of the second only the user is done.
    run.db.exec("UPDATE step SET state = 'done' WHERE subject = 1");
    run.db.exec("UPDATE step SET state = 'done' WHERE subject = 2 AND kind = 'createUser'");
    expect(readJoiners(run.db, 'done')).to.have.deep.members([
      { ...joiners[0], users: 1 },
      { ...joiners[1], users: 1 },
    ]);
  });
});
