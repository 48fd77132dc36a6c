/** report.html of a run: its result, its people and its jobs, as the page shows them. The same for every operation. */
import path from 'node:path';
import type { JobSpan, OnlyOne, PageData, PagePerson, PersonState } from '../../model/pageData.js';
import {
  deedOf,
  operationRules,
  type Guard,
  type LicenseUse,
  type NextCommand,
  type RunResult,
  type StepCounts,
} from '../../model/result.js';
import { nextText } from '../next/nextCommands.js';
import type { FigureRow, PageContent, PageCount, PageFigures, PageNote, PageReason } from './pageContent.js';
import { reportPage } from './reportPage.js';
import { emailPairs, licenseName, modePairs, shownLicenses } from '../screens/factLines.js';
import { doneText } from '../screens/outcome.js';
import { timeText, word } from './sections.js';
import { syncFigures } from './syncFigures.js';
import { groupAdvice, reasonShort, sharedText } from '../texts.js';

type RunPage = {
  readonly result: RunResult;
  readonly data: PageData;
  /** The result's `next`, each with what it is for. */
  readonly next: readonly NextCommand[];
};

/** @param targetOrg for the commands, and as the org's name */
export function runPage(page: RunPage, targetOrg: string): Iterable<string> {
  return reportPage(contentOf(page, targetOrg));
}

type PersonColumn = {
  readonly key: string;
  readonly isName: boolean;
  readonly cell: (person: PagePerson) => string | undefined;
};

/** The first column of the table is the state. */
const columns: readonly PersonColumn[] = [
  { key: 'state', isName: false, cell: ({ state }) => state },
  { key: 'name', isName: true, cell: ({ name }) => name },
  { key: 'account', isName: true, cell: ({ accountName }) => accountName },
  { key: 'username', isName: true, cell: ({ username }) => username },
  { key: 'steps', isName: false, cell: ({ kinds }) => kinds.map((kind) => word(`step.${kind}`)).join('; ') },
  { key: 'reason', isName: false, cell: ({ codes }) => codes.join('; ') },
  // It can quote what a row holds.
  { key: 'detail', isName: true, cell: ({ detail }) => detail },
  { key: 'contactId', isName: false, cell: ({ contactId }) => contactId },
  { key: 'userId', isName: false, cell: ({ userId }) => userId },
];

function contentOf({ result, data, next }: RunPage, targetOrg: string): PageContent {
  const { counts, runDir } = result;
  const { people, jobs, plannedAt } = data;
  const folder = path.basename(runDir);
  // Where all get the same, it goes without saying; a column that says nothing is none.
  const shown = columns.filter(
    ({ key, cell }) => (key !== 'steps' || Object.keys(result.steps).length > 1) && people.some(cell),
  );
  return {
    title: word(`title.${deedOf(result)}`),
    headline: headline(result),
    isProduction: result.orgKind === 'production',
    facts: [
      { label: word('fact.org'), value: targetOrg, id: result.orgId, isName: targetOrg.includes('@') },
      { label: word('fact.user'), value: result.username, isName: true },
      { label: word('fact.planned'), value: timeText(plannedAt), isName: false },
      { label: word('fact.folder'), value: folder, isName: false },
      {
        label: sharedText('summary.fact.selected'),
        value: sharedText(`summary.selected.${result.selectedBy}`, counts.selected),
        isName: false,
      },
      ...modePairs(result).map(([label, value]) => ({ label, value, isName: false })),
      ...emailFacts(result, targetOrg),
    ],
    outcome: word(result.state === 'planned' ? 'heading.plan' : 'heading.outcome'),
    counts: countsOf(result),
    further: [],
    notes: result.guards.map(noteOf),
    next: next.map((each) => ({ text: nextText(each, result), command: each.command })),
    reasons: pageReasons(result, people, targetOrg),
    figures: [...syncFigures(result), ...stepFigures(result), ...licenseUseFigures(shownLicenses(result))],
    jobs: jobs.map((job, n) => ({ ...job, title: jobTitle(job, n + 1) })),
    people: word('heading.people'),
    columns: shown.map(({ key, isName }) => ({ key, isName, label: word(`column.${key}`) })),
    rows: people.map((person) => shown.map(({ cell }) => cell(person) ?? '')),
    total: counts.selected,
    fileName: folder,
  };
}

/** Said also where there are none: people ask. A page may be kept, as the log of a pipe is: without addresses. */
function emailFacts(result: RunResult, targetOrg: string): PageContent['facts'] {
  const { takesAccess } = operationRules[result.operation];
  if (takesAccess || result.passwordEmails !== undefined || result.counts.planned === 0) return [];
  const pairs = emailPairs({ result, screen: { columns: undefined, verbose: false, targetOrg } });
  const texts = pairs.map(([, text]) => text);
  return [{ label: sharedText('fact.emails'), value: texts.join('; ') || sharedText('emails.none'), isName: false }];
}

function headline(result: RunResult): string {
  const { state, dryRun, counts } = result;
  const { selected, planned, refused, failed, unknown, pending } = counts;
  if (selected === 0) return word('headline.nobody');
  if (planned === 0) return word(refused > 0 ? 'headline.refused' : 'headline.nothing', { selected, refused });
  if (state === 'planned' || dryRun) return word('headline.planned', { planned, selected });
  const done = doneText(result);
  if (pending > 0) return word('headline.running', { done, planned, pending });
  if (unknown > 0) return word('headline.unknown', { done, unknown });
  return failed > 0 ? word('headline.trouble', { done, failed }) : done;
}

