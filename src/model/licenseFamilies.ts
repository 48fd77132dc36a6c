/** Which user types are external and whether they have a role (Object Reference, Profile.UserType). */
import type { LicenseFamily } from './steps.js';

type ExternalType = { readonly family: LicenseFamily; readonly portalType: 'CustomerPortal' | 'Partner' };

/** By `UserType`. */
export const externalUserTypes: Readonly<Record<string, ExternalType>> = {
  CspLitePortal: { family: 'highVolume', portalType: 'CustomerPortal' },
  PowerCustomerSuccess: { family: 'roleBased', portalType: 'CustomerPortal' },
  CustomerSuccess: { family: 'roleBased', portalType: 'CustomerPortal' },
  PowerPartner: { family: 'roleBased', portalType: 'Partner' },
};

/** The family of a `UserType`; undefined for internal and system users. License names prove nothing (KB 000206085). */
export function externalType(userType: string | null): ExternalType | undefined {
  return userType !== null && Object.hasOwn(externalUserTypes, userType) ? externalUserTypes[userType] : undefined;
}
