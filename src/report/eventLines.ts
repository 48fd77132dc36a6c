/** The events of a run in words: one line each. */
import type { RunEvent } from '../model/events.js';
import { durationText, rateText, type WorkStatus } from './pace.js';
import { sharedText } from './texts.js';

/** Undefined for what is told in another way. */
export function lineOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'stage':
      return sharedText('line.stage', sharedText(`stage.${event.stage}`));
    case 'otherUser':
    case 'drift':
    case 'begun':
    case 'checkWarned':
    case 'jobProgress':
    case 'collection':
    case 'uncertainSkipped':
    case 'jobMaybeLeft':
      return undefined;
    case 'read':
      return sharedText('line.read', event.contacts);
    case 'planned':
      return sharedText('line.planned', event.planned, event.unchanged, event.refused);
    case 'jobPlanned':
      return sharedText(event.canary ? 'line.jobCanary' : 'line.jobPlanned', event.job, event.rows);
    case 'jobClosed':
      return sharedText('line.jobClosed', event.job, event.id, event.rows);
    case 'jobCollected':
      return sharedText('line.jobCollected', event.job, event.succeeded, event.failed, event.again);
    case 'jobTakenUp':
      return sharedText('line.jobTakenUp', event.job, event.state);
    case 'progress':
      return sharedText('line.progress', event.succeeded, event.planned, event.failed);
    case 'waiting':
      return sharedText('line.waiting', event.rows, Math.ceil(event.milliseconds / 1000));
  }
}

/** How much of the work is done, how fast, and how long it will take. */
export function workText({ task, done, toDo, pace }: WorkStatus): string {
  const work = sharedText(`work.${task}`, done, toDo);
  if (pace === undefined) return work;
  return `${work}, ${sharedText('work.pace', rateText(pace.rowsPerSecond), durationText(pace.secondsLeft))}`;
}

/** Comes again and again; the last answers of a collection are worth a line. */
export function isCounter(event: RunEvent): boolean {
  return event.type === 'read' || event.type === 'jobProgress' || (event.type === 'collection' && event.pending > 0);
}
