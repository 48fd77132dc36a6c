/** Drives the cells of the fault sweep: each call of a clean run, struck by each fault. */
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import { runClean, runWithFault, type CleanRun } from './faultCell.ts';
import { faultKinds, type FaultKind } from './faultKinds.ts';
import type { Scenario } from './faultScenarios.ts';
import { faultTable, type Cell } from './faultTable.ts';

export type Place = { readonly nth: number; readonly fault: FaultKind };

/** Every call of a clean run with every fault that can strike it. */
export function placesOf({ concerns }: Scenario, calls: readonly LedgerEntry[]): Place[] {
  return calls.flatMap((call, index) =>
    concerns(call) ? faultKinds.filter(({ strikes }) => strikes(call)).map((fault) => ({ nth: index + 1, fault })) : [],
  );
}

/**
 * @param choose which of all places are tried
 * @returns the table for people to read, and how many cells are wrong
 */
export async function sweep(
  scenario: Scenario,
  choose: (places: readonly Place[]) => readonly Place[] = (places) => places,
): Promise<{ readonly table: string; readonly runs: number; readonly wrong: number }> {
  const clean = await runClean(scenario);
  const cells: Cell[] = [];
  for (const place of choose(placesOf(scenario, clean.calls))) cells.push(await tryCell(scenario, place, clean));
  const wrong = cells.filter(({ verdict }) => verdict instanceof Error).length;
  return { table: faultTable(scenario.name, clean.calls, cells), runs: cells.length, wrong };
}

async function tryCell(scenario: Scenario, { nth, fault }: Place, clean: CleanRun): Promise<Cell> {
  try {
    return { nth, fault, verdict: await runWithFault(scenario, fault, nth, clean) };
  } catch (error) {
    return { nth, fault, verdict: error instanceof Error ? error : new Error(String(error)) };
  }
}
