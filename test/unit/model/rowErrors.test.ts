/** The table of row and job errors. */
import { expect } from 'chai';
import {
  adviceName,
  adviceNameOfCode,
  classifyRowError,
  concernsPortalAdministrator,
  isLimitJobError,
  isOrgLevelJobError,
  isUnsupported,
} from '../../../lib/model/rowErrors.js';

/** Code, text, advice: each literal text that public sources have (docs/salesforce-facts.md#row-errors). */
const literalTexts: ReadonlyArray<readonly [code: string, message: string, advice: string]> = [
  ['UNKNOWN_EXCEPTION', 'portal account owner must have a role', 'ownerRole'],
  [
    'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT',
    'portal user already exists for contact',
    'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT',
  ],
  ['PORTAL_NO_ACCESS', 'no access to portal', 'PORTAL_NO_ACCESS'],
  ['FIELD_INTEGRITY_EXCEPTION', 'only portal users can be associated to a contact', 'internalProfile'],
  ['INVALID_CROSS_REFERENCE_KEY', 'Cannot create a portal user without contact.', 'noContact'],
  ['FIELD_INTEGRITY_EXCEPTION', 'role type must match user type', 'roleType'],
  ['FIELD_INTEGRITY_EXCEPTION', 'Cannot specify system-maintained portal role field: [Name]', 'portalRoleField'],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    'To create or update users for this profile, go to Setup > Digital Experiences > Settings and select Allow using standard external profiles for self-registration, user creation, and login.',
    'gate',
  ],
  ['FIELD_INTEGRITY_EXCEPTION', 'Invalid Email Address: Must be in domain(s) wnco.com: Email', 'emailDomain'],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    'Cannot grant or remove a profile with modify all data, without having the modify all data permission yourself.',
    'administrator',
  ],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    "You can only assign profiles that are compatible with the user's license. For a list of compatible licenses and profiles, see the Salesforce Help.",
    'licenseChange',
  ],
  [
    'DUPLICATE_USERNAME',
    "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match the user's email address). ",
    'DUPLICATE_USERNAME',
  ],
  ['DUPLICATE_USERNAME', 'Duplicate Username, Another user has already selected this username', 'DUPLICATE_USERNAME'],
  [
    'DUPLICATE_COMM_NICKNAME',
    'Duplicate Nickname.<br>Another user has already selected this nickname.',
    'DUPLICATE_COMM_NICKNAME',
  ],
  ['LICENSE_LIMIT_EXCEEDED', 'License Limit Exceeded - Customer Community', 'LICENSE_LIMIT_EXCEEDED'],
  ['REQUIRED_FIELD_MISSING', 'Required fields are missing: [Email, ProfileId]', 'REQUIRED_FIELD_MISSING'],
  ['MALFORMED_ID', 'Profile ID: id value of incorrect type: BadValue', 'MALFORMED_ID'],
  ['INVALID_EMAIL_ADDRESS', 'Email: invalid email address: notanemail', 'INVALID_EMAIL_ADDRESS'],
  ['INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', 'INVALID_CROSS_REFERENCE_KEY'],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    'Username must be in the form of an email address (for example, john@acme.com): Username',
    'usernameForm',
  ],
  [
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    'Language: bad value for restricted picklist field: xx',
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
  ],
  ['FIELD_INTEGRITY_EXCEPTION', 'Cannot de-activate self: Active', 'self'],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    'This user is a portal administrator and must have a profile with the "Edit Self-Service Users" permission.: __MISSING_LABEL_FOR_common.udd.impl',
    'portalAdministrator',
  ],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    'This user has insufficient permissions to be a portal administrator',
    'portalAdministrator',
  ],
  ['FIELD_INTEGRITY_EXCEPTION', 'You cannot deactivate a user who is a portal administrator', 'portalAdministrator'],
  ['FIELD_INTEGRITY_EXCEPTION', 'You cannot deactivate a user who is the default case owner', 'namedInSetup'],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    'You cannot deactivate a User who is receiving cases or notifications as part of your Case Assignment or Escalation rules',
    'namedInSetup',
  ],
  ['UNKNOWN_EXCEPTION', 'portal users cannot own partner accounts', 'partnerAccount'],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    `Can't assign permission set "X" to user "Y". The user license doesn't allow the permission: Read Account`,
    'licensePermission',
  ],
  ['UNKNOWN_EXCEPTION', 'Group membership operation already in progress', 'again'],
  ['UNKNOWN_EXCEPTION', 'could not acquire lock', 'again'],
  ['UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record', 'again'],
  ['DELETE_FAILED', 'delete failed for this entity', 'DELETE_FAILED'],
  ['FIELD_INTEGRITY_EXCEPTION', 'This change in license types is not allowed', 'licenseChange'],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    'It is not permitted to change user type from Standard to CSN Only(db=n,api=CsnOnly)',
    'licenseChange',
  ],
  [
    'FIELD_INTEGRITY_EXCEPTION',
    'You can only reassign this user to a profile of the current license.',
    'licenseChange',
  ],
  [
    'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
    'insufficient access rights on cross-reference id',
    'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
  ],
  ['INSUFFICIENT_ACCESS', 'You do not have permission to view this record.', 'access'],
];

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
      "Entity 'Nope' is not supported by the Bulk Query API.",
    ])
      expect(isUnsupported(text), text).to.equal(true);
    for (const text of ['', 'InvalidEntityX', 'REQUEST_LIMIT_EXCEEDED'])
      expect(isUnsupported(text), text).to.equal(false);
  });
});

