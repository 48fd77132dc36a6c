/** What a sweep tells: a table, and what was not as it must be. */
export type Table = {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
  /** How many it tells of. */
  readonly runs: number;
  /** Each with the place where it happened. */
  readonly failures: readonly string[];
};

/** A whole sweep. @param tell is given each table as soon as it is complete, as the next may take hours */
export type Sweep = (tell: (table: Table) => void) => Promise<void>;

export function textOfTable({ title, header, rows, failures }: Table): string {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const padded = (cells: readonly string[]): string => cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join('  ');
  return [`\n${title}`, ...lines.map(padded), ...failures.map((each) => `\n✗ ${each}`), ''].join('\n');
}

/** What could not even begin, or came to an end of its own. */
export function failedTable(title: string, error: unknown): Table {
  return { title, header: [], rows: [], runs: 0, failures: [textOfFailure(error).slice(0, 5_000)] };
}

/** With the place where it happened. */
export function textOfFailure(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
