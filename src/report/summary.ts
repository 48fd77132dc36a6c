/** The end of a run in words, on the screen. */
import path from 'node:path';
import { operationRules, type RunResult } from '../model/result.js';
import { countUnreached } from './exitCodes.js';
import { callLines, grantLines } from './summaryFile.js';
import { modeLines, printable, reasonAdvice, rowAdviceByCode, sharedText } from './texts.js';

type Counted = Readonly<Record<string, number>>;

/** What the screen shows last: counts, reasons with their advice once each, licenses, files. */
export function summaryLines(result: RunResult, targetOrg: string): string[] {
  const { counts } = result;
  const fileNames = Object.values(result.files).map((file) => path.basename(file));
  const advice = (reason: string): string =>
    reasonAdvice(reason, targetOrg).replaceAll('<refused.csv>', result.files.refused);
  return [
    ...(result.mode !== undefined && result.state === 'planned' ? modeLines(result.mode) : ['']),
    headline(result),
    ...reasonLines('summary.refused', counts.refused, result.refusedByReason, advice),
    ...reasonLines('summary.unchanged', counts.unchanged, result.unchangedByReason),
    ...reasonLines('summary.failed', counts.failed, result.failedByCode, rowAdviceByCode),
    '',
    ...grantLines(result),
    ...(result.jobs.length > 0 ? [sharedText('summary.jobs', result.jobs.length)] : []),
    ...callLines(result),
    sharedText('summary.folder', result.runDir),
    sharedText('summary.files', fileNames.join(', ')),
  ];
}

export function nothingSelected({ operation }: RunResult): string {
  return sharedText(
    operationRules[operation].selects === 'Contact' ? 'summary.nothingSelected' : 'summary.noUserSelected',
  );
}

function headline(result: RunResult): string {
  const { counts, actions, state, mode } = result;
  if (counts.selected === 0) return nothingSelected(result);
  const unreached = countUnreached(result);
  if (unreached > 0 && mode !== undefined && (state !== 'planned' || counts.planned === 0)) {
    const done = sharedText(`mode.${mode}.done`);
    return sharedText('summary.changeUnreached', counts.succeeded, counts.selected, done, unreached);
  }
  if (counts.planned === 0) return sharedText(mode ? 'summary.nothingToChange' : 'summary.nothingToDo');
  if (mode !== undefined) return changeHeadline(result, sharedText(`mode.${mode}.done`));
  if (state === 'planned') {
    const { create, assign } = actions;
    return assign === 0
      ? sharedText('summary.planned', create, counts.selected)
      : sharedText('summary.plannedAssign', create, counts.selected, assign);
  }
  return counts.failed + counts.pending === 0
    ? sharedText('summary.done', counts.succeeded, counts.created)
    : sharedText('summary.partial', counts.succeeded, counts.created, counts.failed, counts.pending);
}

/** @param done what the mode makes of a user: frozen, deactivated … */
function changeHeadline({ counts, state }: RunResult, done: string): string {
  if (state === 'planned') return sharedText('summary.changePlanned', counts.planned, counts.selected, done);
  return counts.failed + counts.pending === 0
    ? sharedText('summary.changeDone', counts.succeeded, done)
    : sharedText('summary.changePartial', counts.succeeded, done, counts.failed, counts.pending);
}

function reasonLines(title: string, count: number, reasons: Counted, adviceOf?: (reason: string) => string): string[] {
  if (count === 0) return [];
  const lines = Object.entries(reasons).flatMap(([reason, contacts]) => [
    `${contacts.toLocaleString('en-US').padStart(7)}  ${printable(reason)}`,
    ...(adviceOf === undefined ? [] : [`${' '.repeat(9)}${adviceOf(reason)}`]),
  ]);
  return ['', sharedText(title, count), ...lines];
}
