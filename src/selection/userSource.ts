/** Where the users that are to be changed come from: a condition, a file, an earlier run, or their last login. */
import { requiredValue } from '../org/queryRow.js';
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { queryPages, type QueryOptions, type QueryRow } from '../org/query.js';
import { keyHeaders, type UserKeys } from './inputColumns.js';
import { asOperand } from '../model/definition/bareCondition.js';
import { isSalesforceId, restoreCase, type UserId } from '../model/ids.js';
import { externalUserTypes } from '../model/licenseFamilies.js';
import { ConditionRejected } from '../model/faults.js';
import { refuse, type Refusal, type UserValues } from '../model/reasons.js';
import { isSameColumn } from '../files/userColumns.js';
import type { AccessColumns } from './accessColumns.js';
import { cellText } from './cellText.js';
import type { InputFile, InputRow } from './inputFile.js';
import { findByKey } from './keyedRows.js';
import { loginConditions, type LoginAge } from './loginAge.js';
import { amountOf, Lookup, readById, type Amount } from './lookup.js';
import { measured } from './pages.js';
import { rowsWhere } from './condition.js';
import type { PlannedSubject } from '../store/subjects.js';
import type { ChangedUser, ExpectedUser } from './sourceRun.js';

/** One selected user, or a row of the file that gives none. */
export type SelectedUser = {
  readonly key: string;
  /** The cells of the file that are the key, or say who has access, as given, by their headers. */
  readonly cells: UserValues | undefined;
  /** In the file; undefined for everything else. */
  readonly line: number | undefined;
  readonly user: QueryRow | undefined;
  /** Whom the row of the file is about, as far as it says so; only where it gives no user. */
  readonly described?: Description;
  readonly expected: ExpectedUser | undefined;
  readonly refusal: Refusal | undefined;
};

type Description = Partial<Pick<PlannedSubject, 'contactId' | 'accountId' | 'name' | 'accountName'>>;

/** What a plan keeps of a selected user, whatever is decided about it. */
export function subjectOfSelected({
  key,
  cells,
  line,
  user,
  described,
}: SelectedUser): Omit<PlannedSubject, 'snapshot' | 'decision'> {
  return {
    key,
    cells,
    line,
    contactId: user?.['ContactId'] ?? described?.contactId,
    accountId: user?.['AccountId'] ?? described?.accountId,
    name: user?.['Name'] ?? described?.name,
    accountName: user?.['Account.Name'] ?? described?.accountName,
    userId: user?.['Id'] ?? undefined,
    username: user?.['Username'] ?? undefined,
    profileId: user?.['ProfileId'] ?? undefined,
  };
}

/** The users that meet a condition, which is sent as written. @throws RunFault conditionRejected, OrgError */
export async function* usersWhere(
  client: OrgClient,
  fields: readonly string[],
  where: string,
): AsyncGenerator<SelectedUser[]> {
  for await (const page of rowsWhere(client, fields, { flag: '--where', from: 'User', where }))
    yield page.map(selected);
}

/** External users by their last login. @throws OrgError */
export async function* usersOfLoginAge(
  client: OrgClient,
  fields: readonly string[],
  age: LoginAge,
): AsyncGenerator<SelectedUser[]> {
  for await (const page of externalUsers(client, fields, loginConditions(age))) yield page.map(selected);
}

/** External users who meet all of some conditions. @throws OrgError */
export function externalUsers(
  client: OrgClient,
  fields: readonly string[],
  conditions: readonly string[],
  options: QueryOptions = {},
): AsyncGenerator<readonly QueryRow[]> {
  const types = Object.keys(externalUserTypes).map((type) => `'${type}'`);
  const where = [`UserType IN (${types.join(',')})`, ...conditions].join(' AND ');
  return queryPages(client, { fields, from: 'User', where }, options);
}

