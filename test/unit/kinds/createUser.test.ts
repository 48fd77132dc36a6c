/** A new user: what is sent, and what becomes of its row, from the answer of a job and the truth in the org. */
import { expect } from 'chai';
import fc from 'fast-check';
import { createUser, createUserStep, isUserQuestion, judgeUser } from '../../../lib/kinds/createUser.js';
import { makeNickname } from '../../../lib/kinds/nicknames.js';
import type { UserTruth } from '../../../lib/kinds/userReconcile.js';
import type { Answer, StepOutcome } from '../../../lib/model/outcomes.js';
import { mostAttempts } from '../../../lib/model/rowErrors.js';
import type { Step } from '../../../lib/model/steps.js';
import { writeMeta } from '../../../lib/store/meta.js';
import { contactIdOf, RunDb } from '../store/runDb.ts';

function step(changes: Partial<Step> = {}): Step {
  return {
    n: 1,
    subject: 1,
    target: contactIdOf(1),
    userId: undefined,
    nickname: 'user-1',
    nicknameIsGiven: false,
    refusals: 0,
    ...changes,
  };
}

const error = (code: string, message = ''): Answer => ({ error: { code, message } });
const judge = (answer: Answer | undefined, truth?: UserTruth, changes: Partial<Step> = {}): StepOutcome =>
  judgeUser(step(changes), answer, truth, 0.5);
const outcomeOf = (answer: Answer | undefined, truth?: UserTruth, changes: Partial<Step> = {}): string =>
  judge(answer, truth, changes).outcome;

describe('createUserStep', () => {
  const of = (values: Record<string, string>): ReturnType<typeof createUserStep> =>
    createUserStep(
      values,
      { contactId: '003', accountId: '001', family: 'roleBased' },
      { username: 'u', nickname: undefined, givenNickname: undefined, givenFederationId: undefined },
    );

  it('is for the contact, locks the account, and takes a license unless the user is inactive', () => {
    expect(of({ LastName: 'x' })).to.deep.include({
      kind: 'createUser',
      target: '003',
      lock: '001',
      family: 'roleBased',
      seats: 1,
      values: { LastName: 'x' },
    });
    for (const [value, seats] of [
      ['true', 1],
      ['1', 1],
      ['', 1],
      ['false', 0],
      ['FALSE', 0],
      ['0', 0],
    ] as const)
      expect(of({ IsActive: value }).seats, value).to.equal(seats);
  });
});

describe('the kind createUser', () => {
  it('inserts users by jobs alone, with the columns of the plan, and tells rows by their contact', async () => {
    expect(createUser).to.deep.include({
      request: { object: 'User', operation: 'insert' },
      takesCollections: false,
      hasCanary: true,
    });
    const run = await RunDb.with();
    // No list of columns is no empty list.
    expect(() => createUser.columns(run.db))
      .to.throw()
      .with.property('code', 'runDamaged');
    writeMeta(run.db, { columns: '["ContactId","LastName"]' });
    expect(createUser.columns(run.db)).to.deep.equal(['ContactId', 'LastName']);
    run.close();
    const short = step({ target: contactIdOf(1).slice(0, 15) });
    expect(createUser.keyOfStep(short)).to.equal(createUser.keyOfResult({ ContactId: contactIdOf(1) }));
    expect(createUser.keyOfResult({})).to.equal(undefined);
    expect(createUser.row({ step: step(), values: { A: 'b' } })).to.deep.equal({ A: 'b' });
  });
});