/** From what is done to what there is nothing to do for. */
const countOrder = [
  'succeeded',
  'pending',
  'failed',
  'unknown',
  'refused',
  'unchanged',
] as const satisfies PersonState[];

function countsOf({ counts, state: runState }: RunResult): PageCount[] {
  const label = (state: PersonState): string =>
    word(state === 'pending' && runState === 'planned' ? 'state.planned' : `state.${state}`);
  return countOrder
    .filter((state) => counts[state] > 0)
    .map((state) => ({ state, label: label(state), amount: counts[state] }));
}

function noteOf({ kind, message, advice }: Guard): PageNote {
  return { kind, text: message, advice };
}

/** What was done, where that takes more than one kind of step. */
function stepFigures({ steps }: RunResult): PageFigures[] {
  const kinds = Object.entries(steps);
  if (kinds.length < 2) return [];
  return [
    {
      heading: word('heading.steps'),
      name: word('column.step'),
      heads: stepColumns.map((key) => word(`column.steps.${key}`)),
      rows: kinds.map(([kind, counts]) => stepFigureRow(kind, counts)),
      note: undefined,
    },
  ];
}

const stepColumns = ['done', 'failed', 'unknown', 'planned'] as const satisfies Array<keyof StepCounts>;
const shareOfStep = { done: 'succeeded', failed: 'failed', unknown: 'unknown', planned: 'pending' } as const;

function stepFigureRow(kind: string, counts: StepCounts): FigureRow {
  const name = word(`step.${kind}`);
  const { done, failed, unknown, planned } = counts;
  return {
    kind: 'item',
    name,
    bar: {
      shares: stepColumns.map((key) => ({ className: shareOfStep[key], amount: counts[key] })),
      title: word('stepBar', { step: name, done, failed, unknown, planned }),
    },
    cells: stepColumns.map((key) => counts[key].toLocaleString('en-US')),
  };
}

/** Before: as the plan found it; after: with what the run has taken, or of a plan, all that it takes. */
function licenseUseFigures(licenses: readonly LicenseUse[]): PageFigures[] {
  if (licenses.length === 0) return [];
  return [
    {
      heading: word('heading.licenses'),
      name: word('column.license'),
      heads: ['before', 'after', 'total'].map((key) => word(`column.${key}`)),
      rows: licenses.map(licenseRow),
      note: undefined,
    },
  ];
}

function licenseRow({ total, used, needed, done = needed, ...use }: LicenseUse): FigureRow {
  const name = licenseName(use);
  const [before, after] = [used, used + done];
  const of = total < 0 ? word('unlimited') : total.toLocaleString('en-US');
  return {
    kind: 'item',
    name,
    bar: {
      shares: [
        { className: 'taken', amount: Math.min(before, after) },
        { className: 'added', amount: Math.abs(done) },
        { className: 'rest', amount: Math.max(0, total - Math.max(before, after)) },
      ],
      title: word('licenseBar', { license: name, before, after, of }),
    },
    cells: [before.toLocaleString('en-US'), after.toLocaleString('en-US'), of],
  };
}

const namesShown = 3;

/** Each reason once, those that need somebody to act first. */
function pageReasons(result: RunResult, people: readonly PagePerson[], targetOrg: string): PageReason[] {
  const of = (
    state: PersonState,
    counts: Readonly<Record<string, number>>,
    words: (code: string) => string | undefined,
    advice: (code: string, only: PagePerson | undefined) => string,
  ): PageReason[] =>
    Object.entries(counts).map(([code, count]) => {
      const concerned = people.filter((person) => person.state === state && person.codes.includes(code));
      return {
        state,
        label: word(`state.${state}`),
        code,
        text: words(code),
        quote: state === 'failed' ? concerned[0]?.detail : undefined,
        advice: advice(code, count === 1 ? concerned[0] : undefined),
        count,
        people: concerned.slice(0, namesShown).flatMap(({ name, accountName }) => nameText(name, accountName) ?? []),
      };
    });
  const [isSync, refusedFile] = [result.sync !== undefined, result.files.refused];
  const decided =
    (file: 'refused.csv' | 'unchanged.csv') =>
    (reason: string, only: PagePerson | undefined): string =>
      groupAdvice(reason, targetOrg, { ...knownIds(only), refusedFile, isSync }, file);
  return [
    ...of(
      'failed',
      result.failedByCode,
      () => undefined,
      (code) => result.failedAdvice[code] ?? '',
    ),
    ...of('refused', result.refusedByReason, reasonShort, decided('refused.csv')),
    ...of('unchanged', result.unchangedByReason, reasonShort, decided('unchanged.csv')),
  ];
}

function knownIds({ contactId, userId }: Partial<PagePerson> = {}): OnlyOne {
  return { ...(contactId === undefined ? {} : { contactId }), ...(userId === undefined ? {} : { userId }) };
}

function nameText(name: string | undefined, accountName: string | undefined): string | undefined {
  return name === undefined || accountName === undefined ? name : word('person', { name, account: accountName });
}

function jobTitle({ id, kind, rows, from, to }: JobSpan, number: number): string {
  const seconds = Math.round((to - from) / 1000);
  return word('job', { number, step: word(`step.${kind}`), id: id ?? '', rows, seconds });
}
