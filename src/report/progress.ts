/** Readers of the run's events: stages with counts on a terminal, plain lines in a pipe and in CI, nothing with --json. */
import type { Emit } from '../model/events.js';
import type { Progress, TitleKey } from './display.js';
import { isCounter, lineOf, workText } from './eventLines.js';
import { WorkMeter } from './pace.js';
import { stageProgress } from './stageProgress.js';
import { sharedText } from './texts.js';

export async function startProgress(
  screen: { readonly json: boolean; readonly log: (line: string) => void },
  titleKey: TitleKey,
): Promise<Progress> {
  if (screen.json) return silentProgress;
  return canRedraw(process.stdout.isTTY, process.env) ? stageProgress(titleKey) : lineProgress(screen.log, Date.now);
}

/**
 * The log of a pipeline keeps every line that was ever drawn, also where it gives the command a terminal. And the display
 * library has colors that can't be switched off: who wants none gets lines.
 */
export function canRedraw(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const isCi = !['', '0', 'false'].includes(env['CI'] ?? '');
  return isTerminal && !isCi && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

const silentProgress: Progress = { emit: () => undefined, pause: () => undefined, end: () => undefined };

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
  return { ...silentProgress, emit };
}
