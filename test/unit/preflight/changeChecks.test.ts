/** The preflight of disable and enable: each check at each of its outcomes, by mode. */
import { expect } from 'chai';
import { checkAssigning, checkChange, checkRights } from '../../../lib/preflight/changeChecks.js';
import type { CheckOutcome } from '../../../lib/model/checkOutcome.js';
import type { Preflight } from '../../../lib/preflight/checks.js';
import { disableModes, enableModes, type Mode } from '../../../lib/model/modes.js';
import { customer, fieldRule, fieldRules, internal } from '../operations/planFacts.ts';

const modes: readonly Mode[] = [...disableModes, ...enableModes];

function preflight(changes: Partial<Preflight> = {}): Preflight {
  return {
    username: 'ann@acme.example',
    permissions: new Set(['ManageUsers']),
    isReadOnly: false,
    isSandbox: false,
    userFields: fieldRules(fieldRule('IsPortalEnabled')),
    profiles: [customer, internal],
    licenses: [],
    settings: {},
    siteMembers: [],
    dailyApiRequests: { max: 100, remaining: 50 },
    dailyBulkApiBatches: { max: 100, remaining: 50 },
    ...changes,
  };
}

const isFreezing = (mode: string): boolean => mode === 'freeze' || mode === 'unfreeze';
const shown = (outcomes: readonly CheckOutcome[]): string[] => outcomes.map(({ status, key }) => `${status} ${key}`);

describe('checkChange', () => {
  for (const mode of modes) {
    it(`passes for ${mode} with Manage Users`, () => {
      const own = isFreezing(mode) ? 'freezing' : 'disabling';
      expect(shown(checkChange(preflight(), mode))).to.deep.equal([
        'pass api.pass',
        'pass readOnly.pass',
        'pass digitalExperiences.pass',
        `pass ${own}.pass`,
        'pass apiCalls.pass',
        // Few logins are frozen without Bulk.
        ...(isFreezing(mode) ? [] : ['pass bulkBatches.pass']),
      ]);
    });

    it(`fails for ${mode} where the org can’t take it, whatever the permissions`, () => {
      const failing = (changes: Partial<Preflight>): string[] =>
        shown(checkChange(preflight(changes), mode)).filter((text) => text.startsWith('fail'));
      const none = { max: 100, remaining: 0 };
      expect(failing({ isReadOnly: true })).to.deep.equal(['fail readOnly.maintenance']);
      expect(failing({ userFields: new Map() })).to.deep.equal(['fail digitalExperiences.off']);
      expect(failing({ profiles: [internal] })).to.deep.equal(['fail digitalExperiences.noProfile']);
      expect(failing({ dailyApiRequests: none })).to.deep.equal(['fail apiCalls.none']);
      expect(failing({ dailyBulkApiBatches: none })).to.deep.equal(isFreezing(mode) ? [] : ['fail bulkBatches.none']);
    });
  }

  const delegates = ['ManagePartners', 'ManageCssUsers', 'ManageMyExternalUsers'];
  const permissions: ReadonlyArray<
    readonly [granted: string[], frozen: string, deactivated: string, activated: string]
  > = [
    [['ManageUsers'], 'pass freezing.pass', 'pass disabling.pass', 'pass disabling.pass'],
    ...delegates.map(
      (one) =>
        [[one], 'fail freezing.missing', 'warn disabling.uncertain', 'fail disabling.activation'] as const satisfies [
          string[],
          string,
          string,
          string,
        ],
    ),
    [['FreezeUsers'], 'fail freezing.hidden', 'fail disabling.missing', 'fail disabling.activation'],
    [
      ['FreezeUsers', 'ManagePartners'],
      'fail freezing.hidden',
      'warn disabling.uncertain',
      'fail disabling.activation',
    ],
    [['ViewAllData'], 'fail freezing.missing', 'fail disabling.missing', 'fail disabling.activation'],
    [[], 'fail freezing.missing', 'fail disabling.missing', 'fail disabling.activation'],
  ];
  for (const [granted, frozen, deactivated, activated] of permissions) {
    it(`judges ${granted.join(' and ') || 'no permission'}`, () => {
      const facts = preflight({ permissions: new Set(granted) });
      const expected = {
        freeze: frozen,
        unfreeze: frozen,
        deactivate: deactivated,
        'disable-portal': deactivated,
        activate: activated,
      };
      for (const mode of modes) expect(shown(checkChange(facts, mode))[3], mode).to.equal(expected[mode]);
      // Somebody who only creates users can do without: no failure.
      expect(shown(checkRights(facts))).to.deep.equal(
        [deactivated, frozen].map((text) => text.replace('fail', 'warn')),
      );
    });
  }

  it('names the user who lacks a permission', () => {
    const facts = preflight({ permissions: new Set() });
    for (const mode of modes)
      expect(checkChange(facts, mode).find(({ status }) => status === 'fail')?.facts).to.deep.equal({
        username: 'ann@acme.example',
      });
  });
});

describe('the right to take away what users hold', () => {
  const keys = (permissions: readonly string[], kinds: readonly string[]): string[] =>
    checkAssigning(preflight({ permissions: new Set(permissions) }), kinds).map(
      ({ status, key }) => `${status} ${key}`,
    );

  it('is not asked for where nothing is taken or given back', () => {
    expect(keys([], ['setActive'])).to.deep.equal([]);
  });

  it('is Assign Permission Sets or Manage Users for sets, and Manage Users for certain for their licenses', () => {
    expect(keys([], ['removePermissionSet'])).to.deep.equal(['fail assigning.missing']);
    expect(keys(['AssignPermissionSets'], ['removePermissionSet'])).to.deep.equal(['pass assigning.pass']);
    expect(keys(['AssignPermissionSets'], ['removePermissionSetLicense'])).to.deep.equal(['warn assigning.uncertain']);
    expect(keys(['ManageUsers'], ['assignPermissionSetLicense'])).to.deep.equal(['pass assigning.pass']);
  });

  it('can be missed for packages where no list of permissions shows it', () => {
    expect(keys(['ManageUsers'], ['removePackageLicense'])).to.deep.equal(['warn packageLicenses.unseen']);
    expect(keys(['ManagePackageLicenses'], ['assignPackageLicense'])).to.deep.equal(['pass packageLicenses.pass']);
  });
});
