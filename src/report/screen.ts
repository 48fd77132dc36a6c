/** The screen of a command: where its words go, and how wide it is. */
import { widthOf, wrapLine } from './wrapLine.js';

/** What the command lends: its output and its flags. */
export type Screen = {
  readonly log: (line: string) => void;
  /** To stderr: what belongs to the dialog, not to the output. */
  readonly note: (line: string) => void;
  readonly warn: (warning: { message: string; actions?: string[]; name: string }) => void;
  readonly json: boolean;
  /** The alias or username given, for the commands that are printed. */
  readonly targetOrg: string;
};

/** A terminal = stdin and stderr are TTYs, and no --json. Only there is a question asked. */
export function isTerminal(json: boolean): boolean {
  return !json && process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * The screen of a command.
 * @param raw the flags as they were typed: printed commands name the org as the person does
 * @param username of the target org, where it was not typed, or is an access token, which is never printed
 */
export function screenOf(command: Output, raw: readonly RawFlag[], username: string | undefined): Screen {
  const typed = raw.find(({ flag }) => flag === 'target-org')?.input;
  return {
    log: (line) => {
      command.log(wrapLine(line, widthOf(process.stdout)));
    },
    note: (line) => {
      command.logToStderr(wrapLine(line, widthOf(process.stderr)));
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
  logToStderr(line: string): void;
  warn(warning: { message: string; name: string; actions?: string[] }): unknown;
  jsonEnabled(): boolean;
};
