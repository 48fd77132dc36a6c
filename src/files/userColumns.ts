/** The columns of users.csv, and which columns of an input file are what. */

/** The twelve columns of help article 000384961, in its order. */
export const seedColumns: readonly string[] = [
  'UserRoleId',
  'FirstName',
  'LastName',
  'ContactId',
  'ProfileId',
  'Username',
  'Email',
  'Alias',
  'TimeZoneSidKey',
  'LocaleSidKey',
  'EmailEncodingKey',
  'LanguageLocaleKey',
];

/** Never sent for users without a role, whatever a file holds (JIT for Portals: "User.Role must be null"). */
export const roleColumns: readonly string[] = ['UserRoleId', 'PortalRole'];

/** Columns that our own files (and Data Loader's) add for the reader; in lower case. */
const readingColumns = new Set([
  'accountid',
  'accountname',
  'action',
  'advice',
  'created',
  'detail',
  'error',
  'errorcode',
  'name',
  'reason',
  'status',
  'step',
  'userid',
]);

/** A column by its name, as reports (Contact ID) and Data Loader (CONTACTID) write it. */
export function columnKey(column: string): string {
  return column.toLowerCase().replaceAll(' ', '');
}

/** Whether two names are those of one column: a file must not have it twice. */
export function isSameColumn(a: string, b: string): boolean {
  return columnKey(a) === columnKey(b);
}

/**
 * Whether a column of an input file is ignored: without a name, one of ours, or one that a tool adds. `sf data query` writes
 * fields of related records (Account.Name), Bulk API its own columns (sf__Id), Salesforce Inspector the object (_).
 */
export function isReadingColumn(column: string): boolean {
  return column === '' || column === '_' || /^sf__|\./i.test(column) || readingColumns.has(columnKey(column));
}

/** The header of users.csv: the seed's twelve, then what was added, in the order in which it was asked for. */
export function usersCsvColumns(added: readonly string[]): string[] {
  const columns = new Map(seedColumns.map((column) => [column.toLowerCase(), column]));
  for (const column of ['CommunityNickname', ...added]) {
    if (!columns.has(column.toLowerCase())) columns.set(column.toLowerCase(), column);
  }
  return [...columns.values()];
}
