/** report.html of a run: its result, its people and its jobs, as the page shows them. */
import path from 'node:path';
import { personStates, type JobSpan, type PageData, type PagePerson, type PersonState } from '../../model/pageData.js';
import type { LicenseUse, RunResult } from '../../model/result.js';
import type { PageContent, PageLicense, PageReason } from './pageContent.js';
import { reportPage } from './reportPage.js';
import { word } from './sections.js';
import { reasonAdvice, reasonShort, rowAdviceByCode, sharedText } from '../texts.js';

/** @param targetOrg for the commands, and as the org's name */
export function runPage(result: RunResult, data: PageData, targetOrg: string): string {
  return reportPage(contentOf(result, data, targetOrg));
}

/** The first column of the table is the state. */
const columns = [
  { key: 'state', isName: false, cell: ({ state }) => state },
  { key: 'name', isName: true, cell: ({ name }) => name },
  { key: 'account', isName: true, cell: ({ accountName }) => accountName },
  { key: 'username', isName: true, cell: ({ username }) => username },
  { key: 'reason', isName: false, cell: ({ code }) => code },
  // It can quote what a row holds.
  { key: 'detail', isName: true, cell: ({ detail }) => detail },
  { key: 'contactId', isName: false, cell: ({ contactId }) => contactId },
  { key: 'userId', isName: false, cell: ({ userId }) => userId },
] as const satisfies ReadonlyArray<{ key: string; isName: boolean; cell: (person: PagePerson) => string | undefined }>;

function contentOf(result: RunResult, { people, jobs, plannedAt }: PageData, targetOrg: string): PageContent {
  const { operation, mode, counts, runDir } = result;
  const folder = path.basename(runDir);
  return {
    title: word(`title.${mode ?? operation}`),
    headline: headline(result),
    isProduction: result.orgKind === 'production',
    facts: [
      [word('fact.org'), `${targetOrg} (${result.orgId})`],
      [word('fact.user'), result.username],
      [word('fact.planned'), timeText(plannedAt)],
      [word('fact.folder'), folder],
    ],
    counts: personStates.map((state) => [state, counts[state]] as const).filter(([, amount]) => amount > 0),
    notes: result.guards.map(({ message }) => message),
    licenses: result.licenses.map(pageLicense),
    reasons: pageReasons(result, people, targetOrg),
    jobs: jobs.map((job, n) => ({ ...job, title: jobTitle(job, n + 1) })),
    next: result.next,
    columns: columns.map(({ key, isName }) => ({ key, isName, label: word(`column.${key}`) })),
    rows: people.map((person) => columns.map(({ cell }) => cell(person) ?? '')),
    total: counts.selected,
    fileName: folder,
  };
}

function headline({ state, dryRun, counts, mode }: RunResult): string {
  const { selected, planned, succeeded, failed, pending } = counts;
  if (selected === 0) return word('headline.nobody');
  if (planned === 0) return word('headline.nothing', { selected });
  if (state === 'planned' || dryRun) return word('headline.planned', { planned, selected });
  const done = sharedText(`done.${mode ?? 'create'}`, succeeded);
  if (pending > 0) return word('headline.running', { done, planned, pending });
  return failed > 0 ? word('headline.trouble', { done, failed }) : done;
}

/** Before: as the plan found it; after: with all that the plan takes. */
function pageLicense({ name, total, used, needed }: LicenseUse): PageLicense {
  return { name, total, before: used, after: used + needed };
}

const namesShown = 3;

/** Each reason once, those that need somebody to act first. */
function pageReasons(result: RunResult, people: readonly PagePerson[], targetOrg: string): PageReason[] {
  const of = (
    state: PersonState,
    counts: Readonly<Record<string, number>>,
    words: (code: string) => string | undefined,
    advice: (code: string) => string,
  ): PageReason[] =>
    Object.entries(counts).map(([code, count]) => ({
      state,
      code,
      text: words(code),
      advice: advice(code),
      count,
      people: people
        .filter((person) => person.state === state && person.code === code)
        .slice(0, namesShown)
        .flatMap(({ name, accountName }) => nameText(name, accountName) ?? []),
    }));
  const decided = (reason: string): string => reasonAdvice(reason, targetOrg, { refusedFile: result.files.refused });
  return [
    ...of('failed', result.failedByCode, () => undefined, rowAdviceByCode),
    ...of('refused', result.refusedByReason, reasonShort, decided),
    ...of('unchanged', result.unchangedByReason, reasonShort, decided),
  ];
}

function nameText(name: string | undefined, accountName: string | undefined): string | undefined {
  return name === undefined || accountName === undefined ? name : word('person', { name, account: accountName });
}

function jobTitle({ id, rows, from, to }: JobSpan, number: number): string {
  return word('job', { number, id: id ?? '', rows, seconds: Math.round((to - from) / 1000) });
}

/** `2026-11-29 10:58 UTC` */
function timeText(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
