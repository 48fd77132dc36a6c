/** Readers of the run's events: stages with counts on a terminal, plain lines in a pipe and in CI, nothing with --json. */
import type { MultiStageOutput } from '@oclif/multi-stage-output';
import type { Emit, RunEvent, RunStage } from '../model/events.js';
import type { OperationName } from '../model/result.js';
import { isCounter, lineOf, workText } from './eventLines.js';
import { WorkMeter } from './pace.js';
import type { Screen } from './screen.js';
import { sharedText } from './texts.js';

/** What shows how a run goes on. */
export type Progress = {
  readonly emit: Emit;
  /**
   * Takes the display down; after `paused`, as for a question, the next event brings it back. `failed`: the run ended with
   * an error.
   */
  readonly end: (how: 'completed' | 'paused' | 'failed') => void;
};

export type TitleKey = `title.${OperationName | 'resume'}`;

export async function startProgress(
  { json, log }: Pick<Screen, 'json' | 'log'>,
  titleKey: TitleKey,
): Promise<Progress> {
  if (json) return { emit: () => undefined, end: () => undefined };
  return canRedraw(process.stdout.isTTY, process.env) ? stageProgress(titleKey) : lineProgress(log, Date.now);
}

/**
 * The log of a pipeline keeps every line that was ever drawn, also where it gives the command a terminal. And the display
 * library has colors that can't be switched off: who wants none gets lines.
 */
export function canRedraw(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const isCi = !['', '0', 'false'].includes(env['CI'] ?? '');
  return isTerminal && !isCi && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

const quietMs = 10_000;

/** One line per thing that happened; counters at most every ten seconds. @param now milliseconds */
export function lineProgress(log: (line: string) => void, now: () => number): Progress {
  const meter = new WorkMeter();
  let lastCounter = now();
  const emit: Emit = (event) => {
    const time = now();
    meter.see(event, time);
    if (isCounter(event)) {
      if (time - lastCounter < quietMs) return;
      lastCounter = time;
    }
    const status = event.type === 'jobProgress' || event.type === 'collection' ? meter.status() : undefined;
    const line = status === undefined ? lineOf(event) : sharedText('line.work', workText(status));
    if (line !== undefined) log(line);
  };
  return { emit, end: () => undefined };
}

const stages: readonly RunStage[] = ['check', 'read', 'plan', 'apply', 'report'];
const blocks = ['contacts', 'planned', 'unchanged', 'refused', 'succeeded', 'failed', 'work', 'job'] as const;
const redrawMs = 250;

type Counts = Partial<Record<(typeof blocks)[number], string | number | undefined>>;

/** Stages, counts, and how fast it goes on. The display library is heavy, so it is loaded here and only here. */
async function stageProgress(titleKey: TitleKey): Promise<Progress> {
  const mso = await import('@oclif/multi-stage-output');
  const meter = new WorkMeter();
  let counts: Counts = {};
  let stage: RunStage = 'check';
  let display: MultiStageOutput<Counts> | undefined;
  // A display that is opened again, after a question or a note, begins where the one before it ended.
  const open = (): MultiStageOutput<Counts> =>
    new mso.MultiStageOutput<Counts>({
      title: sharedText(titleKey),
      stages: stages.slice(stages.indexOf(stage)).map((each) => sharedText(`stage.${each}`)),
      jsonEnabled: false,
      data: counts,
      postStagesBlock: blocks.map((key) => ({
        type: 'static-key-value',
        label: sharedText(`block.${key}`),
        get: (data) => data?.[key]?.toLocaleString('en-US'),
      })),
    });
  let lastDrawn = 0;
  const emit: Emit = (event) => {
    const time = Date.now();
    meter.see(event, time);
    const status = event.type === 'stage' ? undefined : meter.status();
    counts = { ...counts, ...countsOf(event), work: status && workText(status) };
    if (isCounter(event) && time - lastDrawn < redrawMs) return;
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
  return { emit, end };
}

function countsOf(event: RunEvent): Counts {
  switch (event.type) {
    case 'read':
      return { contacts: event.contacts };
    case 'planned':
      return { planned: event.planned, unchanged: event.unchanged, refused: event.refused };
    case 'progress':
      return { succeeded: event.succeeded, failed: event.failed };
    case 'stage':
      return {};
    default: {
      const job = lineOf(event);
      return job === undefined ? {} : { job };
    }
  }
}
