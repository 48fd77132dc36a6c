/** The names and Ids of a world that is in the store already: that of a copied file. */
import { administratorUsername } from '../bootstrap.ts';
import type { FieldValue, StoredRecord } from '../contracts.ts';
import type { World } from './seed.ts';
import type { WorldOrg } from './worldOrg.ts';

export function readWorld(org: WorldOrg): World {
  const internal = org.store.find('User', { ContactId: null, UserType: 'Standard' });
  const sets = org.store.find('PermissionSet', { IsOwnedByProfile: false });
  const groups = org.store.find('PermissionSetGroup');
  return {
    awkwardCases: [],
    profiles: idsBy(org.store.find('Profile'), ({ Name }) => Name),
    permissionSets: new Map([
      ...idsBy(sets, ({ Name }) => Name),
      ...idsBy(groups, ({ DeveloperName }) => DeveloperName),
    ]),
    internalUsers: idsBy(internal, ({ Username }) =>
      Username === administratorUsername ? 'sim.admin' : localPart(Username),
    ),
  };
}

function idsBy(
  records: readonly StoredRecord[],
  key: (record: StoredRecord) => FieldValue | undefined,
): Map<string, string> {
  return new Map(records.map((record) => [String(key(record)), record.Id]));
}

function localPart(username: FieldValue | undefined): string {
  return String(username).split('@')[0] ?? '';
}
