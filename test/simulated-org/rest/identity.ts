/** The caller: user info, token refresh and revoke, the map of resources. */
import { URLSearchParams } from 'node:url';
import type { OrgRequest, OrgResponse } from '../contracts.ts';
import type { Org } from '../org.ts';

/** `GET /services/oauth2/userinfo` */
export function userInfo(org: Org, userId: string): OrgResponse {
  const user = org.store.get('User', userId);
  return {
    status: 200,
    body: {
      sub: identityUrl(org, userId),
      user_id: userId,
      organization_id: org.orgId,
      preferred_username: user?.['Username'],
      nickname: user?.['CommunityNickname'],
      name: user?.['Name'],
      email: user?.['Email'],
      email_verified: true,
      given_name: user?.['FirstName'],
      family_name: user?.['LastName'],
      zoneinfo: user?.['TimeZoneSidKey'],
      user_type: String(user?.['UserType'] ?? '').toUpperCase(),
      language: user?.['LanguageLocaleKey'],
      locale: user?.['LocaleSidKey'],
      utcOffset: -28_800_000,
      active: user?.['IsActive'],
      urls: {
        rest: `${org.url}/services/data/v{version}/`,
        query: `${org.url}/services/data/v{version}/query/`,
        sobjects: `${org.url}/services/data/v{version}/sobjects/`,
      },
    },
  };
}

function identityUrl(org: Org, userId: string): string {
  return `https://login.salesforce.com/id/${org.orgId}/${userId}`;
}

/** `POST /services/oauth2/token`: only the refresh of a session; no other grant is offered. */
export function token(org: Org, body: Buffer): OrgResponse {
  const form = new URLSearchParams(body.toString('utf8'));
  if (form.get('grant_type') !== 'refresh_token') {
    return { status: 400, body: { error: 'unsupported_grant_type', error_description: 'grant type not supported' } };
  }
  const result = org.session.refresh(form.get('refresh_token') ?? '');
  if ('error' in result) return { status: 400, body: result };
  const issued = String(org.clock.now());
  return {
    status: 200,
    body: {
      access_token: result.accessToken,
      signature: Buffer.from(issued).toString('base64'),
      scope: 'refresh_token web api',
      instance_url: org.url,
      id: identityUrl(org, result.userId),
      token_type: 'Bearer',
      issued_at: issued,
    },
  };
}

/** `POST /services/oauth2/revoke` */
export function revoke(org: Org, token: string): OrgResponse {
  org.session.expire(token);
  org.session.expireRefresh(token);
  return { status: 200, body: '' };
}

const resources = [
  'tooling',
  'metadata',
  'eclair',
  'folders',
  'jsonxform',
  'chatter',
  'tabs',
  'appMenu',
  'quickActions',
  'queryAll',
  'commerce',
  'wave',
  'iot',
  'search',
  'composite',
  'parameterizedSearch',
  'theme',
  'process',
  'event',
  'recent',
  'limits',
  'jobs',
  'query',
  'sobjects',
  'support',
  'licensing',
  'consent',
  'ui-api',
  'knowledgeManagement',
  'serviceTemplates',
];

/** `GET /services/data/vXX.0` */
export function resourceMap(org: Org, request: OrgRequest): OrgResponse {
  const root = `/services/data/v${request.apiVersion}`;
  const map = Object.fromEntries(resources.map((name) => [name, `${root}/${name}`]));
  return { status: 200, body: { ...map, identity: identityUrl(org, request.runningUserId) } };
}
