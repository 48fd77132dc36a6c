/** What is true of a contact's user: ours with every value as sent, or somebody else's. */
import { expect } from 'chai';
import { askForUsers, type UserTruth } from '../../../lib/kinds/userReconcile.js';
import { recordCreated, planJob } from '../../../lib/store/sends.js';
import { queryAnswer, soqlOf, stubClient } from '../org/stubClient.ts';
import { contactIdOf, profileId, RunDb, userIdOf } from '../store/runDb.ts';

const me = '005000000000009AAA';
const began = '2026-01-01T10:00:00.000+0000';

describe('askForUsers', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  type Stored = Readonly<Record<string, unknown>>;
  const stored = (n: number, changes: Stored = {}): Stored => ({
    Id: userIdOf(n),
    ContactId: contactIdOf(n),
    Username: `u${String(n)}@acme.example`,
    CommunityNickname: `user-${String(n)}`,
    ProfileId: profileId,
    IsActive: true,
    CreatedById: me,
    CreatedDate: '2026-01-01T10:00:30.000+0000',
    ...changes,
  });

  /** @param values of the first step besides those of every user @param users who are in the org */
  async function truthOf(
    values: Record<string, string>,
    users: readonly Stored[],
    jobs: ReadonlyArray<Record<string, string>> = [],
    results: Readonly<Record<string, string>> = {},
  ): Promise<{ truth: UserTruth | undefined; soql: string }> {
    run = await RunDb.with({ values });
    planJob(run.db, { kind: 'createUser', family: 'highVolume', canary: false, size: 1, most: 1 }, 0);
    recordCreated(run.db, 1, { id: '750000000000005AAA', createdDate: began, maker: me });
    const client = stubClient((call) => {
      if (soqlOf(call) !== undefined) return queryAnswer(users);
      if (call.path.includes('jobType')) return { done: true, records: jobs };
      return results[call.path.split('/').at(-1) ?? ''] ?? '';
    });
    const context = { client, db: run.db, sleep: () => Promise.resolve(), isStopping: () => false };
    const truths = await askForUsers(context, [{ n: 1 }], '750000000000005AAA');
    return { truth: truths?.get(1), soql: client.calls.map(soqlOf).join() };
  }
  const kindOf = async (values: Record<string, string>, user: Stored): Promise<string | undefined> => {
    const { truth } = await truthOf(values, [stored(1, user)]);
    run.close();
    return truth?.truth;
  };

  it('knows that there is none, and asks for every field that was sent', async () => {
    const { truth, soql } = await truthOf({ LastName: 'x', Title__c: 'y' }, []);
    expect(truth).to.deep.equal({ truth: 'none' });
    for (const field of ['Title__c', 'CreatedById', 'CreatedDate', contactIdOf(1)]) expect(soql).to.include(field);
  });

  it('takes a user with every value as sent, made by us since our first job, for ours', async () => {
    const { truth } = await truthOf({ LastName: 'x' }, [stored(1, { LastName: 'x' })]);
    expect(truth).to.deep.equal({ truth: 'ours', userId: userIdOf(1) });
    run.close();
    // Times are to the second: a user can be as old as the job.
    expect(await kindOf({}, stored(1, { CreatedDate: began }))).to.equal('ours');
  });

  it('takes any other one for somebody else’s', async () => {
    const { truth } = await truthOf({}, [stored(1, { CreatedById: userIdOf(7), ProfileId: '00e000000000009AAA' })]);
    expect(truth).to.deep.equal({
      truth: 'someoneElses',
      user: { id: userIdOf(1), username: 'u1@acme.example', isActive: true, hasWantedProfile: false },
    });
    run.close();
    for (const [values, user] of [
      [{}, { CreatedDate: '2026-01-01T09:59:59.000+0000' }],
      [{}, { CreatedDate: 'no date' }],
      [{}, { CreatedDate: null }],
      [{}, { Username: 'other@acme.example' }],
      [{ LastName: 'x' }, { LastName: null }],
      [{ IsActive: 'false' }, { IsActive: true }],
    ] as ReadonlyArray<readonly [Record<string, string>, Stored]>)
      expect(await kindOf(values, user), JSON.stringify(user)).to.equal('someoneElses');
  });

  it('knows a value in the form in which Salesforce keeps it', async () => {
    for (const [sent, kept] of [
      [' x ', 'x'],
      ['ADA', 'Ada'],
      ['1', true],
      ['0', false],
      ['7.0', '7'],
      ['1e3', '1000'],
      ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000+0000'],
      ['00E000000000001', '00E000000000001AAA'],
    ] as const)
      expect(await kindOf({ Custom__c: sent }, { Custom__c: kept }), sent).to.equal('ours');
    for (const [sent, kept] of [
      ['x', 'y'],
      ['2', true],
      ['7', '8'],
      ['00E000000000002', '00E000000000001AAA'],
    ] as const)
      expect(await kindOf({ Custom__c: sent }, { Custom__c: kept }), sent).to.equal('someoneElses');
    // What reads null although it was given says nothing.
    expect(await kindOf({ PortalRole: 'Worker' }, { PortalRole: null })).to.equal('ours');
  });

  it('leaves a user to the run whose job has made it, and contests one that another was refused for', async () => {
    const rival = {
      id: '750000000000004AAA',
      object: 'User',
      operation: 'insert',
      state: 'JobComplete',
      createdById: me,
      createdDate: '2026-01-01T09:59:00.000+0000',
      systemModstamp: '2026-01-01T10:01:00.000+0000',
    };
    const made = `sf__Id,sf__Created,ContactId\n${userIdOf(1)},true,${contactIdOf(1)}\n`;
    const { truth } = await truthOf({}, [stored(1)], [rival], { successfulResults: made });
    expect(truth).to.have.property('truth', 'someoneElses');
    run.close();
    const refused = `sf__Id,sf__Error,ContactId\n,DUPLICATE_USERNAME:x:--,${contactIdOf(1)}\n`;
    const contested = await truthOf({}, [stored(1)], [rival], { failedResults: refused });
    expect(contested.truth).to.have.property('truth', 'contested');
    // Jobs of our own are no rivals.
    run.close();
    const own = await truthOf({}, [stored(1)], [{ ...rival, id: '750000000000005AAA' }], { successfulResults: made });
    expect(own.truth).to.have.property('truth', 'ours');
  });

  it('takes nothing for ours where no job of this run was made', async () => {
    run = await RunDb.with({});
    const client = stubClient((call) =>
      soqlOf(call) === undefined ? { done: true, records: [] } : queryAnswer([stored(1)]),
    );
    const context = { client, db: run.db, sleep: () => Promise.resolve(), isStopping: () => false };
    const truths = await askForUsers(context, [{ n: 1 }], undefined);
    expect(truths?.get(1)).to.have.property('truth', 'someoneElses');
  });
});
