/** Answers that no org should give: one answer of a clean run, changed in one place. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { OrgAnswer } from '../../lib/org/orgClient.js';
import { listFiles, readText } from '../unit/contracts/project.ts';

export type HostileAnswer = {
  /** What was changed, for the table and for messages. */
  readonly kind: string;
  /** Where: a path such as `records.0.Id`, or a column. */
  readonly place: string;
  readonly answer: OrgAnswer;
};

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every changed form of an answer; those without a body have the forms of a page that is no answer at all. */
export function hostileAnswers(answer: OrgAnswer): HostileAnswer[] {
  // What the Metadata API says in XML only refines: without it nothing but warnings differ.
  const isXml = /^\s*</.test(answer.body);
  const bodies = /^\s*[[{]/.test(answer.body) ? changedJson(answer.body) : isXml ? [] : changedCsv(answer.body);
  return [
    ...[...noAnswers, ...bodies].map(([kind, place, body]) => ({ kind, place, answer: { ...answer, body } })),
    ...changedHeaders(answer),
  ];
}

/** The words of the plugin's source. */
const plugin = new Set(
  listFiles('src', '.ts').flatMap(
    (file) =>
      readText(file)
        .replace(/\/\*.*?\*\/|\/\/.*/gs, '')
        .match(/\w+/g) ?? [],
  ),
);

type Changed = readonly [kind: string, place: string, body: string];

const noAnswers: readonly Changed[] = [
  ['no answer', 'a log-in page', '<!DOCTYPE html><html><head><title>Log in</title></head>\n<body>a, b</body></html>\n'],
  ['no answer', 'empty', ''],
  ['no answer', 'null', 'null'],
  ['no answer', 'a list of nothing', '[[],[]]'],
  ['no answer', 'null characters', '\0\0\0'],
  ['no answer', 'nested without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
];

function changedJson(body: string): Changed[] {
  const root = JSON.parse(body) as Json;
  return [
    ['cut', 'in the middle', body.slice(0, Math.floor(body.length / 2))] as const,
    ...placesOf(root).flatMap((path) => [
      ...values.map(([kind, value]): Changed => [kind, path.join('.'), textOf(changed(root, path, () => value))]),
      ['key is missing', path.join('.'), textOf(changed(root, path, () => undefined))] as const,
      ['key twice', path.join('.'), textOf(changed(root, path, (old) => old, true))] as const,
      ['hidden in __proto__', path.join('.'), textOf(changed(root, path, (old) => ({ [proto]: old })))] as const,
    ]),
  ];
}

const proto = '@proto@';

const values: ReadonlyArray<readonly [kind: string, value: Json]> = [
  ['null', null],
  ['a number', -1],
  ['a text with an escape sequence', '\u001b]0;x\u0007\u001b[2J'],
  ['true', true],
  ['lists in a list', [[['x']]]],
  ['an object', {}],
];

/** Of a list the first and the last entry stand for all; a key that the plugin never names is not read by it. */
function placesOf(value: Json, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Object.keys(value);
  const shown = Array.isArray(value)
    ? [...new Set([keys[0], keys.at(-1)])].filter((key) => key !== undefined)
    : keys.filter((key) => plugin.has(key));
  return shown.flatMap((key) => {
    const below = [...path, key];
    return [below, ...placesOf((value as Record<string, Json>)[key] ?? null, below)];
  });
}

function changed(root: Json, path: readonly string[], change: (old: Json) => Json | undefined, twice = false): Json {
  const copy = structuredClone(root);
  let parent = copy as Record<string, Json>;
  for (const key of path.slice(0, -1)) parent = parent[key] as Record<string, Json>;
  const last = path.at(-1) ?? '';
  const value = change(parent[last] ?? null);
  if (Array.isArray(parent)) {
    const list: Json[] = parent;
    const entries = value === undefined ? [] : twice ? [value, value] : [value];
    list.splice(Number(last), 1, ...entries);
  } else if (value === undefined) Reflect.deleteProperty(parent, last);
  else if (twice) parent[last.toUpperCase()] = value;
  else parent[last] = value;
  return copy;
}

/** An object of ours can't have a key named __proto__, a text can. */
function textOf(value: Json): string {
  return JSON.stringify(value).replaceAll(`"${proto}"`, '"__proto__"');
}

function changedCsv(body: string): Changed[] {
  const [header = [], ...rows] = parse(body, { relax_column_count: true });
  const text = (lines: readonly string[][]): string => stringify(lines as string[][]);
  const stranger = header.map((name) => (name === 'ContactId' ? '003000000000001AAA' : '005000000000001AAA'));
  const byColumn = header.flatMap((name, column): Changed[] => {
    const put = (value: string): string => text([header, ...rows.map((row) => row.with(column, value))]);
    return [
      ['column is missing', name, text([header, ...rows].map((row) => row.toSpliced(column, 1)))],
      ['column twice', name, text([[...header, name], ...rows.map((row) => [...row, 'x'])])],
      ['empty cells', name, put('')],
      ['cells with text', name, put('x')],
      ['cells with escape sequences', name, put('\u001b[2J\u001b]0;x\u0007')],
      ['cells with null characters', name, put('\0')],
      ['cells with half characters', name, put('\ud800')],
    ];
  });
  return [
    ...byColumn,
    ['column more', 'at the end', text([[...header, '__proto__'], ...rows.map((row) => [...row, 'x'])])],
    ['row is missing', 'first', text([header, ...rows.slice(1)])],
    ['rows are missing', 'all', text([header])],
    ['row twice', 'first', text([header, ...rows.slice(0, 1), ...rows])],
    ['row of a stranger', 'first', text([header, stranger, ...rows])],
    ['row is short', 'first', text([header, ...rows.slice(0, 1).map((row) => row.slice(1)), ...rows.slice(1)])],
    ['cut', 'within a row', body.slice(0, -7)],
    ['cut', 'within a quote', `${body}"`],
    ['header is missing', 'all', text(rows)],
  ];
}

function changedHeaders(answer: OrgAnswer): HostileAnswer[] {
  if (!('sforce-locator' in answer.headers) && !('sforce-numberofrecords' in answer.headers)) return [];
  const withHeader = (name: string, value: string): HostileAnswer => ({
    kind: `header ${name}`,
    place: value,
    answer: { ...answer, headers: { ...answer.headers, [name]: value } },
  });
  return [
    withHeader('sforce-locator', 'again'),
    withHeader('sforce-locator', '../../../limits'),
    withHeader('sforce-numberofrecords', '1'),
    withHeader('sforce-numberofrecords', '99999999999'),
    withHeader('sforce-numberofrecords', 'x'),
  ];
}
