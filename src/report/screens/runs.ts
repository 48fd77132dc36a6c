/** The runs of this machine on a screen, one or two lines each, below whose login they used. */
import type { RunRow } from '../runRows.js';
import { printable, sharedText } from '../texts.js';
import { columnsOf, padded, shortPath, twoEnds } from './layout.js';
import { bad, quiet, strong } from './paint.js';
import { roomIn } from './runView.js';

/** @param columns of a terminal @param folder in which the command runs */
export function runsLines(all: readonly RunRow[], columns: number | undefined): string[] {
  const rows = all.slice(0, mostShown);
  const older = all.length - rows.length;
  const heads = rows.map((row) =>
    [timeOf(row), operationText(row), sharedText(`runs.state.${row.state}`)].map(printable),
  );
  const widths = [0, 1, 2].map((n) => Math.max(...heads.map((cells) => columnsOf(cells[n] ?? ''))));
  const lines = rows.flatMap((row, index) => {
    const [time = '', work = '', state = ''] = (heads[index] ?? []).map((cell, n) => padded(cell, widths[n] ?? 0));
    const head = [`  ${quiet(time)}`, strong(work), state, outcomeText(row)].join('  ').trimEnd();
    const login = loginText(row);
    const before = rows[index - 1];
    return [
      ...(login === '' || (before !== undefined && loginText(before) === login) ? [] : [quiet(login)]),
      ...twoEnds(head, printable(shortPath(row.runDir)), roomIn(columns)),
      ...(row.problem === undefined ? [] : [`    ${bad(row.problem)}`]),
    ];
  });
  return older === 0 ? lines : [...lines, sharedText('runs.more', older)];
}

/** Two lines each fit on a screen. */
const mostShown = 10;

function loginText({ username, orgId = '' }: RunRow): string {
  return username === undefined ? '' : sharedText('runs.by', username, orgId);
}

function outcomeText(row: RunRow): string {
  if (row.counts === undefined) return '';
  const { succeeded, refused, failed, unknown, pending } = row.counts;
  return [
    ...(succeeded === 0 && pending > 0 ? [] : [sharedText('runs.done', succeeded)]),
    ...(pending > 0 ? [sharedText('runs.pending', pending)] : []),
    ...(refused > 0 ? [sharedText('runs.refused', refused)] : []),
    ...(failed > 0 ? [bad(sharedText('runs.failed', failed))] : []),
    ...(unknown > 0 ? [bad(sharedText('runs.unknown', unknown))] : []),
    ...nextOf(row),
  ].join(', ');
}

function operationText({ operation, mode }: RunRow): string {
  return [operation, mode].filter(Boolean).join(' ');
}

function nextOf({ canResume: resumes, canTakeBack: takesBack }: RunRow): string[] {
  if (resumes) return [sharedText('runs.next.resume')];
  return takesBack ? [sharedText('runs.next.takeBack')] : [];
}

/** On the clock of this machine: 2026-11-22 16:30. */
function timeOf({ plannedAt }: RunRow): string {
  if (plannedAt === undefined) return '';
  const date = new Date(plannedAt);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
