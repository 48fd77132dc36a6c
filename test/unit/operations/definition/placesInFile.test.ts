/** Where in a definition file a value stands that is wrong in this org. */
import { expect } from 'chai';
import { DefinitionRejected } from '../../../../lib/model/definition/definitionFaults.js';
import { RunFault } from '../../../../lib/model/faults.js';
import { rejectUnfit, type UnfitValue } from '../../../../lib/operations/definition/placesInFile.js';

const yaml = `orgs: [sandboxes]
groups:
  - name: Customers
    profile: Acme
    set: { Titel: x, Alias: "{Emial}" }
  - { name: Partners, profile: Acme, permissionSets: [Docs, "Ordres"] }
formerProfiles: [Old]
`;
const json = `{ "groups": [\r\n  { "permissionSets": ["Docs"] } ] }`;

const permissionSet = new RunFault('unknownPermissionSet.far', { permissionSet: 'Ordres' });
const unfit = (ofFlag: RunFault, ...path: UnfitValue['path']): UnfitValue => ({ path, ofFlag });

/** `line:column code` of each. */
function placesOf(values: readonly UnfitValue[], text = yaml): string[] {
  try {
    rejectUnfit(values, { text, file: 'access.yaml' });
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionRejected)) throw error;
    expect(error.facts).to.deep.equal({ file: 'access.yaml', faults: values.length });
    return error.faults.map(
      ({ place: { line, column }, ...fault }) =>
        `${String(line)}:${String(column)} ${'ofFlag' in fault ? fault.ofFlag.code : fault.key}`,
    );
  }
}

describe('values of a definition that do not fit the org', () => {
  it('are refused with their places, in the order of the file', () => {
    const former = new RunFault('unknownProfile', { profile: 'Old', near: 'Older' });
    const template = new RunFault('unknownTemplateField', { flag: '--set Alias', field: 'Emial' });
    const values = [
      unfit(former, 'formerProfiles', 0),
      unfit(permissionSet, 'groups', 1, 'permissionSets', 1),
      unfit(template, 'groups', 0, 'set', 'Alias'),
    ];
    expect(placesOf(values)).to.deep.equal([
      '5:29 unknownTemplateField',
      '6:61 unknownPermissionSet',
      '7:18 unknownProfile',
    ]);
  });

  it('stand at the key where that is the name', () => {
    const field = new RunFault('unknownField.near', { field: 'Titel', near: 'Title' });
    expect(placesOf([unfit(field, 'groups', 0, 'set', 'Titel')])).to.deep.equal(['5:12 unknownField']);
  });

  it('stand at their group where the file leaves out what has a default', () => {
    const email = new RunFault('unknownTemplateField', { flag: '--username', field: 'Email' });
    expect(placesOf([unfit(email, 'groups', 1, 'username')])).to.deep.equal(['6:5 unknownTemplateField']);
  });

  it('are found in JSON, too', () => {
    expect(placesOf([unfit(permissionSet, 'groups', 0, 'permissionSets', 0)], json)).to.deep.equal([
      '2:24 unknownPermissionSet',
    ]);
  });

  it('are no fault where there are none', () => {
    expect(placesOf([])).to.deep.equal([]);
  });
});
