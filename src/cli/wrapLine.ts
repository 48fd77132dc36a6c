/** Breaks lines at words for a terminal: readable at 40 columns, whole in a pipe. */
import { stripVTControlCharacters } from 'node:util';

/** Columns of a stream; undefined: it is no terminal, and lines stay whole. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  // A terminal that does not know its size says 0.
  return stream.isTTY === true && stream.columns !== 0 ? stream.columns : undefined;
}

/**
 * What follows begins below the text of the first line, behind its indent and its first column of one or two words (`pass  …`). A command of
 * sf has a line of its own and is never broken: people copy it, and a terminal puts it together again.
 */
export function wrapLine(line: string, width: number | undefined): string {
  if (width === undefined || stripVTControlCharacters(line).length <= width) return line;
  const [head = ''] = /^(?: *\S+(?: \S+)? {2,}| *)/.exec(line) ?? [];
  const margin = ' '.repeat(stripVTControlCharacters(head).length);
  const parts = line.slice(head.length).split(/(?<=: )(?=sf [a-z])/);
  const lines = parts.flatMap((part) => (part.startsWith('sf ') ? [part] : wrapWords(part, width - margin.length)));
  return head + lines.join(`\n${margin}`);
}

/** A word that is longer than the room is left to the terminal. */
function wrapWords(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.trimEnd().split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
