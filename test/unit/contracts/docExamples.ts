/**
 * The examples of README.md and docs/, as they stand there: what a shell runs, and the files that are shown for it.
 *
 * A comment before a block says what a reader need not see: `<!-- exit 1 -->` is the exit code to expect,
 * `<!-- file contacts.csv -->` names the file that the block shows. A block of yaml without a file name is a workflow of
 * GitHub Actions, whose steps are run.
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
  /** The first step of a job of a pipeline, which begins in a fresh folder. */
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

export const examplePages: readonly string[] = ['README.md', 'SKILL.md', ...listFiles('docs', '.md')];

const shellLanguages = new Set(['sh', 'bash']);

/** The fenced blocks of a page, but for the command reference, which is generated. */
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
    return shellLanguages.has(block.language) && callsSf(block.text) ? [shellScript(block)] : [];
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

function shellScript(block: Block): Script {
  return {
    kind: 'script',
    place: `${block.page}:${block.line}`,
    section: block.section,
    text: block.text,
    exit: Number(noteOf(block, 'exit ') ?? 0),
    begins: false,
  };
}

type Step = { readonly name: string; readonly run: string; readonly begins: boolean };

/** The steps of a workflow, once for each event that starts it; events with the same steps count as one. */
function workflowScripts(block: Block): Script[] {
  const workflow = asRecord(parse(block.text));
  const jobs = asRecord(workflow['jobs']);
  const runs = new Map(
    Object.keys(asRecord(workflow['on'])).map((event) => {
      const taken = Object.keys(jobs)
        .filter((name) => runsOn(jobs, name, event))
        .flatMap((name) => stepsOf(asRecord(jobs[name]), event));
      return [taken.map(({ name }) => name).join(), { event, taken }];
    }),
  );
  return [...runs.values()].flatMap(({ event, taken }) =>
    taken.map(({ name, run, begins }) => ({
      kind: 'script',
      place: `${block.page}:${block.line} "${name}" on ${event}`,
      section: block.section,
      text: run,
      exit: 0,
      begins,
    })),
  );
}

/** Whether an event starts a job: its condition holds, and the job that it needs runs as well. */
function runsOn(jobs: Readonly<Record<string, unknown>>, name: string, event: string): boolean {
  const job = asRecord(jobs[name]);
  const needed: unknown = job['needs'];
  return holds(conditionOf(job), event) && (needed === undefined || runsOn(jobs, textOf(needed), event));
}

/** What a job runs; each job has a fresh machine. */
function stepsOf(job: Readonly<Record<string, unknown>>, event: string): Step[] {
  const steps: unknown = job['steps'];
  if (!Array.isArray(steps)) throw new Error('a job of the workflow has no steps');
  return steps
    .map(asRecord)
    .filter((step) => step['run'] !== undefined && holds(conditionOf(step), event))
    .map((step, index) => ({ name: textOf(step['name']), run: textOf(step['run']), begins: index === 0 }));
}

function conditionOf(part: Readonly<Record<string, unknown>>): string {
  return textOf(part['if'] ?? 'always()');
}

/** The conditions that our examples use. */
function holds(condition: string, event: string): boolean {
  switch (condition) {
    case 'always()':
      return true;
    case 'github.event.pull_request.head.repo.full_name == github.repository':
      return event === 'pull_request';
    case "github.event_name != 'pull_request'":
      return event !== 'pull_request';
    default:
      throw new Error(`a condition that the test does not know: ${condition}`);
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new Error(`not a mapping: ${String(value)}`);
  return Object.fromEntries(Object.entries(value));
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`not a text: ${String(value)}`);
  return value;
}
