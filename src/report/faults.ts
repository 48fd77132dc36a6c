/** Turns every fault into an error of the CLI: what happened, to what, and what to do next. */
import { SfError } from '@salesforce/core/sfError';
import { ChecksFailed } from '../model/checkOutcome.js';
import { codeOf, type Facts, type FactsOf, type FactTable } from '../model/facts.js';
import { DefinitionRejected } from '../model/definition/definitionFaults.js';
import { BadSetValue, ConditionRejected, faultOf, RunFault, type faultFacts } from '../model/faults.js';
import { InputFileError } from '../model/inputFileError.js';
import type { Guard, RunResult } from '../model/result.js';
import { exitCodeOfFault } from './exitCodes.js';
import { conditionEntry, definitionFaultEntries, definitionFaultLines } from './rejectedDefinition.js';
import { inOrg, quoteArgument } from './next/printedCommand.js';
import { curesOf, excerptOf } from './rejectedCondition.js';
import { checkAdvice, checkMessage, fill, fillList, plain, refusalText, sharedText } from './texts.js';

/**
 * Errors that are not ours go on as they are: the CLI knows its own, and the rest are bugs.
 * @param targetOrg for the commands in the advice; undefined where no org was given
 * @param isSync what was wrong stands in a definition, not in flags of create
 */
export function toCliError(thrown: unknown, targetOrg: string | undefined, isSync = false): unknown {
  const error = translate(thrown);
  if (!(error instanceof SfError)) return error;
  const inWords = (text: string): string => (isSync ? inDefinition(text) : text);
  error.message = inWords(error.message);
  if (error.actions !== undefined) {
    const actions = targetOrg === undefined ? error.actions : forOrg(error.actions, targetOrg);
    error.actions = actions.map(inWords);
  }
  return error;
}

