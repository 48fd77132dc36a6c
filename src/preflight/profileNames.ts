/** Finds the profile that a flag or a cell names. */
import type { Profile } from '../model/orgFacts.js';
import { isSalesforceId, sameId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import { nearestNames } from './nearestNames.js';

export type ProfileFault = {
  readonly fault: 'unknownProfile' | 'ambiguousProfile';
  readonly name: string;
  /** External profiles with a similar name; the profiles that share the name. */
  readonly near: readonly string[];
};

/** By Id of 15 or 18 characters, by exact name, then by name in any case. */
export function findProfile(nameOrId: string, profiles: readonly Profile[]): Profile | ProfileFault {
  const name = nameOrId.trim();
  const byId = isSalesforceId(name) ? profiles.find((profile) => sameId(profile.id, name)) : undefined;
  if (byId !== undefined) return byId;
  const exact = profiles.filter((profile) => profile.name === name);
  const found = exact.length > 0 ? exact : profiles.filter((p) => p.name.toLowerCase() === name.toLowerCase());
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) return { fault: 'ambiguousProfile', name, near: found.map((p) => `${p.name} (${p.id})`) };
  return { fault: 'unknownProfile', name, near: nearestNames(name, externalNames(profiles)) };
}

export function externalNames(profiles: readonly Profile[]): string[] {
  return profiles.filter((profile) => externalType(profile.userType) !== undefined).map((profile) => profile.name);
}
