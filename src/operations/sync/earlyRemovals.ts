/**
 * Permission sets are taken away last. Where too few of the licenses behind them are left for those who get them, they go first:
 * Salesforce frees the license with the last set that needs it (docs/salesforce-facts.md#licenses-of-permission-sets-and-packages).
 */
import type { DatabaseSync } from 'node:sqlite';
import type { NamedPermissionSet } from '../../model/orgFacts.js';
import type { AssignableLicenses } from '../../org/facts/assignments.js';
import { countSetChanges, restageRemovals } from '../../store/queries/setChanges.js';
import { earlyRemoval } from './stages.js';

/** @param named all sets of the definition @throws OrgError */
export async function removeEarlyWhereShort(
  assignable: AssignableLicenses,
  db: DatabaseSync,
  named: Iterable<NamedPermissionSet>,
): Promise<void> {
  const changes = countSetChanges(db);
  const uses = [...named].flatMap(({ id, permissionSetLicenseIds }) => {
    const { given = 0, taken = 0 } = changes.get(id) ?? {};
    return permissionSetLicenseIds.map((licenseId) => ({ id, licenseId, given, taken }));
  });
  const sum = (licenseId: string, figure: 'given' | 'taken'): number =>
    uses.filter((use) => use.licenseId === licenseId).reduce((total, use) => total + use[figure], 0);
  if (!uses.some(({ licenseId }) => sum(licenseId, 'given') > 0 && sum(licenseId, 'taken') > 0)) return;
  const licenses = await assignable.of('permissionSetLicense');
  const short = licenses.filter(({ id, total, used }) => total >= 0 && used + sum(id, 'given') > total);
  const sets = uses.filter(({ licenseId }) => short.some(({ id }) => id === licenseId));
  restageRemovals(
    db,
    sets.map(({ id }) => id),
    earlyRemoval,
  );
}
