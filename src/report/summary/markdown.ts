/** Writes GitHub Flavored Markdown: what texts hold of it is shown as it is, and a command is code. */

/** A text in a line. */
export function markdownText(text: string): string {
  return text.replace(/[\\|<>[\]*_`~&]/gu, (character) => `\\${character}`).replace(/\s+/gu, ' ');
}

export function markdownCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  const inner = text.replace(/\s+/gu, ' ');
  return longest === 0 ? `${ticks}${inner}${ticks}` : `${ticks} ${inner} ${ticks}`;
}

/** What to do in a cell of a table: each of its commands in a line of its own, as code. */
export function adviceCell(advice: string): string {
  return advice
    .split('\n')
    .map((line) => (line.startsWith('sf ') ? inCell(markdownCode(line)) : markdownText(line)))
    .join('<br>');
}

/** The same as an item of a list. */
export function adviceItem(text: string, advice: string): string[] {
  return [text, ...advice.split('\n')].filter(Boolean).flatMap((line, index) => {
    if (line.startsWith('sf ')) return ['  ```sh', `  ${line}`, '  ```'];
    return index === 0 ? [`- ${markdownText(line)}`] : [`  ${markdownText(line)}`];
  });
}

/** @param heads with the alignment of their columns @param rows of Markdown already */
export function markdownTable(
  heads: ReadonlyArray<readonly [head: string, align: 'left' | 'right']>,
  rows: ReadonlyArray<readonly string[]>,
): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(heads.map(([head]) => markdownText(head))),
    line(heads.map(([, align]) => (align === 'left' ? '---' : '---:'))),
    ...rows.map(line),
  ];
}

/** Even in code, a bar ends a cell. */
export function inCell(markdown: string): string {
  return markdown.replaceAll('|', '\\|');
}
