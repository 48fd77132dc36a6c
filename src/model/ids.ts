/** Record Ids: 15 case-sensitive characters, or 18 with a checksum of their case (docs/salesforce-facts.md#objects). */

declare const object: unique symbol;

/**
 * An Id of a record of that object. A text can become one as it is, so that nothing has to be cast where Ids come in (what an org
 * answers is checked in src/org/queryRow.ts); but an Id of one object never becomes that of another.
 */
export type RecordId<SObject extends string> = string & { readonly [object]?: SObject };

export type AccountId = RecordId<'Account'>;
export type ContactId = RecordId<'Contact'>;
/** Of a Bulk API 2.0 ingest job. */
export type JobId = RecordId<'IngestJob'>;
export type OrganizationId = RecordId<'Organization'>;
/** Of a permission set, or of a group of them. */
export type PermissionSetId = RecordId<'PermissionSet'>;
export type ProfileId = RecordId<'Profile'>;
export type UserId = RecordId<'User'>;
export type UserLicenseId = RecordId<'UserLicense'>;
export type UserLoginId = RecordId<'UserLogin'>;
export type UserRoleId = RecordId<'UserRole'>;

declare const key: unique symbol;

/** The 15 case-sensitive characters by which records are told apart, whichever length an Id came in. */
export type IdKey<SObject extends string = string> = RecordId<SObject> & { readonly [key]: true };

export function idKey<SObject extends string>(id: RecordId<SObject>): IdKey<SObject>;
export function idKey<SObject extends string>(id: RecordId<SObject> | undefined): IdKey<SObject> | undefined;
export function idKey(id: string | undefined): string | undefined {
  return id?.slice(0, 15);
}

/** Whether two Ids, of 15 or 18 characters, are of one record. What is absent is no record. */
export function sameId<SObject extends string>(
  a: RecordId<SObject> | undefined,
  b: NoInfer<RecordId<SObject>> | undefined,
): boolean {
  return a !== undefined && a !== '' && idKey(a) === idKey(b);
}

const checksumLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Whether a text can be an Id. One of 18 characters whose case was changed, as spreadsheets do, can't. */
export function isSalesforceId(value: string): boolean {
  if (!/^[A-Za-z0-9]{15}([A-Z0-5]{3})?$/.test(value)) return false;
  return value.length === 15 || value.slice(15) === checksumOf(value.slice(0, 15));
}

/**
 * An Id of 18 characters that went through a program that knows one case only is told by its checksum: the 18 characters are
 * the same record in any case (Salesforce Help, 000387915). Every other text is given back as it is.
 */
export function restoreCase(value: string): string {
  if (!/^([a-z0-9]{18}|[A-Z0-9]{18})$/.test(value)) return value;
  const checksum = value.slice(15).toUpperCase();
  const isCapital = (index: number): boolean =>
    ((checksumLetters.indexOf(checksum.charAt(Math.floor(index / 5))) >> (index % 5)) & 1) === 1;
  const characters = [...value.slice(0, 15)].map((character, index) =>
    isCapital(index) ? character.toUpperCase() : character.toLowerCase(),
  );
  const restored = characters.join('') + checksum;
  return isSalesforceId(restored) ? restored : value;
}

/** For each block of five characters, bit i is set where character i is a capital. */
function checksumOf(id: string): string {
  let checksum = '';
  for (let block = 0; block < 15; block += 5) {
    let bits = 0;
    for (let index = 0; index < 5; index++) if (isCapitalLetter(id.charCodeAt(block + index))) bits |= 1 << index;
    checksum += checksumLetters.charAt(bits);
  }
  return checksum;
}

function isCapitalLetter(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}
