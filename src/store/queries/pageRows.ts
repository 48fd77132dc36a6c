/** The rows of run.db that report.html shows. */
import type { DatabaseSync } from 'node:sqlite';
import type { JobSpan, PagePerson, PersonState } from '../../model/pageData.js';
import type { FurtherDetail } from '../../model/reasons.js';
import { numberOf, optionalText, requiredText, selectRows } from '../sqlite.js';
import { storedDetail } from './exportRows.js';

/** A person whose reason is not in words yet. */
export type PersonRow = Omit<PagePerson, 'detail'> & {
  readonly message: string | undefined;
  readonly reason: FurtherDetail | undefined;
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
    const code = optionalText(row['reason']);
    yield {
      state,
      name: optionalText(row['name']),
      accountName: optionalText(row['accountName']),
      username: optionalText(row['username']),
      code: code ?? optionalText(row['errorCode']),
      message: optionalText(row['errorMessage']),
      reason: code === undefined ? undefined : storedDetail(row),
      contactId: optionalText(row['contactId']),
      userId: optionalText(row['userId']),
    };
  }
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