/** The users that the rows of a file name. Rows keep their order. @param db where copies may lie @throws OrgError, InputFileError */
export async function* usersOfFile(
  client: OrgClient,
  db: DatabaseSync,
  fields: readonly string[],
  { input, access, ...keys }: UserKeys & { readonly input: InputFile; readonly access: AccessColumns },
): AsyncGenerator<SelectedUser[]> {
  const headers = keyHeaders(keys);
  for await (const rows of findByKey(client, db, input, { from: 'User', fields, ...keys })) {
    yield rows.map(({ row, key: { value }, record: user, refusal }) => {
      const keyCells = headers.map((column) => [column, row.cells[input.header.indexOf(column)] ?? ''] as const);
      const cells = { ...Object.fromEntries(keyCells), ...access.see(row) };
      const described = user === undefined ? describedBy(input.header, row) : {};
      return { key: value, cells, line: row.line, user, described, expected: undefined, refusal };
    });
  }
}

/** Our own files say whom each row is about: in refused.csv of `create`, that is a contact who has no user yet. */
function describedBy(header: readonly string[], { cells }: InputRow): Description {
  const cell = (column: string): string | undefined => {
    const index = header.findIndex((name) => isSameColumn(name, column));
    return cellText(cells[index] ?? '') || undefined;
  };
  const id = (column: string, prefix: string): string | undefined => {
    const value = restoreCase(cell(column) ?? '');
    return isSalesforceId(value) && value.startsWith(prefix) ? value : undefined;
  };
  return {
    contactId: id('ContactId', '003'),
    accountId: id('AccountId', '001'),
    name: cell('Name'),
    accountName: cell('AccountName'),
  };
}

/** The users that an earlier run made or changed. @param db where a copy of many users may lie @throws OrgError */
export async function* usersOfRun<Changed extends Pick<ChangedUser, 'userId'> & Partial<ChangedUser>>(
  client: OrgClient,
  db: DatabaseSync,
  fields: readonly string[],
  changed: AsyncGenerator<Changed[]>,
): AsyncGenerator<Array<SelectedUser & { readonly changed: Changed }>> {
  const amount = amountOf(0);
  const lookup = usersById(client, db, fields, amount);
  for await (const rows of measured(changed, amount)) {
    const ids = rows.map(({ userId }) => userId);
    const users = await readById(lookup, ids);
    yield rows.map((each) => {
      const { userId: key, expected } = each;
      const user = users.get(key);
      const refusal = user === undefined ? refuse('USER_NOT_FOUND.gone', { userId: key }) : undefined;
      return { key, cells: undefined, line: undefined, user, expected, refusal, changed: each };
    });
  }
}

export function usersById(client: OrgClient, db: DatabaseSync, fields: readonly string[], amount: Amount): Lookup {
  return new Lookup(client, db, { fields, from: 'User', field: 'Id' }, amount);
}

/**
 * Ids of all users that meet a condition of --protect, which is sent as written.
 * @returns user Id → condition
 * @throws RunFault conditionRejected, OrgError
 */
export async function readProtected(client: OrgClient, conditions: readonly string[]): Promise<Map<UserId, string>> {
  const protectedBy = new Map<UserId, string>();
  for (const where of conditions) {
    const pages = rowsWhere(client, ['Id'], { flag: '--protect', from: 'User', where });
    for await (const page of pages) for (const user of page) protectedBy.set(requiredValue(user, 'Id'), where);
  }
  return protectedBy;
}

/**
 * Those of some users that meet a condition of --protect, right before they are written to.
 * @returns user Id → condition
 * @throws RunFault conditionRejected, OrgError
 */
export async function readProtectedAmong(
  client: OrgClient,
  conditions: readonly string[],
  userIds: readonly UserId[],
): Promise<ReadonlyMap<UserId, string>> {
  const ids = userIds.map((id) => `'${id}'`).join(',');
  const among = conditions.map((where) => `${asOperand(where)} AND Id IN (${ids})`);
  try {
    const found = await readProtected(client, among);
    return new Map([...found].map(([id, where]) => [id, conditions[among.indexOf(where)] ?? where]));
  } catch (error) {
    // What ends in ORDER BY or LIMIT is no part of a condition.
    if (!(error instanceof ConditionRejected)) throw error;
    return readProtected(client, conditions);
  }
}

function selected(user: QueryRow): SelectedUser {
  return {
    key: requiredValue(user, 'Id'),
    cells: undefined,
    line: undefined,
    user,
    expected: undefined,
    refusal: undefined,
  };
}
