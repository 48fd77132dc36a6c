/**
 * The examples of README.md and docs/, as they stand there: what a shell runs, and the files that are shown for it.
 *
 * A comment before a block says what a reader need not see: `<!-- exit 1 -->` is the exit code to expect,
 * `<!-- file contacts.csv -->` names the file that the block shows, `<!-- run with plan, create -->` are the arguments of a script.
 */
import { parse } from 'yaml';
import { listFiles, readText } from './project.ts';

/** A piece of a page that is run as one script. */
export type Script = {
  readonly kind: 'script';
  /** `docs/ci.md:90`, and the step of a workflow. */
  readonly place: string;
  /** The heading that it stands below. */
  readonly section: string;
  readonly text: string;
  readonly exit: number;
  readonly args: readonly string[];
  /** Part of a whole run of a pipeline, which begins in a fresh folder. */
  readonly begins: boolean;
};

export type ShownFile = { readonly kind: 'file'; readonly name: string; readonly text: string };

export type Block = {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly section: string;
  /** Comments right before it, without their marks. */
  readonly notes: readonly string[];
  readonly text: string;
};

export const examplePages: readonly string[] = ['README.md', ...listFiles('docs', '.md')];

const shellLanguages = new Set(['sh', 'bash']);

/** The fenced blocks of a page; the command reference, which is generated, is left out. */
export function blocksOf(page: string, text = readText(page)): Block[] {
  const blocks: Block[] = [];
  const lines = text
    .replace(/<!-- commands -->.*<!-- commandsstop -->/s, (made) => made.replace(/.+/g, ''))
    .split('\n');
  let section = '';
  let notes: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const fence = /^```(\w*)$/.exec(line);
    if (fence !== null) {
      const end = lines.indexOf('```', index + 1);
      if (end < 0) throw new Error(`${page}:${index + 1}: a block without an end`);
      const body = lines.slice(index + 1, end).join('\n');
      blocks.push({ page, line: index + 1, language: fence[1] ?? '', section, notes, text: `${body}\n` });
      index = end;
      notes = [];
      continue;
    }
    const note = /^<!-- (.+) -->$/.exec(line)?.[1];
    if (note !== undefined) notes.push(note);
    else if (line.trim() !== '') notes = [];
    section = /^#+ +(.+)$/.exec(line)?.[1] ?? section;
  }
  return blocks;
}

/** What is run of a page, and the files that it shows, in the order of the page. */
export function examplesOf(page: string, text?: string): Array<Script | ShownFile> {
  return blocksOf(page, text).flatMap((block): Array<Script | ShownFile> => {
    const file = noteOf(block, 'file ');
    if (file !== undefined) return [{ kind: 'file', name: file, text: block.text }];
    if (block.language === 'yaml') return workflowScripts(block);
    return shellLanguages.has(block.language) && callsSf(block.text) ? shellScripts(block) : [];
  });
}

/** Blocks that show an sf command and are not run: there must be none. */
export function blocksNotRun(page: string, text?: string): string[] {
  return blocksOf(page, text)
    .filter(({ language, text: body }) => callsSf(body) && language !== 'yaml' && !shellLanguages.has(language))
    .map(({ line, language }) => `${page}:${line}: a block of the language "${language}" shows an sf command`);
}

export function callsSf(text: string): boolean {
  return /(^|[\s|&;(`$])sf [a-z]/m.test(text);
}

function noteOf(block: Block, start: string): string | undefined {
  return block.notes.find((note) => note.startsWith(start))?.slice(start.length);
}

function shellScripts(block: Block): Script[] {
  const runs = noteOf(block, 'run with ')?.split(', ');
  const script: Script = {
    kind: 'script',
    place: `${block.page}:${block.line}`,
    section: block.section,
    text: block.text,
    exit: Number(noteOf(block, 'exit ') ?? 0),
    args: [],
    begins: runs !== undefined,
  };
  return runs === undefined ? [script] : runs.map((argument) => ({ ...script, args: [argument] }));
}

type Step = { readonly name: string; readonly run: string; readonly condition: string };

/** The steps of a workflow, once for each event that starts it; events with the same steps count as one. */
function workflowScripts(block: Block): Script[] {
  const workflow = asRecord(parse(block.text));
  const steps = Object.values(asRecord(workflow['jobs'])).flatMap((job) => stepsOf(asRecord(job)));
  const runs = new Map(
    Object.keys(asRecord(workflow['on'])).map((event) => {
      const taken = steps.filter(({ run, condition }) => run !== '' && holds(condition, event));
      return [taken.map(({ name }) => name).join(), { event, taken }];
    }),
  );
  return [...runs.values()].flatMap(({ event, taken }) =>
    taken.map(({ name, run }, index) => ({
      kind: 'script',
      place: `${block.page}:${block.line} "${name}" on ${event}`,
      section: block.section,
      text: run,
      exit: 0,
      args: [],
      begins: index === 0,
    })),
  );
}

function stepsOf(job: Readonly<Record<string, unknown>>): Step[] {
  const steps: unknown = job['steps'];
  if (!Array.isArray(steps)) throw new Error('a job of the workflow has no steps');
  return steps.map(asRecord).map((step) => ({
    name: textOf(step['name'] ?? step['uses']),
    run: textOf(step['run'] ?? ''),
    condition: textOf(step['if'] ?? 'always()'),
  }));
}

/** The conditions that our examples use. */
function holds(condition: string, event: string): boolean {
  if (condition === 'always()') return true;
  const [, operator, name] = /^github\.event_name (==|!=) '(\w+)'$/.exec(condition) ?? [];
  if (operator === undefined) throw new Error(`a condition that the test does not know: ${condition}`);
  return (operator === '==') === (name === event);
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error(`not a mapping: ${String(value)}`);
  return Object.fromEntries(Object.entries(value));
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`not a text: ${String(value)}`);
  return value;
}
