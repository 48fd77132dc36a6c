/** Finds the permission sets and groups that flags and cells name. */
import type { NamedPermissionSet } from '../model/orgFacts.js';
import { nearestNames } from './nearestNames.js';
import type { WantedPermissionSet } from '../model/reasons.js';

export type PermissionSetFault =
  | { readonly fault: 'unknownPermissionSet'; readonly name: string; readonly near: readonly string[] }
  | { readonly fault: 'ambiguousPermissionSet'; readonly name: string; readonly ids: readonly string[] };

/** By API name, then by label, in any case. */
export function findPermissionSet(
  name: string,
  known: readonly NamedPermissionSet[],
): NamedPermissionSet | PermissionSetFault {
  const wanted = name.trim().toLowerCase();
  const byName = known.filter((set) => set.name.toLowerCase() === wanted || set.id === name.trim());
  const found = byName.length > 0 ? byName : known.filter((set) => set.label.toLowerCase() === wanted);
  const [only, ...others] = found;
  if (only === undefined) {
    const near = nearestNames(
      name,
      known.map((set) => set.name),
    );
    return { fault: 'unknownPermissionSet', name, near };
  }
  return others.length === 0 ? only : { fault: 'ambiguousPermissionSet', name, ids: found.map((set) => set.id) };
}

/** Whether users of a license may have it (docs/salesforce-facts.md#permission-sets). */
export function allowsLicense({ userLicenseIds }: WantedPermissionSet, userLicenseId: string): boolean {
  return userLicenseIds.every((id) => id === userLicenseId);
}

/** Names in a cell of the column PermissionSets are joined by semicolons. */
export function splitNames(cell: string): string[] {
  return cell
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
