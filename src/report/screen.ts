/** Where words go. */

/** What the command lends: its output and its flags. */
export type Screen = {
  readonly log: (line: string) => void;
  /** To stderr: what belongs to the dialog, not to the output. */
  readonly note: (line: string) => void;
  readonly warn: (warning: Warning) => void;
  readonly json: boolean;
  /** The alias or username given, for the commands that are printed. */
  readonly targetOrg: string;
};

export type Warning = { message: string; actions?: string[]; name: string };
