/** What a resume looks at anew: what is planned and not under way, with what is known of it. */
import { expect } from 'chai';
import { refuse, decideExisting } from '../../../../lib/model/reasons.js';
import {
  countDecisions,
  countOpenContacts,
  countOpenUsers,
  openContacts,
  openUsers,
  type OpenContact,
  type Openness,
} from '../../../../lib/store/queries/driftRows.js';
import { planJob } from '../../../../lib/store/sends.js';
import { recordOutcomes, stepsOfSend } from '../../../../lib/store/steps.js';
import { contactIdOf, paintStep, profileId, RunDb, userIdOf } from '../runDb.ts';

describe('what a resume looks at', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  const contacts = (which: Openness): OpenContact[] => {
    const found = [...openContacts(run.db, which)].flat();
    expect(countOpenContacts(run.db, which)).to.equal(found.length);
    return found;
  };

  it('are users that are planned, with all that is to be given to them', async () => {
    run = await RunDb.with(
      { permissionSets: ['0PS1', '0PG2'] },
      { values: { IsActive: 'false' } },
      { decision: refuse('NO_EMAIL.detail') },
    );
    const [first, second] = contacts('toMake');
    expect(first).to.deep.equal({
      n: 1,
      step: 1,
      contactId: contactIdOf(1),
      profileId,
      isActive: true,
      userId: undefined,
      isBegun: false,
      wasSent: false,
      isAnswerLost: false,
      permissionSets: [
        { subject: 1, id: '0PS1', name: 'Set 0PS1', isGroup: false },
        { subject: 1, id: '0PG2', name: 'Set 0PG2', isGroup: true },
      ],
    });
    expect(second).to.deep.include({ n: 2, step: 4, isActive: false, permissionSets: [] });
    expect(contacts('toMake')).to.have.length(2);
  });

  it('know which of them a job has sent before, and whether its answer is known', async () => {
    run = await RunDb.with({}, {}, {});
    const job = { kind: 'createUser', family: 'highVolume', canary: false, size: 2, most: 2 } as const;
    planJob(run.db, job, 0);
    expect(contacts('toMake').map(({ n }) => n)).to.deep.equal([3]);
    const judged = stepsOfSend(run.db, 1).map((step) => ({
      step,
      answer: step.n === 1 ? undefined : ('unprocessed' as const),
      outcome: { outcome: 'again', delay: 0 } as const,
    }));
    recordOutcomes(run.db, 1, judged, 0);
    expect(contacts('toMake').map(({ wasSent, isAnswerLost }) => [wasSent, isAnswerLost])).to.deep.equal([
      [true, true],
      [true, false],
      [false, false],
    ]);
    // The last send decides.
    planJob(run.db, { ...job, size: 1 }, 0);
    const again = stepsOfSend(run.db, 2).map((step) => ({ ...judged[0]!, step, answer: 'unprocessed' as const }));
    recordOutcomes(run.db, 2, again, 0);
    expect(contacts('toMake')[0]).to.include({ wasSent: true, isAnswerLost: false });
  });

  it('are also users who exist, and lack permission sets', async () => {
    const assigning = { userId: userIdOf(1), permissionSets: ['0PS1', '0PS2'] };
    run = await RunDb.with(assigning, assigning, { permissionSets: ['0PS1'] }, assigning);
    run.setStep(3, "state = 'done'");
    // Its user is made: permission sets are all that is left.
    run.setStep(5, "state = 'done'");
    run.setStep(7, "state = 'sending'");
    expect(contacts('toMake')).to.deep.equal([]);
    expect(
      contacts('toMakeOrAssign').map(({ n, step, isBegun, permissionSets }) => [
        n,
        step,
        isBegun,
        permissionSets.length,
      ]),
    ).to.deep.equal([
      [1, undefined, false, 2],
      [2, undefined, true, 1],
    ]);
    expect(contacts('toMakeOrAssign')[0]).to.include({ userId: userIdOf(1), isActive: true, wasSent: false });
  });

  it('count what was decided, and who gets permission sets alone', async () => {
    run = await RunDb.with(
      {},
      { decision: refuse('NO_EMAIL.detail') },
      { decision: refuse('NO_EMAIL.detail') },
      { decision: decideExisting({ id: '005', username: 'x', isActive: true }) },
      { userId: userIdOf(1), permissionSets: ['0PS1'] },
      { permissionSets: ['0PS1'] },
    );
    // The user of the last one was there after all.
    run.setStep(3, "state = 'dropped'");
    expect(Object.fromEntries(countDecisions(run.db))).to.deep.equal({ NO_EMAIL: 2, ALREADY_HAS_USER: 1, assign: 2 });
  });

  it('are users who are to be changed and are not touched yet', async () => {
    const user = (
      n: number,
    ): { userId: string; snapshot: { Id: string }; steps: Array<ReturnType<typeof paintStep>> } => ({
      userId: userIdOf(n),
      snapshot: { Id: userIdOf(n) },
      steps: [paintStep(n)],
    });
    run = await RunDb.with(user(1), user(2), user(3), {});
    run.setStep(2, "state = 'sending'");
    run.setStep(3, "state = 'done'");
    const [open, ...others] = [...openUsers(run.db)].flat();
    expect(others).to.deep.equal([]);
    expect(open).to.deep.include({ n: 1, userId: userIdOf(1), snapshot: { Id: userIdOf(1) } });
    expect(open).to.include({ isBegun: false, isSwitched: false });
    expect(open?.steps.map(({ n, kind }) => [n, kind])).to.deep.equal([[1, 'paintDoor']]);
    expect(countOpenUsers(run.db)).to.equal(1);
  });
});
