/** The rows of run.db that report.html shows. */
import type { DatabaseSync } from 'node:sqlite';
import type { JobSpan, PagePerson, PersonState } from '../../model/pageData.js';
import type { FurtherDetail } from '../../model/reasons.js';
import { DamagedValue, jsonOf, numberOf, optionalText, requiredText, selectRows, type Row } from '../sqlite.js';
import { storedDetails } from './exportRows.js';

/** A person whose reasons are not in words yet. */
export type PersonRow = Omit<PagePerson, 'detail'> & {
  /** What Salesforce said. */
  readonly message: string | undefined;
  /** Why nothing is done for it. */
  readonly reasons: readonly FurtherDetail[];
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

/** SQL: of the steps of a subject, in their order. */
function ofSteps(select: string, which: string): string {
  return `(SELECT ${select} FROM step WHERE step.subject = subject.n AND step.state ${which})`;
}

/** SQL: what Salesforce said about each failed step, with the name of what could not be given. */
const said = "coalesce(label || ': ', '') || coalesce(errorMessage, errorCode)";

/** @param most of them */
export function* peopleIn(db: DatabaseSync, state: PersonState, most: number): Generator<PersonRow> {
  const sql = `SELECT name, accountName, coalesce(subject.username, created.username) AS username, contactId, subject.userId,
      reason, detailText, detailFacts, furtherDetails,
      ${ofSteps('json_group_array(kind ORDER BY stage, n)', "<> 'dropped'")} AS kinds,
      ${ofSteps('json_group_array(errorCode ORDER BY n)', "= 'failed'")} AS errorCodes,
      ${ofSteps(`group_concat(${said}, ' ' ORDER BY n)`, "= 'failed'")} AS message
    FROM subject
    LEFT JOIN step AS created ON created.subject = subject.n AND created.kind = 'createUser'
    WHERE ${whichAre[state]} ORDER BY subject.n LIMIT ?`;
  for (const row of selectRows(db, sql, most)) {
    const code = optionalText(row['reason']);
    yield {
      state,
      name: optionalText(row['name']),
      accountName: optionalText(row['accountName']),
      username: optionalText(row['username']),
      kinds: distinctIn(row['kinds']),
      codes: code === undefined ? distinctIn(row['errorCodes']) : [code],
      message: optionalText(row['message']),
      reasons: code === undefined ? [] : storedDetails(row),
      contactId: optionalText(row['contactId']),
      userId: optionalText(row['userId']),
    };
  }
}

/** What is said of steps, each once, however many permission sets somebody gets. @throws DamagedValue */
function distinctIn(list: Row[string] | undefined): string[] {
  const words = jsonOf(list ?? null);
  if (!Array.isArray(words)) throw new DamagedValue('what is said of steps is missing');
  return [...new Set(words.map(String))];
}

/** Each job from its intent to its last result; a job that is under way ends with the last event. */
export function jobSpans(db: DatabaseSync): JobSpan[] {
  const time = "CAST(unixepoch(time, 'subsec') * 1000 AS INTEGER)";
  const sql = `SELECT send.orgId, kind, size, coalesce(orgState, state) AS state,
      (SELECT min(${time}) FROM event WHERE type = 'jobPlanned' AND data ->> '$.job' = send.n) AS began,
      coalesce((SELECT max(${time}) FROM event WHERE type = 'jobCollected' AND data ->> '$.job' = send.n),
        (SELECT max(${time}) FROM event)) AS ended
    FROM send WHERE way = 'job' ORDER BY n`;
  return Array.from(selectRows(db, sql))
    .filter((row) => row['began'] !== null)
    .map((row) => ({
      id: optionalText(row['orgId']),
      kind: requiredText(row['kind']),
      rows: numberOf(row['size']),
      from: numberOf(row['began']),
      to: numberOf(row['ended']),
      isFailed: /fail|abort/iu.test(requiredText(row['state'])),
    }));
}
