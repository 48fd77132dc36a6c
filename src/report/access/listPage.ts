/** What report.html of a list shows. */
import path from 'node:path';
import { idleDays, userStates, type ListedUser, type ListResult } from '../../model/access/userList.js';
import type { FigureRow, PageColumn, PageContent, PageFigures } from '../page/pageContent.js';
import { timeText } from '../page/sections.js';
import { accessTable, listWord, type TableRow } from './accessTable.js';
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
  const shown = cells.filter(([, , cell]) => users.some((user) => cell(user)));
  return {
    title: listWord('title'),
    headline: listWord('page.headline', { users: summary.users }),
    isProduction: !summary.isSandbox,
    facts: [
      { label: listWord('fact.org'), value: targetOrg, id: summary.orgId, isName: targetOrg.includes('@') },
      { label: listWord('fact.user'), value: summary.username, isName: true },
      { label: listWord('fact.time'), value: timeText(summary.asOf), isName: false },
      { label: listWord('fact.folder'), value: path.basename(outputDir), isName: false },
    ],
    outcome: listWord('page.outcome'),
    counts: userStates.flatMap((state) => {
      const amount = summary[state];
      return amount === undefined ? [] : [{ state, label: listWord(`page.state.${state}`), amount }];
    }),
    further: furtherCounts(result),
    notes: listNotes(result).map((text) => ({ kind: 'fact', text, advice: undefined })),
    next: nextStepsOfList(result, targetOrg),
    reasons: [],
    figures: [accessTableFigures(result)],
    jobs: [],
    people: listWord('page.people'),
    columns: shown.map(([key, isName]): PageColumn => ({ key, label: listWord(`page.column.${key}`), isName })),
    rows: users.map((user) => shown.map(([, , cell]) => cell(user) ?? '')),
    total: summary.users,
    fileName: path.basename(outputDir),
  };
}

function furtherCounts({ summary: { neverLoggedIn, idle } }: ListResult): PageContent['further'] {
  if (neverLoggedIn === undefined || idle === undefined) return [];
  return [
    { label: listWord('page.neverLoggedIn'), amount: neverLoggedIn },
    { label: listWord('page.idle', { days: idleDays }), amount: idle },
  ];
}

/** The table of the screen. */
function accessTableFigures({ summary }: ListResult): PageFigures {
  const { name, heads, rows, legend } = accessTable(summary);
  return { heading: listWord('page.licenses'), name, heads, rows: rows.map(accessFigureRow), note: legend };
}

const rowKinds = { license: 'group', profile: 'item', sum: 'sum' } as const;

function accessFigureRow({ kind, name, cells: figures, figures: { total, used, left } }: TableRow): FigureRow {
  const isBar = kind === 'license' && total !== undefined && used !== undefined && left !== undefined;
  return {
    kind: rowKinds[kind],
    name,
    cells: figures,
    bar: isBar
      ? {
          shares: [
            { className: 'active', amount: used },
            { className: 'rest', amount: Math.max(0, left) },
          ],
          title: listWord('page.licenseBar', { license: name, used, total }),
        }
      : undefined,
  };
}
