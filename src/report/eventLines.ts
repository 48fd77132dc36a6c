/** The events of a run in words: one line each. */
import type { RunEvent, RunStage } from '../model/events.js';
import { durationText, rateText, type WorkStatus } from './pace.js';
import { bad, good, quiet } from './screens/paint.js';
import { sharedText } from './texts.js';

/** Undefined for what is told in another way. */
export function lineOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'stage':
      return sharedText('line.stage', stageText(event.stage));
    case 'otherUser':
    case 'drift':
    case 'begun':
    case 'jobProgress':
    case 'collection':
    case 'uncertainSkipped':
    case 'upgradesStay':
    case 'accessColumn':
    case 'columnsIgnored':
    case 'flagOverruled':
    case 'footerSkipped':
    case 'federationIdsKept':
    case 'sharingStillDeferred':
    case 'jobMaybeLeft':
      return undefined;
    case 'read':
      return sharedText('line.read', event.records);
    case 'planned':
      return sharedText('line.planned', event.planned, event.unchanged, event.refused);
    case 'jobPlanned':
      return sharedText(event.canary ? 'line.jobCanary' : 'line.jobPlanned', event.job, event.rows);
    case 'jobClosed':
      return sharedText('line.jobClosed', event.job, event.id, event.rows);
    case 'jobCollected':
      // What is done and has failed stands in the line of all jobs, which follows.
      return event.again === 0 ? undefined : sharedText('line.jobCollected', event.job, event.again);
    case 'jobTakenUp':
      return sharedText('line.jobTakenUp', event.job, event.state);
    case 'progress':
      return sharedText('line.progress', event.succeeded, event.planned, event.failed);
    case 'waiting':
      return sharedText('line.waiting', event.rows, Math.ceil(event.milliseconds / 1000));
  }
}

/** What is being done, for a line that goes on. */
export function stageText(stage: RunStage): string {
  return sharedText(`stage.${stage}`);
}

/** How much of the work is done, how fast, and how long it will take. */
export function workText({ unit, done, steps, pace }: WorkStatus): string {
  const work = sharedText(`work.${unit}`, done, steps);
  return pace === undefined ? work : `${work}, ${paceText(pace)}`;
}

const [leastBar, mostBar] = [8, 30];

/**
 * The same in one line, with a bar that takes the room that is left. In a narrow terminal the rate goes first, then the
 * figures.
 * @param failed subjects
 * @param columns of the terminal; the last one stays free, where some terminals begin a new line
 */
export function workLine(doing: string, status: WorkStatus, failed: number, columns: number): string {
  const { unit, done, steps, pace } = status;
  const share = done / steps;
  const failures = sharedText('work.failed', failed);
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  const all = [percent, sharedText(`work.${unit}`, done, steps), ...(pace === undefined ? [] : [paceText(pace)])];
  const roomBeside = (figures: readonly string[]): number =>
    columns - 1 - [doing, ...figures, failures].join('  ').length;
  const count = [3, 2].find((most) => roomBeside(all.slice(0, most)) >= 0) ?? 1;
  const figures = all.slice(0, count);
  const length = Math.min(mostBar, roomBeside(figures) - 2);
  const full = Math.round(share * length);
  const bar = length < leastBar ? [] : [good('█'.repeat(full)) + quiet('░'.repeat(length - full))];
  return [doing, ...bar, ...figures, failed > 0 ? bad(failures) : failures].join('  ');
}

function paceText({ rowsPerSecond, secondsLeft }: NonNullable<WorkStatus['pace']>): string {
  return sharedText('work.pace', rateText(rowsPerSecond), durationText(secondsLeft));
}

/** Comes again and again; the last answers of a collection are worth a line. */
export function isCounter(event: RunEvent): boolean {
  return event.type === 'read' || event.type === 'jobProgress' || (event.type === 'collection' && event.pending > 0);
}
