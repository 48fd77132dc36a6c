/** Enumerates the fault sweep: each call of a run without a fault, struck by each fault. */
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import { sweepElsewhere } from './elsewhere.ts';
import { firstLooks, runClean, runWithFault, type CleanRun } from './faultCell.ts';
import { faultKinds, type FaultKind } from './faultKinds.ts';
import { scenarios, type Scenario } from './faultScenarios.ts';
import { faultTable, type Cell } from './faultTable.ts';
import { inTime } from './patience.ts';
import type { Sweep, Table } from './table.ts';

/** A call of the clean run, its number from 1, and what strikes it. */
export type Blow = { readonly nth: number; readonly call: LedgerEntry; readonly fault: FaultKind };

/** The whole sweep, a process a scenario. */
export const sweepFaults: Sweep = sweepElsewhere(
  'faultWorker.ts',
  scenarios.map(({ name }) => name),
  'Fault sweep',
);

/**
 * @param choose which of all blows are tried; all by default
 * @param tell gets the name of what is tried
 */
export async function sweepScenario(
  scenario: Scenario,
  choose: (blows: readonly Blow[]) => readonly Blow[] = (blows) => blows,
  tell: (name: string) => void = () => undefined,
): Promise<Table> {
  const clean = await runClean(scenario);
  const cells: Cell[] = [];
  for (const blow of choose(blowsOf(scenario, clean.calls))) {
    tell(`call ${String(blow.nth)}, ${blow.fault.name}`);
    cells.push(await tryBlow(scenario, blow, clean));
  }
  return faultTable(scenario.name, clean.calls, cells);
}

/** Every call with every fault that can strike it. */
function blowsOf({ concerns }: Scenario, calls: readonly LedgerEntry[]): Blow[] {
  const isFirst = firstLooks();
  return calls.flatMap((call, index) => {
    if (!isFirst(call) || !concerns(call, calls.slice(0, index))) return [];
    const faults = faultKinds.filter((fault) => fault.strikes(call));
    return faults.map((fault) => ({ nth: index + 1, call, fault }));
  });
}

async function tryBlow(scenario: Scenario, { nth, fault }: Blow, clean: CleanRun): Promise<Cell> {
  try {
    return { nth, fault, verdict: await inTime(runWithFault(scenario, fault, nth, clean)) };
  } catch (error) {
    return { nth, fault, verdict: error instanceof Error ? error : new Error(String(error)) };
  }
}
