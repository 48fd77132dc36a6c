/** summary.md: the run at a glance, fit for a pipeline's step summary and a pull request; no personal data. */
import path from 'node:path';
import type { SummaryFacts } from '../../model/fileTexts.js';
import { guardKinds, type GuardKind } from '../../model/guards.js';
import { maskLiterals, maskValues } from '../../model/privacy/maskedText.js';
import { operationRules, type Guard, type NextCommand, type RunResult } from '../../model/result.js';
import { nextText } from '../next/nextCommands.js';
import { callPairs, modePairs, usePairs, type Pair } from '../screens/factLines.js';
import { doneTexts } from '../screens/outcome.js';
import { toDoTexts } from '../screens/plan.js';
import { isBegun, orgName, type RunView } from '../screens/runView.js';
import { stopWarning } from '../stopWarning.js';
import { groupAdvice, printable, reasonShort, sharedText } from '../texts.js';
import { adviceCell, adviceItem, inCell, markdownCode, markdownTable, markdownText } from './markdown.js';

export function runSummary(result: RunResult, facts: SummaryFacts, targetOrg: string): string {
  const org = orgName(result.orgKind, targetOrg);
  const stop = stopText(result, facts, targetOrg);
  const lines = [
    `# ${markdownText(titleOf(result, org))}`,
    '',
    ...originLines(result, facts, org),
    '',
    ...(stop === undefined ? [] : [`> ${markdownText(maskValues(stop))}`, '']),
    ...guardKinds.flatMap((kind) => guardLines(result.guards, kind)),
    ...countLines(result),
    '',
    ...syncTables(result),
    ...reasonTable(result, targetOrg),
    ...useLines(result, targetOrg),
    ...nextItems(result, facts.next),
    '',
  ];
  return lines.join('\n');
}

/** A sentence: what is planned, or done, and where. */
function titleOf(result: RunResult, org: string): string {
  const { counts, state, operation } = result;
  const { planned, refused, succeeded, failed, unknown, pending } = counts;
  if (planned === 0) {
    if (refused > 0) return sharedText('summary.nothing.refused', org, refused);
    return operationRules[operation].selects === 'Contact'
      ? sharedText('summary.nothing.contacts', org)
      : sharedText('summary.nothing.users', org);
  }
  if (state === 'planned')
    return sharedText('summary.planned', sentence(toDoTexts(result).map(([, text]) => text)), org);
  if (pending > 0) return sharedText('summary.running', succeeded, planned, org, pending);
  const done = sentence(doneTexts(result));
  if (unknown > 0) return sharedText('summary.unknown', done, org, unknown);
  return failed > 0 ? sharedText('summary.failed', done, org, failed) : sharedText('summary.done', done, org);
}

function sentence(texts: readonly string[]): string {
  if (texts.length === 0) return sharedText('summary.none');
  return texts.reduce((all, text) => sharedText('summary.and', all, text));
}

/** Where, who, when, and what was selected. */
function originLines(result: RunResult, facts: SummaryFacts, org: string): string[] {
  const { condition, fromRun, inactiveSince, neverLoggedInSince, plannedAt } = facts;
  const day = (time: string): string => time.slice(0, 10);
  const texts: Pair[] = [
    [sharedText('summary.fact.org'), sharedText('summary.org', org, result.orgId)],
    [sharedText('summary.fact.user'), result.username],
    [sharedText('summary.fact.planned'), `${plannedAt.slice(0, 16).replace('T', ' ')} UTC`],
    [sharedText('summary.fact.run'), path.basename(result.runDir)],
    [sharedText('summary.fact.selected'), sharedText(`summary.selected.${result.selectedBy}`, result.counts.selected)],
    ...(fromRun === undefined ? [] : [[sharedText('summary.fact.fromRun'), path.basename(fromRun)] as const]),
    ...(inactiveSince === undefined ? [] : [[sharedText('summary.fact.inactiveSince'), day(inactiveSince)] as const]),
    ...(neverLoggedInSince === undefined
      ? []
      : [[sharedText('summary.fact.neverLoggedInSince'), day(neverLoggedInSince)] as const]),
  ];
  return [
    ...texts.map(factItem),
    ...(condition === undefined
      ? []
      : [`- ${sharedText('summary.fact.condition')}: ${markdownCode(printable(maskLiterals(condition)))}`]),
  ];
}

function factItem([label, text]: Pair): string {
  return `- ${label}: ${markdownText(printable(text))}`;
}

/** That and why the run has stopped. */
function stopText(result: RunResult, { end }: SummaryFacts, targetOrg: string): string | undefined {
  if (end === undefined) return result.state === 'running' ? sharedText('summary.underway') : undefined;
  if (end.end === 'declined') return sharedText('summary.declined');
  if (end.end === 'guards') return sharedText(isBegun(result) ? 'summary.heldAgain' : 'summary.held');
  return stopWarning(end, result, targetOrg)?.message;
}

