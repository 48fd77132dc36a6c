/** The commands that repeat the one that was typed: they stand beside those that go on with a run. */
import type { TypedFlag } from '../model/fileTexts.js';
import { RunFault } from '../model/faults.js';
import { needsNewPlan, type guardFacts } from '../model/guards.js';
import { operationRules, type Guard, type NextCommand, type OperationName } from '../model/result.js';
import { printedCommand, quoteArgument } from '../report/next/printedCommand.js';
import { repeatedCommand, repeatedFor } from '../report/next/repeatedCommand.js';
import type { EndedRun } from '../report/runReport.js';

/** What began a run. */
type Typed = {
  readonly typed: readonly TypedFlag[];
  readonly targetOrg: string;
  /** Whether somebody can be asked. */
  readonly asks: boolean;
  /** Not one that goes on. */
  readonly isNew: boolean;
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

/** The error of a `resume` that would apply a plan of which nobody is asked: which one that is has to be said. */
export function needsRunDir(folder: string, openFlags: readonly string[], targetOrg: string): RunFault {
  const flags = [`--run-dir ${quoteArgument(folder)}`, ...openFlags, '--no-prompt'];
  return new RunFault('needsNoPrompt.kept', { folder, apply: printedCommand('resume', flags, targetOrg) });
}

/** With the command that repeats the one that began the run. */
export function withRepeat(ended: EndedRun, typed: Typed): EndedRun {
  const next = [...ended.next, ...repeatOf(ended, typed)];
  return { ...ended, next, result: { ...ended.result, next: next.map(({ command }) => command) } };
}

/** Where the plan can't be applied as it is, the command itself makes one that can, and says yes where it can't ask. */
function repeatOf({ end, result }: EndedRun, { typed, isNew, ...printing }: Typed): NextCommand[] {
  // An older run folder has no flags.
  if ((end.end !== 'planned' && end.end !== 'guards') || typed.length === 0) return [];
  const { operation, guards, dryRun } = result;
  // What a plan that is kept leaves to be decided, its own command says.
  const open = guards.filter(({ kind, code }) => (isNew && kind === 'decision') || needsNewPlan(code));
  // It would end as it did: the selection has to be another one.
  if (open.length === 0 || open.some(({ code }) => code === strictEmpty)) return [];
  const lowered = open.filter((guard) => isByFlag(guard, typed)).map(({ needed = 0 }) => needed);
  const raised = lowered.length === 0 ? [] : [`--max-take-away ${String(Math.max(...lowered))}`];
  // A look at the plan is what was asked for, and the file has to be changed first.
  if (dryRun && open.some(({ code }) => needsNewPlan(code) && code !== strictRefused))
    return repeatedFor('replan', operation, typed, { consent: [...raised, '--dry-run'] }, printing);
  const { needsConsent } = operationRules[operation];
  const decided = guards.flatMap(({ kind, flag }) => (kind === 'decision' ? (flag ?? []) : []));
  const consent = [...decided, ...(needsConsent ? ['--no-prompt'] : [])];
  const repeat = (purpose: NextCommand['purpose'], flags: readonly TypedFlag[]): NextCommand[] =>
    repeatedFor(purpose, operation, flags, { consent: [...raised, ...(printing.asks ? [] : consent)] }, printing);
  if (!open.some(({ code }) => code === strictRefused)) return repeat('repeat', typed);
  const lenient = typed.filter(({ name }) => name !== 'strict');
  return [...repeat('repeatStrict', typed), ...repeat('repeatWithoutStrict', lenient)];
}

const strictRefused = 'strictRefused' satisfies keyof typeof guardFacts;
const strictEmpty = 'strictEmpty' satisfies keyof typeof guardFacts;

/** A limit that --max-take-away has lowered. */
function isByFlag({ code, available }: Guard, typed: readonly TypedFlag[]): boolean {
  return code === 'limit' && typed.some(({ name, value }) => name === 'max-take-away' && Number(value) === available);
}
