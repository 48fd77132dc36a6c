/** The end of a run in words: on the screen and in summary.md. */
import path from 'node:path';
import { operationRules, type RunResult } from '../model/result.js';
import { modeRule } from '../model/modes.js';
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
    ...wayBackLines(result, targetOrg),
  ];
}

const countNames = ['selected', 'planned', 'unchanged', 'refused', 'succeeded', 'failed', 'pending'] as const;

/** summary.md: the run at a glance, fit for a pipeline's step summary; no personal data. */
export function summaryText(result: RunResult, targetOrg: string): string {
  const row = (...cells: Array<string | number>): string => `| ${cells.join(' | ')} |`;
  const reasonRows = (reasons: Counted, adviceOf: (reason: string) => string): string[] =>
    Object.entries(reasons).map(([reason, contacts]) => row(printable(reason), contacts, adviceOf(reason)));
  const reasons = [
    ...reasonRows(result.refusedByReason, (reason) => reasonAdvice(reason, targetOrg)),
    ...reasonRows(result.unchangedByReason, (reason) => reasonAdvice(reason, targetOrg)),
    ...reasonRows(result.failedByCode, rowAdviceByCode),
  ];
  const lines = [
    `# ${sharedText('file.title', [result.operation, result.mode].filter(Boolean).join(' '))}`,
    '',
    sharedText('file.run', path.basename(result.runDir), result.orgId),
    '',
    sharedText('file.state', sharedText(`state.${result.state}`)),
    '',
    sharedText('file.columns'),
    '| --- | ---: |',
    ...countNames.map((name) => row(sharedText(`block.${name}`), result.counts[name])),
    '',
    ...(reasons.length > 0 ? [sharedText('file.reasons'), '| --- | ---: | --- |', ...reasons, ''] : []),
    ...[...grantLines(result), sharedText('summary.jobs', result.jobs.length), ...callLines(result)].map(
      (line) => `- ${line}`,
    ),
    '',
  ];
  return lines.join('\n');
}

export function nothingSelected({ operation }: RunResult): string {
  return sharedText(
    operationRules[operation].selects === 'Contact' ? 'summary.nothingSelected' : 'summary.noUserSelected',
  );
}

function headline(result: RunResult): string {
  const { counts, actions, state, mode } = result;
  if (counts.selected === 0) return nothingSelected(result);
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

/** How a disable run is taken back, once it is at its end and has changed something. */
function wayBackLines({ counts, mode, runDir, files }: RunResult, targetOrg: string): string[] {
  if (!mode || counts.succeeded === 0 || counts.pending > 0) return [];
  if (files.createAgain !== undefined) return [sharedText('summary.createAgain', files.createAgain, targetOrg)];
  return modeRule(mode).undo === undefined ? [] : [sharedText('summary.wayBack', runDir, targetOrg)];
}

function reasonLines(title: string, count: number, reasons: Counted, adviceOf?: (reason: string) => string): string[] {
  if (count === 0) return [];
  const lines = Object.entries(reasons).flatMap(([reason, contacts]) => [
    `${contacts.toLocaleString('en-US').padStart(7)}  ${printable(reason)}`,
    ...(adviceOf === undefined ? [] : [`${' '.repeat(9)}${adviceOf(reason)}`]),
  ]);
  return ['', sharedText(title, count), ...lines];
}

/** What is given out: seats, mails, permission sets. */
function grantLines(result: RunResult): string[] {
  return [...result.licenses.map(licenseLine), ...welcomeEmailLines(result), ...permissionSetLines(result)];
}

function licenseLine({ name, total, used, needed }: RunResult['licenses'][number]): string {
  if (total < 0) return sharedText('summary.licenseUnlimited', name, used, needed);
  const left = total - used - needed;
  return left < 0
    ? sharedText('summary.licenseShort', name, used, total, needed, -left)
    : sharedText('summary.license', name, used, total, needed, left);
}

/** The calls so far, and what a run that has anything left to write is expected to take. */
function callLines({ apiCalls, counts, apiBudget: { calls, batches, callsLeft, batchesLeft } }: RunResult): string[] {
  const soFar = sharedText('summary.calls', apiCalls);
  if (calls === 0 || counts.pending === 0) return [soFar];
  return callsLeft === undefined || batchesLeft === undefined
    ? [soFar, sharedText('summary.budget', calls, batches)]
    : [soFar, sharedText('summary.budgetLeft', calls, callsLeft, batches, batchesLeft)];
}

function permissionSetLines({ permissionSets: { assigned, failed, planned } }: RunResult): string[] {
  if (assigned + failed > 0) return [sharedText('summary.permissionSets', assigned, failed)];
  const sets = planned.map(({ name, users }) => sharedText('summary.permissionSet', name, users));
  return sets.length > 0 ? [sharedText('summary.permissionSetsPlanned', sets.join(', '))] : [];
}

function welcomeEmailLines({ welcomeEmails: { possible, atLeast, sites } }: RunResult): string[] {
  if (atLeast) return [sharedText('summary.welcomeEmailsAtLeast', possible)];
  return possible > 0 ? [sharedText('summary.welcomeEmails', possible, sites.join(', '))] : [];
}
