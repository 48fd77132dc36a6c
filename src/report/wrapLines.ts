/** Breaks a text into indented lines at the width of the terminal; in a pipe a line stays whole. */

/** @param indent columns left free before each line */
export function wrapLines(text: string, indent: number, width = process.stdout.columns): string[] {
  const margin = ' '.repeat(indent);
  // Without a terminal `columns` is undefined, whatever its type says.
  const room = process.stdout.isTTY ? Math.max(40, width) - indent : Number.POSITIVE_INFINITY;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => margin + line);
}
