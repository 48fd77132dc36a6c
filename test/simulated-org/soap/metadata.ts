/**
 * `readMetadata` of the Metadata API, for the settings that an org has (Metadata API guide, "readMetadata()",
 * "CommunitiesSettings", "SharingSettings"): SOAP, whose session is in the envelope and not in a header.
 */
import type { OrgResponse } from '../contracts.ts';
import type { Org } from '../org.ts';

/** The caller that the envelope names, and what it asks for. */
type Envelope = { readonly sessionId: string; readonly type: string; readonly fullNames: readonly string[] };

/** @param admit counts the call, once its session is known to be good */
export function readMetadata(org: Org, body: string, admit: (userId: string) => void): OrgResponse {
  const { sessionId, type, fullNames } = readEnvelope(body);
  const userId = org.session.userOf(sessionId);
  if (userId === undefined || org.store.get('User', userId, ['IsActive'])?.['IsActive'] !== true) {
    return fault('INVALID_SESSION_ID', 'Invalid Session ID found in SessionHeader: Illegal Session');
  }
  admit(userId);
  // In these words since API 46 (facts from the release notes of the sf CLI).
  if (!org.hasPermission(userId, 'ModifyAllData') && !org.hasPermission(userId, 'ModifyMetadata')) {
    return fault(
      'INSUFFICIENT_ACCESS',
      'use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions',
    );
  }
  const settings = settingsOf(org);
  const records = fullNames.map((fullName) => {
    const values = settings[type]?.[fullName];
    // What is not there is answered by an empty record.
    if (values === undefined) return '<records xsi:nil="true"/>';
    const fields = Object.entries(values).map(([name, value]) => `<${name}>${String(value)}</${name}>`);
    return `<records xsi:type="${type}"><fullName>${fullName}</fullName>${fields.join('')}</records>`;
  });
  return xml(200, `<readMetadataResponse><result>${records.join('')}</result></readMetadataResponse>`);
}

function settingsOf({ switches }: Org): Record<string, Record<string, Record<string, boolean>>> {
  const { users } = switches;
  const communities = {
    enableNetworksEnabled: switches.digitalExperiences,
    enableOotbProfExtUserOpsEnable: users.allowStandardExternalProfiles,
    enableUsernameUniqForOrgPref: users.uniquePartnerUsernamesInOrg,
  };
  const sharing = {
    deferGroupMembership: switches.deferGroupMembership,
    deferSharingRules: switches.deferSharingRules,
    enableAccountRoleOptimization: users.accountRoleOptimization,
  };
  return { CommunitiesSettings: { Communities: communities }, SharingSettings: { Sharing: sharing } };
}

function readEnvelope(body: string): Envelope {
  const textsOf = (name: string): string[] =>
    [...body.matchAll(new RegExp(`<(?:\\w+:)?${name}>([^<]*)</`, 'gu'))].map((match) => match[1] ?? '');
  return { sessionId: textsOf('sessionId')[0] ?? '', type: textsOf('type')[0] ?? '', fullNames: textsOf('fullNames') };
}

function fault(code: string, message: string): OrgResponse {
  const text = `<faultcode>sf:${code}</faultcode><faultstring>${code}: ${message}</faultstring>`;
  return xml(500, `<soapenv:Fault>${text}</soapenv:Fault>`);
}

function xml(status: number, content: string): OrgResponse {
  const namespaces = [
    'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"',
    'xmlns="http://soap.sforce.com/2006/04/metadata"',
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    'xmlns:sf="http://soap.sforce.com/2006/04/metadata"',
  ].join(' ');
  const body = `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope ${namespaces}><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;
  return { status, body, headers: { 'Content-Type': 'text/xml;charset=UTF-8' } };
}
