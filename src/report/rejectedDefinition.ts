/** A definition file that can't be used: each fault on a line, at a place that terminals and editors can open. */
import type { DefinitionRejected } from '../model/definition/definitionFaults.js';
import type { RunFault } from '../model/faults.js';
import { fill } from './texts.js';

/** Faults that a message names; what comes after so many is rarely read. */
const mostNamed = 50;

/** For --json. `line` and `column` are from 1. */
type DefinitionFaultEntry = {
  readonly code: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
};

/** @param textOf a fault of a flag, in the words of a definition */
export function definitionFaultEntries(
  { faults }: DefinitionRejected,
  textOf: (ofFlag: RunFault) => string,
): DefinitionFaultEntry[] {
  return faults.map(({ place, ...fault }) =>
    'ofFlag' in fault
      ? { code: fault.ofFlag.code, ...place, message: textOf(fault.ofFlag) }
      : { code: fault.key, ...place, message: fill('definition', fault.key, fault.facts) },
  );
}

/** The same for a condition that Salesforce does not accept. */
export function conditionEntry({ code, facts }: Pick<RunFault, 'code' | 'facts'>): DefinitionFaultEntry {
  const { line, column, message } = facts;
  return { code, line: Number(line), column: Number(column), message: `${String(message)} (${String(facts['code'])})` };
}

export function definitionFaultLines(file: string, entries: readonly DefinitionFaultEntry[]): string {
  const lines = entries
    .slice(0, mostNamed)
    .map(({ line, column, message }) => `  ${file}:${String(line)}:${String(column)}  ${message}`);
  return [...lines, ...(entries.length > mostNamed ? ['  …'] : [])].join('\n');
}
