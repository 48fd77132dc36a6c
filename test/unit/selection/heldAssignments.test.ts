/** What users hold: all three objects, told apart from what comes with their profiles. */
import { expect } from 'chai';
import { ChecksFailed } from '../../../lib/model/checkOutcome.js';
import { AssignableLicenses } from '../../../lib/org/facts/assignments.js';
import { HeldAssignments } from '../../../lib/selection/heldAssignments.js';
import { amountOf } from '../../../lib/selection/lookup.js';
import { OrgError } from '../../../lib/model/orgError.js';
import { queryAnswer, soqlOf, stubClient } from '../org/stubClient.ts';
import { RunDb, userIdOf } from '../store/runDb.ts';

const id = (prefix: string, n: number): string => `${prefix}${String(n).padStart(12, '0')}AAA`;
const field = (name: string): Record<string, unknown> => ({
  ...{ name, type: 'reference', label: name, length: 18, createable: true, nillable: true, defaultedOnCreate: false },
  ...{ unique: false, externalId: false, restrictedPicklist: false },
});

const rows: Readonly<Record<string, ReadonlyArray<Record<string, unknown>>>> = {
  PermissionSet: [{ Id: id('0PS', 1), Name: 'Docs', Label: 'Documents', LicenseId: null }],
  PermissionSetGroupComponent: [],
  PermissionSetGroup: [{ Id: id('0PG', 1), DeveloperName: 'Team', MasterLabel: 'Team' }],
  PermissionSetLicense: [{ Id: id('0PL', 1), MasterLabel: 'CRM User', TotalLicenses: 10, UsedLicenses: 3 }],
  PackageLicense: [{ Id: id('050', 1), NamespacePrefix: 'acme', AllowedLicenses: 5, UsedLicenses: 5 }],
  PermissionSetAssignment: [
    {
      ...{ Id: id('0Pa', 1), AssigneeId: userIdOf(1), PermissionSetId: id('0PS', 9), PermissionSetGroupId: null },
      ExpirationDate: null,
    },
    {
      ...{ Id: id('0Pa', 2), AssigneeId: userIdOf(1), PermissionSetId: id('0PS', 1), PermissionSetGroupId: null },
      ExpirationDate: '2026-12-31T00:00:00.000+0000',
    },
    {
      ...{ Id: id('0Pa', 3), AssigneeId: userIdOf(2), PermissionSetId: id('0PS', 8) },
      ...{ PermissionSetGroupId: id('0PG', 1), ExpirationDate: null },
    },
  ],
  PermissionSetLicenseAssign: [
    { Id: id('2LA', 1), AssigneeId: userIdOf(2), PermissionSetLicenseId: id('0PL', 1) },
    { Id: id('2LA', 2), AssigneeId: userIdOf(2), PermissionSetLicenseId: id('0PL', 7) },
  ],
  UserPackageLicense: [{ Id: id('051', 1), UserId: userIdOf(1), PackageLicenseId: id('050', 1) }],
};
const described: Readonly<Record<string, readonly string[]>> = {
  PermissionSetAssignment: ['PermissionSetId', 'PermissionSetGroupId', 'ExpirationDate'],
  PermissionSetLicenseAssign: ['PermissionSetLicenseId'],
  UserPackageLicense: ['PackageLicenseId'],
};

function orgWith(hidden: readonly string[] = [], fields = described): ReturnType<typeof stubClient> {
  return stubClient((call) => {
    const object = /sobjects\/(\w+)\/describe/.exec(call.path)?.[1] ?? /FROM (\w+)/.exec(soqlOf(call) ?? '')?.[1] ?? '';
    if (hidden.includes(object)) {
      const message = `sObject type '${object}' is not supported.`;
      return new OrgError({ kind: 'refused', code: 'INVALID_TYPE', message });
    }
    if (call.path.includes('/describe')) return { fields: (fields[object] ?? []).map(field) };
    return queryAnswer(rows[object] ?? []);
  });
}

function heldOf(client: ReturnType<typeof orgWith>, db: RunDb['db'], users: number): HeldAssignments {
  return new HeldAssignments(client, db, amountOf(users), new AssignableLicenses(client));
}

describe('what users hold', () => {
  let run: RunDb;
  before(async () => {
    run = await RunDb.with({});
  });
  after(() => {
    run.close();
  });

  it('is told by name, with what gives it back, without what comes with a profile', async () => {
    const held = await heldOf(orgWith(), run.db, 2).of([userIdOf(1), userIdOf(2)]);
    expect(held.get(userIdOf(1))).to.deep.equal([
      {
        ...{ type: 'permissionSet', id: id('0Pa', 2), userId: userIdOf(1), target: id('0PS', 1), label: 'Docs' },
        values: { PermissionSetId: id('0PS', 1), ExpirationDate: '2026-12-31T00:00:00.000Z' },
      },
      {
        ...{ type: 'packageLicense', id: id('051', 1), userId: userIdOf(1), target: id('050', 1), label: 'acme' },
        values: { PackageLicenseId: id('050', 1) },
      },
    ]);
    // A group by its own Id, not by the hidden set that it makes; a license without a name by its Id.
    expect(held.get(userIdOf(2))?.map(({ label, values }) => [label, values])).to.deep.equal([
      ['Team', { PermissionSetGroupId: id('0PG', 1) }],
      ['CRM User', { PermissionSetLicenseId: id('0PL', 1) }],
      [id('0PL', 7), { PermissionSetLicenseId: id('0PL', 7) }],
    ]);
  });

  it('is read without fields and objects that the org does not have', async () => {
    const client = orgWith(['UserPackageLicense', 'PackageLicense'], {
      ...described,
      PermissionSetAssignment: ['PermissionSetId'],
    });
    const held = await heldOf(client, run.db, 1).of([userIdOf(1)]);
    expect(held.get(userIdOf(1))?.map(({ label }) => label)).to.deep.equal(['Docs']);
    const asked = client.calls.map(soqlOf).find((soql) => soql?.includes('FROM PermissionSetAssignment'));
    expect(asked).to.contain('SELECT Id,AssigneeId,PermissionSetId FROM');
  });

  it('is not told where a part of it is hidden: nothing is to be left behind unseen', async () => {
    for (const [hidden, objects] of [
      [['UserPackageLicense'], 'UserPackageLicense'],
      [
        ['PermissionSetAssignment', 'PermissionSetLicenseAssign'],
        'PermissionSetAssignment, PermissionSetLicenseAssign',
      ],
      [['PermissionSetLicenseAssign', 'PermissionSetLicense'], 'PermissionSetLicenseAssign'],
    ] as const) {
      const error = await heldOf(orgWith([...hidden]), run.db, 1)
        .of([userIdOf(1)])
        .catch((fault: unknown) => fault);
      if (!(error instanceof ChecksFailed)) throw error;
      expect(error.checks.map(({ key, status }) => [key, status])).to.deep.equal([['releasing.hidden', 'fail']]);
      expect(error.checks[0]?.facts).to.include({ objects });
    }
  });

  it('is asked for by nothing where nobody is asked for', async () => {
    const client = orgWith();
    expect((await heldOf(client, run.db, 0).of([])).size).to.equal(0);
    expect(client.calls).to.deep.equal([]);
  });
});
