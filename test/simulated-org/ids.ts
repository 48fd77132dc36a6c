/** Salesforce Ids: key prefixes, the three-character checksum, and new Ids in ascending order. */

export const keyPrefixes = {
  Account: '001',
  Contact: '003',
  User: '005',
  Organization: '00D',
  UserRole: '00E',
  Profile: '00e',
  Group: '00G',
  GroupMember: '011',
  PermissionSet: '0PS',
  PermissionSetAssignment: '0Pa',
  PermissionSetGroup: '0PG',
  PermissionSetGroupComponent: '0PF',
  PermissionSetLicense: '0PL',
  PermissionSetLicenseAssign: '2LA',
  PackageLicense: '050',
  UserPackageLicense: '051',
  UserLogin: '0Yw',
  UserPermissionAccess: '0up',
  UserLicense: '100',
  Network: '0DB',
  NetworkMember: '0DO',
  NetworkMemberGroup: '0DL',
  RecordType: '012',
  EmailTemplate: '00X',
  EmailDomainKey: '0EK',
  ObjectPermissions: '110',
} as const satisfies Record<string, string>;

/** Not records, but made by the same rule. */
export const otherPrefixes = { job: '750', batch: '751', queryCursor: '01g' } as const;

const checksumAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
/** The order in which Salesforce counts the serial part up. */
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const idPattern = /^[0-9A-Za-z]{15}(?:[A-Za-z0-5]{3})?$/;
/** Characters 4 to 6 name the instance: the same in every Id of an org. */
const instance = '5x0';

export function idSuffix(id15: string): string {
  return checksumAt(id15, 0) + checksumAt(id15, 5) + checksumAt(id15, 10);
}

/** One character for five: which of them are capitals. A million Ids are made and checked in a run, so without arrays. */
function checksumAt(id15: string, start: number): string {
  let capitals = 0;
  for (let index = 0; index < 5; index += 1) {
    const code = id15.charCodeAt(start + index);
    if (code >= 65 && code <= 90) capitals |= 1 << index;
  }
  return checksumAlphabet.charAt(capitals);
}

/** The 18-character form, or undefined when the text is no Id or its checksum is wrong. */
export function toId18(text: string): string | undefined {
  if (!idPattern.test(text)) return undefined;
  const id15 = text.slice(0, 15);
  const id18 = id15 + idSuffix(id15);
  // Salesforce restores the case of an 18-character Id from its checksum; a wrong checksum is refused.
  return text.length === 15 || text === id18 ? id18 : undefined;
}

/** The Id with this prefix and running number, 18 characters. */
export function makeId(prefix: string, serial: number): string {
  const id15 = prefix + instance + base62(serial).padStart(9, '0');
  return id15 + idSuffix(id15);
}

/** The running number in an Id that `makeId` made. */
export function serialOf(id: string): number {
  return [...id.slice(6, 15)].reduce((serial, digit) => serial * 62 + digits.indexOf(digit), 0);
}

function base62(value: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = digits.charAt(rest % 62) + text;
  return text;
}
