/** The runs of this machine on a screen, two lines each, below whose login they used; last, how to go on with the newest. */
import type { RunRow } from '../runRows.js';
import { printable, sharedText } from '../texts.js';
import { columnsOf, padded, shortPath } from './layout.js';
import { withEmailsSaid } from '../next/nextCommands.js';
import { withShortPath } from './nextSteps.js';
import { bad, quiet, strong } from './paint.js';
import { orgName } from './runView.js';

export function runsLines(all: readonly RunRow[]): string[] {
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
      head,
      [`    ${printable(shortPath(row.runDir))}`, ...nextOf(row)].join('  '),
      ...(row.problem === undefined ? [] : [`    ${bad(row.problem)}`]),
    ];
  });
  return [...lines, ...(older === 0 ? [] : [sharedText('runs.more', older)]), ...newestLines(all)];
}

/** They fit on a screen, with two commands of two lines each. */
const mostShown = 7;

/** Of the newest run for each of the purposes, also where newer ones that have none take its place on the screen. */
function newestLines(rows: readonly RunRow[]): string[] {
  return (['apply', 'resume', 'takeBack'] as const).flatMap((purpose) => {
    const row = rows.find((each) => purposeOf(each) === purpose);
    return row === undefined
      ? []
      : [
          withEmailsSaid(sharedText(`runs.how.${purpose}`), row.next),
          ...row.next.map((command) => `    ${withShortPath(command, row.runDir)}`),
        ];
  });
}

function loginText({ username, orgId, orgKind }: RunRow): string {
  if (username === undefined || orgId === undefined || orgKind === undefined) return '';
  return sharedText('runs.by', username, orgName(orgKind, orgId));
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
  ].join(', ');
}

function operationText({ operation, mode }: RunRow): string {
  return [operation, mode].filter(Boolean).join(' ');
}

function nextOf(row: RunRow): string[] {
  const purpose = purposeOf(row) ?? (row.state === 'planned' ? 'replan' : undefined);
  return purpose === undefined ? [] : [sharedText(`runs.next.${purpose}`)];
}

function purposeOf({
  state,
  canResume: resumes,
  canTakeBack: takesBack,
}: RunRow): 'apply' | 'resume' | 'takeBack' | undefined {
  if (resumes) return state === 'planned' ? 'apply' : 'resume';
  return takesBack ? 'takeBack' : undefined;
}

/** On the clock of this machine: 2026-11-22 16:30. */
function timeOf({ plannedAt }: RunRow): string {
  if (plannedAt === undefined) return '';
  const date = new Date(plannedAt);
  const two = (part: number): string => String(part).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
