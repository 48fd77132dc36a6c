/** The commands that go on with a run, or take it back: each works as it is printed. */
import type { Outlook } from '../../model/fileTexts.js';
import { asksForNewPlan, type GuardFinding } from '../../model/guards.js';
import { modeRule, modeUndoneBy } from '../../model/modes.js';
import { operationRules, type NextCommand, type RunRecord } from '../../model/result.js';
import { waysBack, type WayBack } from '../../model/runs/waysBack.js';
import type { RunOverview } from '../../model/runs/runOverview.js';
import { consentFlags, mayEmail } from './consentFlags.js';
import { printedCommand, quoteArgument } from './printedCommand.js';
import { countFixable, retryFailed, retryRefused } from './retryCommands.js';
import { sharedText } from '../texts.js';

/** What a command is for: a flag that allows emails is never printed without a word about them. */
export function nextText(
  { purpose, command }: NextCommand,
  result: Pick<RunRecord, 'refusedByReason' | 'counts'>,
): string {
  const text = purpose === 'retryRefused' ? retryRefusedText(result) : sharedText(`next.${purpose}`);
  return withEmailsSaid(text, [command]);
}

/** @param text ends in a colon, before the commands */
export function withEmailsSaid(text: string, commands: readonly string[]): string {
  const isEmailing = commands.some((command) => command.includes(` ${mayEmail}`));
  return isEmailing ? sharedText('next.withEmails', text.replace(/:$/u, '')) : text;
}

/** Where some rows are beyond that, the count is told as a part of them. */
function retryRefusedText(result: Pick<RunRecord, 'refusedByReason' | 'counts'>): string {
  const fixable = countFixable(result);
  return sharedText(`next.${fixable === result.counts.refused ? 'retryRefused' : 'retryFixable'}`, fixable);
}

/** @param targetOrg as it was typed */
export function nextCommands(record: RunRecord, outlook: Outlook, targetOrg: string): NextCommand[] {
  const { counts, state } = record;
  if (counts.pending > 0) return isApplicable(record, outlook) ? [resumeCommand(record, outlook, targetOrg)] : [];
  if (state === 'planned') return [];
  return [
    ...retryFailed(record, outlook, targetOrg),
    ...retryRefused(record, outlook, targetOrg),
    ...activations(record, outlook, targetOrg),
    ...sendUnknownAgain(record, targetOrg),
    ...invitation(record, outlook, targetOrg),
    ...wayBack(record, outlook, targetOrg),
  ];
}

/** What --strict or the limits of a sync hold up is a matter of another plan. */
function isApplicable({ state }: RunRecord, { findings }: Outlook): boolean {
  return state !== 'planned' || !asksForNewPlan(findings);
}

function resumeCommand({ runDir, state }: RunRecord, { resumeFlags }: Outlook, targetOrg: string): NextCommand {
  const command = printedCommand('resume', [`--run-dir ${quoteArgument(runDir)}`, ...resumeFlags], targetOrg);
  return { purpose: state === 'planned' ? 'apply' : 'resume', command };
}

/** How to let in users that a create run has created inactive, or found so. */
function activations(record: RunRecord, { asks }: Outlook, targetOrg: string): NextCommand[] {
  const { operation, counts, files, newUsers, refusedByReason, sync } = record;
  if (operationRules[operation].selects !== 'Contact' || sync !== undefined) return [];
  const activate = (purpose: NextCommand['purpose'], file: string, users: number): NextCommand => {
    const flags = ['--mode activate', `--file ${quoteArgument(file)}`, ...consentFlags('enable', users, asks, true)];
    return { purpose, command: printedCommand('enable', flags, targetOrg) };
  };
  // Where some are active, the file says of the others that they are to stay as they are.
  const created = counts.created > 0 && newUsers?.active === 0 ? files.succeeded : undefined;
  const found = refusedByReason['HAS_INACTIVE_USER'] ?? 0;
  return [
    ...(created === undefined ? [] : [activate('activateCreated', created, counts.created)]),
    ...(found > 0 ? [activate('activateFound', files.refused, found)] : []),
  ];
}

/** What may have been done is never done again by itself. */
function sendUnknownAgain({ counts, runDir }: RunRecord, targetOrg: string): NextCommand[] {
  if (counts.unknown === 0) return [];
  const flags = [`--run-dir ${quoteArgument(runDir)}`, '--send-unknown-again'];
  return [{ purpose: 'sendUnknownAgain', command: printedCommand('resume', flags, targetOrg) }];
}

