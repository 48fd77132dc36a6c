/** Finds out who is calling: from the CLI's auth file, or from the org where only a token is known. */
import type { Connection } from '@salesforce/core';
import { readJson } from '../jsonReader.js';
import { isRefusal, malformed } from '../orgErrors.js';
import type { OrgAnswer, OrgCall } from '../orgClient.js';
import type { OrganizationId, UserId } from '../../model/ids.js';

type Call = (call: OrgCall) => Promise<OrgAnswer>;

export type Identity = { readonly orgId: OrganizationId; readonly userId: UserId; readonly username: string };

/** Of a connection. Asks the org only where the auth file does not say, as for a token given as target org. @throws OrgError */
export async function readIdentity(connection: Connection, call: Call): Promise<Identity> {
  const { orgId, userId, username } = connection.getAuthInfoFields();
  if (orgId !== undefined && userId !== undefined && username !== undefined && !isToken(username)) {
    return { orgId, userId, username };
  }
  try {
    return await readUserInfo(call);
  } catch (error) {
    // The token's scope can exclude the OpenID service while it allows the API.
    if (!isRefusal(error)) throw error;
    return readIdentityFromApi(call);
  }
}

/** An access token in the place of a username: it must not get into files or messages. */
function isToken(username: string): boolean {
  return /^00D[A-Za-z0-9]{12,15}!/u.test(username);
}

/** Source: "User Info Endpoint" of Salesforce's OpenID Connect. */
async function readUserInfo(call: Call): Promise<Identity> {
  const info = readJson((await call({ method: 'GET', path: '/services/oauth2/userinfo' })).body, 'userinfo');
  return {
    orgId: info.text('organization_id'),
    userId: info.text('user_id'),
    username: info.text('preferred_username'),
  };
}

/** The list of resources names the identity URL: `https://login.salesforce.com/id/<org Id>/<user Id>`. */
async function readIdentityFromApi(call: Call): Promise<Identity> {
  const url = readJson((await call({ method: 'GET', path: '/' })).body, 'resources').text('identity');
  const [, orgId, userId] = /\/id\/(00D\w+)\/(005\w+)/u.exec(url) ?? [];
  if (orgId === undefined || userId === undefined) throw malformed('resources: "identity" names no user');
  const record = await call({ method: 'GET', path: `/sobjects/User/${userId}?fields=Username` });
  return { orgId, userId, username: readJson(record.body, 'User').text('Username') };
}
