/**
 * What a profile makes of its users: license, user type, family (docs/salesforce-facts.md#licenses-and-user-types).
 * Never judged by a license's name.
 */
import type { FieldValue, StoredRecord } from '../../contracts.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';

export type Family = 'internal' | 'highVolume' | 'customer' | 'partner';

export type ProfileFacts = {
  readonly id: string;
  readonly name: string;
  readonly userType: string;
  readonly family: Family;
  readonly license: StoredRecord;
  readonly modifiesAllData: boolean;
};

const families: Readonly<Record<string, Family>> = {
  CspLitePortal: 'highVolume',
  CustomerSuccess: 'customer',
  PowerCustomerSuccess: 'customer',
  PowerPartner: 'partner',
};

export function familyOf(userType: FieldValue | undefined): Family {
  return families[String(userType)] ?? 'internal';
}

export function profileFacts(chunk: Chunk, profileId: FieldValue | undefined): ProfileFacts {
  const key = String(profileId);
  const facts = chunk.kept.profiles.get(key) ?? readProfile(chunk, key);
  chunk.kept.profiles.set(key, facts);
  return facts;
}

const profileFields = ['Name', 'UserType', 'UserLicenseId', 'PermissionsModifyAllData'] as const;

function readProfile(chunk: Chunk, profileId: string): ProfileFacts {
  const record = chunk.org.store.get('Profile', profileId, profileFields);
  const license =
    record === undefined ? undefined : chunk.org.store.get('UserLicense', String(record['UserLicenseId']));
  if (record === undefined || license === undefined)
    return refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  const userType = String(record['UserType']);
  const modifiesAllData = record['PermissionsModifyAllData'] === true;
  return {
    id: record.Id,
    name: String(record['Name']),
    userType,
    family: familyOf(userType),
    license,
    modifiesAllData,
  };
}

/** `UserRole.PortalType` of a family's roles; high-volume users have none (docs/salesforce-facts.md#portal-roles). */
export function portalTypeOf(family: Family): 'CustomerPortal' | 'Partner' | undefined {
  if (family === 'customer') return 'CustomerPortal';
  return family === 'partner' ? 'Partner' : undefined;
}
