/** The flags that several commands have, with one meaning everywhere. */
import type { Interfaces } from '@oclif/core';
import { SfError } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { operationRules } from '../model/result.js';
import { exitCodes } from '../report/exitCodes.js';
import { noticeText } from '../report/faults.js';
import { sharedText } from '../report/texts.js';
import type { RawFlag } from './screen.js';

const targetOrgFlag = Flags.requiredOrg();
// Help that names the default org would make the host load the command with all its libraries: three times as slow.
delete targetOrgFlag.defaultHelp;

// Groups, not single flags: the usage line has them in this order. A help group stands where its first flag stands in the
// alphabet, short flags first: one that began behind `--flags-dir` would come after the host's global flags.

export const orgFlags = { 'target-org': targetOrgFlag, 'api-version': Flags.orgApiVersion() };

export const maxUsersFlag = Flags.custom<number>({
  summary: sharedText('flags.max-users.summary'),
  helpValue: '<n>',
  helpGroup: 'SAFETY',
  parse: wholeNumber('badMaxUsers', 1),
});

export const maxTakeAwayFlag = Flags.custom<number>({
  helpValue: '<n>',
  helpGroup: 'SAFETY',
  parse: wholeNumber('badMaxTakeAway', 0),
});

const dryRunFlag = {
  'dry-run': Flags.boolean({ summary: sharedText('flags.dry-run.summary'), helpGroup: 'SAFETY' }),
};

const planFlags = {
  ...dryRunFlag,
  'max-users': maxUsersFlag({ default: operationRules.disable.maxUsers }),
};

/** Of all commands after which Salesforce may write to users. */
export const mailFlags = {
  'allow-welcome-emails': Flags.boolean({
    summary: sharedText('flags.allow-welcome-emails.summary'),
    helpGroup: 'SAFETY',
  }),
};

/** Of all commands that drive a run. */
export const driveFlags = {
  strict: Flags.boolean({ summary: sharedText('flags.strict.summary'), helpGroup: 'SAFETY' }),
  verbose: Flags.boolean({ summary: sharedText('flags.verbose.summary') }),
  'no-prompt': Flags.boolean({ summary: sharedText('flags.no-prompt.summary'), helpGroup: 'SAFETY' }),
  /** Minutes. Not sf's duration flag, which takes "12abc" for 12 and lets negative numbers pass. */
  wait: Flags.custom<number>({
    char: 'w',
    summary: sharedText('flags.wait.summary'),
    description: sharedText('flags.wait.description'),
    helpValue: '<minutes>',
    parse: wholeNumber('badWait', 0),
  })(),
};

const outputFlag = {
  'output-dir': Flags.directory({
    summary: sharedText('flags.output-dir.summary'),
    description: sharedText('flags.output-dir.description'),
  }),
};

/** Of all commands that begin a run. */
export const newRunFlags = { ...planFlags, ...driveFlags, ...outputFlag };

/** The same where Salesforce may write to users: a flag keeps its first place. */
export const mailRunFlags = { ...planFlags, ...mailFlags, ...newRunFlags };

/** The same without a number of users: sync has the limits of its definition. */
export const mailSyncFlags = { ...dryRunFlag, ...mailFlags, ...driveFlags, ...outputFlag };

/** Which records; its texts are of users that exist. */
export const whereFlag = Flags.custom({
  summary: sharedText('flags.users-where.summary'),
  description: sharedText('flags.users-where.description'),
  helpValue: '<condition>',
  helpGroup: 'SELECTION',
});

/** A file that names the records; its texts are of users that exist. */
export const fileFlag = Flags.custom({
  char: 'f',
  summary: sharedText('flags.users-file.summary'),
  description: sharedText('flags.users-file.description'),
  helpValue: '<csv>',
  helpGroup: 'SELECTION',
});

/** Whom nothing may be done to, whatever else selects them. */
export const protectFlag = protectFlagSaying(
  sharedText('flags.protect.summary'),
  sharedText('flags.protect.description'),
);

/** The same in other words. */
export function protectFlagSaying(summary: string, description: string): Interfaces.OptionFlag<string[] | undefined> {
  return Flags.string({ summary, description, helpValue: '<condition>', multiple: true, helpGroup: 'SAFETY' });
}

/** Days. */
export const inactiveForFlag = Flags.custom<number>({
  summary: sharedText('flags.inactive-for.summary'),
  description: sharedText('flags.inactive-for.description'),
  helpValue: '<days>',
  helpGroup: 'SELECTION',
  parse: wholeNumber('badInactiveFor', 1, 36_500),
});

/** Days that narrow a list of users. */
export const daysFlag = Flags.custom<number>({ helpValue: '<days>', parse: wholeNumber('badDays', 1, 36_500) });

/**
 * The flags of a command, as `parse()` reads them. The host gives some wrong flags exit code 2, others 1 (a value that is not one
 * of the options, a flag without its value, given twice, no org). To a pipeline they are all the same. And it takes an empty value,
 * as a variable that is not set leaves one.
 * @throws the host's error, or BadFlagError for an empty value; with exit code 2
 */
export async function readFlags<Parsed extends { readonly raw: readonly RawFlag[] }>(
  parsing: Promise<Parsed>,
): Promise<Parsed> {
  const parsed = await parsing.catch((error: unknown) => {
    if (error instanceof Error) Object.assign(error, { oclif: { exit: exitCodes.flags } });
    throw error;
  });
  const empty = parsed.raw.find(({ flag, input }) => input === '' && !conditionFlags.includes(flag));
  if (empty?.flag !== undefined) throw badFlag(noticeText('emptyFlag', { flag: empty.flag }));
  return parsed;
}

/** Conditions may be blank, too, and have words of their own for both. */
const conditionFlags: ReadonlyArray<string | undefined> = ['where', 'protect'];

function badFlag(message: string): SfError {
  return SfError.create({ name: 'BadFlagError', message, exitCode: exitCodes.flags });
}

/** @returns a parser, which throws SfError BadFlagError */
function wholeNumber(
  fault: 'badMaxUsers' | 'badMaxTakeAway' | 'badWait' | 'badInactiveFor' | 'badDays',
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (input: string) => Promise<number> {
  return (input) => {
    const value = /^\d{1,9}$/.test(input.trim()) ? Number(input) : Number.NaN;
    if (value >= least && value <= most) return Promise.resolve(value);
    throw badFlag(noticeText(fault, { value: input }));
  };
}
