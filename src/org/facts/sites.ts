/** Reads which profiles and permission sets are members of which Experience Cloud sites. */
import type { SiteMember } from '../../model/orgFacts.js';
import type { OrgClient } from '../orgClient.js';
import { isRefusal, unlessHidden } from '../orgErrors.js';
import { allRows, queryIn, queryRows, type QueryRow } from '../query.js';
import { requiredValue } from '../queryRow.js';

const memberFields = ['ParentId', 'AssignmentStatus'];
const networkFields = ['Name', 'Status', 'OptionsSendWelcomeEmail'];

/**
 * Memberships of the sites that the running user can see (Object Reference, NetworkMemberGroup); none without sites.
 * @param withGroups also those that groups of permission sets have by their sets: one more call @throws OrgError
 */
export async function readSiteMemberships(client: OrgClient, withGroups: boolean): Promise<SiteMember[]> {
  const members = await readMembers(client);
  return withGroups ? [...members, ...(await membersByGroup(client, members))] : members;
}

async function readMembers(client: OrgClient): Promise<SiteMember[]> {
  try {
    return await readTogether(client);
  } catch (error) {
    if (isRefusal(error) && error.code === 'INVALID_TYPE') return [];
    // No describe of NetworkMemberGroup is public: the relation may have another name, the two objects are certain.
    if (isRefusal(error) && error.code === 'INVALID_FIELD') return readApart(client);
    throw error;
  }
}

/** A user with a group of permission sets has its sets, and with them their sites. */
async function membersByGroup(client: OrgClient, members: readonly SiteMember[]): Promise<SiteMember[]> {
  const query = {
    fields: ['PermissionSetGroupId', 'PermissionSetId'],
    from: 'PermissionSetGroupComponent',
    field: 'PermissionSetId',
    values: members.map(({ parentId }) => parentId).filter((parentId) => parentId.startsWith('0PS')),
  };
  const components = await unlessHidden(allRows(queryIn(client, query)), []);
  return components.flatMap((row) =>
    members
      .filter(({ parentId }) => parentId === row['PermissionSetId'])
      .map((member) => ({ ...member, parentId: requiredValue(row, 'PermissionSetGroupId') })),
  );
}

async function readTogether(client: OrgClient): Promise<SiteMember[]> {
  const fields = [...memberFields, ...networkFields.map((field) => `Network.${field}`)];
  const rows = await queryRows(client, { fields, from: 'NetworkMemberGroup' });
  return rows.flatMap((row) => membership(row, row, 'Network.'));
}

async function readApart(client: OrgClient): Promise<SiteMember[]> {
  const sites = await queryRows(client, { fields: ['Id', ...networkFields], from: 'Network' });
  const byId = new Map(sites.map((site) => [site['Id'], site]));
  const rows = await queryRows(client, { fields: ['NetworkId', ...memberFields], from: 'NetworkMemberGroup' });
  return rows.flatMap((row) => membership(row, byId.get(row['NetworkId'] ?? null) ?? {}, ''));
}

/** None of a site that can't be seen. */
function membership(row: QueryRow, site: QueryRow, prefix: '' | 'Network.'): SiteMember[] {
  const siteName = site[`${prefix}Name`] ?? undefined;
  if (siteName === undefined) return [];
  const siteStatus = site[`${prefix}Status`] ?? undefined;
  const sendsWelcomeEmail = site[`${prefix}OptionsSendWelcomeEmail`] === 'true';
  const assignmentStatus = row['AssignmentStatus'] ?? undefined;
  return [{ siteName, siteStatus, sendsWelcomeEmail, parentId: requiredValue(row, 'ParentId'), assignmentStatus }];
}
