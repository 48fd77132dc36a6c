/** The question before the first write, with all that is to be decided in it. */
import { isForGood } from '../model/modes.js';
import { assignKindNames } from '../model/access/assignments.js';
import { deedOf, type RunResult } from '../model/result.js';
import { creationKey, orgName, removesHeld } from './screens/runView.js';
import { sharedText } from './texts.js';

type Question = {
  readonly question: string;
  /** What has to be typed instead of y: for what can't be undone, and for more users than --max-users allows. */
  readonly wanted?: string;
};

/** @param result of a plan that can be applied */
export function questionOf(result: RunResult, targetOrg: string): Question {
  const { mode, counts, guards, orgKind } = result;
  const { possible } = result.welcomeEmails;
  const what = sharedText(mailsKey(result), workOf(result), orgName(orgKind, targetOrg), possible);
  const forGood = mode !== undefined && isForGood(mode);
  if (!forGood && !guards.some(({ code }) => code === 'maxUsers')) return { question: what };
  const question = sharedText(forGood ? 'prompt.forGood' : 'prompt.typed', what, counts.pending);
  return { question, wanted: String(counts.pending) };
}

function workOf(result: RunResult): string {
  const { actions, sync, counts } = result;
  const { assign } = actions;
  if (sync !== undefined) {
    const leaving = sync.profiles.reduce((sum, { takeAway }) => sum + takeAway, 0);
    return leaving === 0
      ? sharedText('prompt.sync', counts.pending)
      : sharedText('prompt.syncTakingAway', counts.pending, leaving);
  }
  if (actions.change + (actions.release ?? 0) > 0) return userWorkOf(result);
  if (actions.create === 0) return sharedText('prompt.assign', assign);
  const create = sharedText(`prompt.${creationKey(result)}`, actions.create, result.newUsers?.inactive ?? 0);
  return assign === 0 ? create : sharedText('prompt.createAndAssign', create, assign);
}

function userWorkOf(result: RunResult): string {
  const { change, release = 0 } = result.actions;
  if (change === 0) return sharedText(result.releaseLicenses === true ? 'prompt.release' : 'prompt.giveBack', release);
  const work = sharedText(`prompt.${deedOf(result)}`, change);
  if (removesHeld(result)) {
    return release === 0 ? sharedText('prompt.removing', work) : sharedText('prompt.removingAlso', work, release);
  }
  const givesBack = assignKindNames.some((kind) => kind in result.steps);
  return givesBack ? sharedText('prompt.givingBack', work) : work;
}

function mailsKey({ welcomeEmails: { possible, atLeast } }: RunResult): string {
  if (possible > 0) return atLeast ? 'prompt.mailsAtLeast' : 'prompt.mails';
  return atLeast ? 'prompt.mailsUnseen' : 'prompt.noMails';
}
