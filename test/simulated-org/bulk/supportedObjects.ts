/**
 * Objects that Bulk API 2.0 takes, by kind of job; four of them by switch, because nobody has proven it
 * (docs/unproven.md#on-the-wire).
 */
import { ApiError } from '../contracts.ts';
import type { Org } from '../org.ts';
import type { ObjectDefinition } from '../schema/types.ts';

/** Set-up objects without bulk access. */
const neverInBulk = new Set(['UserPermissionAccess', 'NetworkMemberGroup', 'Network', 'Organization']);

export function checkBulkSupports(org: Org, name: string, kind: 'ingest' | 'query'): ObjectDefinition {
  const object = org.schema.object(name);
  if (object === undefined || neverInBulk.has(object.name) || (kind === 'ingest' && isSwitchedOff(org, object.name))) {
    throw new ApiError(400, 'INVALIDENTITY', `Entity '${name}' is not supported by the Bulk API.`);
  }
  return object;
}

function isSwitchedOff(org: Org, name: string): boolean {
  const { bulk } = org.switches;
  const taken: Readonly<Record<string, boolean>> = {
    UserLogin: bulk.userLogin,
    PermissionSetAssignment: bulk.permissionSetAssignment,
    PermissionSetLicenseAssign: bulk.permissionSetLicenseAssign,
    UserPackageLicense: bulk.userPackageLicense,
  };
  return taken[name] === false;
}