describe('judgeUser', () => {
  const user = { id: '005theirs', username: 'x@y.zz', isActive: true, hasWantedProfile: true };
  const ours: UserTruth = { truth: 'ours', userId: '005ours' };
  const theirs: UserTruth = { truth: 'someoneElses', user };
  const contested: UserTruth = { truth: 'contested', user };
  const none: UserTruth = { truth: 'none' };
  const answers: ReadonlyArray<readonly [string, Answer | undefined]> = [
    ['no answer', undefined],
    ['"exists already"', error('PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT')],
    ['"username is taken"', error('DUPLICATE_USERNAME')],
  ];

  for (const [what, answer] of answers) {
    it(`asks the org after ${what}, and believes it`, () => {
      expect(isUserQuestion(answer)).to.equal(true);
      expect(judge(answer, ours)).to.deep.equal({ outcome: 'done', userId: '005ours', created: 'unknown' });
      expect(judge(answer, theirs)).to.deep.include({ outcome: 'dropped', continues: true });
      expect(judge(answer, theirs)).to.have.property('verdict').that.includes({
        action: 'unchanged',
        reason: 'ALREADY_HAS_USER',
        userId: '005theirs',
      });
    });
  }

  it('gives permission sets to a user of somebody else only where it is active, with the profile that was asked for', () => {
    const of = (changes: Partial<typeof user>): StepOutcome =>
      judge(undefined, { truth: 'someoneElses', user: { ...user, ...changes } });
    expect(of({ hasWantedProfile: false })).to.deep.include({ outcome: 'dropped', continues: false });
    expect(of({ isActive: false })).to.deep.include({ outcome: 'dropped', continues: false });
    expect(of({ isActive: false }))
      .to.have.property('verdict')
      .that.includes({ reason: 'HAS_INACTIVE_USER' });
  });

  it('takes a contested user for its own where it was not answered, and else for the other run’s', () => {
    expect(judge(undefined, contested)).to.deep.equal({ outcome: 'done', userId: '005theirs', created: 'unknown' });
    expect(judge(error('DUPLICATE_USERNAME'), contested)).to.include({ outcome: 'dropped' });
  });

  it('sends a row again that has neither an answer nor a user, and fails one that is refused and has none', () => {
    expect(outcomeOf(undefined, none)).to.equal('again');
    expect(outcomeOf(error('DUPLICATE_USERNAME', 'taken'), none)).to.equal('failed');
    expect(outcomeOf(error('PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT'), none)).to.equal('failed');
  });

  it('takes the Id that a job returned for a user of ours, without a question', () => {
    expect(isUserQuestion({ id: '005' })).to.equal(false);
    expect(judge({ id: '005' })).to.deep.equal({ outcome: 'done', userId: '005', created: 'yes' });
    // A success without an Id proves nothing.
    expect(outcomeOf({ id: undefined })).to.equal('again');
  });

  it('sends rows that were not processed at once, and those refused for now later', () => {
    expect(isUserQuestion('unprocessed')).to.equal(false);
    expect(judge('unprocessed')).to.deep.equal({ outcome: 'again', delay: 0 });
    expect(isUserQuestion(error('UNABLE_TO_LOCK_ROW'))).to.equal(false);
    expect(judge(error('UNABLE_TO_LOCK_ROW', 'x'))).to.deep.include({
      outcome: 'again',
      error: { code: 'UNABLE_TO_LOCK_ROW', message: 'x' },
    });
  });

  it('gives a row up after many refusals, with the last', () => {
    const tired = { refusals: mostAttempts - 1 };
    expect(judge(error('UNABLE_TO_LOCK_ROW', 'x'), undefined, tired)).to.deep.equal({
      outcome: 'failed',
      code: 'UNABLE_TO_LOCK_ROW',
      message: 'x',
    });
    expect(outcomeOf(error('DUPLICATE_COMM_NICKNAME'), undefined, tired)).to.equal('failed');
  });

  it('never gives up a row that Salesforce has not judged', () => {
    expect(outcomeOf('unprocessed', undefined, { refusals: mostAttempts })).to.equal('again');
    expect(outcomeOf(undefined, none, { refusals: mostAttempts })).to.equal('again');
  });

  it('repairs only a nickname that was made up, each time to another one that fits its field', () => {
    const taken = error('DUPLICATE_COMM_NICKNAME', 'taken');
    // It may be that of the contact's own user.
    expect(isUserQuestion(taken)).to.equal(true);
    expect(outcomeOf(taken, undefined, { nicknameIsGiven: true })).to.equal('failed');
    expect(outcomeOf(taken, undefined, { nickname: undefined })).to.equal('failed');
    expect(judge(taken)).to.deep.equal({
      outcome: 'again',
      delay: 0,
      nickname: 'user-1-2',
      error: { code: 'DUPLICATE_COMM_NICKNAME', message: 'taken' },
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), (number) => {
        const made = makeNickname(contactIdOf(number));
        const seen = new Set([made]);
        let nickname = made;
        for (let refusals = 0; refusals < mostAttempts - 1; refusals++) {
          const outcome = judge(taken, undefined, { nickname, refusals });
          nickname = String(Reflect.get(outcome, 'nickname'));
          expect(nickname.length).to.be.at.most(40);
          seen.add(nickname);
        }
        expect(seen.size).to.equal(mostAttempts);
      }),
    );
  });

  it('stops for what concerns every row, and fails what concerns one', () => {
    expect(judge(error('LICENSE_LIMIT_EXCEEDED', 'License Limit Exceeded - CC'))).to.deep.equal({
      outcome: 'stopped',
      cause: 'licenses',
      code: 'LICENSE_LIMIT_EXCEEDED',
      message: 'License Limit Exceeded - CC',
    });
    expect(judge(error('INSUFFICIENT_ACCESS'))).to.include({ outcome: 'stopped', cause: 'org' });
    expect(outcomeOf(error('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'no'))).to.equal('failed');
  });
});
