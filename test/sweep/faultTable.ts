/** Calls × faults as a table: one line a call, one column a fault. */
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import type { FaultKind } from './faultKinds.ts';
import type { Verdict } from './faultCell.ts';

export type Cell = { readonly nth: number; readonly fault: FaultKind; readonly verdict: Verdict | Error };

const signs: Readonly<Record<Verdict, string>> = { ok: '.', resumed: 'r', again: 'a' };

/** `.` overcome, `r` finished by resume, `a` by the same command again, `✗` lost or wrong, blank: strikes no such call. */
export function faultTable(title: string, calls: readonly LedgerEntry[], cells: readonly Cell[]): string {
  const faults = [...new Set(cells.map(({ fault }) => fault))];
  const verdicts = new Map(cells.map(({ nth, fault, verdict }) => [`${String(nth)} ${fault.name}`, verdict]));
  const lines = calls.flatMap((call, index) => {
    const nth = index + 1;
    if (!cells.some((cell) => cell.nth === nth)) return [];
    const row = faults.map((fault) => signOf(verdicts.get(`${String(nth)} ${fault.name}`)).padStart(3));
    return [`${String(nth).padStart(3)} ${nameOf(call).padEnd(44)}${row.join('')}`];
  });
  const numbers = faults.map((_fault, index) => String(index + 1).padStart(3)).join('');
  const legend = faults.map(({ name }, index) => `${String(index + 1)} ${name}`).join(', ');
  return [`\n${title}: ${totals(cells)}`, `${' '.repeat(48)}${numbers}`, ...lines, legend, ...failures(cells)].join(
    '\n',
  );
}

function signOf(verdict: Verdict | Error | undefined): string {
  if (verdict === undefined) return '';
  return verdict instanceof Error ? '✗' : signs[verdict];
}

function nameOf({ method, resource, soql }: LedgerEntry): string {
  const from = /\bFROM (\w+)/i.exec(soql ?? '')?.[1];
  const path = resource.replace(/\/\w{18}\b/, '/…');
  return `${method} ${from === undefined ? path : `query ${from}`}`.slice(0, 43);
}

function totals(cells: readonly Cell[]): string {
  const count = (wanted: Verdict): number => cells.filter(({ verdict }) => verdict === wanted).length;
  const lost = cells.filter(({ verdict }) => verdict instanceof Error).length;
  return `${String(cells.length)} runs, ${String(count('ok'))} overcome, ${String(count('resumed'))} resumed, ${String(count('again'))} done again, ${String(lost)} wrong`;
}

function failures(cells: readonly Cell[]): string[] {
  return cells.flatMap(({ nth, fault, verdict }) =>
    verdict instanceof Error ? [`✗ call ${String(nth)}, ${fault.name}: ${verdict.message.slice(0, 1_000)}`] : [],
  );
}
