/** The end of a run on a screen: what became of it. */
import path from 'node:path';
import type { RunResult } from '../../model/result.js';
import { countUnreached } from '../exitCodes.js';
import { factLines } from './factLines.js';
import { failedLines, refusedLines, unchangedLines } from './groups.js';
import { twoEnds } from './layout.js';
import { bad, caution, good, strong } from './paint.js';
import { planLines } from './plan.js';
import { isBegun, orgText, roomOf, type RunView } from './runView.js';
import { sharedText } from '../texts.js';

/** @param isPlanShown the plan is on the screen already: what it tells is not told twice */
export function outcomeLines(view: RunView, isPlanShown: boolean): string[] {
  const { result } = view;
  if (!isBegun(result)) return isPlanShown ? [] : [...planLines(view), ...unreachedLines(result)];
  return [
    '',
    ...doneLines(view),
    ...failedLines(view),
    ...pendingLines(view),
    ...unreachedLines(result),
    ...(isPlanShown ? [] : [...unchangedLines(view), ...refusedLines(view, true)]),
    ...factLines(view, isPlanShown),
  ];
}

/** What was done, and where. */
function doneLines(view: RunView): string[] {
  const { counts, mode, files } = view.result;
  const [file, room] = [path.basename(files.succeeded ?? ''), roomOf(view)];
  const line = (text: string): string[] =>
    twoEnds(`  ${good('✔')} ${strong(sharedText('done.inOrg', text, orgText(view)))}`, file, room);
  if (counts.succeeded + counts.created === 0) return [];
  if (mode !== undefined) return line(sharedText(`done.${mode}`, counts.succeeded));
  const others = Math.max(0, counts.succeeded - counts.created);
  const created = counts.created === 0 ? [] : line(sharedText('done.create', counts.created));
  if (others === 0) return created;
  // Their users were there before, or it is not known whether this run has made them.
  const text = sharedText(view.result.actions.assign > 0 ? 'done.assign' : 'done.unsure', others);
  return created.length === 0 ? line(text) : [...created, `  ${good('✔')} ${text}`];
}

/** Users of the file whom the run was to keep out, and did not. A plan may still change. */
function unreachedLines(result: RunResult): string[] {
  const { counts, mode, dryRun } = result;
  const users = countUnreached(result);
  if (dryRun || users === 0 || !mode) return [];
  const text = sharedText(`unreached.${mode}`, counts.succeeded, counts.selected, users);
  return [`  ${bad('!')} ${bad(text)}`];
}

function pendingLines({ result: { counts } }: RunView): string[] {
  return [
    ...(counts.pending === 0 ? [] : [`  ${caution('!')} ${caution(sharedText('pending', counts.pending))}`]),
    ...(counts.unknown === 0 ? [] : [`  ${caution('!')} ${caution(sharedText('unknown', counts.unknown))}`]),
  ];
}
