/** The error of a definition file that can't be used: each fault on its line, in the words of the file. */
import { SfError } from '@salesforce/core';
import { expect } from 'chai';
import { DefinitionRejected } from '../../../lib/model/definition/definitionFaults.js';
import { RunFault } from '../../../lib/model/faults.js';
import { toCliError } from '../../../lib/report/faults.js';

const profile = new RunFault('unknownProfile', { profile: 'Portl', near: 'Portal' });
const rejected = new DefinitionRejected('access.yaml', [
  { ofFlag: profile, place: { line: 9, column: 14 } },
  { key: 'unknownKey.near', facts: { key: 'grups', near: 'groups' }, place: { line: 2, column: 1 } },
  { ofFlag: profile, place: { line: 4, column: 14 } },
  {
    ofFlag: new RunFault('unknownTemplateField', { flag: '--set Alias', field: 'Emial' }),
    place: { line: 5, column: 20 },
  },
]);

describe('the error of a definition file', () => {
  const error = toCliError(rejected, 'lab', true);
  if (!(error instanceof SfError)) throw new Error('this is no error of the CLI');

  it('has each fault on a line of its own, in the order of the file', () => {
    expect(error.message.split('\n')).to.deep.equal([
      'access.yaml has 4 mistakes:',
      '  access.yaml:2:1  There is no key "grups". Did you mean "groups"?',
      '  access.yaml:4:14  profile: there is no profile "Portl" that you can see. Did you mean "Portal"?',
      '  access.yaml:5:20  set Alias uses {Emial}, but Contact has no such field that you can see.',
      '  access.yaml:9:14  profile: there is no profile "Portl" that you can see. Did you mean "Portal"?',
    ]);
  });

  it('has the same in the JSON, with a code, line, and column', () => {
    const { faults } = error.data as { readonly faults: readonly object[] };
    expect(faults).to.have.length(4);
    expect(faults[1]).to.deep.equal({
      code: 'unknownProfile',
      line: 4,
      column: 14,
      message: 'profile: there is no profile "Portl" that you can see. Did you mean "Portal"?',
    });
    expect(JSON.stringify(faults)).not.to.include('--');
  });

  it('says of an only fault no line again', () => {
    const only = toCliError(
      new DefinitionRejected('access.yaml', [{ ofFlag: profile, place: { line: 9, column: 14 } }]),
      'lab',
      true,
    );
    expect(only instanceof SfError ? only.actions?.join('\n') : '')
      .to.match(/Profile Filtering/)
      .and.not.match(/line 9/);
  });

  it('says once what to do about each, and ends with 1', () => {
    const actions = error.actions ?? [];
    const ofProfile = actions.filter((action) => action.includes('Profile Filtering'));
    expect(ofProfile).to.have.length(1);
    expect(ofProfile[0]).to.match(/^For line 4, line 9: /);
    expect(actions.filter((action) => action.startsWith('For line 5: '))).to.have.length.above(0);
    expect(actions.at(-1)).to.include('sf portal users sync --definition-file access.yaml --dry-run --target-org lab');
    expect(error.exitCode).to.equal(1);
  });
});
