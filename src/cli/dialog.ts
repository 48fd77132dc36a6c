/** What a command shows and asks while it drives a run. */
import { styleText } from 'node:util';
import type { SfError } from '@salesforce/core';
import type { GracefulStop } from '../engine/stop.js';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import type { ExportTexts } from '../model/fileTexts.js';
import type { RunResult } from '../model/result.js';
import { faultError, noticeText } from '../report/faults.js';
import { exportTexts } from '../report/fileTexts.js';
import { planLines } from '../report/screens/plan.js';
import { startProgress, type Progress } from '../report/progress.js';
import { questionOf } from '../report/question.js';
import { tellWarnings } from '../report/runReport.js';
import { RunWarnings } from '../report/runWarnings.js';
import { sharedText } from '../report/texts.js';
import type { BegunRun } from '../run/openRun.js';
import { readRunDetail } from '../run/runDetail.js';
import { standingOf } from '../run/standing.js';
import { askConsent } from './consent.js';
import type { SignalWords } from './gracefulStop.js';
import { needsRunDir } from './repeats.js';
import { canAsk, type CommandScreen } from './screen.js';

/** What is on the screen while a run goes on. */
export class Dialog implements SignalWords {
  public begun: BegunRun | undefined;
  public readonly asks: boolean;
  /** Whether the commands that are printed can ask: --no-prompt is meant for the one that it was typed for. */
  public readonly isTerminal = canAsk();
  public readonly texts: ExportTexts;
  private readonly screen: CommandScreen;
  private readonly noPrompt: boolean;
  private readonly warnings: RunWarnings;
  private progress: Progress | undefined;
  /** What the plan tells is not told again at the end. */
  public isPlanShown = false;
  private isAsking = false;
  private isSeen = true;
  private hasWarned = false;

  public constructor(screen: CommandScreen, noPrompt: boolean) {
    this.screen = screen;
    this.noPrompt = noPrompt;
    this.asks = !noPrompt && this.isTerminal;
    this.texts = exportTexts(screen.targetOrg);
    this.warnings = new RunWarnings(screen);
  }

  /** @returns the reader of the run's events */
  public open(): Emit {
    const progress = startProgress(this.screen);
    this.progress = progress;
    return (event) => {
      try {
        if (!this.warnings.see(event) && this.isSeen) progress.emit(event);
      } catch (error) {
        // A reader of events never ends the work.
        this.hide();
        this.screen.warn({ name: 'ProgressUnseen', message: noticeText('progressUnseen', { why: String(error) }) });
      }
    };
  }

  /** Nobody looks on any more. */
  public hide(): void {
    if (this.isSeen) this.progress?.end();
    this.isSeen = false;
  }

  public stopping(): void {
    // Behind a question nothing is under way.
    if (this.isAsking) return;
    this.progress?.end();
    this.screen.note(sharedText('line.stopping'));
  }

  /** The second signal ends the process in the middle of a step; run.db holds all that came before it. */
  public leaving(): void {
    this.close();
    this.screen.lastWords(this.leftError());
  }

  public close(): void {
    this.progress?.end();
    this.warnings.tell();
  }

  public fail(): void {
    this.progress?.end();
  }

  /**
   * Outside a terminal there is nobody to ask: to create users needs no more than that nothing is left to be decided.
   * @param isNeeded whether a yes is needed all the same @throws RunFault needsNoPrompt
   */
  public async ask(result: RunResult, isNeeded: boolean, stop: GracefulStop): Promise<boolean> {
    const { screen } = this;
    if (!this.asks) {
      // New runs have seen to it before any call: this is the plan that a resume would apply.
      if (!this.noPrompt && isNeeded) throw keptPlan(result, screen.targetOrg);
      this.tellWarnings(result);
      return true;
    }
    this.isAsking = true;
    this.close();
    this.showPlan(result);
    this.tellWarnings(result);
    const terminal = { input: process.stdin, output: process.stderr, signal: stop.signal };
    const { question, wanted } = questionOf(result, screen.targetOrg);
    const consent = await askConsent(styleText('bold', question, { stream: process.stderr }), terminal, wanted).finally(
      () => (this.isAsking = false),
    );
    if (consent === 'interrupted') stop.request('signal');
    return consent === 'yes';
  }

  private showPlan(result: RunResult): void {
    const { screen, begun } = this;
    if (begun === undefined) return;
    const detail = readRunDetail(begun.run.db, result);
    const lines = planLines({ result, detail, screen: { ...screen, columns: screen.dialogColumns } });
    for (const line of [...lines, '']) screen.note(line);
    this.isPlanShown = true;
  }

  /** Before the first write; or, where nothing is to be written, at the end. */
  public tellWarnings(result: RunResult): void {
    if (!this.hasWarned) tellWarnings(this.screen, result);
    this.hasWarned = true;
  }

  private leftError(): SfError {
    const { begun } = this;
    if (begun === undefined) return faultError('interrupted', {});
    return faultError(
      'interrupted.left',
      { folder: begun.run.folder, targetOrg: this.screen.targetOrg },
      this.resultSoFar(begun),
    );
  }

  /** Undefined where run.db can't be read: it may be closed already. */
  private resultSoFar(begun: BegunRun): RunResult | undefined {
    try {
      const { texts, isTerminal } = this;
      return standingOf({ ...begun, texts, isTerminal }).result;
    } catch {
      return undefined;
    }
  }
}

/** The plan's own command has all that it needs to be told: what this one was told, and what is still to be decided. */
function keptPlan({ runDir: folder, next: [apply] }: RunResult, targetOrg: string): RunFault {
  return apply === undefined
    ? needsRunDir(folder, [], targetOrg)
    : new RunFault('needsNoPrompt.kept', { folder, apply });
}
