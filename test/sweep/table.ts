/** What a sweep tells: a table, and what was not as it must be. */
export type Table = {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: ReadonlyArray<readonly string[]>;
  /** Each with the place where it happened. */
  readonly failures: readonly string[];
};

export function printTable({ title, header, rows, failures }: Table): void {
  const lines = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const padded = (cells: readonly string[]): string => cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join('  ');
  process.stdout.write([`\n${title}`, ...lines.map(padded), ...failures.map((each) => `\n✗ ${each}`), ''].join('\n'));
}
