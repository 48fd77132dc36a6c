/** What the commands that drive a run share: progress, signals, consent, and the end. */
import type { StopRequest } from '../run/applyPlan.js';
import { driveRun, type DriveOptions } from '../run/driveRun.js';
import { withGracefulStop, type GracefulStop } from '../run/gracefulStop.js';
import type { Emit } from '../run/runEvents.js';
import type { RunResult } from '../run/runResult.js';
import { driftWarning, otherUserWarning, toCliError } from './faults.js';
import { isTerminal, reportEnd, startProgress, type Screen } from './runReport.js';
import { summaryLines, writeSummaryFile } from './summary.js';
import { exportTexts, sharedText } from './texts.js';

/**
 * The screen of a command.
 * @param raw the flags as they were typed: printed commands name the org as the person does
 * @param username of the target org, where it was not typed, or is an access token, which is never printed
 */
export function screenOf(command: Output, raw: readonly RawFlag[], username: string | undefined): Screen {
  const typed = raw.find(({ flag }) => flag === 'target-org')?.input;
  return {
    log: (line) => {
      command.log(line);
    },
    warn: (warning) => {
      command.warn(warning);
    },
    json: command.jsonEnabled(),
    targetOrg: typed === undefined || typed.includes('!') ? (username ?? '') : typed,
  };
}

type RawFlag = { readonly flag?: string; readonly input: string };

type Output = {
  log(line: string): void;
  warn(warning: { message: string; name: string; actions?: string[] }): unknown;
  jsonEnabled(): boolean;
};

export type CommandRun = {
  readonly screen: Screen;
  readonly title: 'title.create' | 'title.resume';
  readonly noPrompt: boolean;
  /** Minutes; undefined: until done. */
  readonly wait: number | undefined;
  readonly confirm: (message: string) => Promise<boolean>;
  /** Opens or makes the run, with its plan complete. */
  readonly begin: (
    emit: Emit,
    stop: StopRequest,
  ) => Promise<Pick<DriveOptions, 'run' | 'prepare' | 'guards' | 'dryRun'>>;
};

/** @throws SfError */
export async function commandRun(command: CommandRun): Promise<RunResult> {
  const { screen } = command;
  const progress = await startProgress(screen, command.title);
  const emit: Emit = (event) => {
    if (event.type === 'otherUser') screen.warn(otherUserWarning(event));
    else if (event.type === 'drift') screen.warn(driftWarning(event));
    else progress.emit(event);
  };
  const consentWith =
    (stop: GracefulStop) =>
    async (result: RunResult): Promise<boolean> => {
      if (command.noPrompt || !isTerminal(screen.json)) return true;
      progress.pause();
      for (const line of summaryLines(result, screen.targetOrg)) screen.log(line);
      const { create, assign } = result.actions;
      const question =
        assign === 0
          ? sharedText('prompt.create', create, screen.targetOrg)
          : sharedText('prompt.createAndAssign', create, assign, screen.targetOrg);
      return command.confirm(question).catch((error: unknown) => {
        // Ctrl-C at the question.
        if (!(error instanceof Error) || error.name !== 'ExitPromptError') throw error;
        stop.request('signal');
        return false;
      });
    };
  try {
    const { end, result } = await withGracefulStop(async (stop) => {
      const begun = await command.begin(emit, stop);
      stop.limit(command.wait);
      return driveRun({
        ...begun,
        consent: consentWith(stop),
        stop,
        emit,
        texts: exportTexts(screen.targetOrg),
        summarize: (result) => writeSummaryFile(result, screen.targetOrg),
      });
    });
    progress.end(['done', 'planned', 'guards', 'declined'].includes(end.end));
    return reportEnd(screen, end, result);
  } catch (error) {
    progress.end(false);
    throw toCliError(error, screen.targetOrg);
  }
}
