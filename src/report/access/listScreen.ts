/** A list on the screen: the table, what has to be known, the first users, the files, what can be done next. */
import type { ListedUser, ListResult } from '../../model/access/userList.js';
import type { Screen } from '../screen.js';
import { columnsOf, padded, shortPath } from '../screens/layout.js';
import { withShortPath } from '../screens/nextSteps.js';
import { printable } from '../texts.js';
import { accessTable, listWord, type AccessTable } from './accessTable.js';
import { listNotes, nextStepsOfList } from './listNotes.js';

/** Names stand in a terminal only: what is printed into a pipe is kept in logs. */
const mostNamed = 10;
const gap = '  ';

export function listLines(result: ListResult, { columns, targetOrg }: Pick<Screen, 'columns' | 'targetOrg'>): string[] {
  const { summary, files } = result;
  const table = accessTable(summary);
  const next = nextStepsOfList(result, targetOrg);
  return [
    '',
    listWord('headline', { users: summary.users, targetOrg, username: summary.username }),
    '',
    ...tableLines(table, columns),
    '',
    table.legend,
    ...listNotes(result),
    ...(columns === undefined ? [] : nameLines(result.users, summary.users, columns)),
    '',
    listWord('files', { folder: result.outputDir, users: shortPath(files.users) }),
    ...(files.definition === undefined ? [] : [listWord('files.definition', { file: files.definition })]),
    ...next.flatMap(({ text, command }) => ['', text, `${gap}${withShortPath(command, result.outputDir)}`]),
  ];
}

/** @param columns of the terminal; where a name is too long for it, its figures stand in a line of their own below it */
function tableLines({ name, heads, rows }: AccessTable, columns: number | undefined): string[] {
  const widths = heads.map((head, n) =>
    Math.max(columnsOf(head), ...rows.map(({ cells }) => columnsOf(cells[n] ?? ''))),
  );
  const figures = (cells: readonly string[]): string =>
    cells.map((cell, n) => `${gap}${' '.repeat((widths[n] ?? 0) - columnsOf(cell))}${cell}`).join('');
  const labels = rows.map((row) => (row.kind === 'profile' ? `${gap}${row.name}` : row.name));
  const rest = columns === undefined ? Infinity : columns - columnsOf(figures(heads));
  const width = Math.max(12, Math.min(rest, Math.max(columnsOf(name), ...labels.map(columnsOf))));
  const lines = (label: string, cells: readonly string[]): string[] =>
    columnsOf(label) > width
      ? [label, `${' '.repeat(width)}${figures(cells)}`.trimEnd()]
      : [`${padded(label, width)}${figures(cells)}`.trimEnd()];
  return [...lines(name, heads), ...rows.flatMap(({ cells }, n) => lines(labels[n] ?? '', cells))];
}

/** The first users: name, account, profile, state, last login. */
function nameLines(users: readonly ListedUser[], total: number, columns: number): string[] {
  if (users.length === 0) return [];
  const shown = users.slice(0, mostNamed);
  const cells = shown.map(({ name, accountName = '', profile, state, lastLoginDate = '' }) =>
    [name, accountName, profile, listWord(`state.${state}`), lastLoginDate.slice(0, 10)].map(printable),
  );
  const most = Math.max(10, Math.floor((columns - 32) / 3));
  const widths = [0, 1, 2, 3, 4].map((n) => Math.min(most, Math.max(...cells.map((row) => columnsOf(row[n] ?? '')))));
  const more = total - shown.length;
  return [
    '',
    listWord('firstUsers'),
    ...cells.map((row) => `${gap}${row.map((cell, n) => padOrCut(cell, widths[n] ?? 0)).join(gap)}`.trimEnd()),
    ...(more > 0 ? [`${gap}${listWord('moreUsers', { users: more })}`] : []),
  ];
}

/** Cut in the middle: names of profiles often begin alike. */
function padOrCut(text: string, width: number): string {
  if (columnsOf(text) <= width) return padded(text, width);
  const characters = [...text];
  const end = firstOf(characters.toReversed(), Math.floor((width - 1) / 2))
    .toReversed()
    .join('');
  const start = firstOf(characters, width - 1 - columnsOf(end)).join('');
  return padded(`${start}…${end}`, width);
}

/** As many as fit into so many columns. */
function firstOf(characters: readonly string[], columns: number): string[] {
  const count = characters.findIndex((_, n) => columnsOf(characters.slice(0, n + 1).join('')) > columns);
  return characters.slice(0, count);
}
