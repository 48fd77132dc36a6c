/** users.csv of `list`: a row for each user, with the keys that `disable` and `enable` find users by. */
import { csvText } from '../org/bulk/csvText.js';
import type { Columns } from '../files/exports.js';
import type { ListedUser } from '../model/access/userList.js';

const columns: Columns<ListedUser> = [
  ['Id', ({ id }) => id],
  ['Username', ({ username }) => username],
  ['ContactId', ({ contactId }) => contactId],
  ['Name', ({ name }) => name],
  ['AccountName', ({ accountName }) => accountName],
  ['Profile', ({ profile }) => profile],
  ['License', ({ license }) => license],
  ['PortalRole', ({ portalRole }) => portalRole],
  ['State', ({ state }) => state],
  ['CreatedDate', ({ createdDate }) => createdDate],
  ['LastLoginDate', ({ lastLoginDate }) => lastLoginDate],
  ['Sites', ({ sites }) => sites.join(';')],
];

const permissionSets: Columns<ListedUser> = [['PermissionSets', (user) => user.permissionSets?.join(';')]];

/** The file, piece by piece. @param withPermissionSets whether they were asked for */
export async function* usersCsv(
  pages: AsyncIterable<readonly ListedUser[]>,
  withPermissionSets: boolean,
): AsyncGenerator<string> {
  const all = withPermissionSets ? [...columns, ...permissionSets] : columns;
  yield csvText([all.map(([header]) => header)]);
  for await (const page of pages)
    if (page.length > 0) yield csvText(page.map((user) => all.map(([, cell]) => cell(user))));
}
