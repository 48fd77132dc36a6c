/** The table of row and job errors. */
import { expect } from 'chai';
import {
  adviceByText,
  classifyRowError,
  isLimitJobError,
  isOrgLevelJobError,
  isUnsupported,
} from '../../../lib/model/rowErrors.js';

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
    // Literal texts of public sources (docs/salesforce-facts.md#row-errors).
    ['UNKNOWN_EXCEPTION', 'An account owner must be associated with a role to enable portal users', 'final'],
    ['UNKNOWN_EXCEPTION', 'Group membership operation already in progress', 'again'],
    ['PORTAL_NO_ACCESS', 'no access to portal', 'org'],
    ['FIELD_INTEGRITY_EXCEPTION', 'only portal users can be associated to a contact', 'final'],
    ['INVALID_CROSS_REFERENCE_KEY', 'Cannot create a portal user without contact.', 'final'],
    ['INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', 'final'],
    ['FIELD_INTEGRITY_EXCEPTION', 'role type must match user type', 'final'],
    ['FIELD_INTEGRITY_EXCEPTION', 'Cannot specify system-maintained portal role field: [Name]', 'final'],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      'To create or update users for this profile, go to Setup > Digital Experiences Settings and select Allow using standard external profiles for self-registration, user creation, and login.',
      'org',
    ],
    ['FIELD_INTEGRITY_EXCEPTION', 'Invalid Email Address: Must be in domain(s) wnco.com: Email', 'final'],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      'Cannot grant or remove a profile with modify all data, without having the modify all data permission yourself.',
      'org',
    ],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      "You can only assign profiles that are compatible with the user's license. For a list of compatible licenses and profiles, see the Salesforce Help.",
      'final',
    ],
    ['', 'Duplicate Username, Another user has already selected this username', 'final'],
    ['REQUIRED_FIELD_MISSING', 'Required fields are missing: [Email, ProfileId]', 'final'],
    ['MALFORMED_ID', 'Profile ID: id value of incorrect type: BadValue', 'final'],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      'Username must be in the form of an email address (for example, john@acme.com): Username',
      'final',
    ],
    ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'Language: bad value for restricted picklist field: xx', 'final'],
    ['FIELD_INTEGRITY_EXCEPTION', 'Cannot de-activate self: Active', 'final'],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      'This user is a portal administrator and must have a profile with the "Edit Self-Service Users" permission.: __MISSING_LABEL_FOR_common.udd.impl',
      'final',
    ],
    ['FIELD_INTEGRITY_EXCEPTION', 'You cannot deactivate a user who is the default owner of cases', 'final'],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      `Can't assign permission set "X" to user "Y". The user license doesn't allow the permission: Read Account`,
      'final',
    ],
    ['DELETE_FAILED', 'delete failed for this entity', 'final'],
    ['FIELD_INTEGRITY_EXCEPTION', 'This change in license types is not allowed', 'final'],
    ['INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY', 'insufficient access rights on cross-reference id', 'final'],
  ];
  for (const [code, message, expected] of table) {
    it(`takes ${code || 'no code'} "${message.slice(0, 40)}" for ${expected}`, () => {
      expect(classifyRowError(code, message)).to.equal(expected);
      // Salesforce's pages and its logs differ in the case of letters.
      expect(classifyRowError(code, message.toUpperCase())).to.equal(expected);
    });
  }

  it('knows faults of a job that the next one would have too', () => {
    for (const message of [
      'InvalidBatch : Field name not found : Nope__c',
      'ClientInputError : bad CSV',
      'InvalidEntity : x',
      'ClientInputError: LineEnding is invalid on user data.',
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
    for (const text of [
      'Entity is not supported by the Bulk API',
      'INVALIDENTITY',
      'InvalidEntity : Entity X is not supported',
      'INVALID_ENTITY',
    ])
      expect(isUnsupported(text), text).to.equal(true);
    for (const text of ['', 'InvalidEntityX', 'REQUEST_LIMIT_EXCEEDED'])
      expect(isUnsupported(text), text).to.equal(false);
  });
});

describe('adviceByText', () => {
  const texts: ReadonlyArray<readonly [message: string, advice: string | undefined]> = [
    ['portal account owner must have a role', 'ownerRole'],
    ['An account owner must be associated with a role to enable portal users', 'ownerRole'],
    ['portal users cannot own partner accounts', 'partnerAccount'],
    ['Invalid Email Address: Must be in domain(s) wnco.com: Email', 'emailDomain'],
    ["There's a problem with this country, even though it may appear correct.", 'addressPicklist'],
    ["There's a problem with this state, even though it may appear correct.", 'addressPicklist'],
    ['A country/territory must be specified before specifying a state value for field: State', 'addressPicklist'],
    ['Cannot inactivate user that is the value of a hierarchy field: User Hierarchy. : Jane Doe', 'hierarchyField'],
    ['You cannot deactivate a user who is the default owner of cases', 'namedInSetup'],
    ['You cannot deactivate the Default Workflow User', 'namedInSetup'],
    ['You cannot disable the Web to Lead Default Creator.', 'namedInSetup'],
    ["The user license doesn't allow the permission: Read Accounts", 'licensePermission'],
    ["You can only assign profiles that are compatible with the user's license.", 'licenseChange'],
    ['This change in license types is not allowed', 'licenseChange'],
    ['It is not permitted to change user type from Standard to CSN Only(db=n,api=CsnOnly)', 'licenseChange'],
    ['You can only reassign this user to a profile of the current license.', 'licenseChange'],
    ['only portal users can be associated to a contact', 'internalProfile'],
    ['Cannot create a portal user without contact.', 'noContact'],
    ['role type must match user type', 'roleType'],
    ['Username must be in the form of an email address (for example, john@acme.com): Username', 'usernameForm'],
    ['duplicate value found: FederationIdentifier duplicates value on record with id: 005', 'federationId'],
    ['Profile ID: id value of incorrect type: BadValue', undefined],
    ['portal user already exists for contact', undefined],
  ];
  for (const [message, advice] of texts) {
    it(`of "${message.slice(0, 50)}" is ${advice ?? 'that of its code'}`, () => {
      expect(adviceByText(message)).to.equal(advice);
      expect(adviceByText(message.toUpperCase())).to.equal(advice);
    });
  }
});
