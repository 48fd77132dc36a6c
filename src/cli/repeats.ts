/** The commands that repeat the one that was typed: they stand beside those that go on with a run. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { RunFault } from '../model/faults.js';
import { needsNewPlan, type guardFacts } from '../model/guards.js';
import { operationRules, type NextCommand, type OperationName } from '../model/result.js';
import { countFixable } from '../report/nextCommands.js';
import { printedCommand, quoteArgument } from '../report/printedCommand.js';
import type { EndedRun } from '../report/runReport.js';
import type { TypedFlag } from './typedFlags.js';

/** What began a run. */
type Typed = {
  /** Empty where a run of an earlier version does not know them. */
  readonly typed: readonly TypedFlag[];
  readonly targetOrg: string;
  /** This command has begun the run. */
  readonly isNew: boolean;
};

/** The error of a command that nobody has said yes to; it prints both ways on, but where standard input can't be read again. */
export function needsNoPrompt(operation: OperationName, typed: readonly TypedFlag[], targetOrg: string): RunFault {
  const [preview, apply] = ['--dry-run', '--no-prompt'].map((flag) =>
    repeatedCommand(operation, typed, [flag], targetOrg),
  );
  return preview === undefined || apply === undefined
    ? new RunFault('needsNoPrompt', { operation })
    : new RunFault('needsNoPrompt.repeatable', { operation, preview, apply });
}

/** With the commands that repeat the one that was typed. */
export function withRepeats(ended: EndedRun, { typed, ...begun }: Typed, isTerminal: boolean): EndedRun {
  // Where somebody can be asked, --no-prompt is meant for the one command that it was typed for.
  const kept = isTerminal ? typed.filter(({ name }) => name !== 'no-prompt') : typed;
  const again = { ...begun, typed: kept };
  const next = [...ended.next, ...retryOfRefused(ended, again), ...repeatOf(ended, again, isTerminal)];
  return { ...ended, next, result: { ...ended.result, next: next.map(({ command }) => command) } };
}

/** Contacts that got no user get one by the same command, with refused.csv in place of what selected them. */
function retryOfRefused({ end, result }: EndedRun, { typed, targetOrg }: Typed): NextCommand[] {
  const { operation, files, sync } = result;
  const isRetried = operationRules[operation].selects === 'Contact' && sync === undefined && typed.length > 0;
  if (!isRetried || end.end !== 'done' || countFixable(result) === 0) return [];
  return commandFor(
    'retryRefused',
    repeatedCommand(operation, typed, [`--file ${quoteArgument(files.refused)}`], targetOrg),
  );
}

/** Where the plan can't be applied as it is, the command itself makes one that can, and says yes where it can't ask. */
function repeatOf({ end, result }: EndedRun, { typed, targetOrg, isNew }: Typed, isTerminal: boolean): NextCommand[] {
  if (!isNew || (end.end !== 'planned' && end.end !== 'guards')) return [];
  const { operation, guards, dryRun } = result;
  const open = guards.filter(({ kind, code }) => kind === 'decision' || needsNewPlan(code));
  if (open.length === 0) return [];
  // A look at the plan is what was asked for, and the file has to be changed first.
  if (dryRun && open.some(({ code }) => needsNewPlan(code) && code !== strictRefused))
    return commandFor('replan', repeatedCommand(operation, typed, ['--dry-run'], targetOrg));
  const { needsConsent } = operationRules[operation];
  const consent = [...open.flatMap(({ flag }) => flag ?? []), ...(needsConsent ? ['--no-prompt'] : [])];
  // With --strict, it would stop again.
  const isStrict = open.some(({ code }) => code === strictRefused);
  const kept = isStrict ? typed.filter(({ name }) => name !== 'strict') : typed;
  return commandFor('repeat', repeatedCommand(operation, kept, isTerminal ? [] : consent, targetOrg));
}

const strictRefused = 'strictRefused' satisfies keyof typeof guardFacts;

function commandFor(purpose: NextCommand['purpose'], command: string | undefined): NextCommand[] {
  return command === undefined ? [] : [{ purpose, command }];
}

/**
 * @param instead of the flags of the same name: `--max-users 12000`, which says yes; a file, also of a condition
 * @returns undefined where it can't be repeated, as it has read standard input, or as no line holds it
 */
function repeatedCommand(
  operation: OperationName,
  typed: readonly TypedFlag[],
  instead: readonly string[],
  targetOrg: string,
): string | undefined {
  const given = instead.map((flag) => flag.split(' ', 1)[0]);
  const isReplaced = (name: string): boolean =>
    given.includes(`--${name}`) || (name === 'where' && given.includes('--file'));
  if (typed.some(({ name, value }) => name === 'file' && value === '-' && !isReplaced(name))) return undefined;
  const kept = typed.flatMap(({ name, value }) => {
    if (isReplaced(name)) return [];
    if (value === undefined) return `--${name}`;
    return `--${name} ${quoteArgument(name === 'output-dir' ? freeFolder(value) : value)}`;
  });
  if (kept.some((flag) => /\p{Cc}|[\u2028\u2029]/u.test(flag))) return undefined;
  return printedCommand(operation, [...kept, ...instead], targetOrg);
}

/** A run folder is not taken twice: the next one is beside it. */
function freeFolder(typed: string): string {
  const folder = path.normalize(typed).replace(/(?<=.)[\\/]+$/, '');
  let free = folder;
  for (let n = 2; existsSync(free); n += 1) free = `${folder}-${String(n)}`;
  return free;
}
