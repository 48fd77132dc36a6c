/** Puts words in their places on a screen: to the left and to the right, below each other, as many as there is room for. */
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Person } from '../../model/result.js';
import { pathArgument } from '../next/printedCommand.js';
import { printable, sharedText } from '../texts.js';

/** Characters of two columns: CJK, kana, Hangul, full width. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** Columns that a text takes; colors take none. */
export function columnsOf(text: string): number {
  const seen = stripVTControlCharacters(text);
  return seen.length + (seen.match(wide)?.length ?? 0);
}

/** Below the folder in which the command runs, a path is told from there. */
export function shortPath(folder: string): string {
  const relative = path.relative(process.cwd(), folder) || '.';
  if (relative.startsWith('..') || path.isAbsolute(relative)) return folder;
  return pathArgument(relative);
}

/** One line, with `right` at the right edge; where both have no room in it, `right` stands below `left`. */
export function twoEnds(left: string, right: string, columns: number): string[] {
  if (right === '') return [left];
  const gap = columns - columnsOf(left) - columnsOf(right);
  if (gap >= 2) return [left + ' '.repeat(gap) + right];
  const indent = / */.exec(left)?.[0].length ?? 0;
  return [left, ' '.repeat(indent + 4) + right];
}

/** As many columns wide. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** `label  text` for each, with the texts below each other. */
export function labelled(pairs: ReadonlyArray<readonly [label: string, text: string]>): string[] {
  const longest = Math.max(...pairs.map(([label]) => columnsOf(label)));
  return pairs.map(([label, text], index) => {
    // A label is not repeated.
    const shown = pairs[index - 1]?.[0] === label ? '' : label;
    return `  ${padded(shown, longest)}  ${text}`;
  });
}

/** What to do, its commands on lines of their own. */
export function adviceLines(advice: string, indent: number): string[] {
  return advice.split('\n').map((line) => ' '.repeat(line.startsWith('sf ') ? indent + 2 : indent) + line);
}

/**
 * `Tom Twin (Twin Brothers), Ann Other (Acme) and 184 more`: up to three, or as many as there is room for; without their
 * accounts where there is no room for one with it.
 * @param people the first of them
 * @param total how many there are
 * @returns '' where there is no room for one
 */
export function namesText(people: readonly Person[], total: number, room: number): string {
  const lists = [people.map(personText), people.map(({ name }) => printable(name))].flatMap((names) =>
    [3, 2, 1].map((most) => names.slice(0, most)),
  );
  const texts = lists.map((names) => listText(names, total - names.length));
  return texts.find((text) => text !== '' && columnsOf(text) <= room) ?? '';
}

function listText(names: readonly string[], others: number): string {
  const list = names.join(', ');
  return others > 0 && list !== '' ? sharedText('people.more', list, others) : list;
}

function personText({ name, accountName }: Person): string {
  return printable(accountName === undefined ? name : `${name} (${accountName})`).replaceAll(/\s+/gu, ' ');
}
