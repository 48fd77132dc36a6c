/** Reads the org's profiles with their user licenses. */
import type { Profile } from '../../model/orgFacts.js';
import type { OrgClient } from '../orgClient.js';
import { queryRows } from '../query.js';
import { requiredId, requiredText } from './rowReader.js';

const fields = ['Id', 'Name', 'UserType', 'UserLicenseId', 'UserLicense.Name'];

/** All profiles, by one query. @throws OrgError. Source: object reference "Profile". */
export async function readProfiles(client: OrgClient): Promise<Profile[]> {
  const rows = await queryRows(client, `SELECT ${fields.join(',')} FROM Profile`, fields);
  return rows.map((row) => ({
    id: requiredId(row, 'Id'),
    name: requiredText(row, 'Name'),
    userType: row['UserType'] ?? null,
    userLicenseId: requiredId(row, 'UserLicenseId'),
    // The name is for the words only.
    userLicenseName: row['UserLicense.Name'] ?? requiredId(row, 'UserLicenseId'),
  }));
}
