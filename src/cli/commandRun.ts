/** What the commands that drive a run share: progress, signals, consent, and the end. */
import type { SfError } from '@salesforce/core';
import type { StopRequest } from '../model/runEnd.js';
import { driveRun, type DriveOptions, type OpenRun } from '../run/driveRun.js';
import { withGracefulStop, type GracefulStop, type SignalWords } from './gracefulStop.js';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import { readResult, type RunResult } from '../store/runResult.js';
import { outliveOutputs } from './closedOutput.js';
import { askConsent } from './consent.js';
import { faultError, toCliError } from '../report/faults.js';
import { modeLines } from '../report/modes.js';
import { startProgress, type Progress, type TitleKey } from '../report/progress.js';
import { reportEnd } from '../report/runReport.js';
import { RunWarnings } from '../report/runWarnings.js';
import { canAsk, type CommandScreen } from './screen.js';
import { summaryLines, writeSummaryFile } from '../report/summary.js';
import { exportTexts, sharedText } from '../report/texts.js';

export type CommandRun = {
  readonly screen: CommandScreen;
  readonly title: TitleKey;
  readonly noPrompt: boolean;
  /** Minutes; undefined: until done. */
  readonly wait: number | undefined;
  /** Opens or makes the run, with its plan complete. */
  readonly begin: (
    emit: Emit,
    stop: StopRequest,
  ) => Promise<Pick<DriveOptions, 'run' | 'prepare' | 'guards' | 'dryRun'>>;
};

/** @throws SfError */
export async function commandRun(command: CommandRun): Promise<RunResult> {
  const { screen } = command;
  const warnings = new RunWarnings(screen);
  let progress: Progress | undefined;
  let run: OpenRun | undefined;
  let asking = false;
  let isSeen = true;
  outliveOutputs(() => {
    if (isSeen) progress?.end('paused');
    isSeen = false;
  });
  const words: SignalWords = {
    stopping: () => {
      // Behind a question nothing is under way.
      if (asking) return;
      progress?.pause();
      screen.note(sharedText('line.stopping'));
    },
    leaving: () => {
      progress?.end('paused');
      warnings.tell();
      screen.lastWords(leftError(run, screen.targetOrg));
    },
  };
  try {
    const { end, result } = await withGracefulStop(async (stop) => {
      const display = await startProgress(screen, command.title);
      progress = display;
      const emit: Emit = (event) => {
        if (!warnings.see(event) && isSeen) display.emit(event);
        // Neither planning nor the time for an answer is waiting for Salesforce.
        if (event.type === 'begun') stop.limit(command.wait);
      };
      const begun = await command.begin(emit, stop);
      run = begun.run;
      return driveRun({
        ...begun,
        consent: (result) => {
          asking = true;
          return consentTo(result, command, display, stop, warnings).finally(() => (asking = false));
        },
        stop,
        emit,
        texts: exportTexts(screen.targetOrg),
        summarize: (result) => writeSummaryFile(result, screen.targetOrg),
      });
    }, words);
    progress?.end(['done', 'planned', 'guards', 'declined'].includes(end.end) ? 'completed' : 'paused');
    warnings.tell();
    return reportEnd(screen, end, result, asks(command));
  } catch (error) {
    progress?.end('failed');
    throw toCliError(error, screen.targetOrg);
  }
}

/** The second signal ends the process in the middle of a step; run.db holds all that came before it. */
function leftError(run: OpenRun | undefined, targetOrg: string): SfError {
  if (run === undefined) return faultError('interrupted', {});
  return faultError('interrupted.left', { folder: run.folder, targetOrg }, resultSoFar(run));
}

/** Undefined where run.db can't be read: it may be closed already. */
function resultSoFar({ db, folder }: OpenRun): RunResult | undefined {
  try {
    return readResult(db, folder);
  } catch {
    return undefined;
  }
}

function asks({ noPrompt, screen }: CommandRun): boolean {
  return !noPrompt && canAsk(screen.json);
}

/** Outside a terminal there is nobody to ask: to create users needs no more than that every guard has passed. */
async function consentTo(
  result: RunResult,
  command: CommandRun,
  progress: Progress,
  stop: GracefulStop,
  warnings: RunWarnings,
): Promise<boolean> {
  const { noPrompt, screen } = command;
  if (!asks(command)) {
    // disable and enable have seen to it before: this is the plan that a resume would apply.
    if (!noPrompt && result.operation !== 'create') {
      throw new RunFault('needsNoPrompt.planned', { file: result.files.snapshot ?? result.runDir });
    }
    if (result.mode !== undefined) for (const line of modeLines(result.mode)) screen.log(line);
    return true;
  }
  progress.pause();
  warnings.tell();
  for (const line of summaryLines(result, screen.targetOrg)) screen.note(line);
  const terminal = { input: process.stdin, output: process.stderr, signal: stop.signal };
  const { question, wanted } = questionOf(result, screen.targetOrg);
  const consent = await askConsent(question, terminal, wanted);
  if (consent === 'interrupted') stop.request('signal');
  return consent === 'yes';
}

function questionOf({ actions, mode }: RunResult, targetOrg: string): { question: string; wanted?: string } {
  const { create, assign, change } = actions;
  if (mode === 'disable-portal') {
    return { question: sharedText('prompt.disable-portal', change, targetOrg), wanted: String(change) };
  }
  if (mode !== undefined) return { question: sharedText(`prompt.${mode}`, change, targetOrg) };
  if (assign === 0) return { question: sharedText('prompt.create', create, targetOrg) };
  return { question: sharedText('prompt.createAndAssign', create, assign, targetOrg) };
}
