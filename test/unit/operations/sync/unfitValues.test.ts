/** Everything of a definition that an org does not have, or does not take, at once. */
import { expect } from 'chai';
import type { NamedPermissionSet, Profile } from '../../../../lib/model/orgFacts.js';
import { unfitValues } from '../../../../lib/operations/sync/unfitValues.js';
import { definitionOf } from '../definition/definitions.ts';
import { customer, fieldRule, fieldRules, internal, partner } from '../planFacts.ts';

const documents: NamedPermissionSet = {
  id: '0PS000000000001AAA',
  name: 'Docs',
  label: 'Documents',
  isGroup: false,
  userLicenseIds: [],
  permissionSetLicenseIds: [],
};
const userFields = fieldRules(
  fieldRule('Title'),
  fieldRule('Alias', { length: 8 }),
  fieldRule('CreatedDate', { createable: false }),
  fieldRule('PortalRole'),
  fieldRule('Username'),
);

/** `path code` of each fault, with the names that are near. */
function faultsOf(groups: string, profiles: readonly Profile[] = [customer, partner], rest = ''): string[] {
  const definition = definitionOf(`orgs: [sandboxes]\ngroups:\n${groups}\n${rest}`);
  return unfitValues(definition, { profiles, userFields }, [documents]).map(({ path, ofFlag }) =>
    [path.join('.'), ofFlag.code, ...('near' in ofFlag.facts ? [ofFlag.facts['near']] : [])].join(' '),
  );
}

const group = (name: string, rest: string): string => `  - { name: ${name}, contacts: A__c = true, ${rest} }\n`;

describe('what of a definition does not fit the org', () => {
  it('is nothing where the org has it all', () => {
    const sound = 'profile: portal, permissionSets: [Documents], set: { title: x, alias: "{FirstName}" }';
    expect(faultsOf(group('A', sound), [customer, partner], 'formerProfiles: [Partner]\n')).to.deep.equal([]);
  });

  it('is named in all groups at once, with what is near', () => {
    const groups = [
      group('A', 'profile: Portl, permissionSets: [Docs, Dcos, Nothing], set: { Titel: x, CreatedDate: x }'),
      group('B', 'profile: Partnr, username: same@acme.example, set: { Alias: much-too-long }'),
    ];
    expect(faultsOf(groups.join(''), [customer, partner], 'formerProfiles: [Parner]\n')).to.deep.equal([
      'groups.0.profile unknownProfile Portal',
      'groups.0.permissionSets.1 unknownPermissionSet Docs',
      'groups.0.permissionSets.2 unknownPermissionSet',
      'groups.0.set.Titel unknownField Title',
      'groups.0.set.CreatedDate notCreateable',
      'groups.1.profile unknownProfile Partner',
      'groups.1.set.Alias badSetValue',
      'groups.1.username sameForAll',
      'formerProfiles.0 unknownProfile Partner',
    ]);
  });

  it('is a profile of internal users, by name or Id', () => {
    const groups = [group('A', `profile: ${internal.id}, permissionSets: [Dcos]`), group('B', 'profile: Portl')];
    expect(faultsOf(groups.join(''), [customer, internal], 'formerProfiles: [Staff]\n')).to.deep.equal([
      'groups.0.profile profileNotExternal',
      'groups.0.permissionSets.0 unknownPermissionSet Docs',
      'groups.1.profile unknownProfile Portal',
      'formerProfiles.0 profileNotExternal',
    ]);
  });

  it('is a role for users who have none, from either key', () => {
    const groups = [
      group('A', 'profile: Portal, portalRole: Manager'),
      group('B', 'profile: Portal, set: { PortalRole: Manager }'),
      group('C', 'profile: Partner, portalRole: Manager'),
    ];
    expect(faultsOf(groups.join(''))).to.deep.equal([
      'groups.0.portalRole portalRoleUnused',
      'groups.1.set.PortalRole portalRoleUnused',
    ]);
  });

  it('is no username that another key overrides', () => {
    const overridden = 'profile: Portal, username: same@acme.example, set: { username: "{Email}" }';
    expect(faultsOf(group('A', overridden))).to.deep.equal([]);
  });

  it('is the org itself where it has no profile at all that could be named', () => {
    expect(() => faultsOf(group('A', 'profile: Nothing, permissionSets: [Dcos]'), [internal])).to.throw('noProfiles');
  });
});
