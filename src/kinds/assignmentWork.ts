/** Permission sets of users that are there: inserted by collections or by jobs. */
import type { IngestResultRow } from '../org/bulkIngest.js';
import { writeCollection, type RowAnswer } from '../org/collections.js';
import type { OrgClient } from '../org/orgClient.js';
import { assignmentQuery, readAssignments } from '../org/permissionSets.js';
import { queryIn, type FindRows } from '../org/query.js';
import {
  assignmentKey,
  giveBackAssignments,
  planAssignmentJob,
  recordAssignmentJob,
  recordAssignments,
  sentAssignments,
  takeAssignments,
  unsureAssignments,
  waitingAssignments,
  type SentAssignment,
} from '../store/assignmentRecords.js';
import { collectJob } from '../engine/collectJob.js';
import { sendCollection, type CollectionContext } from '../engine/collectionCalls.js';
import { jobBody } from '../engine/jobBody.js';
import { judgeRefusal, sendAgain, type Answer, type RowOutcome } from '../engine/rowOutcome.js';
import type { Work } from '../engine/work.js';

const columns = ['AssigneeId', 'PermissionSetId', 'PermissionSetGroupId'];

export const assignmentWork: Work = {
  name: 'assignments',
  request: { object: 'PermissionSetAssignment', operation: 'insert' },
  hasCanary: false,
  planJob: (db, family, _canary, now) => (family === 'highVolume' ? planAssignmentJob(db, now) : undefined),
  jobBody: (db, n) => {
    const rows = sentAssignments(db, n).map(valuesOf);
    return jobBody(columns, () => rows);
  },
  waiting: waitingAssignments,
  giveBack: giveBackAssignments,
  collect: (context, job) =>
    collectJob<SentAssignment, 'held'>(context, job, {
      sent: sentAssignments,
      keyOf: (result) => assignmentKey(result['AssigneeId'] ?? '', setIdOf(result)),
      isQuestion: (answer) => answer === undefined,
      ask: ({ client }, rows) => askWhatIsHeld(client, rows),
      judge: (row, answer, truth, random) => (truth === 'held' ? { outcome: 'succeeded' } : judge(row, answer, random)),
      record: recordAssignmentJob,
    }),
  collections: {
    send: (context) =>
      sendCollection<SentAssignment>(context, {
        next: takeAssignments,
        write: (client, rows) => writeCollection(client, 'insert', 'PermissionSetAssignment', rows.map(valuesOf)),
        judge: (row, error, random) => judgeAnswer(row, error, random),
        record: recordAssignments,
      }),
    settle: settleUnsure,
  },
};

/** A row names a permission set or a group; the other column is empty, or not there. */
function setIdOf({ PermissionSetId, PermissionSetGroupId }: IngestResultRow): string {
  return [PermissionSetId, PermissionSetGroupId].find(Boolean) ?? '';
}

function valuesOf({ userId, permissionSetId, isGroup }: SentAssignment): Record<string, string> {
  return { AssigneeId: userId, [isGroup ? 'PermissionSetGroupId' : 'PermissionSetId']: permissionSetId };
}

function judge(row: SentAssignment, answer: Answer | undefined, random: number): RowOutcome {
  if (answer === undefined || answer === 'unprocessed') return sendAgain(row, random);
  return judgeAnswer(row, 'error' in answer ? answer.error : undefined, random);
}

function judgeAnswer(row: SentAssignment, error: RowAnswer['error'], random: number): RowOutcome {
  // It is there, whoever made it (salesforce-wire §8).
  if (error === undefined || error.code === 'DUPLICATE_VALUE') return { outcome: 'succeeded' };
  return judgeRefusal(row, error, random);
}

/** Assignments of a call whose answer was lost: what is there is this run's doing, the rest waits again. */
async function settleUnsure({ client, db, now }: CollectionContext): Promise<void> {
  const rows = unsureAssignments(db);
  if (rows.length === 0) return;
  const held = await askWhatIsHeld(client, rows);
  const outcomeOf = ({ n }: SentAssignment): RowOutcome =>
    held.has(n) ? { outcome: 'succeeded' } : { outcome: 'again', delay: 0 };
  recordAssignments(
    db,
    rows.map((row) => [row, outcomeOf(row)]),
    now(),
  );
}

async function askWhatIsHeld(client: OrgClient, rows: readonly SentAssignment[]): Promise<ReadonlyMap<number, 'held'>> {
  const find: FindRows = (values) => queryIn(client, { ...assignmentQuery, values });
  const held = await readAssignments(find, [...new Set(rows.map((row) => row.userId))]);
  const found = rows.filter((row) => held.get(row.userId)?.has(row.permissionSetId) === true);
  return new Map(found.map((row) => [row.n, 'held']));
}
