/** Calls × faults as a table: one line a call, one column a fault. */
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import type { Verdict } from './faultCell.ts';
import type { FaultKind } from './faultKinds.ts';
import type { Table } from './table.ts';

export type Cell = { readonly nth: number; readonly fault: FaultKind; readonly verdict: Verdict | Error };

const signs: Readonly<Record<Verdict, string>> = { ok: '.', resumed: 'r', again: 'a' };

/** @param calls of a run without a fault */
export function faultTable(name: string, calls: readonly LedgerEntry[], cells: readonly Cell[]): Table {
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const rows = calls.flatMap((call, index) => {
    const ofCall = cells.filter(({ nth }) => nth === index + 1);
    if (ofCall.length === 0) return [];
    const verdicts = faults.map((fault) => signOf(ofCall.find((cell) => cell.fault === fault)?.verdict));
    return [[String(index + 1), nameOf(call), ...verdicts]];
  });
  const legend = faults.map((fault, index) => `${letter(index)} ${fault.name}`).join(', ');
  return {
    title: `Fault sweep: ${name}. ${totals(cells)}\n. overcome, r resumed, a given again, ✗ wrong, blank: strikes no such call\n${legend}`,
    header: ['', 'call', ...faults.map((_, index) => letter(index))],
    rows,
    runs: cells.length,
    failures: cells.flatMap(({ nth, fault, verdict }) =>
      verdict instanceof Error ? [`call ${String(nth)}, ${fault.name}: ${verdict.message.slice(0, 1_000)}`] : [],
    ),
  };
}

/** A to Z, then a to z. */
function letter(index: number): string {
  return String.fromCharCode(index < 26 ? 65 + index : 71 + index);
}

function signOf(verdict: Verdict | Error | undefined): string {
  if (verdict === undefined) return '';
  return verdict instanceof Error ? '✗' : signs[verdict];
}

function nameOf({ method, resource, soql }: LedgerEntry): string {
  const from = /\bFROM (\w+)/i.exec(soql ?? '')?.[1];
  return from === undefined ? `${method} ${resource.replace(/\/\w{18}\b/, '/…')}` : `query ${from}`;
}

function totals(cells: readonly Cell[]): string {
  const count = (wanted: Verdict): string => String(cells.filter(({ verdict }) => verdict === wanted).length);
  const wrong = cells.filter(({ verdict }) => verdict instanceof Error).length;
  return `${String(cells.length)} runs: ${count('ok')} overcame the fault, ${count('resumed')} were resumed, ${count('again')} given again, ${String(wrong)} are wrong.`;
}
