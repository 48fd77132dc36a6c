/** The runs of this machine on a screen, two or three lines each: a table of all this would be wider than a terminal. */
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
    const head = [quiet(time), strong(work), state, countsText(row)].join('  ').trimEnd();
    return [head, ...placeLines(row, columns), ...(row.problem === undefined ? [] : [`    ${bad(row.problem)}`])];
  });
  return older === 0 ? lines : [...lines, '', sharedText('runs.more', older)];
}

const mostShown = 20;

/** The folder, what can be done about it, and whose login it used. */
function placeLines(row: RunRow, columns: number | undefined): string[] {
  const { runDir, username, orgId = '' } = row;
  return [
    ...twoEnds(`    ${printable(shortPath(runDir))}`, nextOf(row), roomIn(columns)),
    ...(username === undefined ? [] : [`    ${quiet(sharedText('runs.by', username, orgId))}`]),
  ];
}

function countsText({ counts }: RunRow): string {
  if (counts === undefined) return '';
  const { succeeded, refused, failed, pending } = counts;
  return [
    sharedText('runs.done', succeeded),
    ...(pending > 0 ? [sharedText('runs.pending', pending)] : []),
    ...(refused > 0 ? [sharedText('runs.refused', refused)] : []),
    ...(failed > 0 ? [bad(sharedText('runs.failed', failed))] : []),
  ].join(', ');
}

function operationText({ operation, mode }: RunRow): string {
  return [operation, mode].filter(Boolean).join(' ');
}

function nextOf({ canResume: resumes, canTakeBack: takesBack }: RunRow): string {
  if (resumes) return sharedText('runs.next.resume');
  return takesBack ? sharedText('runs.next.takeBack') : '';
}

/** On the clock of this machine: 2026-11-22 16:30. */
function timeOf({ plannedAt }: RunRow): string {
  if (plannedAt === undefined) return '';
  const date = new Date(plannedAt);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
