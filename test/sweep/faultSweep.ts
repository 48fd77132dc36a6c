/** Enumerates the fault sweep: each call of a run without a fault, struck by each fault. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import { runClean, runWithFault, type CleanRun } from './faultCell.ts';
import { faultKinds, type FaultKind } from './faultKinds.ts';
import { scenarios, type Scenario } from './faultScenarios.ts';
import { faultTable, type Cell } from './faultTable.ts';
import { runLanes } from './lanes.ts';
import type { Table } from './table.ts';

type Blow = { readonly nth: number; readonly fault: FaultKind };

/** The whole sweep, a process a scenario: faults that strike a process must not meet. */
export async function sweepFaults(): Promise<Table[]> {
  const tables = new Map<string, Table>();
  await runLanes(scenarios, async ({ name }) => void tables.set(name, await sweepElsewhere(name)));
  return scenarios.flatMap(({ name }) => tables.get(name) ?? []);
}

/** @param choose which of all blows are tried; all by default */
export async function sweepScenario(
  scenario: Scenario,
  choose: (blows: readonly Blow[]) => readonly Blow[] = (blows) => blows,
): Promise<Table> {
  const clean = await runClean(scenario);
  const cells: Cell[] = [];
  for (const blow of choose(blowsOf(scenario, clean.calls))) cells.push(await tryBlow(scenario, blow, clean));
  return faultTable(scenario.name, clean.calls, cells);
}

/** Every call with every fault that can strike it. */
function blowsOf({ concerns }: Scenario, calls: readonly LedgerEntry[]): Blow[] {
  return calls.flatMap((call, index) => {
    if (!concerns(call, calls.slice(0, index))) return [];
    const faults = faultKinds.filter((fault) => fault.strikes(call));
    return faults.map((fault) => ({ nth: index + 1, fault }));
  });
}

async function tryBlow(scenario: Scenario, { nth, fault }: Blow, clean: CleanRun): Promise<Cell> {
  try {
    return { nth, fault, verdict: await runWithFault(scenario, fault, nth, clean) };
  } catch (error) {
    return { nth, fault, verdict: error instanceof Error ? error : new Error(String(error)) };
  }
}

async function sweepElsewhere(name: string): Promise<Table> {
  const worker = fileURLToPath(new URL('faultWorker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [worker, name], { maxBuffer: 100_000_000 }, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as Table);
      else reject(new Error(`${name}: ${error.message}`));
    });
  });
}
