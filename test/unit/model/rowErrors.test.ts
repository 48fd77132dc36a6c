/** The table of row and job errors. */
import { expect } from 'chai';
import { classifyRowError, isLimitJobError, isOrgLevelJobError, isUnsupported } from '../../../lib/model/rowErrors.js';

describe('classifyRowError', () => {
  const table: ReadonlyArray<readonly [code: string, message: string, expected: string]> = [
    ['UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record', 'again'],
    ['UNKNOWN_EXCEPTION', 'could not acquire lock', 'again'],
    ['UNKNOWN_EXCEPTION', 'group membership operation already in progress', 'again'],
    ['UNKNOWN_EXCEPTION', 'portal account owner must have a role', 'final'],
    ['UNKNOWN_EXCEPTION', 'Portal users cannot own partner accounts', 'final'],
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

  it('knows a job that found no batch of the day left, and an object that Bulk does not take', () => {
    expect(['ExceededQuota : x', ' exceededquota', 'Quota'].map(isLimitJobError)).to.deep.equal([true, true, false]);
    for (const text of ['INVALIDENTITY', 'InvalidEntity : Entity X is not supported', 'INVALID_ENTITY'])
      expect(isUnsupported(text), text).to.equal(true);
    for (const text of ['', 'InvalidEntityX', 'REQUEST_LIMIT_EXCEEDED'])
      expect(isUnsupported(text), text).to.equal(false);
  });
});
