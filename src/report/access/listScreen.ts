/** A list on the screen: some of the users, the table, what has to be known, the files, what can be done next. What matters most is at the end. */
import type { ListedUser, ListResult } from '../../model/access/userList.js';
import type { Screen } from '../screen.js';
import { columnsOf, padded, shortPath } from '../screens/layout.js';
import { withShortPath } from '../screens/nextSteps.js';
import { orgName } from '../screens/runView.js';
import { printable } from '../texts.js';
import { accessTable, listWord, type AccessTable } from './accessTable.js';
import { listNotes, nextStepsOfList } from './listNotes.js';

/** Names stand in a terminal only: what is printed into a pipe is kept in logs. */
const mostNamed = 10;
/** Of more: the end of the table and the advice below it are to fit on a screen. */
const namedOfMany = 3;
const gap = '  ';

export function listLines(result: ListResult, { columns, targetOrg }: Pick<Screen, 'columns' | 'targetOrg'>): string[] {
  const { summary, files } = result;
  const table = accessTable(summary);
  const next = nextStepsOfList(result, targetOrg);
  const org = orgName(summary.isSandbox ? 'sandbox' : 'production', targetOrg);
  return [
    '',
    listWord('headline', { users: summary.users, org, username: summary.username }),
    ...(columns === undefined ? [] : nameLines(result.users, summary.users, columns)),
    '',
    ...tableLines(table, columns),
    '',
    table.legend,
    ...listNotes(result),
    '',
    listWord('files', { folder: result.outputDir, users: shortPath(files.users) }),
    ...(files.definition === undefined ? [] : [listWord('files.definition', { file: files.definition })]),
    ...next.flatMap(({ text, command }) => ['', text, `${gap}${withShortPath(command, result.outputDir)}`]),
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

/** All users, or the first of many: name, account, profile, state, last login. Without the profile where there is no room for it beside the names. */
function nameLines(users: readonly ListedUser[], total: number, columns: number): string[] {
  if (users.length === 0) return [];
  const shown = users.slice(0, total > mostNamed ? namedOfMany : mostNamed);
  // Two names, a state, and a date have room in 80 columns.
  const longest = Math.max(24, Math.floor((columns - 32) / 3));
  const all = shown.map(({ name, accountName = '', profile, state, lastLoginDate = '' }) => [
    cutAtEnd(printable(name), longest),
    cutAtEnd(printable(accountName), longest),
    cutInside(printable(profile), longest),
    listWord(`state.${state}`),
    lastLoginDate.slice(0, 10),
  ]);
  const cells = lengthOf(widthsOf(all)) <= columns ? all : all.map((row) => row.toSpliced(2, 1));
  const widths = widthsOf(cells);
  const more = total - shown.length;
  return [
    ...cells.map((row) => `${gap}${row.map((cell, n) => padded(cell, widths[n] ?? 0)).join(gap)}`.trimEnd()),
    ...(more > 0 ? [`${gap}${listWord('moreUsers', { users: more })}`] : []),
  ];
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
