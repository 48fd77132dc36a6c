/** Steps in run.db: taken for a send, read, and given their outcomes, each transition in one transaction. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { UserId } from '../model/ids.js';
import { isUnanswered, type Answer, type Dropped, type StepOutcome } from '../model/outcomes.js';
import type { UserValues } from '../model/reasons.js';
import type { LicenseFamily, Step } from '../model/steps.js';
import {
  jsonOrNull,
  numberOf,
  optionalText,
  requiredText,
  selectNumber,
  selectRows,
  textsOf,
  transaction,
  type Row,
} from './sqlite.js';
import { giveUpSubject } from './subjects.js';

/** SQL: the first stage of which a step waits or is under way, of any kind. Nothing of a later one is sent before. */
export const openStage = `(SELECT min(stage) FROM (SELECT min(stage) AS stage FROM step WHERE state = 'planned'
  UNION ALL SELECT min(stage) FROM step WHERE state = 'sending'))`;

/** The kinds that wait at this stage. */
export function waitingKinds(db: DatabaseSync): string[] {
  const sql = `SELECT DISTINCT kind FROM step WHERE state = 'planned' AND stage = ${openStage}`;
  return Array.from(selectRows(db, sql), ({ kind = null }) => requiredText(kind));
}

/** Steps of a kind that wait to be sent, as their stage is open, and the earliest time (ms) at which one may be. */
export type Waiting = { readonly rows: number; readonly time: number };

/** Undefined when there is none. */
export function waitingSteps(db: DatabaseSync, kind: string): Waiting | undefined {
  const sql = `SELECT count(*) AS rows, min(notBefore) AS time FROM step
    WHERE state = 'planned' AND kind = ? AND stage = ${openStage}`;
  const [row] = selectRows(db, sql, kind);
  const rows = numberOf(row?.['rows']);
  return rows === 0 ? undefined : { rows, time: numberOf(row?.['time']) };
}

/** How many may be sent now. @param now milliseconds */
export function countDue(db: DatabaseSync, kind: string, family: LicenseFamily, now: number): number {
  const sql = `SELECT count(*) FROM step
    WHERE state = 'planned' AND kind = ? AND stage = ${openStage} AND family = ? AND notBefore <= ?`;
  return selectNumber(db, sql, kind, family, now);
}

const carried = `step.n, subject, target, step.username, nickname, givenNickname IS NOT NULL AS nicknameIsGiven, refusals, subject.userId
  FROM step JOIN subject ON subject.n = step.subject`;

const inOrder = 'ORDER BY wave, lock, step.n';

/** The steps that a send has taken and whose outcome is not known, in the order of its rows. */
export function stepsOfSend(db: DatabaseSync, send: number): Step[] {
  const sql = `SELECT ${carried} WHERE send = ? AND step.state = 'sending' ${inOrder}`;
  return Array.from(selectRows(db, sql, send), stepOf);
}

/** Some steps, in the order of the rows of a send. @param which SQL: their numbers */
export function stepsIn(db: DatabaseSync, which: string, ...values: SQLInputValue[]): Step[] {
  return Array.from(selectRows(db, `SELECT ${carried} WHERE step.n IN (${which}) ${inOrder}`, ...values), stepOf);
}

/** What a step sends. */
export type StepValues = { readonly step: Step; readonly values: UserValues };

/** The same with their values, one by one. */
export function* valuesOfSend(db: DatabaseSync, send: number): Generator<StepValues> {
  const sql = `SELECT fieldValues, ${carried} WHERE send = ? AND step.state = 'sending' ${inOrder}`;
  for (const row of selectRows(db, sql, send)) yield stepValuesOf(row);
}

/** The values of some steps, by their numbers. */
export function valuesOfSteps(db: DatabaseSync, steps: ReadonlyArray<Pick<Step, 'n'>>): Map<number, UserValues> {
  const numbers = JSON.stringify(steps.map(({ n }) => n));
  const sql = `SELECT fieldValues, ${carried} WHERE step.n IN (SELECT value FROM json_each(?))`;
  return new Map(
    Array.from(selectRows(db, sql, numbers), stepValuesOf).map(({ step, values }) => [step.n, values] as const),
  );
}

function stepValuesOf(row: Row): StepValues {
  return { step: stepOf(row), values: valuesOf(row) };
}

