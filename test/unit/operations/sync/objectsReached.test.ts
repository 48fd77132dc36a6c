/** Every object that a condition looks at is found, by lookups too. */
import { expect } from 'chai';
import { OrgError } from '../../../../lib/model/orgError.js';
import { objectsReached } from '../../../../lib/operations/sync/objectsReached.js';
import { stubClient } from '../../org/stubClient.ts';

/** Object → relationship → objects that it leads to. */
const org: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Contact: { Account: ['Account'], Region__r: ['Region__c'], Owner: ['Group', 'User'], RecordType: ['RecordType'] },
  Account: { Parent: ['Account'], Owner: ['User'] },
  Region__c: { Lead__r: ['Manager__c', 'Contact'] },
  User: { Contact: ['Contact'], Account: ['Account'], Profile: ['Profile'] },
};

function client(): ReturnType<typeof stubClient> {
  return stubClient(({ path }) => {
    const [, name = ''] = /\/sobjects\/(\w+)\/describe/.exec(path) ?? [];
    const found = Object.entries(org).find(([each]) => each.toLowerCase() === name.toLowerCase());
    if (found === undefined)
      return new OrgError({ kind: 'refused', code: 'NOT_FOUND', message: 'The requested resource does not exist' });
    const fields = Object.entries(found[1]).map(([relationshipName, referenceTo]) => ({
      ...{ name: `${relationshipName}Id`, type: 'reference', label: relationshipName, length: 18 },
      ...{ createable: true, nillable: true, defaultedOnCreate: false, unique: false, externalId: false },
      ...{ restrictedPicklist: false, picklistValues: [], referenceTo, relationshipName },
    }));
    return { fields };
  });
}

const contacts = (where: string): { readonly from: 'Contact'; readonly where: string } => ({ from: 'Contact', where });

describe('objectsReached', () => {
  const cases: ReadonlyArray<readonly [where: string, objects: readonly string[]]> = [
    ['A__c = true', ['Contact']],
    ["Account.Parent.Type = 'x'", ['Contact', 'Account']],
    ["Region__r.Key__c = 'x' AND region__R.Lead__r.Name = 'y'", ['Contact', 'Region__c', 'Manager__c']],
    ["Owner.Name = 'x' AND RecordType.DeveloperName = 'y'", ['Contact']],
    ['Id IN (SELECT ContactId FROM Case WHERE Asset.Name = null)', ['Contact', 'Case', 'Asset']],
  ];
  for (const [where, objects] of cases) {
    it(where, async () => {
      expect(await objectsReached(client(), [contacts(where)])).to.have.members(objects);
    });
  }

  it('describes an object once, and none without need', async () => {
    const stub = client();
    const about = [contacts("Region__r.A__c = 1 AND Account.Type = 'x'"), contacts('Region__r.B__c = 2')];
    await objectsReached(stub, [
      ...about,
      { from: 'User', where: "Contact.Region__r.A__c = 1 AND Profile.Name = 'x'" },
    ]);
    expect(stub.calls.map(({ path }) => path)).to.deep.equal(['/sobjects/Contact/describe', '/sobjects/User/describe']);
    expect(await objectsReached(stub, [contacts('A__c = 1')])).to.deep.equal(['Contact']);
    expect(stub.calls).to.have.length(2);
  });
});
