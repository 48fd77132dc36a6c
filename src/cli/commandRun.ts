/** What the commands that drive a run share: progress, signals, consent, and the end. */
import { Global, type SfError } from '@salesforce/core';
import type { GracefulStop } from '../engine/stop.js';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import { isForGood } from '../model/modes.js';
import type { RunResult } from '../model/result.js';
import type { StopRequest } from '../model/runEnd.js';
import type { Beginning } from '../operations/operation.js';
import type { OrgClient } from '../org/orgClient.js';
import { faultError, toCliError } from '../report/faults.js';
import { exportTexts } from '../report/fileTexts.js';
import { modeLines } from '../report/modes.js';
import { startProgress } from '../report/progress.js';
import type { Progress, TitleKey } from '../report/display.js';
import { reportEnd } from '../report/runReport.js';
import { RunWarnings } from '../report/runWarnings.js';
import { summaryLines } from '../report/summary.js';
import { sharedText } from '../report/texts.js';
import { beginRun } from '../run/begin.js';
import { driveRun } from '../run/drive.js';
import { rememberRun } from '../run/mostRecent.js';
import type { BegunRun, OpenRun } from '../run/openRun.js';
import { readResult } from '../store/runResult.js';
import { outliveOutputs } from './closedOutput.js';
import { askConsent } from './consent.js';
import { withGracefulStop, type SignalWords } from './gracefulStop.js';
import { canAsk, type CommandScreen } from './screen.js';

export type CommandRun = {
  readonly screen: CommandScreen;
  readonly title: TitleKey;
  readonly noPrompt: boolean;
  /** Minutes; undefined: until done. */
  readonly wait: number | undefined;
  /** Opens or makes the run, with its plan complete. */
  readonly begin: (emit: Emit, stop: StopRequest) => Promise<BegunRun>;
};

export type OperationCommand = Pick<CommandRun, 'screen' | 'noPrompt' | 'wait'> & {
  readonly operation: Beginning['operation'];
  /** What needs no call: flags and files. */
  readonly beginning: () => Promise<Beginning>;
  readonly connect: () => Promise<OrgClient>;
};

/** A new run. @throws SfError */
export async function operationCommand(command: OperationCommand): Promise<RunResult> {
  const { screen, operation, noPrompt, wait, beginning, connect } = command;
  return commandRun({
    screen,
    title: `title.${operation}`,
    noPrompt,
    wait,
    begin: async (emit, stop) => {
      const asked = await beginning();
      // Known before any call: nobody can be asked, and nobody has said yes.
      const isLeftOpen = !asked.request.dryRun && !noPrompt && !canAsk(screen.json);
      if (asked.needsConsent && isLeftOpen) throw new RunFault('needsNoPrompt', { operation });
      const begun = await beginRun(asked, connect, emit, stop);
      await rememberRun(Global.SF_DIR, begun.run.folder);
      return begun;
    },
  });
}

/** @throws SfError */
export async function commandRun(command: CommandRun): Promise<RunResult> {
  const { screen, wait } = command;
  const dialog = new Dialog(command);
  outliveOutputs(() => {
    dialog.hide();
  });
  try {
    const { end, result } = await withGracefulStop(async (stop) => {
      const emit = await dialog.open();
      const begun = await command.begin(emit, stop);
      dialog.run = begun.run;
      return driveRun({
        ...begun,
        consent: (planned) => dialog.ask(planned, stop),
        wait,
        stop,
        emit,
        texts: exportTexts(screen.targetOrg),
      });
    }, dialog);
    dialog.close(['done', 'planned', 'guards', 'declined'].includes(end.end) ? 'completed' : 'paused');
    return reportEnd(screen, end, result, asks(command));
  } catch (error) {
    dialog.fail();
    throw toCliError(error, screen.targetOrg);
  }
}

/** What is on the screen while a run goes on. */
class Dialog implements SignalWords {
  public run: OpenRun | undefined;
  private readonly command: CommandRun;
  private readonly warnings: RunWarnings;
  private progress: Progress | undefined;
  private isAsking = false;
  private isSeen = true;

  public constructor(command: CommandRun) {
    this.command = command;
    this.warnings = new RunWarnings(command.screen);
  }

  /** @returns the reader of the run's events */
  public async open(): Promise<Emit> {
    const { screen, title } = this.command;
    const progress = await startProgress(screen, title);
    this.progress = progress;
    return (event) => {
      if (!this.warnings.see(event) && this.isSeen) progress.emit(event);
    };
  }

  /** Nobody looks on any more. */
  public hide(): void {
    if (this.isSeen) this.progress?.end('paused');
    this.isSeen = false;
  }

  public stopping(): void {
    // Behind a question nothing is under way.
    if (this.isAsking) return;
    this.progress?.pause();
    this.command.screen.note(sharedText('line.stopping'));
  }

  /** The second signal ends the process in the middle of a step; run.db holds all that came before it. */
  public leaving(): void {
    const { screen } = this.command;
    this.close('paused');
    screen.lastWords(leftError(this.run, screen.targetOrg));
  }

  public close(how: 'completed' | 'paused'): void {
    this.progress?.end(how);
    this.warnings.tell();
  }

  public fail(): void {
    this.progress?.end('failed');
  }

  /** Outside a terminal there is nobody to ask: to create users needs no more than that every guard has passed. */
  public async ask(result: RunResult, stop: GracefulStop): Promise<boolean> {
    const { noPrompt, screen } = this.command;
    if (!asks(this.command)) {
      // The other commands have seen to it before: this is the plan that a resume would apply.
      if (!noPrompt && result.mode !== undefined) {
        throw new RunFault('needsNoPrompt.planned', { file: result.files.snapshot ?? result.runDir });
      }
      if (result.mode !== undefined) for (const line of modeLines(result.mode)) screen.log(line);
      return true;
    }
    this.isAsking = true;
    this.progress?.pause();
    this.warnings.tell();
    for (const line of summaryLines(result, screen.targetOrg)) screen.note(line);
    const terminal = { input: process.stdin, output: process.stderr, signal: stop.signal };
    const { question, wanted } = questionOf(result, screen.targetOrg);
    const consent = await askConsent(question, terminal, wanted).finally(() => (this.isAsking = false));
    if (consent === 'interrupted') stop.request('signal');
    return consent === 'yes';
  }
}

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

function questionOf({ actions, mode }: RunResult, targetOrg: string): { question: string; wanted?: string } {
  const { create, assign, change } = actions;
  if (mode !== undefined) {
    const question = sharedText(`prompt.${mode}`, change, targetOrg);
    return isForGood(mode) ? { question, wanted: String(change) } : { question };
  }
  if (assign === 0) return { question: sharedText('prompt.create', create, targetOrg) };
  return { question: sharedText('prompt.createAndAssign', create, assign, targetOrg) };
}
