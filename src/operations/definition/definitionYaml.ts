/** The values of a definition file, each with its place. JSON is read as the YAML that it is. */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, Pair, YAMLParseError } from 'yaml';
import type { DefinitionFault, DefinitionFaultKey, FilePlace } from '../../model/definition/definitionFaults.js';
import type { Facts } from '../../model/facts.js';
import { hiddenCharacter } from '../../model/definition/hiddenCharacter.js';

/** Keys of maps, and indexes of lists. */
export type FilePath = ReadonlyArray<string | number>;

export type FileValue = {
  readonly path: FilePath;
  /** Plain data: texts, numbers, booleans, null, lists and objects; undefined for an alias. */
  readonly value: unknown;
  readonly place: FilePlace;
  /** Of the key that has it; of the value itself in a list. */
  readonly keyPlace: FilePlace;
  /** Written as `{…}`, as a template without quotes is. */
  readonly isInBraces: boolean;
  /** Of a character of a text; of the whole text where it is not written as it reads. */
  placeAt(offset: number): FilePlace;
};

export type FileTree = {
  readonly root: unknown;
  /** In the order of the file, the root first. */
  readonly values: readonly FileValue[];
};

type Tell = (key: DefinitionFaultKey, offset: number, facts?: Facts) => void;

/** @returns no tree where the text is no YAML */
export function readYaml(text: string): { readonly tree: FileTree | undefined; readonly faults: DefinitionFault[] } {
  const source = text.replace(/\r\n?/g, '\n');
  const lineCounter = new LineCounter();
  const faults: DefinitionFault[] = [];
  const placeOf = (offset: number): FilePlace => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tell: Tell = (key, offset, facts = {}) => {
    faults.push({ key, facts, place: placeOf(offset) });
  };
  try {
    const documents: readonly Document.Parsed[] = parseAllDocuments(source, {
      version: '1.2',
      schema: 'core',
      // Duplicates are found here, as the parser's way takes too long in a file of many keys.
      uniqueKeys: false,
      stringKeys: true,
      prettyErrors: false,
      lineCounter,
    });
    tellHidden(source, tell);
    const [document, second] = documents;
    for (const { errors } of documents) tellSyntax(errors, placeOf, tell);
    if (second !== undefined) tell('secondDocument', second.range[0]);
    if (document?.directives.yaml.explicit === true) tell('directive', 0);
    if (document === undefined) tell('notAMap', 0);
    if (document === undefined || faults.length > 0) return { tree: undefined, faults };
    const reader = new TreeReader(source, placeOf, tell);
    return { tree: { root: reader.read(document.contents, []), values: reader.values }, faults };
  } catch (error) {
    // Thousands of lists within each other: reading calls itself for each.
    if (!(error instanceof RangeError)) throw error;
    return { tree: undefined, faults: [{ key: 'tooDeep', facts: {}, place: { line: 1, column: 1 } }] };
  }
}

type SyntaxFault = Pick<YAMLParseError, 'code' | 'message' | 'pos'>;

/** One fault of a line leads to others there, and a tab or a bracket to many. */
function tellSyntax(errors: readonly SyntaxFault[], placeOf: (offset: number) => FilePlace, tell: Tell): void {
  const lines = new Set<number>();
  for (const { code, message, pos } of errors) {
    const { line } = placeOf(pos[0]);
    if (lines.has(line)) continue;
    lines.add(line);
    if (code === 'RESOURCE_EXHAUSTION') tell('tooDeep', pos[0]);
    else if (code === 'TAB_AS_INDENT') tell('syntax.tab', pos[0]);
    else tell('syntax', pos[0], { message });
  }
}

function tellHidden(source: string, tell: Tell): void {
  const at = source.search(hiddenCharacter);
  if (at >= 0) tell('hiddenCharacter', at, { code: codeOfCharacter(source, at) });
}

function codeOfCharacter(text: string, at: number): string {
  return `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Turns nodes into plain data, and refuses what a reviewer may read in another way than the parser does. */
class TreeReader {
  public readonly values: FileValue[] = [];
  private readonly source: string;
  private readonly placeOf: (offset: number) => FilePlace;
  private readonly tell: Tell;

  public constructor(source: string, placeOf: (offset: number) => FilePlace, tell: Tell) {
    this.source = source;
    this.placeOf = placeOf;
    this.tell = tell;
  }

  /** @param keyAt offset of the key that has the value */
  public read(node: unknown, path: FilePath, keyAt?: number): unknown {
    const [start, end] = rangeOf(node) ?? [keyAt ?? 0, keyAt ?? 0];
    const at = keyAt ?? start;
    // A list comes before its items: the order is that of the file.
    const index = this.values.push(unread) - 1;
    const value = this.valueOf(node, path, start);
    const indent = typeof value === 'string' ? this.indentOf(value, start, end) : undefined;
    this.values[index] = {
      path,
      value,
      // The parser sees an absent value behind its key; people look for it at the key.
      place: this.placeOf(start === end ? at : start),
      keyPlace: this.placeOf(at),
      isInBraces: isMap(node) && node.flow === true,
      placeAt: (offset) => this.placeOf(indent === undefined ? start : start + indent + offset),
    };
    return value;
  }

  private valueOf(node: unknown, path: FilePath, start: number): unknown {
    if (isAlias(node)) {
      this.tell('alias', start);
      return undefined;
    }
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    if (node.anchor !== undefined) this.tell('alias', start);
    if (node.tag !== undefined) this.tell('tag', start);
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, [...path, index]));
    if (isMap(node)) return this.mapOf(node.items, path);
    this.tellHiddenIn(node.value, start);
    return node.value;
  }

  private mapOf(pairs: readonly Pair[], path: FilePath): unknown {
    const entries = new Map<string, unknown>();
    for (const { key: node, value } of pairs) {
      const key = isScalar(node) ? String(node.value) : '';
      const [at] = rangeOf(node) ?? [0];
      this.valueOf(node, path, at);
      if (entries.has(key)) this.tell('keyTwice', at, { key });
      // zod would leave it out of `set` without a word.
      else if (key === '__proto__' && path.at(-1) === 'set') this.tell('badField', at, { field: key });
      else entries.set(key, this.read(value, [...path, key], at));
    }
    return Object.fromEntries(entries);
  }

  /** Escapes bring in what the text of the file does not show. */
  private tellHiddenIn(value: unknown, start: number): void {
    if (typeof value !== 'string') return;
    const at = value.isWellFormed() ? value.search(hiddenCharacter) : value.search(/\p{Cs}/u);
    if (at >= 0) this.tell('hiddenCharacter', start, { code: codeOfCharacter(value, at) });
  }

  /** Where in what is written for a text the text begins; undefined where it is written in another way than it reads. */
  private indentOf(value: string, start: number, end: number): number | undefined {
    const written = this.source.slice(start, end);
    if (written === value) return 0;
    return written.slice(1, -1) === value ? 1 : undefined;
  }
}

const unread: FileValue = {
  path: [],
  value: undefined,
  place: { line: 1, column: 1 },
  keyPlace: { line: 1, column: 1 },
  isInBraces: false,
  placeAt: () => ({ line: 1, column: 1 }),
};

function rangeOf(node: unknown): readonly [start: number, end: number] | undefined {
  const range = isNode(node) ? node.range : undefined;
  return range == null ? undefined : [range[0], range[1]];
}
