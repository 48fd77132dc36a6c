/** Fields of users that exist: frozen, deactivated, cut off from their contact, or let in again. */
import type { DatabaseSync } from 'node:sqlite';
import { writeCollection } from '../org/collections.js';
import type { OrgClient } from '../org/orgClient.js';
import { queryIn, queryPages, type QueryRow } from '../org/query.js';
import { soqlTime } from '../org/soql.js';
import type { UserValues } from '../model/reasons.js';
import { idKey, sameId } from '../model/ids.js';
import { concernsStandardProfiles } from '../model/rowErrors.js';
import { modeRule, type Mode } from '../model/modes.js';
import { collectJob } from '../engine/collectJob.js';
import { sendCollection, type CollectionContext } from '../engine/collectionCalls.js';
import { jobBody } from '../engine/jobBody.js';
import type { Job } from '../store/jobRecords.js';
import { mostByLists } from '../selection/lookup.js';
import { readMeta, writeMeta } from '../store/meta.js';
import {
  giveBackRecords,
  planRecordJob,
  recordJobOutcomes,
  recordOutcomes,
  sentRecords,
  takeRecords,
  unsureRecords,
  waitingRecords,
} from '../store/recordRows.js';
import { judgeRefusal, sendAgain, type Answer, type RowOutcome, type RowRefusal } from '../engine/rowOutcome.js';
import { numberOf, textOf, type Row } from '../store/sqlite.js';
import type { SentRow, Work } from '../engine/work.js';

type SentChange = SentRow & { readonly id: string };

/** What the org holds now: as wanted or not, and with which identity; of a UserLogin, also who changed it last. */
type Truth = { readonly isDone: boolean; readonly after: UserValues; readonly changedBy: string | undefined };

/** @param userFields those of User that can be seen; key: name in lower case */
export function changeWork(mode: Mode, userFields: { has(name: string): boolean }): Work {
  const { object, field, value } = modeRule(mode);
  const ask = (client: OrgClient, rows: readonly SentChange[], job?: Job): Promise<ReadonlyMap<number, Truth>> =>
    askOrg(client, mode, userFields, rows, job?.createdDate);
  return {
    name: 'changes',
    request: { object, operation: 'update' },
    hasCanary: true,
    planJob: (db, family, canary, now) => planRecordJob(db, 'changes', family, canary, now),
    jobBody: (db, n) => {
      const rows = sentChanges(db, n).map(({ id }) => ({ Id: id, [field]: String(value) }));
      return jobBody(['Id', field], () => rows);
    },
    waiting: waitingRecords,
    giveBack: giveBackRecords,
    collect: (context, job) =>
      collectJob<SentChange, Truth>(context, job, {
        sent: sentChanges,
        keyOf: (result) => idKey(result['Id'] ?? ''),
        // A refusal is no proof, as the server may repeat a batch; what can't be undone is read back in any case.
        isQuestion: (answer) => answer !== 'unprocessed' && (mode === 'disable-portal' || !isSuccess(answer)),
        ask: ({ client }, rows) => ask(client, rows, job),
        judge: (row, answer, truth, random) => judge(row, answer, truth, mode, random),
        record: recordJobOutcomes,
      }),
    // Documented for UserLogin only; users are always changed by jobs.
    ...(object === 'UserLogin'
      ? {
          collections: {
            send: (context) => {
              // Should the answer be lost, what this user has changed is the run's doing.
              writeMeta(context.db, { callsBy: context.client.userId });
              return sendCollection<SentChange>(context, {
                next: (db, limit, now) => takeRecords(db, limit, now).map(changeOf),
                write: (client, rows) =>
                  writeCollection(
                    client,
                    'update',
                    object,
                    rows.map(({ id }) => ({ Id: id, [field]: value })),
                  ),
                judge: (row, error, random) =>
                  error === undefined ? { outcome: 'succeeded' } : judgeChangeRefusal(row, error, random),
                record: recordOutcomes,
              });
            },
            settle: (context) => settleUnsure(context, ask),
          },
        }
      : {}),
  };
}

function sentChanges(db: DatabaseSync, n: number): SentChange[] {
  return Array.from(sentRecords(db, n, 'n, rowId, attempts'), changeOf);
}

function changeOf(row: Row): SentChange {
  const id = textOf(row['rowId']);
  return {
    n: numberOf(row['n']),
    key: idKey(id),
    attempts: numberOf(row['attempts']),
    id,
  };
}

function isSuccess(answer: Answer | undefined): boolean {
  return answer !== undefined && answer !== 'unprocessed' && 'id' in answer;
}

