/** What each column of an input file means: a key, a User field for that row, or something only people read. */
import { distance } from 'fastest-levenshtein';
import { RunFault } from '../model/faults.js';
import type { FieldRules, KeyField } from '../model/orgFacts.js';
import { nearestNames } from '../preflight/names.js';
import { columnKey, isReadingColumn, isSameColumn } from '../files/userColumns.js';

export type KeyColumn = {
  readonly index: number;
  readonly header: string;
  readonly field: string;
  /** An external id may be a number. */
  readonly isNumeric: boolean;
  readonly isCaseSensitive: boolean;
};

export type InputColumns = {
  /** In the order in which they are tried for a row: the first whose cell is not empty is its key. */
  readonly keys: readonly [KeyColumn, ...KeyColumn[]];
  /** User fields, as Salesforce spells them. */
  readonly overrides: ReadonlyArray<{ readonly index: number; readonly field: string }>;
  /** The column with profile names, if there is one. */
  readonly profile: number | undefined;
  /** The column with names of permission sets, joined by semicolons, if there is one. */
  readonly permissionSets: number | undefined;
  /** What means nothing, and is ignored as asked for. */
  readonly ignored: readonly string[];
};

/**
 * Sorts the columns of a header out (docs/create-from-a-csv.md). Names are those of the API, or labels, as reports have them.
 * @param contactFields key: field name in lower case
 * @param ignoresUnknown from --ignore-unknown-columns
 * @throws RunFault noKeyColumn, unknownColumn, unknownColumns, columnNotCreateable
 */
export function readInputColumns(
  header: readonly string[],
  contactFields: ReadonlyMap<string, KeyField>,
  userFields: FieldRules,
  ignoresUnknown: boolean,
): InputColumns {
  const names = header.map((column) => {
    const name = fieldNamed(column, contactFields, userFields);
    const ofPerson = fieldOfPerson(name, userFields);
    // Beside the field itself, nobody knows which of the two counts.
    return ofPerson === undefined || header.some((other) => columnKey(other) === ofPerson) ? name : ofPerson;
  });
  const [first, ...others] = findKeyColumns(header, names, contactFields);
  if (first === undefined) {
    const names = keyNames(contactFields);
    const facts = { header: header.join(', '), known: names.join(', ') };
    const near = misspelledKeys(header, names);
    throw near === '' ? new RunFault('noKeyColumn', facts) : new RunFault('noKeyColumn.near', { ...facts, near });
  }
  const keyIndexes = new Set([first, ...others].map((key) => key.index));
  const overrides: Array<{ index: number; field: string }> = [];
  const unknown: string[] = [];
  let profile: number | undefined;
  let permissionSets: number | undefined;
  for (const [index, column] of header.entries()) {
    const name = names[index] ?? '';
    if (name === 'profile') profile = index;
    if (name === 'permissionsets') permissionSets = index;
    if (ownColumns.has(name) || isReadingColumn(column)) continue;
    const rule = userFields.get(name);
    if (rule?.createable === true) overrides.push({ index, field: rule.name });
    else if (!keyIndexes.has(index)) unknown.push(column);
  }
  if (unknown.length > 0 && !ignoresUnknown) throw unknownColumns(unknown, userFields);
  return { keys: [first, ...others], overrides, profile, permissionSets, ignored: unknown };
}

/** In lower case: the API name that is meant, by itself or by the label of one field alone. */
function fieldNamed(column: string, contactFields: ReadonlyMap<string, KeyField>, userFields: FieldRules): string {
  const name = columnKey(column);
  const isKnown = ownColumns.has(name) || userFields.has(name) || isUniqueKey(contactFields.get(name));
  if (isKnown || isReadingColumn(column)) return name;
  const wanted = column.toLowerCase();
  const [user, ...otherUser] = [...userFields.values()].filter(
    ({ label, createable }) => createable && label.toLowerCase() === wanted,
  );
  if (user !== undefined && otherUser.length === 0) return user.name.toLowerCase();
  const [key, ...otherKeys] = [...contactFields.values()].filter(
    (field) => isUniqueKey(field) && field.label.toLowerCase() === wanted,
  );
  return key !== undefined && otherKeys.length === 0 ? key.name.toLowerCase() : name;
}

/** A person account has the fields of its contact by names of its own, `PersonEmail` (Object Reference, Account). */
function fieldOfPerson(name: string, userFields: FieldRules): string | undefined {
  const [, field = ''] = /^person(.+)$/.exec(name) ?? [];
  return ownColumns.has(name) || userFields.get(field)?.createable !== true ? undefined : field;
}

/** Columns that are no User fields of the row, in lower case. */
const ownColumns = new Set(['profile', 'permissionsets', 'contactid', 'personcontactid', 'id']);

/**
 * The first of: ContactId (PersonContactId of a person account), Id, an external-id or unique field of Contact, Email.
 * @param names in lower case
 */
function findKeyColumns(
  header: readonly string[],
  names: readonly string[],
  contactFields: ReadonlyMap<string, KeyField>,
): KeyColumn[] {
  const rank = (name: string): number => {
    if (name === 'contactid' || name === 'personcontactid') return 0;
    if (name === 'id') return 1;
    if (isUniqueKey(contactFields.get(name))) return 2;
    return name === 'email' ? 3 : Number.NaN;
  };
  return header
    .map((column, index) => ({ index, header: column, name: names[index] ?? '', rank: rank(names[index] ?? '') }))
    .filter((column) => !Number.isNaN(column.rank))
    .sort((a, b) => a.rank - b.rank)
    .map(({ index, header: column, name, rank: order }) => {
      const field = order <= 1 ? undefined : contactFields.get(name);
      const isNumeric = field !== undefined && numericTypes.has(field.type);
      const isCaseSensitive = field?.caseSensitive === true;
      const keyField = order <= 1 ? 'Id' : (field?.name ?? column);
      return { index, header: column, field: keyField, isNumeric, isCaseSensitive };
    });
}

