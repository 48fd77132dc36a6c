/** The commands that repeat the one that was typed: they stand beside those that go on with a run. */
import type { TypedFlag } from '../model/fileTexts.js';
import { RunFault } from '../model/faults.js';
import { needsNewPlan, type guardFacts } from '../model/guards.js';
import { operationRules, type NextCommand, type OperationName } from '../model/result.js';
import { repeatedCommand, repeatedFor } from '../report/next/repeatedCommand.js';
import type { EndedRun } from '../report/runReport.js';

/** What began a run. */
type Typed = {
  readonly typed: readonly TypedFlag[];
  readonly targetOrg: string;
  /** Whether somebody can be asked. */
  readonly asks: boolean;
};

/** The error of a command that nobody has said yes to; it prints both ways on, but where standard input can't be read again. */
export function needsNoPrompt(operation: OperationName, typed: readonly TypedFlag[], targetOrg: string): RunFault {
  const [preview, apply] = ['--dry-run', '--no-prompt'].flatMap((flag) =>
    repeatedCommand(operation, typed, { consent: [flag] }, { asks: false, targetOrg }),
  );
  return preview === undefined || apply === undefined
    ? new RunFault('needsNoPrompt', { operation })
    : new RunFault('needsNoPrompt.repeatable', { operation, preview, apply });
}

/** Of a new run: with the command that repeats the one that was typed. */
export function withRepeat(ended: EndedRun, typed: Typed): EndedRun {
  const next = [...ended.next, ...repeatOf(ended, typed)];
  return { ...ended, next, result: { ...ended.result, next: next.map(({ command }) => command) } };
}

/** Where the plan can't be applied as it is, the command itself makes one that can, and says yes where it can't ask. */
function repeatOf({ end, result }: EndedRun, { typed, ...printing }: Typed): NextCommand[] {
  if (end.end !== 'planned' && end.end !== 'guards') return [];
  const { operation, guards, dryRun } = result;
  const open = guards.filter(({ kind, code }) => kind === 'decision' || needsNewPlan(code));
  if (open.length === 0) return [];
  // A look at the plan is what was asked for, and the file has to be changed first.
  if (dryRun && open.some(({ code }) => needsNewPlan(code) && code !== strictRefused))
    return repeatedFor('replan', operation, typed, { consent: ['--dry-run'] }, printing);
  const { needsConsent } = operationRules[operation];
  const consent = [...open.flatMap(({ flag }) => flag ?? []), ...(needsConsent ? ['--no-prompt'] : [])];
  // With --strict, it would stop again.
  const isStrict = open.some(({ code }) => code === strictRefused);
  const kept = isStrict ? typed.filter(({ name }) => name !== 'strict') : typed;
  const purpose = isStrict ? 'repeatWithoutStrict' : 'repeat';
  return repeatedFor(purpose, operation, kept, { consent: printing.asks ? [] : consent }, printing);
}

const strictRefused = 'strictRefused' satisfies keyof typeof guardFacts;
