/** What report.html of a list shows. */
import path from 'node:path';
import { userStates, type ListedUser, type ListResult } from '../../model/access/userList.js';
import type { PageColumn, PageContent } from '../page/pageContent.js';
import { listWord } from './accessTable.js';
import { listNotes, nextStepsOfList } from './listNotes.js';

type Cell = readonly [key: string, isName: boolean, cell: (user: ListedUser) => string | undefined];

const cells: readonly Cell[] = [
  ['state', false, ({ state }) => state],
  ['name', true, ({ name }) => name],
  ['account', true, ({ accountName }) => accountName],
  ['profile', false, ({ profile }) => profile],
  ['license', false, ({ license }) => license],
  ['portalRole', false, ({ portalRole }) => portalRole],
  ['lastLogin', false, ({ lastLoginDate }) => lastLoginDate?.slice(0, 10)],
  ['created', false, ({ createdDate }) => createdDate.slice(0, 10)],
  ['sites', false, ({ sites }) => sites.join('; ')],
  ['permissionSets', false, ({ permissionSets }) => permissionSets?.join('; ')],
  ['username', true, ({ username }) => username],
  ['contactId', false, ({ contactId }) => contactId],
  ['id', false, ({ id }) => id],
];

/** @param users the first of them */
export function listPage(result: ListResult, users: readonly ListedUser[], targetOrg: string): PageContent {
  const { summary, outputDir } = result;
  const shown = cells.filter(([key]) => key !== 'permissionSets' || users.some((user) => user.permissionSets));
  return {
    title: listWord('title'),
    headline: listWord('page.headline', { users: summary.users }),
    isProduction: !summary.isSandbox,
    facts: [
      [listWord('fact.org'), `${targetOrg} (${summary.orgId})`],
      [listWord('fact.user'), summary.username],
      [listWord('fact.time'), summary.asOf],
    ],
    counts: userStates.flatMap((state) => {
      const amount = summary[state];
      return amount === undefined ? [] : [[state, amount] as const];
    }),
    notes: [...loginNotes(result), ...listNotes(result)],
    licenses: summary.licenses.flatMap(({ name, used, total = -1 }) =>
      name === undefined || used === undefined ? [] : [{ name, total, before: used, after: used }],
    ),
    reasons: [],
    jobs: [],
    next: nextStepsOfList(result, targetOrg).map(({ command }) => command),
    columns: shown.map(([key, isName]): PageColumn => ({ key, label: listWord(`page.column.${key}`), isName })),
    rows: users.map((user) => shown.map(([, , cell]) => cell(user) ?? '')),
    total: summary.users,
    fileName: path.basename(outputDir),
  };
}

function loginNotes({ summary: { neverLoggedIn, idle } }: ListResult): string[] {
  if (neverLoggedIn === undefined || idle === undefined) return [];
  return [listWord('page.neverLoggedIn', { users: neverLoggedIn }), listWord('page.idle', { users: idle })];
}
