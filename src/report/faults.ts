/** Turns every fault into an error of the CLI: what happened, to what, and what to do next. */
import { Messages, SfError } from '@salesforce/core';
import type { CheckOutcome } from '../preflight/checks.js';
import { ChecksFailed } from '../preflight/checksFailed.js';
import { InputFileError } from '../selection/inputFile.js';
import { faultOf, RunFault } from '../model/faults.js';
import type { RunResult } from '../model/result.js';
import { exitCodes, type ExitCode } from './exitCodes.js';
import { printable } from './printable.js';
import { checkAdvice, checkMessage, fill, reasonDetail } from './texts.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const faults = Messages.loadMessages('sf-portal-users', 'faults');
const inputFile = Messages.loadMessages('sf-portal-users', 'inputFile');

/**
 * Errors that are not ours go on as they are: the CLI knows its own, and the rest are bugs.
 * @param targetOrg for the commands in the advice
 */
export function toCliError(thrown: unknown, targetOrg: string): unknown {
  const error = translate(thrown);
  if (error instanceof SfError && error.actions !== undefined) error.actions = forOrg(error.actions, targetOrg);
  return error;
}

/** Actions with commands for the org that was typed: by its alias, or by a username, which is nobody's alias. */
export function forOrg(actions: readonly string[], targetOrg: string): string[] {
  const alias = targetOrg.includes('@') ? '' : ` --alias ${targetOrg}`;
  return actions.map((action) => action.replaceAll(' --alias <alias>', alias).replaceAll('<org>', targetOrg));
}

function translate(thrown: unknown): unknown {
  const error = faultOf(thrown);
  if (error instanceof RunFault) return faultError(error.code, tokensOf(error), error.variant);
  if (error instanceof InputFileError) return inputFileError(error);
  if (error instanceof ChecksFailed) return checksError(error);
  return error;
}

export function faultText({ code, tokens, variant }: RunFault): string {
  return fill(faults, keyOf(code, variant), tokens);
}

export function faultActions({ code, tokens, variant }: RunFault, targetOrg: string): string[] {
  return forOrg(listActions(`${keyOf(code, variant)}.actions`, tokens), targetOrg);
}

function keyOf(code: string, variant: string | undefined): string {
  return variant === undefined ? code : `${code}.${variant}`;
}

/**
 * @param key of messages/faults.md; its actions take the tokens too
 * @param result of the run, for --json
 */
export function faultError(key: string, tokens: readonly string[] = [], variant?: string, result?: RunResult): SfError {
  const full = keyOf(key, variant);
  return namedError(key, fill(faults, full, tokens), listActions(`${full}.actions`, tokens), result);
}

/** `key` gives the error its name: `whereRejected` → WhereRejectedError. */
export function namedError(key: string, message: string, actions: string[], result?: RunResult): SfError {
  const name = `${key.charAt(0).toUpperCase()}${key.slice(1)}Error`;
  const exitCode = otherExitCodes[key] ?? exitCodes.stopped;
  const error = SfError.create({ name, message, actions: actions.filter(Boolean), exitCode });
  return result === undefined ? error : Object.assign(error, { result });
}

export function otherUserWarning(event: { begunBy: string; drivenBy: string }): { name: string; message: string } {
  return { name: 'OtherUser', message: fill(faults, 'otherUser', [event.begunBy, event.drivenBy]) };
}

export function uncertainWarning(rows: number): { name: string; message: string } {
  return { name: 'UncertainRows', message: fill(faults, 'uncertainSkipped', [String(rows)]) };
}

/** @param jobs how often the answer to a new job was lost */
export function jobsLeftWarning(jobs: number, targetOrg: string): { name: string; message: string; actions: string[] } {
  const message = fill(faults, 'jobMaybeLeft', [String(jobs)]);
  return { name: 'EmptyJobs', message, actions: forOrg(listActions('jobMaybeLeft.actions', []), targetOrg) };
}

export function driftWarning(event: { rows: number; reasons: Readonly<Record<string, number>> }): {
  name: string;
  message: string;
} {
  const reasons = Object.entries(event.reasons).map(([reason, rows]) => `${reason} ${String(rows)}`);
  return { name: 'PlanChanged', message: fill(faults, 'planChanged', [String(event.rows), reasons.join(', ')]) };
}

export function checkWarning(
  check: CheckOutcome,
  targetOrg: string,
): { name: string; message: string; actions: string[] } {
  const actions = forOrg([checkAdvice(check)].filter(Boolean), targetOrg);
  return { name: 'Check', message: checkMessage(check), actions };
}

/** Most faults stop a run before anything was written. */
const otherExitCodes: Readonly<Record<string, ExitCode>> = {
  interrupted: exitCodes.interrupted,
  diskFull: exitCodes.resumable,
  folderGone: exitCodes.resumable,
  modeNeeded: exitCodes.flags,
};

function listActions(key: string, tokens: readonly string[]): string[] {
  try {
    return faults.getMessages(key, tokens.map(printable));
  } catch {
    return [];
  }
}

/** Why a constant of --set is wrong is said in the words of the reason that its rows would have. */
function tokensOf({ code, tokens }: RunFault): readonly string[] {
  if (code !== 'badSetValue') return tokens;
  const [setting = '', reason = '', text = '', ...detail] = tokens;
  return [setting, reasonDetail(reason, text, detail)];
}

function inputFileError({ fault, file, line, found, column, expected }: InputFileError): SfError {
  const facts = [line, found, column, expected].filter((fact) => fact !== undefined).map(String);
  const key = fault === 'cellTooLong' && column === undefined ? 'cellTooLong.record' : fault;
  return namedError('inputFile', fill(inputFile, key, [file, ...facts]), fileActions(fault));
}

const faultsWithAdvice: readonly string[] = ['missing', 'folder', 'unreadable', 'noRows', 'headerTwice', 'emptyHeader'];

/** Most faults are cured by saving the file anew. */
function fileActions(fault: string): string[] {
  return inputFile.getMessages(faultsWithAdvice.includes(fault) ? `${fault}.actions` : 'actions');
}

function checksError({ checks }: ChecksFailed): SfError {
  return namedError(
    'checksFailed',
    fill(faults, 'checksFailed', [checks.map(checkMessage).join(' ')]),
    checks.map(checkAdvice),
  );
}
