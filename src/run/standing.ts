/** How a run stands between two commands: what its guards found, what is still to be decided, and how it goes on. */
import type { DatabaseSync } from 'node:sqlite';
import type { ExportTexts } from '../model/fileTexts.js';
import { guardFigures, kindOfGuard, type GuardFailure, type GuardKind } from '../model/guards.js';
import { operationRules, type NextCommand, type RunResult } from '../model/result.js';
import type { DriveEnd } from '../model/runEnd.js';
import { readMeta, readMetaList, readSwitch, requireCount, requireSwitch } from '../store/meta.js';
import { adviceByCode } from '../store/queries/counts.js';
import { readFindings, readOperation, readRecord } from '../store/runResult.js';
import { readTypedFlags } from '../store/typedFlags.js';
import type { BegunRun } from './openRun.js';

export type RunStanding = {
  readonly result: RunResult;
  /** The result's `next`, each with what it is for. */
  readonly next: readonly NextCommand[];
};

type StandingOptions = Pick<BegunRun, 'run' | 'guards'> & {
  readonly texts: Pick<ExportTexts, 'guards' | 'next' | 'rowAdvice'>;
  /** Whether a command that is given here can ask, whatever this one was told. */
  readonly isTerminal: boolean;
};

/** All that is open, at once, if the run can't go on: decisions hold it where nobody is asked, and a dry run by --strict. */
export function whatHolds({
  run: { db },
  dryRun,
  guards: { strict },
  asks,
}: StandingOptions & Pick<BegunRun, 'dryRun'> & { readonly asks: boolean }): GuardFailure[] {
  const holding: readonly GuardKind[] = (dryRun ? strict : !asks) ? ['obstacle', 'decision'] : ['obstacle'];
  const open = readFindings(db).flatMap((finding) =>
    'guard' in finding && kindOfGuard(finding) !== 'warning' ? finding : [],
  );
  return open.some((finding) => holding.includes(kindOfGuard(finding))) ? open : [];
}

/** Codes of the guards about which somebody has to decide. */
export function openDecisions(db: DatabaseSync): string[] {
  return readFindings(db)
    .map(guardFigures)
    .flatMap(({ kind, code }) => (kind === 'decision' ? code : []));
}

/** The flags that agree to what the plan leaves to be decided. */
export function decisionFlags(db: DatabaseSync): string[] {
  return readFindings(db)
    .map(guardFigures)
    .flatMap(({ kind, flag }) => (kind === 'decision' ? (flag ?? []) : []));
}

/** Whether somebody has to say yes: operations that change users that exist, and a run that somebody said no to. */
export function needsYes(db: DatabaseSync): boolean {
  return operationRules[readOperation(db)].needsConsent || readMeta(db, 'declinedAt') !== undefined;
}

/** @param end of this command, once it is known */
export function standingOf(options: StandingOptions, end?: DriveEnd): RunStanding {
  const { run, texts, isTerminal: asks } = options;
  const record = readRecord(run.db, run.folder);
  const findings = readFindings(run.db);
  const next = texts.next(record, {
    findings,
    resumeFlags: resumeFlags(options, end),
    permissionSets: readMetaList(run.db, 'permissionSets'),
    typed: readTypedFlags(run.db),
    fromRun: readMeta(run.db, 'fromRun'),
    asks,
  });
  const advice = adviceByCode(run.db, readSwitch(run.db, 'usernamesUniquePerOrg'));
  const failedAdvice = Object.fromEntries(
    Object.entries(advice).map(([code, name]) => [code, texts.rowAdvice(name, record.operation)]),
  );
  const commands = next.map(({ command }) => command);
  const result = { ...record, guards: texts.guards(findings, record.sync !== undefined), failedAdvice, next: commands };
  return { result, next };
}

/**
 * What `resume` has to be told, as the run does not know it: what this command was told, and, where it can't ask, what is still
 * to be decided. After a no, the question is asked again.
 */
function resumeFlags({ run: { db }, guards, isTerminal }: StandingOptions, end: DriveEnd | undefined): string[] {
  if (readMeta(db, 'startedAt') !== undefined) return [];
  const isDeclined = end?.end === 'declined';
  const open = isDeclined ? [] : readFindings(db).map(guardFigures);
  const decided = isDeclined || isTerminal ? [] : decisionFlags(db);
  const isOpen = (code: string): boolean => open.some((figures) => figures.code === code);
  const { maxUsers, allowWelcomeEmails } = guards;
  const isMore = maxUsers > requireCount(db, 'maxUsers') && !isOpen('maxUsers');
  const isAllowed = allowWelcomeEmails && !requireSwitch(db, 'allowWelcomeEmails');
  return [
    ...(isMore ? [`--max-users ${String(maxUsers)}`] : []),
    ...(isAllowed ? ['--allow-welcome-emails'] : []),
    ...decided,
    ...(needsYes(db) && !isTerminal && readMeta(db, 'consentAt') === undefined ? ['--no-prompt'] : []),
  ];
}
