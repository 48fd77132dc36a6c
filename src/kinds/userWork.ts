/** New users: the rows of `create`, inserted by jobs. */
import type { DatabaseSync } from 'node:sqlite';
import { collectJob } from '../engine/collectJob.js';
import type { UserValues } from '../model/reasons.js';
import { jobBody } from '../engine/jobBody.js';
import { readMetaList } from '../store/meta.js';
import {
  giveBackRecords,
  planRecordJob,
  recordJobOutcomes,
  sentRecords,
  valuesOf,
  waitingRecords,
} from '../store/recordRows.js';
import { isQuestion, judgeUser } from '../engine/rowOutcome.js';
import { idKey } from '../model/ids.js';
import { numberOf, textOf } from '../store/sqlite.js';
import { askOrg, type SentUser, type Truth } from './userReconcile.js';
import type { Work } from '../engine/work.js';

export const userWork: Work = {
  name: 'users',
  request: { object: 'User', operation: 'insert' },
  hasCanary: true,
  planJob: (db, family, canary, now) => planRecordJob(db, 'users', family, canary, now),
  jobBody: (db, n) => jobBody(readMetaList(db, 'columns'), () => valuesOfJob(db, n)),
  waiting: waitingRecords,
  giveBack: giveBackRecords,
  collect: (context, job) =>
    collectJob<SentUser, Truth>(context, job, {
      sent: sentUsers,
      keyOf: (result) => idKey(result['ContactId'] ?? ''),
      isQuestion,
      ask: ({ db, ...org }, rows) => askOrg(org, db, rows, job.id),
      judge: judgeUser,
      record: recordJobOutcomes,
    }),
};

/** The new users that a job has sent. */
export function sentUsers(db: DatabaseSync, n: number): SentUser[] {
  const columns = 'n, contactId, attempts, nickname, givenNickname IS NOT NULL AS nicknameIsGiven';
  return Array.from(sentRecords(db, n, columns), (row) => ({
    n: numberOf(row['n']),
    key: idKey(textOf(row['contactId'])),
    attempts: numberOf(row['attempts']),
    nickname: textOf(row['nickname']),
    nicknameIsGiven: numberOf(row['nicknameIsGiven']) === 1,
  }));
}

function* valuesOfJob(db: DatabaseSync, n: number): Generator<UserValues> {
  for (const row of sentRecords(db, n, 'fieldValues, nickname')) yield valuesOf(row);
}
