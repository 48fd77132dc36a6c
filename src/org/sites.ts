/** Reads which profiles and permission sets are members of which Experience Cloud sites. */
import type { OrgClient } from './orgClient.js';
import { OrgError } from './orgErrors.js';
import { queryRows, type QueryRow } from './query.js';

/** One profile or permission set as a member of one site. */
export type SiteMembership = {
  readonly siteName: string;
  /** `Live`, `UnderConstruction` or `DownForMaintenance`. */
  readonly siteStatus: string;
  readonly sendsWelcomeEmail: boolean;
  /** Id of a Profile (00e) or PermissionSet (0PS). */
  readonly parentId: string;
  /** `Added`, `WaitingForAdd`, `WaitingForRemove` … */
  readonly assignmentStatus: string;
};

const memberFields = ['ParentId', 'AssignmentStatus'];
const siteFields = ['Name', 'Status', 'OptionsSendWelcomeEmail'];

/**
 * Memberships of the sites that the running user can see (Object Reference, NetworkMemberGroup).
 * @returns none in an org without sites
 * @throws OrgError
 */
export async function readSiteMemberships(client: OrgClient): Promise<SiteMembership[]> {
  try {
    return await readTogether(client);
  } catch (error) {
    if (!(error instanceof OrgError) || error.kind !== 'refused') throw error;
    if (error.code === 'INVALID_TYPE') return [];
    if (error.code !== 'INVALID_FIELD') throw error;
  }
  // No describe of NetworkMemberGroup is public: the relation may have another name, the two objects are certain.
  return readApart(client);
}

async function readTogether(client: OrgClient): Promise<SiteMembership[]> {
  const fields = [...memberFields, ...siteFields.map((field) => `Network.${field}`)];
  const rows = await queryRows(client, `SELECT ${fields.join(',')} FROM NetworkMemberGroup`, fields);
  return rows.map((row) => membership(row, row, 'Network.'));
}

async function readApart(client: OrgClient): Promise<SiteMembership[]> {
  const ofSite = ['Id', ...siteFields];
  const ofMember = ['NetworkId', ...memberFields];
  const sites = await queryRows(client, `SELECT ${ofSite.join(',')} FROM Network`, ofSite);
  const byId = new Map(sites.map((site) => [site['Id'], site]));
  const rows = await queryRows(client, `SELECT ${ofMember.join(',')} FROM NetworkMemberGroup`, ofMember);
  return rows.map((row) => membership(row, byId.get(row['NetworkId'] ?? null) ?? {}, ''));
}

function membership(row: QueryRow, site: QueryRow, prefix: '' | 'Network.'): SiteMembership {
  return {
    siteName: site[`${prefix}Name`] ?? '',
    siteStatus: site[`${prefix}Status`] ?? '',
    sendsWelcomeEmail: site[`${prefix}OptionsSendWelcomeEmail`] === 'true',
    parentId: row['ParentId'] ?? '',
    assignmentStatus: row['AssignmentStatus'] ?? '',
  };
}
