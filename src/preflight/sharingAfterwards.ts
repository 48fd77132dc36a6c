/** After a large run: whether sharing calculation, which somebody has deferred for it, is calculated again. */
import type { DatabaseSync } from 'node:sqlite';
import { readOrgSettings } from '../org/facts/orgSettings.js';
import type { OrgClient } from '../org/orgClient.js';
import { countMadeWithRoles } from '../store/queries/roleRows.js';
import { isSharingDeferred, manyRoles } from './settingChecks.js';

/**
 * Asks the org once more, after a run that has made many users with roles.
 * @param permissions of the running user
 * @returns how many users wait for it; undefined where sharing is calculated, or the org doesn't tell
 * Source: Metadata API guide, "SharingSettings".
 */
export async function usersWithoutSharing(
  db: DatabaseSync,
  client: OrgClient,
  permissions: ReadonlySet<string>,
): Promise<number | undefined> {
  const { made, planned } = countMadeWithRoles(db);
  // Somebody has deferred it for the load, however many of its rows failed.
  if (made === 0 || planned < manyRoles) return undefined;
  return isSharingDeferred(await readOrgSettings(client, permissions)) ? made : undefined;
}
