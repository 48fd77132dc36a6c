/** Readers of the run's events: one line that is drawn again on a terminal, plain lines in a pipe and in CI, nothing with --json. */
import type { Emit, RunEvent } from '../model/events.js';
import { isCounter, lineOf, stageText, workLine, workText } from './eventLines.js';
import { WorkMeter } from './pace.js';
import type { Screen } from './screen.js';
import { sharedText } from './texts.js';

/** What shows how a run goes on. */
export type Progress = {
  readonly emit: Emit;
  /** Takes the line away; the next event brings it back, as after a question. */
  readonly end: () => void;
};

export function startProgress({
  json,
  log,
  draw,
  dialogColumns,
}: Pick<Screen, 'json' | 'log' | 'draw' | 'dialogColumns'>): Progress {
  if (json) return { emit: () => undefined, end: () => undefined };
  return draw === undefined ? lineProgress(log, Date.now) : drawnProgress(draw, dialogColumns ?? 80, Date.now);
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

const redrawMs = 100;

/** What is being done, how far it is, and how fast it goes on. @param now milliseconds */
export function drawnProgress(draw: (line: string | undefined) => void, columns: number, now: () => number): Progress {
  const meter = new WorkMeter();
  let doing = '';
  let failed = 0;
  let lastDrawn = -redrawMs;
  const emit: Emit = (event) => {
    const time = now();
    meter.see(event, time);
    if (event.type === 'stage') doing = stageText(event.stage);
    if (event.type === 'progress') failed = event.failed;
    if (isCounter(event) && time - lastDrawn < redrawMs) return;
    lastDrawn = time;
    const status = event.type === 'stage' ? undefined : meter.status();
    draw(
      status === undefined
        ? [doing, readSoFar(event)].filter(Boolean).join(' ')
        : workLine(doing, status, failed, columns),
    );
  };
  return {
    emit,
    end: () => {
      draw(undefined);
    },
  };
}

/** How many records are read so far. */
function readSoFar(event: RunEvent): string {
  return event.type === 'read' ? sharedText('line.read', event.records) : '';
}
