/** Where the selected contacts come from: a condition or a file. Both give pages of the same shape. */
import { isSalesforceId, type ProfileId } from '../model/ids.js';
import { requiredValue } from '../org/queryRow.js';
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import type { QueryRow } from '../org/query.js';
import type { NamedPermissionSet, Profile } from '../model/orgFacts.js';
import { cellText } from './cellText.js';
import type { InputColumns } from './inputColumns.js';
import { findPermissionSet, findProfile, splitNames, type NameFault } from '../preflight/names.js';
import { refuse, type Refusal, type UserValues, type WantedPermissionSet } from '../model/reasons.js';
import type { InputFile, InputRow } from './inputFile.js';
import { findByKey, type Key, type KeyedRow } from './keyedRows.js';
import type { PlannedSubject } from '../store/subjects.js';
import { rowsWhere } from './condition.js';

/** One selected contact, or a row of the file that gives none. */
export type SelectedContact = {
  readonly key: string;
  /** In the file; undefined for a condition. */
  readonly line: number | undefined;
  /** The cells of the file that name the contact or say what the user is to be, as given, by the name of their column. */
  readonly cells: UserValues;
  readonly overrides: UserValues;
  readonly permissionSets: readonly WantedPermissionSet[] | undefined;
  readonly contact: QueryRow | undefined;
  /** Why there is no contact. */
  readonly refusal: Refusal | undefined;
  /** Names in the row that name nothing. */
  readonly faults: readonly Refusal[];
};

/** What a plan keeps of a contact, whatever is decided about it. */
export function knownOfContact(
  contact: QueryRow | undefined,
): Pick<PlannedSubject, 'contactId' | 'accountId' | 'name' | 'accountName'> {
  return {
    contactId: contact?.['Id'] ?? undefined,
    accountId: contact?.['AccountId'] ?? undefined,
    // A row that names nobody is known by its key.
    name: [contact?.['FirstName'], contact?.['LastName']].filter(Boolean).join(' ') || undefined,
    accountName: contact?.['Account.Name'] ?? undefined,
  };
}

const nothingGiven = {
  line: undefined,
  cells: {},
  overrides: {},
  permissionSets: undefined,
  refusal: undefined,
  faults: [],
};

/** What the cells of the columns Profile and PermissionSets may name. */
type KnownNames = {
  readonly profiles: readonly Profile[];
  readonly permissionSets: readonly NamedPermissionSet[];
};

/**
 * The contacts that meet a condition, which is sent as written.
 * @param onLarge called as soon as it is known that they are more than IN lists are good for
 * @throws RunFault conditionRejected, OrgError
 */
export async function* contactsWhere(
  client: OrgClient,
  fields: readonly string[],
  where: string,
  onLarge: () => void,
): AsyncGenerator<SelectedContact[]> {
  for await (const page of rowsWhere(client, fields, { flag: '--where', from: 'Contact', where }, { onLarge })) {
    yield page.map((contact) => ({ ...nothingGiven, key: requiredValue(contact, 'Id'), contact }));
  }
}

/** The contacts that the rows of a file name. Rows keep their order. @param db where copies may lie */
export async function* contactsOfFile(
  client: OrgClient,
  db: DatabaseSync,
  fields: readonly string[],
  { input, columns, names }: { input: InputFile; columns: InputColumns; names: KnownNames },
): AsyncGenerator<SelectedContact[]> {
  for await (const rows of findByKey(client, db, input, { from: 'Contact', fields, keys: columns.keys })) {
    yield rows.map((row) => selectRow(row, columns, names));
  }
}

function selectRow(keyed: KeyedRow, columns: InputColumns, names: KnownNames): SelectedContact {
  const { row, key, record: contact, refusal } = keyed;
  const cells = Object.fromEntries(givenIn(columns).map(({ name, index }) => [name, cellAt(row, index)]));
  const selected = { ...nothingGiven, key: key.value, line: row.line, cells, contact, refusal };
  return contact === undefined ? selected : { ...selected, ...overridesOf(row, key, columns, names) };
}

