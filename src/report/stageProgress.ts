/** Progress on a terminal: the stages of a run, its counts, how fast it goes on. */
import type { MultiStageOutput } from '@oclif/multi-stage-output';
import type { Emit, RunEvent, RunStage } from '../model/events.js';
import { isCounter, lineOf, workText } from './eventLines.js';
import { WorkMeter } from './pace.js';
import type { Progress, TitleKey } from './display.js';
import { sharedText } from './texts.js';

const stages: readonly RunStage[] = ['check', 'read', 'plan', 'apply', 'report'];

type Counts = {
  contacts?: number;
  planned?: number;
  unchanged?: number;
  refused?: number;
  done?: number;
  failed?: number;
  work?: string | undefined;
  job?: string;
};

/** The display library is heavy, so it is loaded here and only here. */
export async function stageProgress(titleKey: TitleKey): Promise<Progress> {
  const mso = await import('@oclif/multi-stage-output');
  const meter = new WorkMeter();
  let counts: Counts = {};
  let stage: RunStage = 'check';
  let display: MultiStageOutput<Counts> | undefined;
  const block = (key: keyof Counts) => ({
    type: 'static-key-value' as const,
    label: sharedText(`block.${key}`),
    get: (data?: Counts) => data?.[key]?.toLocaleString('en-US'),
  });
  // A display that is opened again, after a question or a note, begins where the one before it ended.
  const open = (): MultiStageOutput<Counts> =>
    new mso.MultiStageOutput<Counts>({
      title: sharedText(titleKey),
      stages: stages.slice(stages.indexOf(stage)).map((each) => sharedText(`stage.${each}`)),
      jsonEnabled: false,
      data: counts,
      postStagesBlock: [
        block('contacts'),
        block('planned'),
        block('unchanged'),
        block('refused'),
        block('done'),
        block('failed'),
        block('work'),
        block('job'),
      ],
    });
  let lastDrawn = 0;
  const emit: Emit = (event) => {
    const time = Date.now();
    meter.see(event, time);
    const status = event.type === 'stage' ? undefined : meter.status();
    counts = { ...counts, ...countsOf(event), work: status && workText(status) };
    if (isCounter(event) && time - lastDrawn < 250) return;
    lastDrawn = time;
    if (event.type === 'stage') stage = event.stage;
    const isNew = display === undefined;
    display ??= open();
    if (isNew || event.type === 'stage') display.skipTo(sharedText(`stage.${stage}`), counts);
    else display.updateData(counts);
  };
  const end: Progress['end'] = (how) => {
    display?.stop(how);
    display = undefined;
  };
  return {
    emit,
    pause: () => {
      end('paused');
    },
    end,
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
    default: {
      const job = lineOf(event);
      return job === undefined ? {} : { job };
    }
  }
}