describe('adviceName', () => {
  const texts: ReadonlyArray<readonly [code: string, message: string, advice: string]> = [
    ['UNKNOWN_EXCEPTION', 'An account owner must be associated with a role to enable portal users', 'ownerRole'],
    ['FIELD_INTEGRITY_EXCEPTION', "There's a problem with this country, even though it may appear…", 'addressPicklist'],
    ['FIELD_INTEGRITY_EXCEPTION', "There's a problem with this state, even though it may appear…", 'addressPicklist'],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      'A country/territory must be specified before specifying a state value for field: State',
      'addressPicklist',
    ],
    [
      'FIELD_INTEGRITY_EXCEPTION',
      'Cannot inactivate user that is the value of a hierarchy field: User Hierarchy. : Jane Doe',
      'hierarchyField',
    ],
    ['FIELD_INTEGRITY_EXCEPTION', 'You cannot deactivate the Default Workflow User', 'namedInSetup'],
    ['FIELD_INTEGRITY_EXCEPTION', 'You cannot disable the Web to Lead Default Creator.', 'namedInSetup'],
    [
      'DUPLICATE_VALUE',
      'duplicate value found: FederationIdentifier duplicates value on record with id: 005',
      'federationId',
    ],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id', 'access'],
    ['INVALID_FIELD_FOR_INSERT_UPDATE', 'Unable to create/update fields: Title', 'access'],
    ['JOB_FAILED', 'InvalidBatch : Field name not found : Nope__c', 'job'],
    ['STRING_TOO_LONG', 'Alias: data value too large', 'STRING_TOO_LONG'],
  ];
  for (const [code, message, advice] of [...texts, ...literalTexts]) {
    it(`of ${code} "${message.slice(0, 50)}" is ${advice}`, () => {
      expect(adviceName(code, message)).to.equal(advice);
      expect(adviceName(code, message.toUpperCase())).to.equal(advice);
    });
  }

  it('of a username that is taken depends on how far usernames have to be unique', () => {
    const names = [true, false, undefined].map((perOrg) =>
      adviceName('DUPLICATE_USERNAME', 'Duplicate Username', perOrg),
    );
    expect(names).to.deep.equal(['usernameInOrg', 'usernameEverywhere', 'DUPLICATE_USERNAME']);
  });

  it('of a code whose messages are not known is that of the code', () => {
    expect(adviceName('UNKNOWN_EXCEPTION', undefined)).to.equal('UNKNOWN_EXCEPTION');
    expect(['INSUFFICIENT_ACCESS', 'toString'].map(adviceNameOfCode)).to.deep.equal(['access', 'toString']);
  });
});

describe('concernsPortalAdministrator', () => {
  it('is about users who can not be deactivated, not about their profiles', () => {
    const text = 'You cannot deactivate a user who is a portal administrator';
    expect([text, text.toUpperCase()].map(concernsPortalAdministrator)).to.deep.equal([true, true]);
    for (const [, message] of literalTexts)
      expect(concernsPortalAdministrator(message), message).to.equal(message === text);
  });
});
