/** The last block of a screen: what to do after a run, each command on a line of its own. */
import { operationRules, type Guard, type NextCommand, type RunResult } from '../../model/result.js';
import { nextText } from '../next/nextCommands.js';
import { shortPath } from './layout.js';
import { strong } from './paint.js';
import { sharedText } from '../texts.js';

/** Go on, repeat what failed, let people in, take it back. */
export function nextLines(next: readonly NextCommand[], result: RunResult): string[] {
  const isBack = ({ purpose }: NextCommand): boolean => /^undo|^createAgain$/.test(purpose);
  const lines = [
    ...commandLines(
      next.filter((each) => !isBack(each)),
      result,
    ),
    ...waysIn(result, next).map((text) => `  ${text}`),
    ...commandLines(next.filter(isBack), result),
    ...noWayBack(result).map((text) => `  ${text}`),
  ];
  const open = decisionsText(result);
  if (lines.length === 0 && open === '') return [];
  const title = strong(sharedText('next.title'));
  return ['', title + (open === '' ? '' : `   ${open}`), ...lines];
}

/** `To decide: up to 189 welcome emails`; '' where nothing is. */
export function decisionsText({ guards, welcomeEmails }: RunResult): string {
  const open = guards.filter(({ kind }) => kind === 'decision').map((guard) => decisionText(guard, welcomeEmails));
  return open.length === 0 ? '' : sharedText('next.decisions', open.join('; '));
}

/** In a few words: the plan above has the rest. */
function decisionText({ code, needed, available = 0 }: Guard, { atLeast }: RunResult['welcomeEmails']): string {
  if (needed === undefined) return sharedText('decision.unseenEmails');
  const isLeast = atLeast && code === 'welcomeEmails';
  return sharedText(`decision.${code}${isLeast ? 'AtLeast' : ''}`, needed, available);
}

function commandLines(next: readonly NextCommand[], result: RunResult): string[] {
  return next.flatMap((each) => [`  ${nextText(each, result)}`, `    ${withShortPath(each.command, result.runDir)}`]);
}

/** People who read a command on a screen are in the folder from which short paths go. */
export function withShortPath(command: string, folder: string): string {
  return command.replaceAll(folder, shortPath(folder));
}

/** What the undo of a create run leaves. */
function noWayBack({ operation, counts, actions, permissionSets }: RunResult): string[] {
  const takesBackNew = operationRules[operation].changes === 'created';
  const isGiven = takesBackNew && counts.pending === 0 && permissionSets.assigned > 0 && actions.assign > 0;
  return isGiven ? [sharedText('next.setsStay')] : [];
}

/** How new users get in. */
function waysIn({ counts, newUsers, welcomeEmails }: RunResult, next: readonly NextCommand[]): string[] {
  // Inactive ones have their command above.
  if (counts.created === 0 || newUsers?.active === 0 || next.some(({ purpose }) => purpose.startsWith('invite')))
    return [];
  const { active, inactive } = newUsers ?? { active: counts.created, inactive: 0 };
  const isForAll = welcomeEmails.possible >= Math.min(active, counts.created);
  const how = welcomeEmails.possible === 0 ? 'noPassword' : isForAll ? 'welcome' : 'welcomeSome';
  return [...(inactive > 0 ? [sharedText('next.someInactive')] : []), sharedText(`next.${how}`)];
}
