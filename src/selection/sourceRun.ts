/** Reads what an earlier run did, from its folder: for `--from-run`. */
import type { UserValues } from '../model/reasons.js';
import { findMode, type Mode } from '../model/modes.js';
import { databaseFault } from '../store/diskFault.js';
import { readMeta } from '../store/meta.js';
import { recordPages } from '../store/recordPages.js';
import { openRunDatabase } from '../store/runDatabase.js';
import { RunFault } from '../model/faults.js';
import { findRunFolder } from '../store/runFolder.js';
import { selectNumber, textOf, textsOf } from '../store/sqlite.js';

/** A user that the run made or changed. */
export type ChangedUser = {
  readonly userId: string;
  /** As the run found the user; undefined for one that it made. */
  readonly expected: { readonly contactId: string | undefined; readonly profileId: string | undefined } | undefined;
};

export type SourceRun = {
  readonly folder: string;
  readonly operation: string;
  readonly mode: Mode | undefined;
  readonly orgId: string;
  /** Rows that were sent, and whose outcome is not recorded yet. */
  readonly underWay: number;
  /** Rows of which the run will never know for certain that it did them. */
  readonly uncertain: number;
};

/** @throws RunFault notARunFolder, runLocked, runDamaged, runVersion */
export async function readSourceRun(given: string): Promise<SourceRun> {
  const folder = await findRunFolder(given);
  const db = await openRunDatabase(folder);
  try {
    const operation = readMeta(db, 'operation') ?? '';
    return {
      folder,
      operation,
      mode: findMode(readMeta(db, 'mode')),
      orgId: readMeta(db, 'orgId') ?? '',
      underWay: selectNumber(db, "SELECT count(*) FROM record WHERE state = 'sent'"),
      uncertain: selectNumber(db, "SELECT count(*) FROM record WHERE created = 'unknown' AND state <> 'sent'"),
    };
  } finally {
    db.close();
  }
}

/** Salesforce still works on what would be taken back, or has done so unseen. @throws RunFault fromRunNotFinished */
export function checkSourceAtRest({ folder, underWay }: SourceRun): void {
  if (underWay > 0) throw new RunFault('fromRunNotFinished', { folder, rows: underWay });
}

/** @throws RunFault otherOrg */
export function checkSourceOrg({ folder, orgId }: SourceRun, client: { orgId: string; username: string }): void {
  if (orgId === client.orgId) return;
  const { orgId: targetOrg, username } = client;
  throw new RunFault('otherOrg', { folder, orgOfRun: orgId, targetOrg, username });
}

/** The users that the run made or changed, in the order of its plan. @throws RunFault runLocked, runDamaged */
export async function* changedUsers({ folder, operation }: SourceRun): AsyncGenerator<ChangedUser[]> {
  const isCreate = operation === 'create';
  const done = isCreate ? "created = 'yes' AND userId IS NOT NULL" : "action = 'change' AND +state = 'succeeded'";
  const db = await openRunDatabase(folder);
  try {
    for (const rows of recordPages(db, 'userId, snapshot', done)) {
      yield rows.map((row) => ({
        userId: textOf(row['userId']),
        expected: isCreate ? undefined : expectedOf(textsOf(row['snapshot'])),
      }));
    }
  } catch (error) {
    throw databaseFault(error, folder);
  } finally {
    db.close();
  }
}

/** What has to be as in the snapshot for a user to be let in again. */
export function expectedOf(snapshot: UserValues): NonNullable<ChangedUser['expected']> {
  const { ContactId: contactId, ProfileId: profileId } = snapshot;
  return { contactId, profileId };
}