/** New users without a password: a welcome email would have a link, which another email makes void. */
function invitation(record: RunRecord, { asks, findings }: Outlook, targetOrg: string): NextCommand[] {
  const { counts, newUsers, licenses, welcomeEmails, runDir } = record;
  // Of a sync: only active users take a license.
  const areActive = newUsers === undefined ? licenses.some(({ needed }) => needed > 0) : newUsers.active > 0;
  const needPasswords = counts.created > 0 && areActive;
  if (!needPasswords || welcomeEmails.possible > 0 || welcomeEmails.atLeast) return [];
  const flags = [`--from-run ${quoteArgument(runDir)}`, ...consentFlags('invite', counts.created, asks)];
  // Invite refuses users who are in no site.
  const purpose = findings.some(isWithoutSite) ? 'inviteMembers' : 'invite';
  return [{ purpose, command: printedCommand('invite', flags, targetOrg) }];
}

/** No live site has the profile as a member. */
function isWithoutSite(finding: GuardFinding): boolean {
  return 'check' in finding && finding.check.key === 'sites.none';
}

/** How to take back what the run did; new users for the same people where Salesforce has no way back. */
function wayBack(record: RunRecord, outlook: Outlook, targetOrg: string): NextCommand[] {
  const ways = [undoByRun, undoByFile, createAgain].map((way) => way(record, outlook, targetOrg));
  return ways.find((commands) => commands.length > 0) ?? [];
}

function undoByRun(record: RunRecord, { asks }: Outlook, targetOrg: string): NextCommand[] {
  const { mode, runDir, steps } = record;
  const back = mode && modeRule(mode).undo;
  // The way back of a sync activates whom it deactivated, and unfreezes the others, who get no email.
  const activates = ['setActive', 'setProfile'].some((kind) => (steps[kind]?.done ?? 0) > 0);
  const welcomes = back === undefined ? activates : modeRule(back).mails === true;
  return waysBack(record).map((way) => ({
    purpose: way.purpose,
    command: undoCommand(way, runDir, { asks, welcomes }, targetOrg),
  }));
}

function undoByFile(record: RunRecord, { asks }: Outlook, targetOrg: string): NextCommand[] {
  const { operation, mode, counts, files, steps } = record;
  const undoFile = Object.keys(steps).length === 1 ? files.succeeded : undefined;
  const commands = undoOfEnable({ operation, mode, counts, undoFile }, asks, targetOrg);
  return commands.map((command) => ({ purpose: 'undo', command }));
}

/** None for other runs, and for one that has given more back than access: no command takes all of it. */
export function undoOfEnable(
  { operation, mode, counts, undoFile }: Pick<RunOverview, 'operation' | 'mode' | 'counts' | 'undoFile'>,
  asks: boolean,
  targetOrg: string,
): string[] {
  const users = counts[operationRules[operation].changes];
  const against = mode && modeUndoneBy(mode);
  if (against === undefined || undoFile === undefined || users === 0 || counts.pending > 0) return [];
  const flags = [`--mode ${against}`, `--file ${quoteArgument(undoFile)}`, ...consentFlags('disable', users, asks)];
  return [printedCommand('disable', flags, targetOrg)];
}

function createAgain({ operation, counts, files }: RunRecord, { asks }: Outlook, targetOrg: string): NextCommand[] {
  const users = counts[operationRules[operation].changes];
  if (files.createAgain === undefined || users === 0) return [];
  const flags = [`--file ${quoteArgument(files.createAgain)}`, ...consentFlags('create', users, asks, true)];
  return [{ purpose: 'createAgain', command: printedCommand('create', flags, targetOrg) }];
}

/** @param consented `welcomes`: giving access back may send welcome emails */
export function undoCommand(
  { operation, flags, users }: WayBack,
  runDir: string,
  consented: { readonly asks: boolean; readonly welcomes: boolean },
  targetOrg: string,
): string {
  const welcomes = !operationRules[operation].takesAccess && consented.welcomes;
  const all = [
    `--from-run ${quoteArgument(runDir)}`,
    ...flags,
    ...consentFlags(operation, users, consented.asks, welcomes),
  ];
  return printedCommand(operation, all, targetOrg);
}