/** What is open, or was warned of. */
function guardLines(guards: readonly Guard[], kind: GuardKind): string[] {
  const found = guards.filter((guard) => guard.kind === kind);
  if (found.length === 0) return [];
  const items = found.flatMap(({ message, advice = '', flag }) => [
    ...adviceItem(message, advice),
    ...(flag === undefined ? [] : [`  ${sharedText('summary.flag')} ${markdownCode(flag)}`]),
  ]);
  return [`**${sharedText(`summary.guards.${kind}`)}**`, '', ...items, ''];
}

const countNames = [
  'selected',
  'planned',
  'unchanged',
  'refused',
  'succeeded',
  'failed',
  'pending',
  'unknown',
] as const;

function countLines({ counts }: RunResult): string[] {
  const shown = countNames.filter((name) => name !== 'unknown' || counts.unknown > 0);
  return markdownTable(
    [
      [sharedText('summary.column.what'), 'left'],
      [sharedText('summary.column.records'), 'right'],
    ],
    shown.map((name) => [sharedText(`block.${name}`), counts[name].toLocaleString('en-US')]),
  );
}

/** What a definition changes, by group and by profile: with counts, and no names. */
function syncTables({ sync }: RunResult): string[] {
  if (sync === undefined) return [];
  const number = (count: number): string => count.toLocaleString('en-US');
  const heads = (first: string, names: readonly string[]): Array<readonly [string, 'left' | 'right']> => [
    [sharedText(`summary.sync.${first}`), 'left'],
    ...names.map((name) => [sharedText(`summary.sync.${name}`), 'right'] as const),
  ];
  const ofGroup = ['contacts', 'create', 'activate', 'change', 'assign'] as const;
  const ofProfile = ['users', 'withAccess', 'takeAway', 'deactivate', 'release', 'unexplained'] as const;
  return [
    ...markdownTable(
      heads('group', ofGroup),
      sync.groups.map((group) => [markdownText(group.name), ...ofGroup.map((name) => number(group[name]))]),
    ),
    '',
    ...markdownTable(
      heads('profile', ofProfile),
      sync.profiles.map((profile) => [
        markdownText(profile.profile),
        ...ofProfile.map((name) => number(profile[name])),
      ]),
    ),
    '',
  ];
}

/** Why records were refused, stay as they are, or have failed, and what to do about it. */
function reasonTable(result: RunResult, targetOrg: string): string[] {
  const given = { isSync: result.sync !== undefined, refusedFile: result.files.refused };
  const decided = ([reason, records]: [string, number], file: 'refused.csv' | 'unchanged.csv'): string[] => [
    `${markdownText(reasonShort(reason))} (${markdownCode(reason)})`,
    records.toLocaleString('en-US'),
    adviceCell(groupAdvice(reason, targetOrg, given, file)),
  ];
  const rows = [
    ...Object.entries(result.failedByCode).map(([code, records]) => [
      inCell(markdownCode(printable(code))),
      records.toLocaleString('en-US'),
      adviceCell(result.failedAdvice[code] ?? ''),
    ]),
    ...Object.entries(result.refusedByReason).map((each) => decided(each, 'refused.csv')),
    ...Object.entries(result.unchangedByReason).map((each) => decided(each, 'unchanged.csv')),
  ];
  if (rows.length === 0) return [];
  const table = markdownTable(
    [
      [sharedText('summary.column.reason'), 'left'],
      [sharedText('summary.column.records'), 'right'],
      [sharedText('summary.column.advice'), 'left'],
    ],
    rows,
  );
  return [...table, ''];
}

/** What was done to users; licenses, emails, permission sets; jobs and calls. A file may be kept, as the log of a pipe is. */
function useLines(result: RunResult, targetOrg: string): string[] {
  const screen = { columns: undefined, verbose: true, targetOrg };
  const view: RunView = { result, screen, detail: noDetail };
  const jobs = [sharedText('summary.fact.jobs'), result.jobs.length.toLocaleString('en-US')] as const;
  const effects = isBegun(result) ? modePairs(result) : [];
  return [...effects, ...usePairs(view), jobs, ...callPairs(result)].map(factItem);
}

/** The commands that go on with the run. One that repeats values, which a summary hides, is on the screen and the page. */
function nextItems(result: RunResult, next: readonly NextCommand[]): string[] {
  const shown = next.filter(({ command }) => !/ --(where|protect|set|username) /.test(command));
  if (shown.length === 0) return [];
  const items = shown.flatMap((each) => adviceItem(nextText(each, result), each.command));
  return ['', `**${sharedText('next.title')}**`, '', ...items];
}

/** Nobody is named. */
const noDetail: RunView['detail'] = {
  profiles: [],
  people: {
    create: [],
    assign: [],
    change: [],
    release: [],
    unchanged: {},
    refused: {},
    refusedSincePlan: {},
    failed: {},
  },
  sync: [],
};
