/** Writes a value so that it can be pasted into a shell. */

/**
 * As it is where no shell would change it; else in double quotes, which cmd, PowerShell and POSIX shells share, or, with a
 * character that a POSIX shell looks for inside of those, in single ones.
 */
export function quoteArgument(value: string, platform: NodeJS.Platform = process.platform): string {
  if (/^[\w./:@,+=-]+$/.test(value)) return value;
  if (platform === 'win32') return `"${value.replaceAll('"', '\\"')}"`;
  return /["$`\\!]/.test(value) ? `'${value.replaceAll("'", String.raw`'\''`)}'` : `"${value}"`;
}
