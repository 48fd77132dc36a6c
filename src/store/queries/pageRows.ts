/** The rows of run.db that report.html shows. */
import type { DatabaseSync } from 'node:sqlite';
import { isFacts, type Facts } from '../../model/facts.js';
import type { JobSpan, Person, PersonState } from '../../model/pageData.js';
import { isReasonKey, type ReasonKey } from '../../model/reasons.js';
import { DamagedValue, jsonOf, numberOf, optionalText, requiredText, selectRows, type Row } from '../sqlite.js';

/** A person whose reason is not in words yet. */
export type PersonRow = Omit<Person, 'detail'> & {
  readonly message: string | undefined;
  readonly reason: { readonly key: ReasonKey; readonly facts: Facts } | undefined;
};

/** SQL: the subjects in a state. */
const whichAre: Readonly<Record<PersonState, string>> = {
  failed: "subject.state = 'failed'",
  unknown: "subject.state = 'unknown'",
  refused: "subject.state IS NULL AND verdict = 'refused'",
  pending: "subject.state = 'open'",
  succeeded: "subject.state = 'succeeded'",
  unchanged: "subject.state IS NULL AND verdict = 'unchanged'",
};

/** @param most of them */
export function* peopleIn(db: DatabaseSync, state: PersonState, most: number): Generator<PersonRow> {
  const sql = `SELECT name, accountName, coalesce(subject.username, created.username) AS username, contactId, userId,
      reason, detailText, detailFacts, failure.errorCode, failure.errorMessage
    FROM subject
    LEFT JOIN step AS created ON created.subject = subject.n AND created.kind = 'createUser'
    LEFT JOIN step AS failure ON failure.n =
      (SELECT min(n) FROM step AS other WHERE other.subject = subject.n AND other.state = 'failed')
    WHERE ${whichAre[state]} ORDER BY subject.n LIMIT ?`;
  for (const row of selectRows(db, sql, most)) {
    const reason = reasonOf(row);
    yield {
      state,
      name: optionalText(row['name']),
      accountName: optionalText(row['accountName']),
      username: optionalText(row['username']),
      code: optionalText(row['reason']) ?? optionalText(row['errorCode']),
      message: optionalText(row['errorMessage']),
      reason,
      contactId: optionalText(row['contactId']),
      userId: optionalText(row['userId']),
    };
  }
}

function reasonOf(row: Row): PersonRow['reason'] {
  const reason = optionalText(row['reason']);
  if (reason === undefined) return undefined;
  const key = `${reason}.${requiredText(row['detailText'])}`;
  const facts = jsonOf(row['detailFacts']);
  if (!isReasonKey(key) || !isFacts(facts)) throw new DamagedValue(`${key} is no reason`);
  return { key, facts };
}

/** Each job from its intent to its last result; a job that is under way ends with the last event. */
export function jobSpans(db: DatabaseSync): JobSpan[] {
  const time = "CAST(unixepoch(time, 'subsec') * 1000 AS INTEGER)";
  const sql = `SELECT send.orgId, size, coalesce(orgState, state) AS state,
      (SELECT min(${time}) FROM event WHERE type = 'jobPlanned' AND data ->> '$.job' = send.n) AS began,
      coalesce((SELECT max(${time}) FROM event WHERE type = 'jobCollected' AND data ->> '$.job' = send.n),
        (SELECT max(${time}) FROM event)) AS ended
    FROM send WHERE way = 'job' ORDER BY n`;
  return Array.from(selectRows(db, sql))
    .filter((row) => row['began'] !== null)
    .map((row) => ({
      id: optionalText(row['orgId']),
      rows: numberOf(row['size']),
      from: numberOf(row['began']),
      to: numberOf(row['ended']),
      isFailed: /fail|abort/iu.test(requiredText(row['state'])),
    }));
}
