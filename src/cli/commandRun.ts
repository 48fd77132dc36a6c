/** What the commands that drive a run share: progress, signals, consent, and the end. */
import type { Interfaces } from '@oclif/core';
import { Global } from '@salesforce/core';
import type { Emit } from '../model/events.js';
import { operationRules, type OperationName, type RunResult } from '../model/result.js';
import type { StopRequest } from '../model/runEnd.js';
import type { Beginning, RunRequest } from '../operations/operation.js';
import type { OrgClient } from '../org/orgClient.js';
import { noticeText, toCliError } from '../report/faults.js';
import { reportEnd } from '../report/runReport.js';
import type { Screen } from '../report/screen.js';
import { beginRun } from '../run/begin.js';
import type { BegunRun } from '../run/openRun.js';
import { rememberRun } from '../run/startedRuns.js';
import { readTypedFlags } from '../store/typedFlags.js';
import { outliveOutputs } from './closedOutput.js';
import { connectToOrg } from './connectToOrg.js';
import { Dialog } from './dialog.js';
import type { driveFlags, mailFlags, newRunFlags, orgFlags } from './flags.js';
import { withGracefulStop } from './gracefulStop.js';
import { canAsk, fitError, screenOf, type CommandOutput, type RawFlag } from './screen.js';
import { needsNoPrompt, withRepeat } from './repeats.js';
import { typedFlags } from './typedFlags.js';

/** A command's flags, read and as they were typed. */
type Parsed<Flags> = { readonly flags: Flags; readonly raw: readonly RawFlag[] };

/** Flags as they come: a boolean that is not given is undefined, whatever oclif's types say. */
type Given<Flags> = { readonly [Name in keyof Flags]: Flags[Name] extends boolean ? boolean | undefined : Flags[Name] };

type DriveFlags = Given<Interfaces.InferredFlags<typeof driveFlags & Pick<typeof orgFlags, 'target-org'>>>;
type NewRunFlags = DriveFlags &
  Given<
    Interfaces.InferredFlags<
      Omit<typeof newRunFlags, 'max-users'> &
        typeof orgFlags &
        Partial<typeof mailFlags & Pick<typeof newRunFlags, 'max-users'>>
    >
  >;

type NewRun = { readonly isNew?: true };

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
    // A command without the flag has other limits.
    maxUsers: flags['max-users'] ?? operationRules[operation].maxUsers,
    strict: flags.strict ?? false,
    allowWelcomeEmails: flags['allow-welcome-emails'] ?? false,
    typed: typedFlags(parsed),
  };
  return commandRun(command, parsed, async (screen, emit, stop) => {
    const asked = await beginning(request, screen);
    const { typed } = asked.request;
    // Known before any call: nobody can be asked, and nobody has said yes.
    const isLeftOpen = !request.dryRun && flags['no-prompt'] !== true && !canAsk();
    if (operationRules[operation].needsConsent && isLeftOpen) throw needsNoPrompt(operation, typed, screen.targetOrg);
    const connect = (): Promise<OrgClient> =>
      connectToOrg(flags['target-org'].getConnection(flags['api-version']), screen);
    const begun = await beginRun(asked, connect, emit, stop);
    await rememberRun(Global.SF_DIR, begun.run.folder).catch((error: unknown) => {
      // The plan is made: a file that only saves typing must not be the end of it.
      screen.warn({ name: 'NotRemembered', message: noticeText('notRemembered', { why: String(error) }) });
    });
    return { ...begun, isNew: true };
  });
}

/**
 * @param begin opens or makes the run, with its plan complete
 * @throws SfError
 */
export async function commandRun(
  command: CommandOutput,
  parsed: Parsed<DriveFlags>,
  begin: (screen: Screen, emit: Emit, stop: StopRequest) => Promise<BegunRun & NewRun>,
): Promise<RunResult> {
  const { flags, raw } = parsed;
  const screen = screenOf(command, raw, flags['target-org']);
  const dialog = new Dialog(screen, flags['no-prompt'] ?? false);
  outliveOutputs(() => {
    dialog.hide();
  });
  try {
    const { typed, isNew, ...driven } = await withGracefulStop(async (stop) => {
      const emit = dialog.open();
      const begun = await begin(screen, emit, stop);
      dialog.begun = begun;
      // Not before: the first line of the screen would wait for it.
      const { driveRun } = await import('../run/drive.js');
      const repeated = { typed: readTypedFlags(begun.run.db), isNew: begun.isNew === true };
      const { texts, asks, isTerminal } = dialog;
      const consent = (planned: RunResult, isNeeded: boolean): Promise<boolean> => dialog.ask(planned, isNeeded, stop);
      const end = await driveRun({ ...begun, asks, isTerminal, consent, wait: flags.wait, stop, emit, texts });
      return { ...end, ...repeated };
    }, dialog);
    dialog.close();
    dialog.tellWarnings(driven.result);
    const { targetOrg } = screen;
    const ended = withRepeat(driven, { typed, isNew, targetOrg, asks: dialog.isTerminal });
    return reportEnd(screen, ended, dialog.isPlanShown);
  } catch (error) {
    dialog.fail();
    const hasDefinition = 'definition-file' in flags;
    throw fitError(toCliError(error, screen.targetOrg, hasDefinition), screen);
  }
}
