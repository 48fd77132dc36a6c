/** The flags that several commands have, with one meaning everywhere. */
import { SfError } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { exitCodes } from '../report/exitCodes.js';
import { noticeText } from '../report/faults.js';
import { sharedText } from '../report/texts.js';

export const targetOrgFlag = Flags.requiredOrg({ summary: sharedText('flags.target-org.summary') });
// Help that names the default org would make the host load the command with all its libraries: three times as slow.
delete targetOrgFlag.defaultHelp;

export const noPromptFlag = Flags.boolean({
  summary: sharedText('flags.no-prompt.summary'),
  helpGroup: 'SAFETY',
});

export const strictFlag = Flags.boolean({ summary: sharedText('flags.strict.summary'), helpGroup: 'SAFETY' });

export const allowWelcomeEmailsFlag = Flags.boolean({
  summary: sharedText('flags.allow-welcome-emails.summary'),
  helpGroup: 'SAFETY',
});

export const maxUsersFlag = Flags.custom<number>({
  summary: sharedText('flags.max-users.summary'),
  helpValue: '<n>',
  parse: (input) => Promise.resolve(wholeNumber(input, 1, 'badMaxUsers')),
});

export const dryRunFlag = Flags.boolean({ summary: sharedText('flags.dry-run.summary'), helpGroup: 'SAFETY' });

export const outputDirFlag = Flags.directory({
  summary: sharedText('flags.output-dir.summary'),
  description: sharedText('flags.output-dir.description'),
  helpGroup: 'OUTPUT',
});

/** A file with users that exist. */
export const fileFlag = Flags.custom({
  char: 'f',
  summary: sharedText('flags.users-file.summary'),
  helpValue: '<csv>',
  helpGroup: 'SELECTION',
});

/** Days. */
export const inactiveForFlag = Flags.custom<number>({
  summary: sharedText('flags.inactive-for.summary'),
  description: sharedText('flags.inactive-for.description'),
  helpValue: '<days>',
  helpGroup: 'SELECTION',
  parse: (input) => Promise.resolve(wholeNumber(input, 1, 'badInactiveFor', 36_500)),
});

/** Minutes. Not sf's duration flag, which takes "12abc" for 12 and lets negative numbers pass. */
export const waitFlag = Flags.custom<number>({
  char: 'w',
  summary: sharedText('flags.wait.summary'),
  description: sharedText('flags.wait.description'),
  helpValue: '<minutes>',
  parse: (input) => Promise.resolve(wholeNumber(input, 0, 'badWait')),
})();

/**
 * For `parse()`: the host gives some wrong flags exit code 2, others 1 (a value that is not one of the options, a flag
 * without its value, given twice, no org). To a pipeline they are all the same.
 * @throws always: the error, with exit code 2
 */
export function wrongFlags(error: unknown): never {
  if (error instanceof Error) Object.assign(error, { oclif: { exit: exitCodes.flags } });
  throw error;
}

function wholeNumber(
  input: string,
  least: number,
  fault: 'badMaxUsers' | 'badWait' | 'badInactiveFor',
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = /^\d{1,9}$/.test(input.trim()) ? Number(input) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw SfError.create({
    name: 'BadFlagError',
    message: noticeText(fault, { value: input }),
    exitCode: exitCodes.flags,
  });
}
