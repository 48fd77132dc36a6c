/** The commands that give the failed and the refused rows of a run another try: each works as it is printed. */
import type { Outlook, TypedFlag } from '../../model/fileTexts.js';
import type { Refusal } from '../../model/reasons.js';
import { operationRules, type NextCommand, type RunRecord } from '../../model/result.js';
import { consentFlags } from './consentFlags.js';
import { countUnreached } from '../exitCodes.js';
import { printedCommand, quoteArgument } from './printedCommand.js';
import { repeatedFor } from './repeatedCommand.js';

/** failed.csv names the rows in the words that the same command takes; the run that an enable undoes knows more of them. */
export function retryFailed(record: RunRecord, outlook: Outlook, targetOrg: string): NextCommand[] {
  const { operation, counts, files, sync, welcomeEmails } = record;
  const { permissionSets, typed, fromRun, asks } = outlook;
  // The next sync finds them by itself.
  if (counts.failed === 0 || files.failed === undefined || sync !== undefined) return [];
  const consent = consentFlags(operation, counts.failed, asks, welcomeEmails.possible > 0 || welcomeEmails.atLeast);
  if (operationRules[operation].selects === 'Contact') {
    // The file has what the other flags gave.
    const sets = permissionSets.map((name) => `--permission-set ${quoteArgument(name)}`);
    const flags = [`--file ${quoteArgument(files.failed)}`, ...sets, ...consent];
    return [{ purpose: 'retry', command: printedCommand(operation, flags, targetOrg) }];
  }
  const isUndo = fromRun !== undefined && operationRules.disable.undo?.operation === operation;
  const rows = isUndo ? [`--from-run ${quoteArgument(fromRun)}`] : rowsOf(record, files.failed);
  return repeatedFor('retry', operation, repeatable(typed), { rows, consent }, { asks, targetOrg });
}

/**
 * Reasons that no other row of refused.csv cures: another row of the same contact or user counts, inactive users are activated,
 * and the others are not to be reached by this command.
 */
const beyondRetry: readonly string[] = [
  'DUPLICATE_CONTACT',
  'DUPLICATE_USER',
  'HAS_INACTIVE_USER',
  'IS_RUNNING_USER',
  'NOT_EXTERNAL',
  'PORTAL_ADMINISTRATOR',
  'PROTECTED',
] satisfies ReadonlyArray<Refusal['reason']>;

/** Rows of refused.csv that the same command takes once they are corrected. */
export function countFixable({ refusedByReason }: Pick<RunRecord, 'refusedByReason'>): number {
  return Object.entries(refusedByReason)
    .filter(([reason]) => !beyondRetry.includes(reason))
    .reduce((sum, [, rows]) => sum + rows, 0);
}

/** Contacts get users; a list of users who must not log in is not done while some of them still can. */
export function retryRefused(record: RunRecord, { typed, asks }: Outlook, targetOrg: string): NextCommand[] {
  const { operation, files, sync, welcomeEmails, refusedByReason } = record;
  const fixable = countFixable(record);
  const givesUsers = operationRules[operation].selects === 'Contact' && sync === undefined && typed.length > 0;
  if (fixable === 0 || !(givesUsers || countUnreached(record) > 0)) return [];
  // The column of the file that spares these users is not in refused.csv: the same command would reach them.
  if (!givesUsers && (refusedByReason[spared] ?? 0) > 0) return [];
  const rows = rowsOf(record, files.refused);
  const mayWelcome = givesUsers && (welcomeEmails.possible > 0 || welcomeEmails.atLeast);
  const consent = consentFlags(operation, fixable, asks, mayWelcome);
  return repeatedFor('retryRefused', operation, repeatable(typed), { rows, consent }, { asks, targetOrg });
}

const spared = 'CONTRADICTED' satisfies Refusal['reason'];

/** Without what was meant for the first run alone: its folder, and how many users it was to have at most. */
function repeatable(typed: readonly TypedFlag[]): TypedFlag[] {
  return typed.filter(({ name }) => name !== 'output-dir' && name !== 'max-users');
}

/** The file takes the place of what selected them; what spares some of them, as `--protect` does, is repeated. */
function rowsOf({ mode, releaseLicenses }: Pick<RunRecord, 'mode' | 'releaseLicenses'>, file: string): string[] {
  return [
    ...(mode ? [`--mode ${mode}`] : []),
    ...(releaseLicenses === true ? ['--release-licenses'] : []),
    `--file ${quoteArgument(file)}`,
  ];
}