/** Flags of create as a definition has them: `--username "{Email}.portal"` is `username: "{Email}.portal"` there. */
function inDefinition(text: string): string {
  const keyOf = (line: string): string =>
    line
      .replace(/--set "(\w+)=([^"]*)"/g, 'set: { $1: "$2" }')
      .replace(/--(username|set|profile|inactive)\b( (?="))?/g, (_, key: string, value?: string) =>
        value === undefined ? key : `${key}: `,
      )
      .replaceAll('--portal-role', 'portalRole')
      .replaceAll('--permission-set', 'permissionSets');
  // A command has its flags.
  return text
    .split('\n')
    .map((line) => (line.trim().startsWith('sf ') ? line : keyOf(line)))
    .join('\n');
}

/** Actions with commands for the org that was typed: by its alias, or by a username, which is nobody's alias. */
export function forOrg(actions: readonly string[], targetOrg: string): string[] {
  const alias = targetOrg.includes('@') ? '' : ` --alias ${quoteArgument(targetOrg)}`;
  const named = actions.map((action) => action.replaceAll(' --alias <alias>', () => alias));
  return named.map((action) => inOrg(action, targetOrg));
}

function translate(thrown: unknown): unknown {
  const error = faultOf(thrown);
  if (error instanceof DefinitionRejected) {
    const rejected = namedError(error.code, faultText(error), ownActions(error));
    rejected.setData({ faults: definitionFaultEntries(error, textInDefinition) });
    return rejected;
  }
  if (error instanceof RunFault) {
    const own = namedError(error.code, faultText(error), ownActions(error));
    if (error.key === 'conditionRejected.file') own.setData({ faults: [conditionEntry(error)] });
    return own;
  }
  if (error instanceof InputFileError) return inputFileError(error);
  if (error instanceof ChecksFailed) return checksError(error);
  return error;
}

/** Texts of messages/faults.md that no RunFault has: warnings, what ends a run that was not begun, wrong flags. */
export const noticeFacts = {
  otherUser: ['begunBy', 'drivenBy'],
  planChanged: ['rows', 'reasons'],
  uncertainSkipped: ['rows'],
  upgradesStay: ['users'],
  columnsIgnored: ['columns'],
  flagOverruled: ['flag', 'column'],
  footerSkipped: ['lines'],
  'accessColumn.marks': ['column'],
  'accessColumn.state': ['column', 'value'],
  jobMaybeLeft: ['times'],
  federationIdsKept: ['users'],
  sharingStillDeferred: ['users'],
  progressUnseen: ['why'],
  notRemembered: ['why'],
  'conditionRejected.listed': ['flag', 'code', 'message'],
  checksFailed: ['checks'],
  guardStopped: ['guards'],
  'guardStopped.again': ['guards'],
  emptyFlag: ['flag'],
  badMaxUsers: ['value'],
  badMaxTakeAway: ['value'],
  badWait: ['value'],
  badInactiveFor: ['value'],
  badDays: ['value'],
} as const satisfies FactTable;

type AllFacts = typeof faultFacts & typeof noticeFacts;
type TextKey = keyof AllFacts;

/** A text of messages/faults.md. */
export function noticeText<Key extends TextKey>(key: Key, facts: FactsOf<AllFacts, Key>): string {
  return fill('faults', key, facts);
}

export function faultText(fault: RunFault): string {
  return fill('faults', fault.key, factsOf(fault));
}

function textInDefinition(ofFlag: RunFault): string {
  // Among others on one line, without its excerpt: the place says where it is.
  if (ofFlag instanceof ConditionRejected) return fill('faults', 'conditionRejected.listed', plain(ofFlag.facts));
  return inDefinition(faultText(ofFlag));
}

/** What to do about it; none where nothing is. */
export function faultActions({ key, facts }: { key: TextKey; facts: Facts }, targetOrg: string): string[] {
  return forOrg(listActions(key, facts), targetOrg);
}

/** @param result of the run, for --json */
export function faultError<Key extends TextKey>(key: Key, facts: FactsOf<AllFacts, Key>, result?: RunResult): SfError {
  return keyedError(key, facts, result);
}

function keyedError(key: TextKey, facts: Facts, result?: RunResult): SfError {
  return namedError(codeOf(key), fill('faults', key, facts), listActions(key, facts), result);
}

/** `code` gives the error its name: `conditionRejected` → ConditionRejectedError. */
export function namedError(code: string, message: string, actions: string[], result?: RunResult): SfError {
  const name = `${code.charAt(0).toUpperCase()}${code.slice(1)}Error`;
  const exitCode = exitCodeOfFault(code);
  const error = SfError.create({ name, message, actions: actions.filter(Boolean), exitCode });
  return result === undefined ? error : Object.assign(error, { result });
}

function listActions(key: TextKey, facts: Facts): string[] {
  return fillList('faults', `${key}.actions`, plain(facts));
}

function ownActions(fault: RunFault): string[] {
  if (fault instanceof DefinitionRejected) return [...placedActions(fault), ...listActions(fault.key, factsOf(fault))];
  if (!(fault instanceof ConditionRejected)) return listActions(fault.key, factsOf(fault));
  const { keys, facts } = curesOf(fault);
  return keys.flatMap((key) => fillList('conditions', key, plain(facts)));
}

/** Each advice once; among several faults, with the lines that it is for. */
function placedActions({ faults }: DefinitionRejected): string[] {
  const linesOf = new Map<string, Set<number>>();
  for (const each of faults) {
    if (!('ofFlag' in each)) continue;
    for (const action of ownActions(each.ofFlag))
      linesOf.set(action, (linesOf.get(action) ?? new Set()).add(each.place.line));
  }
  if (faults.length < 2) return [...linesOf.keys()];
  return Array.from(linesOf, ([action, lines]) => {
    const places = [...lines].sort((a, b) => a - b).map((line) => sharedText('advice.line', String(line)));
    return sharedText('advice.ofLines', places.join(', '), action);
  });
}

/** Why a constant of --set is wrong is said in the words of the reason that its rows would have. */
function factsOf(fault: RunFault): Facts {
  // A line of a file is no amount.
  if (fault instanceof ConditionRejected) return { ...plain(fault.facts), excerpt: excerptOf(fault) };
  if (fault instanceof DefinitionRejected) {
    const entries = definitionFaultEntries(fault, textInDefinition);
    return { ...fault.facts, list: definitionFaultLines(fault.file, entries) };
  }
  if (!(fault instanceof BadSetValue)) return fault.facts;
  return { ...fault.facts, why: refusalText(fault.refusal) };
}

/** Most faults of a file are cured by saving it anew. */
function inputFileError({ code, key, facts }: InputFileError): SfError {
  const own = fillList('inputFile', `${code}.actions`);
  const actions = own.length > 0 ? own : fillList('inputFile', 'actions');
  return namedError('inputFile', fill('inputFile', key, plain(facts)), actions);
}

function checksError({ checks }: ChecksFailed): SfError {
  const message = noticeText('checksFailed', { checks: checks.map(checkMessage).join(' ') });
  const error = namedError(
    'checksFailed',
    message,
    checks.map((check) => checkAdvice(check)),
  );
  const guards = checks.map((check): Guard => ({ code: check.name, kind: 'obstacle', message: checkMessage(check) }));
  error.setData({ guards });
  return error;
}
