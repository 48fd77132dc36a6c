/** The CSV that we write, in jobs and in files: exact values, lines end in LF. */

/** A lone carriage return ends a line for many readers. */
const needsQuotes = /[",\n\r]/u;

/** Lines of a CSV text; what is absent is an empty cell. */
export function csvText(lines: ReadonlyArray<ReadonlyArray<string | undefined>>): string {
  return lines.map((cells) => `${cells.map(quotedCell).join(',')}\n`).join('');
}

function quotedCell(cell = ''): string {
  return needsQuotes.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
