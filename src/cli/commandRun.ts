/** What the commands that drive a run share: progress, signals, consent, and the end. */
import type { Interfaces } from '@oclif/core';
import { Global, type SfError } from '@salesforce/core';
import type { GracefulStop } from '../engine/stop.js';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import { isForGood } from '../model/modes.js';
import { operationRules, type OperationName, type RunResult } from '../model/result.js';
import type { StopRequest } from '../model/runEnd.js';
import type { Beginning, RunRequest } from '../operations/operation.js';
import { connectOrg } from '../org/connectOrg.js';
import type { OrgClient } from '../org/orgClient.js';
import { faultError, noticeText, toCliError } from '../report/faults.js';
import { exportTexts } from '../report/fileTexts.js';
import { startProgress, type Progress, type TitleKey } from '../report/progress.js';
import { reportEnd } from '../report/runReport.js';
import { RunWarnings } from '../report/runWarnings.js';
import type { Screen } from '../report/screen.js';
import { summaryLines } from '../report/summary.js';
import { modeLines, sharedText } from '../report/texts.js';
import { beginRun } from '../run/begin.js';
import { driveRun } from '../run/drive.js';
import { rememberRun } from '../run/mostRecent.js';
import type { BegunRun, OpenRun } from '../run/openRun.js';
import { readResult } from '../store/runResult.js';
import { outliveOutputs } from './closedOutput.js';
import { askConsent } from './consent.js';
import type { driveFlags, mailFlags, newRunFlags, orgFlags } from './flags.js';
import { withGracefulStop, type SignalWords } from './gracefulStop.js';
import { canAsk, screenOf, type CommandOutput, type CommandScreen, type RawFlag } from './screen.js';

/** A command's flags, read and as they were typed. */
type Parsed<Flags> = { readonly flags: Flags; readonly raw: readonly RawFlag[] };

/** Flags as they come: a boolean that is not given is undefined, whatever oclif's types say. */
type Given<Flags> = { readonly [Name in keyof Flags]: Flags[Name] extends boolean ? boolean | undefined : Flags[Name] };

type DriveFlags = Given<Interfaces.InferredFlags<typeof driveFlags & Pick<typeof orgFlags, 'target-org'>>>;
type NewRunFlags = DriveFlags &
  Given<Interfaces.InferredFlags<typeof newRunFlags & typeof orgFlags & Partial<typeof mailFlags>>>;

/**
 * A new run.
 * @param beginning what needs no call: the operation's own flags, and files
 * @throws SfError
 */
export async function operationCommand(
  command: CommandOutput,
  parsed: Parsed<NewRunFlags>,
  operation: OperationName,
  beginning: (asked: RunRequest, screen: Screen) => Promise<Beginning>,
): Promise<RunResult> {
  const { flags } = parsed;
  const request = {
    outputDir: flags['output-dir'],
    dryRun: flags['dry-run'] ?? false,
    maxUsers: flags['max-users'],
    strict: flags.strict ?? false,
    allowWelcomeEmails: flags['allow-welcome-emails'] ?? false,
  };
  return commandRun(command, parsed, `title.${operation}`, async (screen, emit, stop) => {
    const asked = await beginning(request, screen);
    // Known before any call: nobody can be asked, and nobody has said yes.
    const isLeftOpen = !request.dryRun && flags['no-prompt'] !== true && !canAsk(screen.json);
    if (operationRules[operation].needsConsent && isLeftOpen) throw new RunFault('needsNoPrompt', { operation });
    const connect = (): Promise<OrgClient> => connectOrg(flags['target-org'].getConnection(flags['api-version']));
    const begun = await beginRun(asked, connect, emit, stop);
    await rememberRun(Global.SF_DIR, begun.run.folder).catch((error: unknown) => {
      // The plan is made: a file that only saves typing must not be the end of it.
      screen.warn({ name: 'NotRemembered', message: noticeText('notRemembered', { why: String(error) }) });
    });
    return begun;
  });
}

/** @param begin opens or makes the run, with its plan complete @throws SfError */
export async function commandRun(
  command: CommandOutput,
  { flags, raw }: Parsed<DriveFlags>,
  title: TitleKey,
  begin: (screen: Screen, emit: Emit, stop: StopRequest) => Promise<BegunRun>,
): Promise<RunResult> {
  const screen = screenOf(command, raw, flags['target-org']);
  const dialog = new Dialog(screen, flags['no-prompt'] ?? false);
  outliveOutputs(() => {
    dialog.hide();
  });
  try {
    const { end, result } = await withGracefulStop(async (stop) => {
      const emit = await dialog.open(title);
      const begun = await begin(screen, emit, stop);
      dialog.run = begun.run;
      const consent = (planned: RunResult): Promise<boolean> => dialog.ask(planned, stop);
      return driveRun({ ...begun, consent, wait: flags.wait, stop, emit, texts: exportTexts(screen.targetOrg) });
    }, dialog);
    dialog.close(['done', 'planned', 'guards', 'declined'].includes(end.end) ? 'completed' : 'paused');
    return reportEnd(screen, end, result, dialog.asks);
  } catch (error) {
    dialog.fail();
    throw toCliError(error, screen.targetOrg);
  }
}

/** What is on the screen while a run goes on. */
class Dialog implements SignalWords {
  public run: OpenRun | undefined;
  public readonly asks: boolean;
  private readonly screen: CommandScreen;
  private readonly noPrompt: boolean;
  private readonly warnings: RunWarnings;
  private progress: Progress | undefined;
  private isAsking = false;
  private isSeen = true;

  public constructor(screen: CommandScreen, noPrompt: boolean) {
    this.screen = screen;
    this.noPrompt = noPrompt;
    this.asks = !noPrompt && canAsk(screen.json);
    this.warnings = new RunWarnings(screen);
  }

  /** @returns the reader of the run's events */
  public async open(title: TitleKey): Promise<Emit> {
    const progress = await startProgress(this.screen, title);
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
    this.progress?.end('paused');
    this.screen.note(sharedText('line.stopping'));
  }

  /** The second signal ends the process in the middle of a step; run.db holds all that came before it. */
  public leaving(): void {
    this.close('paused');
    this.screen.lastWords(leftError(this.run, this.screen.targetOrg));
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
    const { screen } = this;
    if (!this.asks) {
      // The other commands have seen to it before: this is the plan that a resume would apply.
      if (!this.noPrompt && operationRules[result.operation].needsConsent) {
        throw new RunFault('needsNoPrompt.planned', { file: result.files.snapshot ?? result.runDir });
      }
      if (result.mode !== undefined) for (const line of modeLines(result.mode)) screen.log(line);
      return true;
    }
    this.isAsking = true;
    this.close('paused');
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

function questionOf({ actions, mode }: RunResult, targetOrg: string): { question: string; wanted?: string } {
  const { create, assign, change } = actions;
  if (mode !== undefined) {
    const question = sharedText(`prompt.${mode}`, change, targetOrg);
    return isForGood(mode) ? { question, wanted: String(change) } : { question };
  }
  if (assign === 0) return { question: sharedText('prompt.create', create, targetOrg) };
  return { question: sharedText('prompt.createAndAssign', create, assign, targetOrg) };
}
