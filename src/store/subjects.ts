/** The subjects of a plan in run.db: written down, decided about anew, read page by page. */
import type { DatabaseSync } from 'node:sqlite';
import type { AccountId, ContactId, ProfileId, UserId } from '../model/ids.js';
import type { Decision, NothingDone, UserValues } from '../model/reasons.js';
import type { PlannedStep } from '../model/steps.js';
import { jsonOrNull, numberOf, type Row, selectRows, transaction } from './sqlite.js';

export type PlannedSubject = {
  /** As given in the file, or the Id. */
  readonly key: string;
  /** In the file. */
  readonly line?: number | undefined;
  /** What the file gave for the user, as given. */
  readonly cells?: UserValues | undefined;
  readonly contactId?: ContactId | undefined;
  readonly accountId?: AccountId | undefined;
  /** Of the contact, or of the user where it is one. */
  readonly name?: string | undefined;
  readonly accountName?: string | undefined;
  /** The existing user. */
  readonly userId?: UserId | undefined;
  readonly username?: string | undefined;
  /** That the user has, or is to have. */
  readonly profileId?: ProfileId | undefined;
  /** The group of a sync's definition that it belongs to. */
  readonly groupName?: string | undefined;
  /** The user as it is before anything is changed. */
  readonly snapshot?: UserValues | undefined;
  readonly decision: Decision;
};

const insertSubject = `INSERT INTO subject (n, key, line, cells, contactId, accountId, name, accountName, userId, username,
  profileId, groupName, snapshot, verdict, reason, detailText, detailFacts, furtherDetails, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const insertStep = `INSERT INTO step (subject, kind, stage, restsOn, target, label, fieldValues, seats, family, lock, username,
  nickname, givenNickname, givenFederationId) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** @param first number of the first of them */
export function insertSubjects(db: DatabaseSync, first: number, subjects: readonly PlannedSubject[]): void {
  const [subjectRow, stepRow] = [db.prepare(insertSubject), db.prepare(insertStep)];
  transaction(db, () => {
    for (const [index, subject] of subjects.entries()) {
      subjectRow.run(first + index, ...subjectValues(subject));
      if (subject.decision.action !== 'steps') continue;
      for (const step of subject.decision.steps) stepRow.run(first + index, ...stepValues(step));
    }
  });
}

function subjectValues(subject: PlannedSubject): Array<string | number | null> {
  const { decision } = subject;
  return [
    subject.key,
    subject.line ?? null,
    jsonOrNull(subject.cells),
    subject.contactId ?? null,
    subject.accountId ?? null,
    subject.name ?? null,
    subject.accountName ?? null,
    subject.userId ?? null,
    subject.username ?? null,
    subject.profileId ?? null,
    subject.groupName ?? null,
    jsonOrNull(subject.snapshot),
    ...(decision.action === 'steps' ? ['steps', null, null, null, null, 'open'] : [...decisionValues(decision), null]),
  ];
}

function stepValues({
  kind,
  stage,
  restsOn = stage - 1,
  target,
  label,
  values,
  seats,
  family,
  lock,
  identity,
}: PlannedStep): Array<string | number | null> {
  return [
    kind,
    stage,
    restsOn,
    target,
    label ?? null,
    JSON.stringify(identity === undefined ? values : withoutIdentity(values)),
    seats,
    family,
    lock ?? null,
    identity?.username ?? null,
    identity?.nickname ?? null,
    identity?.givenNickname ?? null,
    identity?.givenFederationId ?? null,
  ];
}

/** They have columns of their own, and are not kept twice. */
function withoutIdentity({ Username: _username, CommunityNickname: _nickname, ...values }: UserValues): UserValues {
  return values;
}

/** In the order of verdict, reason, detailText, detailFacts, furtherDetails. */
function decisionValues(decision: NothingDone): Array<string | null> {
  const { action, reason, detail } = decision;
  const further = decision.action === 'refused' ? decision.further : undefined;
  return [action, reason, detail.text, JSON.stringify(detail.facts), further ? JSON.stringify(further) : null];
}

/**
 * Decides anew about a subject of which nothing is under way: what is still planned for it is dropped, what was done stays
 * counted.
 */
export function giveUpSubject(db: DatabaseSync, subject: number, decision: NothingDone): void {
  db.prepare(
    `UPDATE subject SET verdict = ?, reason = ?, detailText = ?, detailFacts = ?, furtherDetails = ?,
      userId = coalesce(?, userId),
      state = NULL WHERE n = ?`,
  ).run(...decisionValues(decision), decision.userId ?? null, subject);
  db.prepare(`UPDATE step SET state = 'dropped' WHERE subject = ? AND state IN ('planned', 'sending')`).run(subject);
}

/** The contact has a user after all, and lacks no more than these steps: the others that are planned are dropped. */
export function continueWithUser(
  db: DatabaseSync,
  subject: number,
  user: { readonly userId: UserId; readonly username: string | undefined },
  targets: readonly string[],
): void {
  db.prepare('UPDATE subject SET userId = ?, username = coalesce(?, username) WHERE n = ?').run(
    user.userId,
    user.username ?? null,
    subject,
  );
  db.prepare(
    `UPDATE step SET state = 'dropped' WHERE subject = ? AND state = 'planned'
      AND target NOT IN (SELECT value FROM json_each(?))`,
  ).run(subject, JSON.stringify(targets));
}

/** Of the steps that are planned for a subject, only these are still needed. @param steps their numbers */
export function keepSteps(db: DatabaseSync, subject: number, steps: readonly number[]): void {
  db.prepare(
    `UPDATE step SET state = 'dropped' WHERE subject = ? AND state = 'planned'
      AND n NOT IN (SELECT value FROM json_each(?))`,
  ).run(subject, JSON.stringify(steps));
}

/** What a user is now, as far as it is kept before the first write. */
export function refreshSnapshot(
  db: DatabaseSync,
  subject: number,
  { snapshot, profileId }: { readonly snapshot: UserValues; readonly profileId: ProfileId | undefined },
): void {
  const sql = 'UPDATE subject SET snapshot = ?, profileId = ? WHERE n = ?';
  db.prepare(sql).run(JSON.stringify(snapshot), profileId ?? null, subject);
}

/** The account of a contact that has moved: order and locks of its steps go by it. */
export function moveSubject(
  db: DatabaseSync,
  subject: number,
  kind: string,
  { accountId, accountName }: { readonly accountId: AccountId | undefined; readonly accountName: string | undefined },
): void {
  const changed = db
    .prepare(
      `UPDATE subject SET accountId = ?1, accountName = ?2 WHERE n = ?3
        AND (accountId IS NOT ?1 OR accountName IS NOT ?2)`,
    )
    .run(accountId ?? null, accountName ?? null, subject);
  if (Number(changed.changes) === 0) return;
  db.prepare('UPDATE step SET lock = ? WHERE subject = ? AND kind = ?').run(accountId ?? null, subject, kind);
}

const rowsPerPage = 2_000;

/**
 * The rows of a query, page by page, in the order of the plan. Each page may be changed before the next one is read: no
 * statement stays open in between.
 * @param sql with `n` as its first column, and a place for the number after which the page begins
 */
export function* pagesOf(db: DatabaseSync, sql: string, size = rowsPerPage): Generator<Row[]> {
  for (let last = 0; ;) {
    const rows = [...selectRows(db, `${sql} ORDER BY 1 LIMIT ${String(size)}`, last)];
    if (rows.length === 0) return;
    yield rows;
    last = numberOf(rows.at(-1)?.['n']);
  }
}
