/** Where words go, and what there is room for. */

/** What the command lends: its output and its flags. */
export type Screen = {
  readonly log: (line: string) => void;
  /** To stderr: what belongs to the dialog, not to the output. */
  readonly note: (line: string) => void;
  readonly warn: (warning: Warning) => void;
  /**
   * Draws the one line that shows how a run goes on over the one before it; undefined takes it away. There is none where
   * nothing can be drawn over: in a pipe, in CI, with --json.
   */
  readonly draw: ((line: string | undefined) => void) | undefined;
  readonly json: boolean;
  /** --verbose */
  readonly verbose: boolean;
  /** The alias or username given, for the commands that are printed. */
  readonly targetOrg: string;
  /** Of a terminal; undefined in a pipe, where lines stay whole and nobody is named, as logs are kept. */
  readonly columns: number | undefined;
  /** The same of what `note` writes to. */
  readonly dialogColumns: number | undefined;
};

export type Warning = { message: string; actions?: string[]; name: string };
