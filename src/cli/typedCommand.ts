/** The command as it was typed, to be given once more. */
import type { OperationName } from '../model/result.js';
import { printedCommand, quoteArgument } from '../report/printedCommand.js';
import type { RawFlag } from './screen.js';

/** A dry run is to be applied; an existing run folder is not taken twice; what --flags-dir gave is part of it; the org is said last. */
const leftOut = ['dry-run', 'output-dir', 'flags-dir', 'target-org'];

/**
 * @param typed the flags as they were typed, and as they were understood
 * @param decided flags that say yes, instead of those of the same name: `--max-users 12000`
 * @returns undefined where it can't be repeated, as it has read standard input
 */
export function repeatedCommand(
  operation: OperationName,
  typed: { readonly raw: readonly RawFlag[]; readonly flags: Readonly<Record<string, unknown>> },
  decided: readonly string[],
  targetOrg: string,
): string | undefined {
  const { raw, flags } = typed;
  if (raw.some(({ flag, input }) => flag === 'file' && input === '-')) return undefined;
  const isDecided = (flag: string): boolean => decided.some((each) => each.split(' ', 1)[0] === `--${flag}`);
  const kept = raw.flatMap(({ flag, input }) => {
    if (flag === undefined || leftOut.includes(flag) || isDecided(flag)) return [];
    return typeof flags[flag] === 'boolean' ? `--${flag}` : `--${flag} ${quoteArgument(input)}`;
  });
  return printedCommand(operation, [...kept, ...decided], targetOrg);
}