/**
 * All that a step sends. Of a new user, username and nickname have columns of their own: a nickname may be repaired.
 * @param nameColumn has the username
 */
export function valuesOf(row: Row, nameColumn = 'username'): UserValues {
  const [username, nickname] = [optionalText(row[nameColumn]), optionalText(row['nickname'])];
  const values = textsOf(row['fieldValues']);
  if (username !== undefined) values['Username'] = username;
  if (nickname !== undefined) values['CommunityNickname'] = nickname;
  return values;
}

function stepOf(row: Row): Step {
  return {
    n: numberOf(row['n']),
    subject: numberOf(row['subject']),
    target: requiredText(row['target']),
    userId: optionalText(row['userId']),
    nickname: optionalText(row['nickname']),
    nicknameIsGiven: numberOf(row['nicknameIsGiven']) === 1,
    refusals: numberOf(row['refusals']),
  };
}

/** Each step with what was answered to it, and what that means. */
type JudgedStep = {
  readonly step: Step;
  readonly answer: Answer | undefined;
  readonly outcome: StepOutcome;
};

/** Every step of the send gets its outcome, once, and the send is done with. @param now milliseconds */
export function recordOutcomes(db: DatabaseSync, send: number, judged: readonly JudgedStep[], now: number): void {
  const end = "UPDATE send SET state = 'collected', again = ? WHERE n = ? AND state <> 'collected'";
  transaction(db, () => {
    const again = judged.filter(({ outcome }) => outcome.outcome === 'again').length;
    const { changes } = db.prepare(end).run(again, send);
    if (Number(changes) === 0) throw new Error(`send ${String(send)} is collected`);
    recordAnswers(db, send, judged);
    endSteps(db, judged, now);
    settleSubjects(db, 'SELECT subject FROM step WHERE send = ?', send);
  });
}

/** `done`, `unprocessed`, or the code of the refusal; nothing where Salesforce has not said anything. */
function recordAnswers(db: DatabaseSync, send: number, judged: readonly JudgedStep[]): void {
  const all = db.prepare(
    "UPDATE sending SET answer = 'done' WHERE send = ?1 AND step IN (SELECT n FROM step WHERE send = ?1)",
  );
  const one = db.prepare('UPDATE sending SET answer = ? WHERE step = ? AND send = ?');
  all.run(send);
  for (const { step, answer } of judged) {
    if (answer === undefined) one.run(null, step.n, send);
    else if (answer === 'unprocessed') one.run(answer, step.n, send);
    else if ('error' in answer) one.run(answer.error.code, step.n, send);
  }
}

function endSteps(db: DatabaseSync, judged: readonly JudgedStep[], now: number): void {
  const update = db.prepare(
    `UPDATE step SET state = ?, refusals = ?, notBefore = ?, created = ?, errorCode = ?, errorMessage = ?,
      nickname = coalesce(?, nickname), after = coalesce(?, after) WHERE n = ?`,
  );
  const made = db.prepare('UPDATE subject SET userId = ? WHERE n = ?');
  const follow = db.prepare(
    `UPDATE step SET state = 'dropped', droppedFor = ?1 WHERE subject = ?2 AND state = 'planned'
      AND restsOn >= (SELECT stage FROM step WHERE n = ?1)`,
  );
  for (const { step, outcome } of judged) {
    if (outcome.outcome === 'dropped') {
      dropStep(db, step, outcome);
      continue;
    }
    const refusals = step.refusals + (isRefused(outcome) ? 1 : 0);
    update.run(...outcomeValues(outcome, refusals, now), step.n);
    if (outcome.outcome === 'done' && outcome.userId !== undefined) made.run(outcome.userId, step.subject);
    if (outcome.outcome === 'failed' || outcome.outcome === 'unknown') follow.run(step.n, step.subject);
  }
}

function isRefused(outcome: Exclude<StepOutcome, { outcome: 'dropped' }>): boolean {
  return outcome.outcome !== 'done' && outcome.outcome !== 'unknown' && !isUnanswered(outcome);
}

