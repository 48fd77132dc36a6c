/** A list on the screen: some of the users, the table, what has to be known, the files, what can be done next. What matters most is at the end. */
import path from 'node:path';
import type { ListedUser, ListResult } from '../../model/access/userList.js';
import type { Screen } from '../screen.js';
import { columnsOf, labelled, namesText, padded, shortPath, twoEnds } from '../screens/layout.js';
import { withShortPath } from '../screens/nextSteps.js';
import { strong } from '../screens/paint.js';
import { orgName, roomIn } from '../screens/runView.js';
import { printable, sharedText } from '../texts.js';
import { accessTable, listWord, type AccessTable } from './accessTable.js';
import { listNotes, nextStepsOfList } from './listNotes.js';

/** Names stand in a terminal only: what is printed into a pipe is kept in logs. */
const mostNamed = 10;
/** Rows of the table in a terminal, where all of it is to fit on a screen. */
const mostRows = 7;
const gap = '  ';

export function listLines(result: ListResult, { columns, targetOrg }: Pick<Screen, 'columns' | 'targetOrg'>): string[] {
  const { summary } = result;
  const table = accessTable(summary, columns === undefined ? undefined : mostRows);
  const next = nextStepsOfList(result, targetOrg);
  const org = orgName(summary.isSandbox ? 'sandbox' : 'production', targetOrg);
  return [
    strong(listWord('headline', { users: summary.users, org, username: summary.username })),
    ...(columns === undefined ? [] : nameLines(result, columns)),
    ...tableLines(table, columns),
    table.legend,
    ...listNotes(result),
    ...fileLines(result, table, columns),
    ...(next.length === 0 ? [] : ['', strong(sharedText('next.title'))]),
    ...next.flatMap(({ text, command }) => [
      `${gap}${text}`,
      `${gap}${gap}${withShortPath(command, result.outputDir)}`,
    ]),
  ];
}

function fileLines({ summary, files }: ListResult, { rows }: AccessTable, columns: number | undefined): string[] {
  const report = shortPath(files.report);
  const isShort = rows.length < accessTable(summary).rows.length;
  return [
    ...labelled([
      ...(columns === undefined || summary.users <= mostNamed
        ? [[listWord('fact.users'), shortPath(files.users)] as const]
        : []),
      [sharedText('fact.page'), isShort ? listWord('wholeTable', { file: report }) : report],
    ]),
    ...(files.definition === undefined ? [] : [listWord('files.definition', { file: files.definition })]),
  ];
}

/** @param columns of the terminal; where names are long, figures stand closer, and where one is too long, its figures stand below it */
function tableLines({ name, heads, rows }: AccessTable, columns: number | undefined): string[] {
  const widths = heads.map((head, n) => widest([head, ...rows.map(({ cells }) => cells[n] ?? '')]));
  const labels = rows.map((row) => (row.kind === 'profile' ? `${gap}${row.name}` : row.name));
  const longest = widest([name, ...labels]);
  const figuresBy = (space: string, cells: readonly string[]): string =>
    cells.map((cell, n) => `${space}${' '.repeat((widths[n] ?? 0) - columnsOf(cell))}${cell}`).join('');
  const roomBy = (space: string): number => (columns ?? Infinity) - columnsOf(figuresBy(space, heads));
  const space = roomBy(gap) < longest ? ' ' : gap;
  const width = Math.max(12, Math.min(roomBy(space), longest));
  const lines = (label: string, cells: readonly string[]): string[] => {
    const figures = figuresBy(space, cells);
    return columnsOf(label) > width
      ? [label, `${' '.repeat(width)}${figures}`.trimEnd()]
      : [`${padded(label, width)}${figures}`.trimEnd()];
  };
  return [...lines(name, heads), ...rows.flatMap(({ cells }, n) => lines(labels[n] ?? '', cells))];
}

/** All users, or in one line the first of many. */
function nameLines({ users, summary, files }: ListResult, columns: number): string[] {
  if (users.length === 0) return [];
  if (summary.users <= mostNamed) return userLines(users, columns);
  const file = path.basename(files.users);
  const room = roomIn(columns);
  return twoEnds(`${gap}${namesText(users, summary.users, room - gap.length * 2 - file.length)}`, file, room);
}

/** Name, account, profile, state, last login. Without the profile where there is no room for it beside the names. */
function userLines(users: readonly ListedUser[], columns: number): string[] {
  // Two names, a state, and a date have room in 80 columns.
  const longest = Math.max(24, Math.floor((columns - 32) / 3));
  const all = users.map(({ name, accountName = '', profile, state, lastLoginDate = '' }) => [
    cutAtEnd(printable(name), longest),
    cutAtEnd(printable(accountName), longest),
    cutInside(printable(profile), longest),
    listWord(`state.${state}`),
    lastLoginDate.slice(0, 10),
  ]);
  const cells = lengthOf(widthsOf(all)) <= columns ? all : all.map((row) => row.toSpliced(2, 1));
  const widths = widthsOf(cells);
  return cells.map((row) => `${gap}${row.map((cell, n) => padded(cell, widths[n] ?? 0)).join(gap)}`.trimEnd());
}

function widthsOf(rows: ReadonlyArray<readonly string[]>): number[] {
  return (rows[0] ?? []).map((_, n) => widest(rows.map((row) => row[n] ?? '')));
}

function lengthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + gap.length + width, 0);
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map(columnsOf));
}

function cutAtEnd(text: string, columns: number): string {
  return columnsOf(text) <= columns
    ? text
    : `${firstOf([...text], columns - 1)
        .join('')
        .trimEnd()}…`;
}

/** Names of profiles often begin alike. */
function cutInside(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const characters = [...text];
  const end = firstOf(characters.toReversed(), Math.floor((columns - 1) / 2))
    .toReversed()
    .join('');
  return `${firstOf(characters, columns - 1 - columnsOf(end)).join('')}…${end}`;
}

/** As many as fit into so many columns. */
function firstOf(characters: readonly string[], columns: number): string[] {
  const count = characters.findIndex((_, n) => columnsOf(characters.slice(0, n + 1).join('')) > columns);
  return characters.slice(0, count);
}
