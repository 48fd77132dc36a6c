/** The users that `disable`, `enable` and `invite` are told to take: by a condition, a file, or an earlier run. */
import type { DatabaseSync } from 'node:sqlite';
import { RunFault } from '../model/faults.js';
import type { SelectedBy } from '../model/result.js';
import type { Emit } from '../model/events.js';
import type { OrgClient } from '../org/orgClient.js';
import type { RunDescription } from '../store/meta.js';
import type { AccessColumns } from './accessColumns.js';
import { findUserKeys, keyHeaders, type UserKeys } from './inputColumns.js';
import { openInputFile, type InputFile } from './inputFile.js';
import {
  checkSourceAtRest,
  checkSourceOrg,
  readSourceRun,
  type ChangedUser,
  type CheckSource,
  type SourceRun,
} from './sourceRun.js';
import { usersOfFile, usersOfRun, usersWhere, type SelectedUser } from './userSource.js';

/** One of `where`, `file` and `fromRun` at most. */
export type AskedUsers = {
  readonly where: string | undefined;
  readonly file: string | undefined;
  readonly fromRun: string | undefined;
  /** Conditions on User; users that match one are refused. */
  readonly protect: readonly string[];
};

/** What of them is known without the org. */
export type UserSelection = {
  readonly asked: AskedUsers;
  readonly source: SourceRun | undefined;
  readonly file: ({ readonly input: InputFile } & UserKeys) | undefined;
};

/**
 * The conditions are no empty ones, which would select everybody, and the earlier run can be read.
 * @param check throws for a run that is not understood
 * @throws RunFault whereEmpty, notARunFolder, runLocked, runDamaged, runVersion, planIncomplete
 */
export async function readSelectionSource(asked: AskedUsers, check: CheckSource): Promise<SourceRun | undefined> {
  const { where, fromRun, protect } = asked;
  const isEmpty = (condition: string | undefined): boolean => condition?.trim() === '';
  if (isEmpty(where)) throw new RunFault('whereEmpty.users', { flag: '--where' });
  if (protect.some(isEmpty)) throw new RunFault('whereEmpty.users', { flag: '--protect' });
  return fromRun === undefined ? undefined : readSourceRun(fromRun, check);
}

/** @throws InputFileError, RunFault fromRunNotFinished, noKeyColumn */
export async function openSelection(asked: AskedUsers, source: SourceRun | undefined): Promise<UserSelection> {
  if (source !== undefined) checkSourceAtRest(source);
  if (asked.file === undefined) return { asked, source, file: undefined };
  const input = await openInputFile(asked.file);
  return { asked, source, file: { input, ...findUserKeys(input.header) } };
}

/** The earlier run is of this org; what of it can't be taken is told. @throws RunFault otherOrg */
export function meetSource({ source }: UserSelection, client: OrgClient, emit: Emit): void {
  if (source === undefined) return;
  checkSourceOrg(source, client);
  if (source.uncertain > 0) emit({ type: 'uncertainSkipped', rows: source.uncertain });
}

/** What `resume` and the files need to know later; `selectedBy` where it is one of the three. */
export function describeSelection({ asked, source, file }: UserSelection): RunDescription {
  const selectedBy = selectionOf(asked);
  return {
    // The key as it was given is the last: others were filled in for single rows.
    keyColumn: file === undefined ? 'Id' : (keyHeaders(file).at(-1) ?? 'Id'),
    givenColumns: JSON.stringify(file === undefined ? [] : keyHeaders(file)),
    protect: JSON.stringify(asked.protect),
    ...(selectedBy === undefined ? {} : { selectedBy }),
    ...(asked.where === undefined ? {} : { condition: asked.where }),
    ...(source === undefined ? {} : { fromRun: source.folder, fromOperation: source.operation }),
  };
}

function selectionOf({ fromRun, file, where }: AskedUsers): SelectedBy | undefined {
  if (fromRun !== undefined) return 'fromRun';
  if (file !== undefined) return 'file';
  return where === undefined ? undefined : 'where';
}

/**
 * @param db where copies may lie
 * @param ofRun the users of the earlier run that are meant
 * @returns undefined where none of the three is given
 */
export function selectUsers(
  client: OrgClient,
  db: DatabaseSync,
  { asked, source, file }: UserSelection,
  {
    fields,
    access,
    ofRun,
  }: {
    readonly fields: readonly string[];
    readonly access: AccessColumns;
    readonly ofRun: (source: SourceRun) => AsyncGenerator<ChangedUser[]>;
  },
): AsyncGenerator<SelectedUser[]> | undefined {
  if (source !== undefined) return usersOfRun(client, db, fields, ofRun(source));
  if (file !== undefined) return usersOfFile(client, db, fields, { ...file, access });
  return asked.where === undefined ? undefined : usersWhere(client, fields, asked.where);
}
