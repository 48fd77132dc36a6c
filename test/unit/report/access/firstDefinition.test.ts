/** The first definition file is one that `sync` reads, up to what people have to fill in, whatever the org's names are. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { FirstDefinition, ProfileInUse } from '../../../../lib/model/access/userList.js';
import { needsSyncUser } from '../../../../lib/model/definition/definition.js';
import { hiddenCharacter } from '../../../../lib/model/definition/hiddenCharacter.js';
import { firstDefinitionText } from '../../../../lib/report/access/firstDefinition.js';
import { definitionOf, faultsIn } from '../../operations/definition/definitions.ts';

const orgId = '00D000000000062EAA';

function textOf(profiles: readonly ProfileInUse[]): string {
  const first: FirstDefinition = {
    file: 'access.yaml',
    orgId,
    orgKind: 'production',
    asOf: '2026-11-29T12:00:00Z',
    profiles,
  };
  return firstDefinitionText(first);
}

function filled(text: string): string {
  return text.replace(/^( {4}contacts:).*$/gm, "$1 A__c = 'x'");
}

/** Names without what no reviewer can see: such a name has to be replaced by an Id. */
const names = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    fc.constantFrom('true', 'no', '1e3', 'a: b', '- x'),
  )
  .filter((name) => /\S/.test(name) && !/\p{C}/u.test(name) && !hiddenCharacter.test(name));
const sets = fc.uniqueArray(names, { maxLength: 3, selector: (name) => name.trim().toLowerCase() });

const profilesInUse = fc.uniqueArray(
  fc.record({
    name: names,
    users: fc.nat(),
    active: fc.nat(),
    inactive: fc.nat(),
    license: fc.option(fc.string({ unit: 'binary' }), { nil: undefined }),
    portalRole: fc.constantFrom(undefined, 'Worker', 'PersonAccount'),
    heldByAll: sets,
    heldBySome: fc.array(fc.record({ name: names, users: fc.nat() }), { maxLength: 2 }),
  }),
  { minLength: 1, maxLength: 4, selector: ({ name }) => name.trim().toLowerCase() },
);

describe('the first definition file', () => {
  it('is read back with what the org has, once the conditions are filled in', () => {
    fc.assert(
      fc.property(profilesInUse, (profiles) => {
        const text = textOf(profiles);
        const missing = faultsIn(text).map((fault) => fault.replace(/^\S+ /, ''));
        expect(missing).to.deep.equal(profiles.map(() => 'noValue.ofGroup contacts'));
        const definition = definitionOf(filled(text));
        expect(definition.orgs).to.deep.equal([{ orgId }]);
        expect(
          definition.groups.map(({ name, profile, portalRole, permissionSets }) => [
            name,
            profile,
            portalRole,
            permissionSets,
          ]),
        ).to.deep.equal(
          profiles.map(({ name, portalRole, heldByAll }) => [
            name,
            name,
            portalRole === 'Worker' ? portalRole : undefined,
            heldByAll,
          ]),
        );
        // Every action is a report.
        expect(needsSyncUser(definition)).to.equal(false);
      }),
      { numRuns: 150 },
    );
  });

  it('has a group to fill in where nobody has access', () => {
    expect(faultsIn(textOf([])).map((fault) => fault.replace(/^\S+ /, ''))).to.deep.equal([
      'noValue.ofGroup contacts',
      'noValue.ofGroup profile',
    ]);
  });
});
