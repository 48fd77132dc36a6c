/** The command that was typed, once more. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { TypedFlag } from '../../model/fileTexts.js';
import type { NextCommand, OperationName } from '../../model/result.js';
import { pathArgument, printedCommand, quoteArgument } from './printedCommand.js';

/** Those that say which records are selected: one of them takes the place of the others. */
const selecting: readonly string[] = ['where', 'file', 'from-run'];

/** Flags with their values, quoted, in place of those of the same name. */
type Instead = {
  /** Which records, and what is done with them: a file stands for a condition, too. */
  readonly rows?: readonly string[];
  /** `--max-users 12000`: what is agreed to, or not yet. */
  readonly consent: readonly string[];
};

/** @returns none where it can't be repeated, as it has read standard input, or as no line holds it */
export function repeatedCommand(
  operation: OperationName,
  typed: readonly TypedFlag[],
  { rows = [], consent }: Instead,
  { asks, targetOrg }: { readonly asks: boolean; readonly targetOrg: string },
): string[] {
  const given = [...rows, ...consent].map((flag) => flag.split(' ', 1)[0]?.slice(2) ?? '');
  const isSelected = given.some((name) => selecting.includes(name));
  const isReplaced = (name: string): boolean => given.includes(name) || (isSelected && selecting.includes(name));
  // Where somebody can be asked, --no-prompt is meant for the one command that it was typed for.
  const kept = typed.filter(({ name }) => !isReplaced(name) && !(asks && name === 'no-prompt'));
  if (kept.some(({ name, value }) => name === 'file' && value === '-')) return [];
  const flags = kept.map(({ name, value }) =>
    value === undefined ? `--${name}` : `--${name} ${quoteArgument(name === 'output-dir' ? freeFolder(value) : value)}`,
  );
  if (flags.some((flag) => /\p{Cc}|[\u2028\u2029]/u.test(flag))) return [];
  return [printedCommand(operation, [...rows, ...flags, ...consent], targetOrg)];
}

/** The same, with what it is for. */
export function repeatedFor(
  purpose: NextCommand['purpose'],
  ...asked: Parameters<typeof repeatedCommand>
): NextCommand[] {
  return repeatedCommand(...asked).map((command) => ({ purpose, command }));
}

/** A run folder is not taken twice: the next one is beside it. */
function freeFolder(typed: string): string {
  const folder = pathArgument(path.normalize(typed).replace(/(?<=.)[\\/]+$/, ''));
  let free = folder;
  for (let n = 2; existsSync(free); n += 1) free = `${folder}-${String(n)}`;
  return free;
}
