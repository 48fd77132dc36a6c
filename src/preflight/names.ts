/** Finds the profiles, permission sets and groups that flags and cells name, and "did you mean" for what is not there. */
import { distance } from 'fastest-levenshtein';
import { RunFault } from '../model/faults.js';
import { isSalesforceId, sameId, type UserLicenseId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import type { NamedPermissionSet, Profile } from '../model/orgFacts.js';
import type { WantedPermissionSet } from '../model/reasons.js';

/** A name that nothing has, or several have. */
export type NameFault = {
  readonly fault: 'unknown' | 'ambiguous';
  readonly name: string;
  /** Names that are similar to an unknown one; what tells those apart that share an ambiguous one. */
  readonly near: readonly string[];
};

/** By Id of 15 or 18 characters, by exact name, then by name in any case; external profiles are near. */
export function findProfile(nameOrId: string, profiles: readonly Profile[]): Profile | NameFault {
  const name = nameOrId.trim();
  const ways = [
    profiles.filter((profile) => isSalesforceId(name) && sameId(profile.id, name)),
    profiles.filter((profile) => profile.name === name),
    profiles.filter((profile) => profile.name.toLowerCase() === name.toLowerCase()),
  ];
  return onlyOne(name, ways, (profile) => `${profile.name} (${profile.id})`, externalNames(profiles));
}

/** @throws RunFault unknownProfile with the nearest names, ambiguousProfile, noProfiles */
export function requireProfile(name: string, profiles: readonly Profile[]): Profile {
  const found = findProfile(name, profiles);
  if (!('fault' in found)) return found;
  const near = found.near.join('", "');
  if (found.fault === 'ambiguous') throw new RunFault('ambiguousProfile', { profile: found.name, ids: near });
  throw near === ''
    ? new RunFault('unknownProfile.far', { profile: found.name, profiles: profileList(profiles) })
    : new RunFault('unknownProfile', { profile: found.name, near });
}

/** @throws RunFault profileNotExternal, with the nearest names, and what `requireProfile` throws */
export function requireExternalProfile(name: string, profiles: readonly Profile[]): Profile {
  const found = requireProfile(name, profiles);
  if (isExternal(found)) return found;
  const near = nearestNames(found.name, externalNames(profiles)).join('", "');
  const offered = near === '' ? profileList(profiles) : near;
  throw new RunFault('profileNotExternal', { profile: found.name, license: found.userLicenseName, profiles: offered });
}

/** All external profiles, for a text that says which there are. @throws RunFault noProfiles */
export function profileList(profiles: readonly Profile[]): string {
  const names = externalNames(profiles);
  if (names.length === 0) throw new RunFault('noProfiles');
  return names.join('", "');
}

/** By API name or Id of 15 or 18 characters, then by label, in any case. */
export function findPermissionSet(name: string, known: readonly NamedPermissionSet[]): NamedPermissionSet | NameFault {
  const id = name.trim();
  const wanted = id.toLowerCase();
  const ways = [
    known.filter((set) => set.name.toLowerCase() === wanted || (isSalesforceId(id) && sameId(set.id, id))),
    known.filter((set) => set.label.toLowerCase() === wanted),
  ];
  const names = known.map((set) => set.name);
  return onlyOne(name, ways, (set) => set.id, names);
}

/** @param ways what is found in each way of looking; the first that finds something counts @param near similar names */
function onlyOne<Named>(
  name: string,
  ways: ReadonlyArray<readonly Named[]>,
  tellApart: (named: Named) => string,
  near: readonly string[],
): Named | NameFault {
  const found = ways.find((each) => each.length > 0) ?? [];
  const [only, ...others] = found;
  if (only === undefined) return { fault: 'unknown', name, near: nearestNames(name, near) };
  return others.length === 0 ? only : { fault: 'ambiguous', name, near: found.map(tellApart) };
}

export function isExternal({ userType }: Profile): boolean {
  return externalType(userType) !== undefined;
}

export function isForPartners({ userType }: Profile): boolean {
  return externalType(userType)?.portalType === 'Partner';
}

export function externalNames(profiles: readonly Profile[]): string[] {
  return profiles.filter(isExternal).map((profile) => profile.name);
}

/** Whether users of a license may have it (docs/salesforce-facts.md#permission-sets). */
export function allowsLicense({ userLicenseIds }: WantedPermissionSet, userLicenseId: UserLicenseId): boolean {
  return userLicenseIds.every((id) => id === userLicenseId);
}

/** Names in a cell of the column PermissionSets are joined by semicolons. */
export function splitNames(cell: string): string[] {
  return cell
    .split(';')
    .map((name) => name.trim())
    .filter(Boolean);
}

/** At most three of the candidates, nearest first; none when all are too far away to be a typo. */
export function nearestNames(name: string, candidates: Iterable<string>): string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter((near) => near.distance <= limit)
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map((near) => near.candidate);
}

/** What a text offers between its quotation marks: the names that are near, or else the first ten. */
export function suggest(near: readonly string[], all: readonly string[]): string {
  return (near.length > 0 ? near : all.slice(0, 10)).join('", "');
}

/**
 * A name that holds the other counts as near, however long the rest is, but behind those with one wrong letter: "Customer" finds
 * "Acme Customer Portal". Three letters are in many.
 */
function distanceBetween(a: string, b: string): number {
  const holds = a.length > 3 && b.length > 3 && (a.includes(b) || b.includes(a));
  return holds ? Math.min(2, distance(a, b)) : distance(a, b);
}
