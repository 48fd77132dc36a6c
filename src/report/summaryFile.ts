/** summary.md: the run at a glance, fit for a pipeline's step summary; no personal data. */
import path from 'node:path';
import type { RunResult } from '../model/result.js';
import { printable, reasonAdvice, rowAdviceByCode, sharedText } from './texts.js';

const countNames = ['selected', 'planned', 'unchanged', 'refused', 'succeeded', 'failed', 'pending'] as const;

export function summaryText(result: RunResult, targetOrg: string): string {
  const row = (...cells: Array<string | number>): string => `| ${cells.map(tableCell).join(' | ')} |`;
  const reasonRows = (reasons: Readonly<Record<string, number>>, adviceOf: (reason: string) => string): string[] =>
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

/** What users get: licenses, mails, permission sets. */
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

/** A cell of a table in GitHub Flavored Markdown: a command in it is code, as its <places> would be taken for HTML. */
function tableCell(cell: string | number): string {
  return String(cell)
    .replaceAll('\n', ' ')
    .replace(/(?<![\w"])sf [a-z].* --.*$/u, '`$&`')
    .replaceAll('|', '\\|');
}
