/** What becomes of a row: the table of errors, and the answer of a job against the truth in the org. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { SentUser, Truth } from '../../../lib/kinds/userReconcile.js';
import { classifyRowError, isOrgLevelJobError, mostAttempts } from '../../../lib/model/rowErrors.js';
import { isQuestion, judgeUser, type Answer } from '../../../lib/engine/rowOutcome.js';

function sentRow(changes: Partial<SentUser> = {}): SentUser {
  return { n: 1, key: '003', attempts: 1, nickname: 'user-1', nicknameIsGiven: false, ...changes };
}

const error = (code: string, message = ''): Answer => ({ error: { code, message } });
const outcomeOf = (answer: Answer | undefined, truth?: Truth, row: Partial<SentUser> = {}): string =>
  judgeUser(sentRow(row), answer, truth, 0.5).outcome;

describe('classifyRowError', () => {
  const table: ReadonlyArray<readonly [code: string, message: string, expected: string]> = [
    ['UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record', 'again'],
    ['UNKNOWN_EXCEPTION', 'could not acquire lock', 'again'],
    ['UNKNOWN_EXCEPTION', 'group membership operation already in progress', 'again'],
    ['UNKNOWN_EXCEPTION', 'portal account owner must have a role', 'final'],
    ['TOO_MANY_APEX_REQUESTS', 'Apex processing timed out', 'again'],
    ['DUPLICATE_COMM_NICKNAME', 'Duplicate Nickname.<br>Another user…', 'repairNickname'],
    ['PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT', 'portal user already exists for contact', 'ask'],
    ['DUPLICATE_USERNAME', 'Duplicate Username.<br>…', 'ask'],
    ['LICENSE_LIMIT_EXCEEDED', 'License Limit Exceeded - Customer Community', 'licenses'],
    ['LICENSE_LIMIT_EXCEEDED', 'License Limit Exceeded', 'final'],
    ['STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded', 'storage'],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      'To create or update users for this profile, enable "Allow using standard external profiles…"',
      'org',
    ],
    ['FIELD_INTEGRITY_EXCEPTION', 'Cannot create a portal user without contact', 'final'],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', 'org'],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'unable to acquire lock on your heart', 'final'],
    ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'UserTrigger: execution of BeforeInsert', 'final'],
    ['INVALID_EMAIL_ADDRESS', 'Email: invalid email address', 'final'],
    ['', '', 'final'],
  ];
  for (const [code, message, expected] of table) {
    it(`takes ${code || 'no code'} "${message.slice(0, 40)}" for ${expected}`, () => {
      expect(classifyRowError(code, message)).to.equal(expected);
    });
  }

  it('knows faults of a job that the next one would have too', () => {
    for (const message of [
      'InvalidBatch : Field name not found : Nope__c',
      'ClientInputError : bad CSV',
      'InvalidEntity : x',
    ])
      expect(isOrgLevelJobError(message), message).to.equal(true);
    for (const message of [
      'InternalServerError : Batch failed. Batch will not be retried.',
      '',
      'Timeout : InvalidBatch',
    ])
      expect(isOrgLevelJobError(message), message).to.equal(false);
  });
});

describe('judgeUser', () => {
  const ours: Truth = { truth: 'ours', userId: '005ours' };
  const user = { id: '005theirs', username: 'x@y.zz', isActive: true, profileId: '00e' };
  const theirs: Truth = { truth: 'someoneElses', user };
  const none: Truth = { truth: 'none' };
  const answers: ReadonlyArray<readonly [string, Answer | undefined]> = [
    ['no answer', undefined],
    ['"exists already"', error('PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT')],
    ['"username is taken"', error('DUPLICATE_USERNAME')],
  ];

  for (const [what, answer] of answers) {
    it(`asks the org after ${what}, and believes it`, () => {
      expect(isQuestion(answer)).to.equal(true);
      expect(judgeUser(sentRow(), answer, ours, 0)).to.deep.equal({
        outcome: 'succeeded',
        userId: '005ours',
        created: 'unknown',
      });
      expect(judgeUser(sentRow(), answer, theirs, 0)).to.deep.equal({
        outcome: 'unchanged',
        user,
      });
    });
  }

  it('sends a row again that has neither an answer nor a user, and fails one that is refused and has none', () => {
    expect(outcomeOf(undefined, none)).to.equal('again');
    expect(outcomeOf(error('DUPLICATE_USERNAME', 'taken'), none)).to.equal('failed');
    expect(outcomeOf(error('PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT'), none)).to.equal('failed');
  });

  it('takes the Id that a job returned for a user of ours, without a question', () => {
    expect(isQuestion({ id: '005' })).to.equal(false);
    expect(judgeUser(sentRow(), { id: '005' }, undefined, 0)).to.deep.equal({
      outcome: 'succeeded',
      userId: '005',
      created: 'yes',
    });
  });

  it('sends rows that were not processed at once, and those refused for now later', () => {
    expect(isQuestion('unprocessed')).to.equal(false);
    expect(judgeUser(sentRow(), 'unprocessed', undefined, 0.5)).to.deep.equal({ outcome: 'again', delay: 0 });
    const locked = judgeUser(sentRow(), error('UNABLE_TO_LOCK_ROW', 'x'), undefined, 0.5);
    expect(locked).to.have.property('delay').above(0);
    expect(locked).to.deep.include({ outcome: 'again', error: { code: 'UNABLE_TO_LOCK_ROW', message: 'x' } });
  });

  it('waits longer each time', () => {
    const delays = [1, 2, 3, 4].map(
      (attempts) =>
        Reflect.get(judgeUser(sentRow({ attempts }), error('UNABLE_TO_LOCK_ROW'), undefined, 0.5), 'delay') as number,
    );
    expect([...delays].sort((a, b) => a - b)).to.deep.equal(delays);
    expect(new Set(delays).size).to.equal(delays.length);
  });

  it('gives a row up after many attempts, with the last refusal', () => {
    const tired = { attempts: mostAttempts };
    expect(judgeUser(sentRow(tired), error('UNABLE_TO_LOCK_ROW', 'x'), undefined, 0)).to.deep.equal({
      outcome: 'failed',
      code: 'UNABLE_TO_LOCK_ROW',
      message: 'x',
    });
    expect(outcomeOf(error('DUPLICATE_COMM_NICKNAME'), undefined, tired)).to.equal('failed');
  });

  it('never gives up a row that Salesforce has not judged', () => {
    expect(outcomeOf('unprocessed', undefined, { attempts: mostAttempts })).to.equal('again');
    expect(outcomeOf(undefined, none, { attempts: mostAttempts })).to.equal('again');
  });

  it('repairs only a nickname that was made up, each time to another one of at most 40 characters', () => {
    const taken = error('DUPLICATE_COMM_NICKNAME', 'taken');
    expect(outcomeOf(taken, undefined, { nicknameIsGiven: true })).to.equal('failed');
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40 }), (made) => {
        const seen = new Set([made]);
        let nickname = made;
        for (let attempts = 1; attempts < mostAttempts; attempts++) {
          const outcome = judgeUser(sentRow({ nickname, attempts }), taken, undefined, 0);
          nickname = String(Reflect.get(outcome, 'nickname'));
          expect(nickname.length).to.be.at.most(40);
          seen.add(nickname);
        }
        expect(seen.size).to.be.at.least(mostAttempts - 1);
      }),
    );
  });

  it('stops for what concerns every row, and fails what concerns one', () => {
    expect(
      judgeUser(sentRow(), error('LICENSE_LIMIT_EXCEEDED', 'License Limit Exceeded - CC'), undefined, 0),
    ).to.deep.equal({
      outcome: 'stopped',
      cause: 'licenses',
      code: 'LICENSE_LIMIT_EXCEEDED',
      message: 'License Limit Exceeded - CC',
    });
    expect(judgeUser(sentRow(), error('INSUFFICIENT_ACCESS'), undefined, 0)).to.include({
      outcome: 'stopped',
      cause: 'org',
    });
    expect(outcomeOf(error('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'no'))).to.equal('failed');
  });
});
