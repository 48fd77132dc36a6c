/** Readers of the run's events: stages with counts on a terminal, plain lines in a pipe, nothing with --json. */
import type { MultiStageOutput } from '@oclif/multi-stage-output';
import type { Emit, RunEvent, RunStage } from '../run/runEvents.js';
import { sharedText } from './texts.js';

export type Progress = {
  readonly emit: Emit;
  /** Takes the display down; the next event brings it back. */
  readonly pause: () => void;
  /** @param completed whether the run reached its end */
  readonly end: (completed: boolean) => void;
};

const stages: readonly RunStage[] = ['check', 'read', 'plan', 'apply', 'report'];

export const silentProgress: Progress = { emit: () => undefined, pause: () => undefined, end: () => undefined };

/** One line per thing that happened; the org's counters at most every ten seconds. */
export function lineProgress(log: (line: string) => void): Progress {
  let lastCounters = 0;
  const emit: Emit = (event) => {
    if (event.type === 'jobProgress' && Date.now() - lastCounters < 10_000) return;
    if (event.type === 'jobProgress') lastCounters = Date.now();
    const line = lineOf(event);
    if (line !== undefined) log(line);
  };
  return { ...silentProgress, emit };
}

type Counts = {
  contacts?: number;
  planned?: number;
  unchanged?: number;
  refused?: number;
  done?: number;
  failed?: number;
  job?: string;
};

/** Stages on a terminal. The display library is heavy, so it is loaded here and only here. */
export async function stageProgress(titleKey: string): Promise<Progress> {
  const mso = await import('@oclif/multi-stage-output');
  let counts: Counts = {};
  // A display that is opened again, after a question, begins where the one before it ended.
  let remaining = stages;
  let display: MultiStageOutput<Counts> | undefined;
  const number = (key: Exclude<keyof Counts, 'job'>) => ({
    type: 'static-key-value' as const,
    label: sharedText(`block.${key === 'done' ? 'created' : key}`),
    get: (data?: Counts) => data?.[key]?.toLocaleString('en-US'),
  });
  const open = (): MultiStageOutput<Counts> =>
    new mso.MultiStageOutput<Counts>({
      title: sharedText(titleKey),
      stages: remaining.map((stage) => sharedText(`stage.${stage}`)),
      jsonEnabled: false,
      data: counts,
      postStagesBlock: [
        number('contacts'),
        number('planned'),
        number('unchanged'),
        number('refused'),
        number('done'),
        number('failed'),
        { type: 'static-key-value', label: sharedText('block.job'), get: (data) => data?.job },
      ],
    });
  let lastDrawn = 0;
  const emit: Emit = (event) => {
    counts = { ...counts, ...countsOf(event) };
    const isFrequent = event.type === 'read' || event.type === 'jobProgress';
    if (isFrequent && Date.now() - lastDrawn < 250) return;
    lastDrawn = Date.now();
    if (event.type === 'stage' && display === undefined) remaining = stages.slice(stages.indexOf(event.stage));
    display ??= open();
    if (event.type === 'stage') display.skipTo(sharedText(`stage.${event.stage}`), counts);
    else display.updateData(counts);
  };
  const stop = (status: 'completed' | 'paused'): void => {
    display?.stop(status);
    display = undefined;
  };
  return {
    emit,
    pause: () => {
      stop('paused');
    },
    end: (completed) => {
      stop(completed ? 'completed' : 'paused');
    },
  };
}

function countsOf(event: RunEvent): Counts {
  switch (event.type) {
    case 'read':
      return { contacts: event.contacts };
    case 'planned':
      return { planned: event.planned, unchanged: event.unchanged, refused: event.refused };
    case 'progress':
      return { done: event.succeeded, failed: event.failed };
    case 'stage':
      return {};
    default:
      return { job: lineOf(event) ?? '' };
  }
}

function lineOf(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'stage':
      return sharedText('line.stage', sharedText(`stage.${event.stage}`));
    case 'read':
    case 'otherUser':
    case 'drift':
      return undefined;
    case 'planned':
      return sharedText('line.planned', event.planned, event.unchanged, event.refused);
    case 'jobPlanned':
      return sharedText(event.canary ? 'line.jobCanary' : 'line.jobPlanned', event.job, event.rows);
    case 'jobClosed':
      return sharedText('line.jobClosed', event.job, event.id, event.rows);
    case 'jobProgress':
      return sharedText('line.jobProgress', event.job, event.processed, event.rows);
    case 'jobCollected':
      return sharedText('line.jobCollected', event.job, event.succeeded, event.failed, event.again);
    case 'jobTakenUp':
      return sharedText('line.jobTakenUp', event.job, event.state);
    case 'jobMaybeLeft':
      return sharedText('line.jobMaybeLeft', event.job);
    case 'assigned':
      return sharedText('line.assigned', event.rows, event.pending);
    case 'progress':
      return sharedText('line.progress', event.succeeded, event.planned, event.failed);
    case 'waiting':
      return sharedText('line.waiting', event.rows, Math.ceil(event.milliseconds / 1000));
  }
}