const numericTypes: ReadonlySet<string> = new Set(['double', 'int', 'currency', 'percent']);

function isUniqueKey(field: KeyField | undefined): boolean {
  return field !== undefined && field.type !== 'id' && (field.externalId || field.unique);
}

function keyNames(contactFields: ReadonlyMap<string, KeyField>): string[] {
  const unique = [...contactFields.values()].filter(isUniqueKey).map((field) => field.name);
  return ['ContactId', 'Id', ...unique, 'Email'];
}

/**
 * What columns of the header may have been meant for. A key says who a row is about, so only a slip counts: AccountId is no
 * misspelled ContactId.
 */
function misspelledKeys(header: readonly string[], keys: readonly string[]): string {
  const near = header.flatMap((column) => {
    const key = columnKey(column);
    return key.length < 5 ? [] : keys.filter((name) => distance(key, name.toLowerCase()) <= 2);
  });
  return [...new Set(near)].join('", "');
}

/** All columns that mean nothing, at once. */
function unknownColumns(columns: readonly string[], userFields: FieldRules): RunFault {
  const createable = [...userFields.values()].filter((each) => each.createable).map((each) => each.name);
  const [column = '', ...others] = columns;
  if (others.length > 0) {
    const all = columns.join('", "');
    const nearest = new Set(columns.flatMap((each) => nearestNames(each, createable).slice(0, 1)));
    return nearest.size === 0
      ? new RunFault('unknownColumns', { columns: all })
      : new RunFault('unknownColumns.near', { columns: all, near: [...nearest].join('", "') });
  }
  const rule = userFields.get(columnKey(column));
  if (rule !== undefined) return new RunFault('columnNotCreateable', { column: rule.name });
  const near = nearestNames(column, createable).join('", "');
  return near === '' ? new RunFault('unknownColumn', { column }) : new RunFault('unknownColumn.near', { column, near });
}

/** Which column says which user is meant, in the order in which they count. The files that we write ourselves have a UserId. */
export const userKeyColumns = ['UserId', 'Id', 'Username', 'FederationIdentifier', 'ContactId', 'Email'] as const;

export type UserKeys = {
  /** In the order in which they are tried for a row: the first whose cell is not empty is its key. */
  readonly keys: readonly [KeyColumn, ...KeyColumn[]];
  /** What stands in these columns of a row belongs to nobody but the user whom its key names. */
  readonly beside: readonly KeyColumn[];
};

/**
 * The key columns of a file of users. No other column stands in where a cell is empty: an address may belong to somebody else
 * (docs/someone-left.md).
 *
 * refused.csv and unchanged.csv of `disable`, `enable` and `invite` have two keys, in whichever order somebody has put them: as it
 * was given, and the UserId that it found, or that a person has filled in. A column Id may have been added. Where only one of them
 * was corrected, the row names two users, and nobody knows which one is meant.
 * @throws RunFault noKeyColumn
 */
export function findUserKeys(header: readonly string[]): UserKeys {
  const keys = userKeyColumns.flatMap((name) => userKeyAt(header, indexOf(header, name)) ?? []);
  const [best, ...others] = keys;
  if (best === undefined) {
    const facts = { header: header.join(', '), known: userKeyColumns.join(', ') };
    const near = misspelledKeys(header, userKeyColumns);
    throw near === ''
      ? new RunFault('noKeyColumn.users', facts)
      : new RunFault('noKeyColumn.usersNear', { ...facts, near });
  }
  // Somebody may have renamed UserId to Id.
  if (best.field !== 'Id' || indexOf(header, 'Reason') < 0) return { keys: [best], beside: [] };
  // Of `create`, whose Email is the contact's: it may be that of other users.
  if (isSameColumn(header[best.index - 1] ?? '', 'AccountName'))
    return { keys: [best], beside: others.filter(({ field }) => field === 'ContactId' || field === 'Username') };
  const given = keyAsGiven(best, others);
  if (given === undefined) return { keys: [best], beside: [] };
  const [first, ...rest] = [...others.filter((key) => key.field === 'Id' && key !== given), best, given];
  return { keys: [first, ...rest], beside: [best, given] };
}

/** It comes first, before the UserId; where the columns were moved, the ContactId, which is only for reading, is the last choice. */
function keyAsGiven(userId: KeyColumn, others: readonly KeyColumn[]): KeyColumn | undefined {
  const first = userId.index === 1 ? others.find(({ index }) => index === 0) : undefined;
  const surer = others.filter(({ field }) => field !== 'Id' && field !== 'ContactId');
  const [leftmost] = (surer.length > 0 ? surer : others).toSorted((one, other) => one.index - other.index);
  return first ?? leftmost;
}

/** The columns of all keys, the one that was given last. */
export function keyHeaders({ keys, beside }: UserKeys): string[] {
  return [...new Set([...keys, ...beside].map(({ header }) => header))];
}

function indexOf(header: readonly string[], name: string): number {
  return header.findIndex((column) => isSameColumn(column, name));
}

function userKeyAt(header: readonly string[], index: number): KeyColumn | undefined {
  const column = header[index];
  const name = userKeyColumns.find((each) => column !== undefined && isSameColumn(column, each));
  if (column === undefined || name === undefined) return undefined;
  const field = name === 'UserId' ? 'Id' : name;
  return { index, header: column, field, isNumeric: false, isCaseSensitive: false };
}
