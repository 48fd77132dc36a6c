/** The end of a run on a screen: what became of it. */
import path from 'node:path';
import { syncDeeds, type SyncSummary } from '../../model/definition/syncFacts.js';
import { deedOf, type RunResult } from '../../model/result.js';
import { factLines } from './factLines.js';
import { failedLines, refusedLines, refusedSinceLines, unchangedLines, unreachedLines } from './groups.js';
import { twoEnds } from './layout.js';
import { caution, good, strong } from './paint.js';
import { planLines } from './plan.js';
import { isBegun, orgText, removesHeld, roomOf, type RunView } from './runView.js';
import { sharedText } from '../texts.js';

/** @param isPlanShown the plan is on the screen already: what it tells is not told twice */
export function outcomeLines(view: RunView, isPlanShown: boolean): string[] {
  const { result } = view;
  if (!isBegun(result)) return isPlanShown ? [] : planLines(view);
  return [
    '',
    ...doneLines(view, isPlanShown),
    ...failedLines(view),
    ...pendingLines(view),
    ...unreachedLines(result),
    ...(isPlanShown ? refusedSinceLines(view) : [...unchangedLines(view), ...refusedLines(view, true)]),
    ...factLines(view, isPlanShown),
  ];
}

/** What was done, and where: the plan has said where. */
function doneLines(view: RunView, isPlanShown: boolean): string[] {
  const [first, ...others] = doneTexts(view.result);
  if (first === undefined && isPlanShown) return [];
  const text = strong(sharedText('done.inOrg', first ?? sharedText('summary.none'), orgText(view)));
  if (first === undefined) return [`  ${text}`];
  const file = path.basename(view.result.files.succeeded ?? '');
  return [
    ...twoEnds(`  ${good('✔')} ${text}`, file, roomOf(view)),
    ...others.map((other) => `  ${good('✔')} ${other}`),
  ];
}

/** `12 users deactivated` */
export function doneText(result: RunResult): string {
  const { counts, actions, sync } = result;
  if (sync !== undefined) return syncTexts(sync).join(', ') || sharedText('done.sync', counts.succeeded);
  const givesBack = (actions.release ?? 0) > 0 ? 'giveBack' : deedOf(result);
  return sharedText(`done.${removesHeld(result) ? 'release' : givesBack}`, counts.succeeded);
}

/** `186 users created`; none where nothing was done. */
export function doneTexts(result: RunResult): string[] {
  const { counts, actions, sync } = result;
  if (counts.succeeded + counts.created === 0) return [];
  if (sync !== undefined) return syncTexts(sync);
  if (actions.change + (actions.release ?? 0) > 0) return [doneText(result)];
  const others = Math.max(0, counts.succeeded - counts.created);
  return [
    ...(counts.created === 0 ? [] : [sharedText('done.create', counts.created)]),
    // Their users were there before, or it is not known whether this run has made them.
    ...(others === 0 ? [] : [sharedText(actions.assign > 0 ? 'done.assign' : 'done.unsure', others)]),
  ];
}

/** `189 users created`, `27 users frozen` */
function syncTexts({ done }: SyncSummary): string[] {
  return syncDeeds.flatMap((does) => (done[does] === 0 ? [] : [sharedText(`done.sync.${does}`, done[does])]));
}

function pendingLines(view: RunView): string[] {
  const { counts } = view.result;
  return [
    ...(counts.pending === 0 ? [] : [`  ${caution('!')} ${strong(sharedText('pending', counts.pending))}`]),
    ...(counts.unknown === 0 ? [] : unknownLines(view)),
  ];
}

function unknownLines(view: RunView): string[] {
  const { counts, files } = view.result;
  const text = `  ${caution('!')} ${strong(sharedText('unknown', counts.unknown))}`;
  return twoEnds(text, path.basename(files.unknown ?? ''), roomOf(view));
}
