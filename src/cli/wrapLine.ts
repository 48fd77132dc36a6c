/** Breaks lines at words for a terminal: readable at 40 columns, whole in a pipe. */
import { columnsOf } from '../report/screens/layout.js';

/** Columns of a stream; undefined: it is no terminal, and lines stay whole. */
export function widthOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number | undefined {
  // A terminal that does not know its size says 0.
  return stream.isTTY === true && stream.columns !== 0 ? stream.columns : undefined;
}

/**
 * What follows begins below the text of the first line, behind its indent and its mark (`✔ …`), or its first
 * column of one or two words (`Run folder  …`). A command of sf has a line of its own and stays one, as people copy it.
 */
export function wrapLine(line: string, width: number | undefined): string {
  if (width === undefined || columnsOf(line) <= width) return line;
  if (isCommand(line)) return spacedCommand(line, width);
  const [head = ''] = firstColumn.exec(line) ?? [];
  const margin = ' '.repeat(columnsOf(head));
  return head + wrapWords(line.slice(head.length), width - margin.length).join(`\n${margin}`);
}

/** Behind an indent a mark, which may have a color, or one or two words. */
const firstColumn = /^ *(?:(?:\u001b\[\d+m)?[✔✖!+=-](?:\u001b\[\d+m)? (?=\S)|\S+(?: \S+)? {2,})?/;

/** Whether a line is a command of sf, to be copied. */
export function isCommand(line: string): boolean {
  return /^ *sf [a-z]/.test(line);
}

/** Arguments as a shell reads them: quotes and escapes are part of them. */
const shellArguments = /(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/g;

/**
 * A terminal breaks a long command wherever its row ends. Spaces, which mean nothing to a shell, move the arguments that would
 * be cut to the next row, a flag with its value. They go on behind the break, as some terminals drop those at the end of a row
 * when a command is copied.
 */
function spacedCommand(line: string, width: number): string {
  const indent = line.length - line.trimStart().length;
  let spaced = '';
  for (const argument of withValues(line.match(shellArguments) ?? [], width - indent - 2)) {
    // A row that is full is left by the next space.
    const taken = columnsOf(spaced) % width || (spaced === '' ? 0 : width);
    const isCut = taken + 1 + columnsOf(argument) > width;
    const spaces = spaced === '' ? indent : isCut ? width - taken + indent + 2 : 1;
    spaced += ' '.repeat(spaces) + argument;
  }
  return spaced;
}

/** Flags with their values, where both have room in a row. */
function withValues(words: readonly string[], room: number): string[] {
  const parts: string[] = [];
  for (const word of words) {
    const flag = parts.at(-1);
    const pair = `${flag ?? ''} ${word}`;
    const isValue = flag !== undefined && /^--?[a-z-]+$/.test(flag) && !word.startsWith('-');
    if (isValue && columnsOf(pair) <= room) parts[parts.length - 1] = pair;
    else parts.push(word);
  }
  return parts;
}

/** A word that is longer than the room is left to the terminal. */
function wrapWords(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.trimEnd().split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(word) <= room) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