function judge(
  row: SentChange,
  answer: Answer | undefined,
  truth: Truth | undefined,
  mode: Mode,
  random: number,
): RowOutcome {
  if (truth?.isDone === true) return { outcome: 'succeeded', after: truth.after };
  if (answer === undefined || answer === 'unprocessed') return sendAgain(row, random);
  if ('error' in answer) return judgeChangeRefusal(row, answer.error, random);
  if (mode !== 'disable-portal') return { outcome: 'succeeded' };
  return { outcome: 'failed', code: 'NOT_CUT_OFF', message: stillHolds(truth?.after) };
}

/** What speaks against it, without anything personal. */
function stillHolds(after: UserValues | undefined): string {
  const { IsActive = '', IsPortalEnabled = '' } = after ?? {};
  return after === undefined ? '' : `IsPortalEnabled=${IsPortalEnabled}, IsActive=${IsActive}`;
}

/**
 * Rows of a call whose answer was lost. The last look found none of them as wanted: what is so now, and was changed by the
 * user who made the call, is this run's doing. The rest waits again, to be looked at anew: what somebody else has changed
 * is no more for this run to do, and none of what is taken back after it.
 */
async function settleUnsure(
  { client, db, now }: CollectionContext,
  ask: (client: OrgClient, rows: readonly SentChange[]) => Promise<ReadonlyMap<number, Truth>>,
): Promise<void> {
  const rows = unsureRecords(db).map(changeOf);
  if (rows.length === 0) return;
  const truths = await ask(client, rows);
  const callsBy = readMeta(db, 'callsBy');
  const outcomeOf = ({ n }: SentChange): RowOutcome => {
    const truth = truths.get(n);
    const isOurs = truth?.isDone === true && sameId(truth.changedBy, callsBy);
    return isOurs ? { outcome: 'succeeded' } : { outcome: 'again', delay: 0 };
  };
  recordOutcomes(
    db,
    rows.map((row) => [row, outcomeOf(row)]),
    now(),
  );
}

function judgeChangeRefusal(row: SentChange, error: RowRefusal, random: number): RowOutcome {
  // KB 000386638: such a user can be frozen, nothing else.
  if (/portal administrator/i.test(error.message)) return { outcome: 'refused', reason: 'PORTAL_ADMINISTRATOR' };
  // Standard profiles may be closed to changes (portal-users §4); users of other profiles are not concerned.
  if (concernsStandardProfiles(error.message)) return { outcome: 'failed', ...error };
  return judgeRefusal(row, error, random);
}

/** Read back after a user was cut off: what is free again, and what the old user still holds (portal-users §9, §10). */
const readBack = ['Username', 'CommunityNickname', 'FederationIdentifier', 'IsActive', 'IsPortalEnabled', 'ContactId'];

async function askOrg(
  client: OrgClient,
  mode: Mode,
  userFields: { has(name: string): boolean },
  rows: readonly SentChange[],
  since: string | undefined,
): Promise<ReadonlyMap<number, Truth>> {
  const { object, field, value } = modeRule(mode);
  const byId = new Map(rows.map((row) => [row.key, row]));
  const truths = new Map<number, Truth>();
  const fields = [
    'Id',
    ...(mode === 'disable-portal' ? readBack.filter((name) => userFields.has(name.toLowerCase())) : [field]),
    ...(object === 'UserLogin' ? [changedBy] : []),
  ];
  const take = async (pages: AsyncGenerator<readonly QueryRow[]>): Promise<void> => {
    for await (const page of pages) {
      for (const record of page) {
        const row = byId.get(idKey(record['Id'] ?? ''));
        if (row === undefined) continue;
        // Cut off = no portal user any more, and no login.
        const isDone = record[field] === String(value) && (mode !== 'disable-portal' || record['IsActive'] === 'false');
        truths.set(row.n, { isDone, after: afterOf(record), changedBy: record[changedBy] ?? undefined });
      }
    }
  };
  if (rows.length > mostByLists && since !== undefined) {
    // What the job has changed was changed since it was made: one query instead of a hundred.
    const soql = `SELECT ${fields.join(',')} FROM ${object} WHERE LastModifiedDate >= ${soqlTime(Date.parse(since))}`;
    await take(queryPages(client, soql, { fields }));
  }
  const values = rows.filter(({ n }) => !truths.has(n)).map(({ id }) => id);
  await take(queryIn(client, { fields, from: object, field: 'Id', values }));
  return truths;
}

/** Who changed a UserLogin last (Object Reference, UserLogin). */
const changedBy = 'LastModifiedById';

function afterOf({ Id: _id, [changedBy]: _changedBy, ...record }: QueryRow): UserValues {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, value ?? '']));
}