/** In the order of the statement: state, refusals, notBefore, created, errorCode, errorMessage, nickname, after. */
function outcomeValues(
  outcome: Exclude<StepOutcome, { outcome: 'dropped' }>,
  refusals: number,
  now: number,
): Array<string | number | null> {
  switch (outcome.outcome) {
    case 'done': {
      const { created, after } = outcome;
      return ['done', refusals, 0, created ?? null, null, null, null, jsonOrNull(after)];
    }
    case 'unknown':
      return ['unknown', refusals, 0, null, null, null, null, null];
    case 'failed':
    case 'stopped': {
      const state = outcome.outcome === 'failed' ? 'failed' : 'planned';
      return [state, refusals, 0, null, outcome.code, outcome.message ?? null, null, null];
    }
    case 'again': {
      const { delay, nickname, error } = outcome;
      const notBefore = delay === 0 ? 0 : now + delay;
      return [
        'planned',
        refusals,
        notBefore,
        null,
        error?.code ?? null,
        error?.message ?? null,
        nickname ?? null,
        null,
      ];
    }
  }
}

/** Steps about which was decided again right before they were to be sent, each with why it is not done. */
export function dropSteps(db: DatabaseSync, dropped: ReadonlyArray<readonly [Step, Dropped]>): void {
  transaction(db, () => {
    for (const [step, outcome] of dropped) {
      dropStep(db, step, outcome);
      settleSubjects(db, 'SELECT ?', step.subject);
    }
  });
}

/**
 * What else is planned for the subject goes on, if it may. Why the step is dropped becomes the verdict on the subject where
 * there is nothing else to tell of it.
 */
function dropStep(db: DatabaseSync, { n, subject }: Step, { verdict, continues }: Dropped): void {
  const others = continues ? "state <> 'dropped'" : "state IN ('failed', 'unknown')";
  const hasOthers = `SELECT EXISTS (SELECT 1 FROM step WHERE subject = ? AND n <> ? AND ${others})`;
  if (selectNumber(db, hasOthers, subject, n) === 0) {
    giveUpSubject(db, subject, verdict);
    return;
  }
  const which = continues ? 'n = ?1' : `(n = ?1 OR subject = ?2 AND state = 'planned')`;
  db.prepare(`UPDATE step SET state = 'dropped' WHERE ${which} AND subject = ?2`).run(n, subject);
  db.prepare('UPDATE subject SET userId = coalesce(?, userId) WHERE n = ?').run(verdict.userId ?? null, subject);
}

/** A user that was to be made again exists: a job of this run has made it after all. */
export function recordMade(db: DatabaseSync, { n, subject }: Pick<Step, 'n' | 'subject'>, userId: UserId): void {
  db.prepare(
    `UPDATE step SET state = 'done', created = 'unknown', errorCode = NULL, errorMessage = NULL, notBefore = 0
      WHERE n = ?`,
  ).run(n);
  db.prepare('UPDATE subject SET userId = ? WHERE n = ?').run(userId, subject);
  settleSubjects(db, 'SELECT ?', subject);
}

/** The one rule of what became of a subject: it follows from its steps. @param which SQL: the numbers of the subjects */
function settleSubjects(db: DatabaseSync, which: string, value: number): void {
  const has = (...states: readonly string[]): string =>
    `EXISTS (SELECT 1 FROM step WHERE step.subject = subject.n AND step.state IN (${states.map((each) => `'${each}'`).join(', ')}))`;
  db.prepare(
    `UPDATE subject SET state = CASE WHEN ${has('planned', 'sending')} THEN 'open' WHEN ${has('failed')} THEN 'failed'
      WHEN ${has('unknown')} THEN 'unknown' ELSE 'succeeded' END
     WHERE verdict = 'steps' AND n IN (${which})`,
  ).run(value);
}

/** Steps of which nobody knows whether they were done are planned again: somebody has said so. */
export function planUnknownAgain(db: DatabaseSync): void {
  transaction(db, () => {
    db.exec("UPDATE subject SET state = 'open' WHERE n IN (SELECT subject FROM step WHERE state = 'unknown')");
    db.exec(`UPDATE step SET state = 'planned', refusals = 0, droppedFor = NULL
      WHERE state = 'unknown' OR droppedFor IN (SELECT n FROM step WHERE state = 'unknown')`);
  });
}

/** Rows that were refused for now are tried at once: the clock by which they were to wait may be another machine's. */
export function forgetPauses(db: DatabaseSync): void {
  db.exec("UPDATE step SET notBefore = 0 WHERE notBefore > 0 AND state = 'planned'");
}
