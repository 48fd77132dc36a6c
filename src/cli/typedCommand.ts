/** The command as it was typed, to be given once more. */
import type { OperationName } from '../model/result.js';
import { printedCommand, quoteArgument } from '../report/printedCommand.js';
import type { RawFlag } from './screen.js';

/** A dry run is to be applied; an existing run folder is not taken twice; what --flags-dir gave is part of it; the org is said last. */
const leftOut = ['dry-run', 'output-dir', 'flags-dir', 'target-org'];

/**
 * @param typed the flags as they were typed, and as they were understood
 * @param instead of the flags of the same name: `--max-users 12000`, which says yes; a file, also of a condition
 * @returns undefined where it can't be repeated, as it has read standard input
 */
export function repeatedCommand(
  operation: OperationName,
  typed: { readonly raw: readonly RawFlag[]; readonly flags: Readonly<Record<string, unknown>> },
  instead: readonly string[],
  targetOrg: string,
): string | undefined {
  const { raw, flags } = typed;
  const given = instead.map((flag) => flag.split(' ', 1)[0]);
  const isReplaced = (flag: string): boolean =>
    given.includes(`--${flag}`) || (flag === 'where' && given.includes('--file'));
  if (raw.some(({ flag, input }) => flag === 'file' && input === '-' && !isReplaced(flag))) return undefined;
  const kept = raw.flatMap(({ flag, input }) => {
    if (flag === undefined || leftOut.includes(flag) || isReplaced(flag)) return [];
    return typeof flags[flag] === 'boolean' ? `--${flag}` : `--${flag} ${quoteArgument(input)}`;
  });
  return printedCommand(operation, [...kept, ...instead], targetOrg);
}
