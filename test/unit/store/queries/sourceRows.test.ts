/** What a run has done, as another run asks that takes it back: only what is certain. */
import { expect } from 'chai';
import { countUncertain, countUnderWay, usersChanged, usersMade } from '../../../../lib/store/queries/sourceRows.js';
import { paintStep, RunDb, userIdOf, type Wanted } from '../runDb.ts';

describe('a run that is taken back', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('has made the users that it is known to have made, in the order of its plan', async () => {
    run = await RunDb.with({}, {}, {}, {}, { permissionSets: ['0PS1'] });
    for (const n of [4, 1, 5]) {
      run.setStep(n, "state = 'done', created = 'yes'");
      run.setSubject(n, `userId = '${userIdOf(n)}'`);
    }
    run.setStep(2, "state = 'done', created = 'unknown'");
    run.setSubject(2, `userId = '${userIdOf(2)}'`);
    run.setStep(3, "state = 'failed'");
    expect([...usersMade(run.db)].flat().map(({ userId }) => userId)).to.deep.equal([1, 4, 5].map(userIdOf));
    expect(countUncertain(run.db)).to.equal(1);
    expect(countUnderWay(run.db)).to.equal(0);
  });

  it('has changed the users with whom something was done, as they were before', async () => {
    const user = (n: number): Wanted => ({ userId: userIdOf(n), snapshot: { Id: userIdOf(n) }, steps: [paintStep(n)] });
    run = await RunDb.with(user(1), user(2), user(3), user(4));
    for (const [n, step, subject] of [
      [1, 'done', 'succeeded'],
      [2, 'failed', 'failed'],
      [4, 'done', 'succeeded'],
    ] as const) {
      run.setStep(n, `state = '${step}'`);
      run.setSubject(n, `state = '${subject}'`);
    }
    run.setStep(3, "state = 'sending'");
    expect([...usersChanged(run.db)].flat()).to.deep.equal(
      [1, 4].map((n) => ({ userId: userIdOf(n), snapshot: { Id: userIdOf(n) }, isSwitched: true, taken: [] })),
    );
    expect(countUnderWay(run.db)).to.equal(1);
  });
});
