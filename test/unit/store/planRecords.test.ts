/** What only all records together can tell: repeated contacts and values, values that are taken, numbers. */
import { expect } from 'chai';
import fc from 'fast-check';
import { refuse } from '../../../lib/model/reasons.js';
import {
  activeUsersByProfile,
  plannedValues,
  refuseRepeatedContacts,
  refuseRepeatedGiven,
  refuseRepeatedUsernames,
  refuseTaken,
} from '../../../lib/store/planRecords.js';
import { countPending, countRecords, countsBy, stateOf } from '../../../lib/store/runCounts.js';
import { writeMeta } from '../../../lib/store/meta.js';
import { contactIdOf, RunDb, type Wanted } from './runDb.ts';

describe('the plan in run.db', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('keeps the first record of a contact and refuses the later ones, with the row that counts', async () => {
    const same = { contactId: contactIdOf(1) };
    run = await RunDb.with(
      same,
      {},
      same,
      same,
      { contactId: null, decision: refuse('NO_ACCOUNT.detail') },
      { contactId: null, decision: refuse('NO_ACCOUNT.detail') },
    );
    refuseRepeatedContacts(run.db);
    expect(run.column('reason')).to.deep.equal([
      null,
      null,
      'DUPLICATE_CONTACT',
      'DUPLICATE_CONTACT',
      'NO_ACCOUNT',
      'NO_ACCOUNT',
    ]);
    expect(run.column('detailFacts')[2]).to.equal('{"line":"1"}');
    expect(run.column('detailFacts')[3]).to.equal('{"line":"1"}');
  });

  it('lets a later record of a contact stand when the earlier one is refused', async () => {
    const same = { contactId: contactIdOf(1) };
    run = await RunDb.with({ ...same, decision: refuse('BAD_VALUE.noProfile') }, same, same);
    refuseRepeatedContacts(run.db);
    expect(run.column('reason')).to.deep.equal(['BAD_VALUE', null, 'DUPLICATE_CONTACT']);
  });

  it('gives a username to the first contact that wants it, and tells the others who that is', async () => {
    const twin = { values: { Username: 'twin@acme.example' } };
    run = await RunDb.with({}, twin, twin, twin);
    refuseRepeatedUsernames(run.db);
    expect(run.column('reason')).to.deep.equal([
      null,
      null,
      'DUPLICATE_USERNAME_IN_PLAN',
      'DUPLICATE_USERNAME_IN_PLAN',
    ]);
    expect(run.column('detailFacts')[3]).to.equal(
      JSON.stringify({ value: 'twin@acme.example', contactId: contactIdOf(2) }),
    );
    expect(run.column('state')).to.deep.equal(['planned', 'planned', null, null]);
  });

  it('refuses nicknames and federation ids that two rows ask for, and never those that were made up', async () => {
    run = await RunDb.with(
      { givenNickname: 'a', givenFederationId: 'f' },
      { givenNickname: 'a' },
      { givenFederationId: 'f' },
      {},
      {},
    );
    refuseRepeatedGiven(run.db);
    expect(run.column('reason')).to.deep.equal([null, 'NICKNAME_TAKEN', 'FEDERATION_ID_TAKEN', null, null]);
    expect(run.column('detailText')).to.deep.equal([null, 'inPlan', 'inPlan', null, null]);
  });

  it('refuses every planned row that wants what a user of the org has', async () => {
    const twin = { values: { Username: 'twin@acme.example' } };
    run = await RunDb.with(twin, {}, twin);
    expect(plannedValues(run.db, 'username').sort()).to.deep.equal(['twin@acme.example', 'u2@acme.example']);
    run.db.exec("CREATE TABLE temp.taken AS SELECT 'twin@acme.example' AS value, '005x' AS owner");
    refuseTaken(run.db, 'username', 'temp.taken');
    expect(run.column('detailFacts')[0]).to.equal(JSON.stringify({ value: 'twin@acme.example', userId: '005x' }));
    expect(run.column('reason')).to.deep.equal(['USERNAME_TAKEN', null, 'USERNAME_TAKEN']);
    expect(plannedValues(run.db, 'username')).to.deep.equal(['u2@acme.example']);
  });

  it('needs seats for active users that are still to be made, by profile', async () => {
    const profile = (ProfileId: string, IsActive?: string): Wanted => ({
      values: { ProfileId, ...(IsActive === undefined ? {} : { IsActive }) },
    });
    run = await RunDb.with(
      profile('A'),
      profile('A', 'true'),
      profile('A', 'FALSE'),
      profile('A', '0'),
      profile('B', '1'),
      { decision: refuse('NO_EMAIL.detail') },
      profile('B'),
      profile('B'),
    );
    run.set(7, "state = 'succeeded'");
    run.set(8, "state = 'failed'");
    expect(Object.fromEntries(activeUsersByProfile(run.db))).to.deep.equal({ A: 2, B: 1 });
  });

  it('has counts that add up, whatever becomes of its records', async () => {
    const record = fc.record({
      kind: fc.constantFrom('create', 'unchanged', 'refused'),
      state: fc.constantFrom('planned', 'sent', 'succeeded', 'failed'),
      created: fc.constantFrom('yes', 'unknown'),
    });
    run = await RunDb.with();
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 12 }), async (records) => {
        run.close();
        run = await RunDb.with(
          ...records.map(({ kind }): Wanted => {
            if (kind === 'create') return {};
            if (kind === 'refused') return { decision: refuse('NO_EMAIL.detail') };
            const detail = { text: 'detail', facts: {} };
            return { decision: { action: 'unchanged', reason: 'ALREADY_HAS_USER', detail, userId: '005' } };
          }),
        );
        const tally = { create: 0, unchanged: 0, refused: 0, planned: 0, sent: 0, succeeded: 0, failed: 0, yes: 0 };
        for (const [index, { kind, state, created }] of records.entries()) {
          tally[kind] += 1;
          if (kind !== 'create') continue;
          tally[state] += 1;
          if (state === 'succeeded' && created === 'yes') tally.yes += 1;
          run.set(index + 1, `state = '${state}'${state === 'succeeded' ? `, created = '${created}'` : ''}`);
        }
        const { counts } = countRecords(run.db);
        expect(counts).to.deep.equal({
          selected: records.length,
          planned: tally.create,
          unchanged: tally.unchanged,
          refused: tally.refused,
          succeeded: tally.succeeded,
          failed: tally.failed,
          pending: tally.planned + tally.sent,
          created: tally.yes,
        });
        expect(counts.selected).to.equal(counts.planned + counts.unchanged + counts.refused);
        expect(counts.planned).to.equal(counts.succeeded + counts.failed + counts.pending);
        expect(countPending(run.db)).to.equal(counts.pending);
        expect(countsBy(run.db, 'reason', 'refused')).to.deep.equal(
          tally.refused > 0 ? { NO_EMAIL: tally.refused } : {},
        );
      }),
      { numRuns: 30 },
    );
  });

  const states: ReadonlyArray<
    readonly [what: string, expected: string, recordStates: string[], meta: Record<string, string>]
  > = [
    ['a plan that is not begun', 'planned', ['planned'], {}],
    ['a dry run', 'planned', ['planned'], { dryRun: 'true' }],
    ['a dry run with nothing to do', 'complete', [], { dryRun: 'true' }],
    ['a run with nothing to do', 'complete', [], { dryRun: 'false' }],
    ['rows on their way', 'running', ['succeeded', 'sent'], { startedAt: 'x' }],
    ['rows to be sent again', 'running', ['failed', 'planned'], { startedAt: 'x' }],
    ['all rows done', 'complete', ['succeeded', 'succeeded'], { startedAt: 'x' }],
    ['some rows failed', 'partial', ['succeeded', 'failed'], { startedAt: 'x' }],
    ['all rows failed', 'failed', ['failed'], { startedAt: 'x' }],
    ['an applied dry run', 'complete', ['succeeded'], { startedAt: 'x', dryRun: 'true' }],
  ];
  for (const [what, expected, recordStates, meta] of states) {
    it(`is ${expected} with ${what}`, async () => {
      run = await RunDb.with(...recordStates.map(() => ({})));
      for (const [index, state] of recordStates.entries()) run.set(index + 1, `state = '${state}'`);
      writeMeta(run.db, meta);
      expect(stateOf(run.db, countRecords(run.db).counts)).to.equal(expected);
    });
  }
});