/** The columns of a file that are given back with the rows that are refused or fail. */
export function givenColumns(columns: InputColumns): string[] {
  return givenIn(columns).map(({ name }) => name);
}

/**
 * Keys, too: a row may be known by any of them. The one that stands first in the file is first here: refused.csv begins with it.
 * Where one is a field of User as well, it has one name.
 */
function givenIn({ keys, overrides, profile, permissionSets }: InputColumns): Array<{ name: string; index: number }> {
  const given = [
    ...keys.map(({ header: name, index }) => ({ name, index })).sort((a, b) => a.index - b.index),
    ...overrides.map(({ field: name, index }) => ({ name, index })),
    ...(profile === undefined ? [] : [{ name: 'Profile', index: profile }]),
    ...(permissionSets === undefined ? [] : [{ name: 'PermissionSets', index: permissionSets }]),
  ];
  return given.filter(({ index }, at) => given.findIndex((other) => other.index === index) === at);
}

/** '' for a column that the file does not have. */
function cellAt({ cells }: InputRow, index: number | undefined): string {
  return index === undefined ? '' : (cells[index] ?? '');
}

/** An empty cell counts as absent; white space around a value is trimmed, as Salesforce does. */
function overridesOf(
  row: InputRow,
  key: Key,
  columns: InputColumns,
  names: KnownNames,
): Pick<SelectedContact, 'overrides' | 'permissionSets' | 'faults'> {
  const overrides: Record<string, string> = {};
  for (const { index, field } of columns.overrides) {
    const value = cellText(cellAt(row, index));
    // A key finds the contact whatever its case; what the contact holds is what counts then.
    const isKey = columns.keys.some((column) => column.index === index && column.field === key.field);
    if (value !== '' && !isKey) overrides[field] = value;
  }
  const permissionSets: WantedPermissionSet[] = [];
  const faults: Refusal[] = [];
  for (const name of splitNames(cellAt(row, columns.permissionSets))) {
    const set = findPermissionSet(name, names.permissionSets);
    if ('fault' in set) faults.push(refusePermissionSet(set));
    else permissionSets.push(set);
  }
  const named = profileNameOf(row, columns, overrides['ProfileId']);
  const profile = named === undefined ? undefined : findProfile(named, names.profiles);
  if (profile !== undefined) {
    delete overrides['ProfileId'];
    if ('fault' in profile) faults.push(refuseProfile(profile));
    else overrides['ProfileId'] = profile.id;
  }
  return { overrides, permissionSets: permissionSets.length > 0 ? permissionSets : undefined, faults };
}

/** The column Profile, or a name in the column ProfileId, where people put it too. */
function profileNameOf(row: InputRow, columns: InputColumns, profileId: ProfileId | undefined): string | undefined {
  const named = cellText(cellAt(row, columns.profile));
  if (named !== '') return named;
  return profileId === undefined || isSalesforceId(profileId) ? undefined : profileId;
}

function refusePermissionSet({ fault, name: permissionSet, near: names }: NameFault): Refusal {
  const near = names.join(', ');
  if (fault === 'ambiguous') return refuse('BAD_VALUE.permissionSetAmbiguous', { permissionSet, ids: near });
  return near === ''
    ? refuse('BAD_VALUE.permissionSetName', { permissionSet })
    : refuse('BAD_VALUE.permissionSetNameNear', { permissionSet, near });
}

function refuseProfile({ fault, name: profile, near: names }: NameFault): Refusal {
  const near = names.join(', ');
  if (fault === 'ambiguous') return refuse('BAD_VALUE.profileAmbiguous', { profile, ids: near });
  return near === ''
    ? refuse('BAD_VALUE.profileName', { profile })
    : refuse('BAD_VALUE.profileNameNear', { profile, near });
}
