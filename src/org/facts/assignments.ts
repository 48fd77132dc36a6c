/** Reads what users hold by records of their own (src/model/access/assignments.ts), and the licenses that it takes. */
import { assignmentRules, endField, type AssignmentType } from '../../model/access/assignments.js';
import { OrgError } from '../../model/orgError.js';
import type { OrgClient } from '../orgClient.js';
import { unlessHidden } from '../orgErrors.js';
import { queryRows, type Query } from '../query.js';
import { optionalNumber, requiredValue } from '../queryRow.js';
import { describeFields } from './describe.js';

/** How the assignments of users are found, by `field`. */
type AssignmentQuery = Query & { readonly field: string };

/**
 * Fields differ by API version: groups since 45, the end of an assignment since 52.
 * @returns undefined for an object that the org does not have, or hides from the running user
 * @throws OrgError. Source: Object Reference, PermissionSetAssignment, PermissionSetLicenseAssign, UserPackageLicense.
 */
export async function assignmentQueryOf(client: OrgClient, type: AssignmentType): Promise<AssignmentQuery | undefined> {
  const { object, user, holds } = assignmentRules[type];
  const known = await unlessHidden(unlessGone(describeFields(client, object)), undefined);
  if (known === undefined) return undefined;
  const fields = [...holds, endField].filter((field) => known.has(field.toLowerCase()));
  return { fields: ['Id', user, ...fields], from: object, field: user };
}

/** The resource of an object that the API version does not have is not found. */
async function unlessGone<Read>(reading: Promise<Read>): Promise<Read | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof OrgError && error.kind === 'gone') return undefined;
    throw error;
  }
}

/** A license that is assigned to users besides their own. */
type AssignableLicense = {
  readonly id: string;
  readonly name: string;
  /** Negative: unlimited. */
  readonly total: number;
  readonly used: number;
};

/** Where they are of each object. A package is known by its namespace. Source: Object Reference, PermissionSetLicense, PackageLicense. */
const licenses = {
  permissionSetLicense: { from: 'PermissionSetLicense', name: 'MasterLabel', total: 'TotalLicenses' },
  packageLicense: { from: 'PackageLicense', name: 'NamespacePrefix', total: 'AllowedLicenses' },
} as const;

type LicenseType = keyof typeof licenses;

/** Reads the licenses of each object when they are first asked for, once. */
export class AssignableLicenses {
  private readonly client: OrgClient;
  private readonly read = new Map<LicenseType, Promise<readonly AssignableLicense[]>>();

  public constructor(client: OrgClient) {
    this.client = client;
  }

  /** None where the org has no such object, or hides it. @throws OrgError */
  public of(type: LicenseType): Promise<readonly AssignableLicense[]> {
    const reading = this.read.get(type) ?? readAssignable(this.client, type);
    this.read.set(type, reading);
    return reading;
  }
}

async function readAssignable(client: OrgClient, type: LicenseType): Promise<AssignableLicense[]> {
  const { from, name, total } = licenses[type];
  const rows = await unlessHidden(queryRows(client, { fields: ['Id', name, total, 'UsedLicenses'], from }), []);
  return rows.map((row) => ({
    id: requiredValue(row, 'Id'),
    name: row[name] ?? requiredValue(row, 'Id'),
    total: optionalNumber(row, total) ?? 0,
    used: optionalNumber(row, 'UsedLicenses') ?? 0,
  }));
}
