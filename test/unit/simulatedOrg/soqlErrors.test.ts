/** The refusals of queries, word for word where a recording or a report proves the words. */
import { expect } from 'chai';
import { SimulatedOrg } from '../../simulated-org/world/simulatedOrg.ts';
import { ask, refusal } from './orgClient.ts';

const noColumn =
  "If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.";
const noType =
  "If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.";

describe('simulated org: refused queries', () => {
  let org: SimulatedOrg;

  before(async () => {
    org = await SimulatedOrg.start({ world: 'none' });
  });

  after(async () => {
    await org.stop();
  });

  // heroku-applink query-malformed-soql.json, query-unknown-column.json; CumulusCI TestCountSObjects.test_count_sobjects__errors.yaml.
  const recorded: ReadonlyArray<readonly [soql: string, code: string, message: string]> = [
    ['SELEKT Name FROM Account', 'MALFORMED_QUERY', 'unexpected token: SELEKT'],
    [
      'SELECT Bacon__c FROM Account LIMIT 2',
      'INVALID_FIELD',
      `\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon__c' on entity 'Account'. ${noColumn}`,
    ],
    [
      'select count() from XYZZY',
      'INVALID_TYPE',
      `\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' is not supported. ${noType}`,
    ],
  ];

  for (const [soql, code, message] of recorded) {
    it(`answers "${soql}" as recorded`, async () => {
      expect(refusal(await ask(org, soql))).to.deep.equal({ message, errorCode: code });
    });
  }

  const others: ReadonlyArray<readonly [soql: string, code: string, words: string]> = [
    ['SELECT Id FROM User WHERE', 'MALFORMED_QUERY', "unexpected token: '<EOF>'"],
    ['SELECT Id, FROM User', 'MALFORMED_QUERY', "Row:1:Column:12\nunexpected token: 'FROM'"],
    ["SELECT Id FROM User WHERE Name == 'a'", 'MALFORMED_QUERY', "unexpected token: '='"],
    ["SELECT Id FROM User WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", 'MALFORMED_QUERY', "unexpected token: 'OR'"],
    ["SELECT Id FROM User WHERE Name = 'a' AND NOT Name = 'b'", 'MALFORMED_QUERY', "unexpected token: 'NOT'"],
    ["SELECT Id FROM User WHERE Name = 'a", 'MALFORMED_QUERY', "mismatched character '<EOF>'"],
    ["SELECT Id FROM User WHERE Name = 'a\\q'", 'MALFORMED_QUERY', "Illegal character sequence '\\q'"],
    ['SELECT Id FROM User WHERE Name = a', 'MALFORMED_QUERY', "unexpected token: 'a'"],
    ['SELECT Id FROM User WHERE Id IN ()', 'MALFORMED_QUERY', 'unexpected token'],
    ["SELECT Id FROM User WHERE Id IN ('0055x0000000001AAA'", 'MALFORMED_QUERY', 'unexpected token'],
    [
      "SELECT Id FROM User WHERE IsActive = 'true'",
      'INVALID_FIELD',
      "value of filter criterion for field 'IsActive' must be of type boolean and should not be enclosed in quotes",
    ],
    [
      'SELECT Id FROM User WHERE Username = 5',
      'INVALID_FIELD',
      "value of filter criterion for field 'Username' must be of type string and should be enclosed in quotes",
    ],
    [
      "SELECT Id FROM User WHERE CreatedDate > '2026-01-01'",
      'INVALID_FIELD',
      "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
    ],
    ['SELECT Id FROM User WHERE CreatedDate > 2026-01-01', 'INVALID_FIELD', 'must be of type dateTime'],
    ["SELECT Id FROM User WHERE Id = 'abc'", 'INVALID_QUERY_FILTER_OPERATOR', 'Row:1:Column:27\ninvalid ID field: abc'],
    [
      "SELECT Id FROM User WHERE ContactId LIKE '003%'",
      'INVALID_QUERY_FILTER_OPERATOR',
      'invalid operator on id field',
    ],
    [
      "SELECT Id FROM User WHERE Name INCLUDES ('a')",
      'INVALID_QUERY_FILTER_OPERATOR',
      'only valid on multipicklist field',
    ],
    ['SELECT Foo.Name FROM User', 'INVALID_FIELD', "Didn't understand relationship 'Foo' in field path."],
    [
      "SELECT Id FROM Contact WHERE Description = 'x'",
      'INVALID_FIELD',
      "field 'Description' can not be filtered in a query call",
    ],
    [
      'SELECT UsedLicenses FROM UserLicense WHERE UsedLicenses > 3',
      'INVALID_FIELD',
      "field 'UsedLicenses' can not be filtered in a query call",
    ],
    [
      'SELECT Name, COUNT(Id) FROM Profile GROUP BY UserType',
      'MALFORMED_QUERY',
      'Field must be grouped or aggregated: Name',
    ],
    [
      'SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM User WHERE ProfileId IN (SELECT Id FROM Profile))',
      'MALFORMED_QUERY',
      'Nesting of semi join sub-selects is not supported',
    ],
    [
      "SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM User) OR LastName = 'x'",
      'MALFORMED_QUERY',
      'only allowed at the top level WHERE expressions',
    ],
    [
      'SELECT Id FROM User WHERE Id IN (SELECT ManagerId FROM User)',
      'MALFORMED_QUERY',
      'The inner and outer selects should be on different object types',
    ],
    ['SELECT Id FROM Contact WHERE Id IN (SELECT ProfileId FROM User)', 'INVALID_FIELD', 'not of the same type'],
    ['SELECT Id FROM User LIMIT 5 OFFSET 2001', 'NUMBER_OUTSIDE_VALID_RANGE', 'Maximum SOQL offset allowed is 2000'],
    ['SELECT * FROM User', 'MALFORMED_QUERY', "unexpected token: '*'"],
    ['SELECT Id FROM User WHERE Name = :name', 'MALFORMED_QUERY', 'unexpected token'],
  ];

  for (const [soql, code, words] of others) {
    it(`refuses ${soql}`, async () => {
      const error = refusal(await ask(org, soql));
      expect(error.errorCode).to.equal(code);
      expect(error.message).to.include(words);
    });
  }

  it('still filters by UsedLicenses below version 64', async () => {
    expect((await ask(org, 'SELECT Id FROM UserLicense WHERE UsedLicenses > 0', { version: '63.0' })).status).to.equal(
      200,
    );
  });

  it('points into the row of a query of several rows', async () => {
    const error = refusal(await ask(org, 'SELECT Id,\n  Bacon__c\nFROM Account'));
    expect(error.message).to.match(/^\n {2}Bacon__c\n {2}\^\nERROR at Row:2:Column:3\n/);
  });

  it('hides what switches take away', async () => {
    org.switches.digitalExperiences = false;
    org.switches.missingPermissions.push('PermissionsFreezeUsers');
    org.switches.hiddenFields.push('User.Badge_Number__c');
    expect(refusal(await ask(org, 'SELECT Id FROM Network')).errorCode).to.equal('INVALID_TYPE');
    expect(refusal(await ask(org, 'SELECT IsPortalEnabled FROM User')).errorCode).to.equal('INVALID_FIELD');
    expect(refusal(await ask(org, 'SELECT PermissionsFreezeUsers FROM UserPermissionAccess')).errorCode).to.equal(
      'INVALID_FIELD',
    );
    expect(refusal(await ask(org, 'SELECT Badge_Number__c FROM User')).errorCode).to.equal('INVALID_FIELD');
    expect(refusal(await ask(org, 'SELECT IsPersonAccount FROM Contact')).errorCode).to.equal('INVALID_FIELD');
    expect(refusal(await ask(org, 'SELECT CurrencyIsoCode FROM Contact')).errorCode).to.equal('INVALID_FIELD');
  });
});
