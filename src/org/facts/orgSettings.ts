/** Reads the settings of an org that only the Metadata API tells. */
import type { OrgSettings } from '../../model/orgFacts.js';
import type { OrgClient } from '../orgClient.js';
import { sideBySide } from '../sideBySide.js';
import { OrgError } from '../../model/orgError.js';

/** The Metadata API refuses everybody else (Metadata API guide, "Permissions"). */
const permissionsForMetadata = ['ModifyAllData', 'ModifyMetadata'];

/**
 * By two calls; by none for a user whom the Metadata API refuses.
 * @param permissions of the running user, without the prefix `Permissions`
 * @returns what can't be read is undefined: nothing depends on it but warnings
 * Source: Metadata API guide, "CommunitiesSettings" (48.0 and later), "SharingSettings" (49.0 and later).
 */
export async function readOrgSettings(client: OrgClient, permissions: ReadonlySet<string>): Promise<OrgSettings> {
  if (!permissionsForMetadata.some((name) => permissions.has(name))) return {};
  const [communities, sharing] = await sideBySide([
    readSettings(client, 'CommunitiesSettings', 'Communities'),
    readSettings(client, 'SharingSettings', 'Sharing'),
  ]);
  return {
    standardProfilesOpen: communities('enableOotbProfExtUserOpsEnable'),
    partnerUsernamesUniquePerOrg: communities('enableUsernameUniqForOrgPref'),
    accountRoleOptimization: sharing('enableAccountRoleOptimization'),
    groupMembershipDeferred: sharing('deferGroupMembership'),
    sharingRulesDeferred: sharing('deferSharingRules'),
  };
}

/** @returns the value of a setting by its name; undefined for each where the org doesn't answer */
async function readSettings(
  client: OrgClient,
  type: string,
  fullName: string,
): Promise<(name: string) => boolean | undefined> {
  const answer = await client
    .call({
      method: 'POST',
      path: `/services/Soap/m/${client.apiVersion}`,
      soap: { action: 'readMetadata', envelope: (token) => envelope(token, type, fullName) },
      accept: 'text/xml',
      timeout: 30_000,
    })
    .catch((error: unknown) => {
      if (error instanceof OrgError) return undefined;
      throw error;
    });
  // The settings are flat: each is one element with a text.
  return (name) => {
    const value = answer && new RegExp(`<${name}>(true|false)</${name}>`, 'u').exec(answer.body)?.[1];
    return value === undefined ? undefined : value === 'true';
  };
}

/** SOAP takes the session in its envelope. */
function envelope(token: string, type: string, fullName: string): string {
  const session = `<m:SessionHeader><m:sessionId>${token}</m:sessionId></m:SessionHeader>`;
  const read = `<m:readMetadata><m:type>${type}</m:type><m:fullNames>${fullName}</m:fullNames></m:readMetadata>`;
  const namespaces =
    'xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://soap.sforce.com/2006/04/metadata"';
  return `<e:Envelope ${namespaces}><e:Header>${session}</e:Header><e:Body>${read}</e:Body></e:Envelope>`;
}
