/** Writes commands and their values so that they can be pasted into a shell. */
import path from 'node:path';

/**
 * As it is where no shell would change it, else in quotes. npm gives PowerShell a script of its own for `sf`, and a script gets
 * `a,b` as two arguments, and `@a` as a variable (PowerShell, about_Parsing, about_Splatting).
 */
export function quoteArgument(value: string, platform: NodeJS.Platform = process.platform): string {
  const plain = platform === 'win32' ? /^[\w./:+=-][\w./:@+=-]*$/ : /^[\w./:@,+=-]+$/;
  return plain.test(value) ? value : inQuotes(value, platform);
}

/**
 * In double quotes, which cmd, PowerShell and POSIX shells share, or, with a character that a POSIX shell looks for inside of
 * those, in single ones.
 */
function inQuotes(value: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32')
    return `"${value.replaceAll(/(\\*)("|$)/g, (_, slashes: string, end: string) => slashes.repeat(2) + end.replace('"', '\\"'))}"`;
  return /["$`\\!]/.test(value) ? `'${value.replaceAll("'", String.raw`'\''`)}'` : `"${value}"`;
}

/** A relative path that begins with a dash would be taken for a flag. */
export function pathArgument(given: string): string {
  return given.startsWith('-') ? `.${path.sep}${given}` : given;
}

/** `sf portal users …` as it can be pasted: the org is said last, as everywhere. @param flags with their values, quoted */
export function printedCommand(command: string, flags: readonly string[], targetOrg: string): string {
  return ['sf portal users', command, ...flags, `--target-org ${quoteArgument(targetOrg)}`].join(' ');
}

/** @param text with commands for `<org>`, the org of the command that prints it */
export function inOrg(text: string, targetOrg: string): string {
  // A value in the same text can hold "<org>", too.
  return text.replaceAll('--target-org <org>', () => `--target-org ${quoteArgument(targetOrg)}`);
}
