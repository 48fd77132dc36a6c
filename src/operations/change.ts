/** `disable` and `enable`: one field of the selected users, by the mode. */
import type { DatabaseSync } from 'node:sqlite';
import { changeFiles } from '../files/changeFiles.js';
import { checkUnderstood } from '../kinds/kinds.js';
import { wordsFor } from '../model/booleanWords.js';
import { RunFault } from '../model/faults.js';
import { modeRule, type Mode } from '../model/modes.js';
import type { UserId } from '../model/ids.js';
import type { OrgClient } from '../org/orgClient.js';
import { requiredValue } from '../org/queryRow.js';
import { checkAssigning, checkChange } from '../preflight/changeChecks.js';
import { judgeChecks } from '../preflight/planChecks.js';
import { readOrgFacts } from '../preflight/orgFacts.js';
import { AccessColumns } from '../selection/accessColumns.js';
import { amountOf } from '../selection/lookup.js';
import { isOfLoginAge, loginAgeOf, loginFlag, type LoginAge, type LoginDays } from '../selection/loginAge.js';
import { detailsOfMode, snapshotOf, UserDetailReader, userFieldsOf } from '../selection/portalUsers.js';
import { changedUsers, givenUsers, type SourceRun } from '../selection/sourceRun.js';
import {
  describeSelection,
  meetSource,
  openSelection,
  readSelectionSource,
  selectUsers,
  type AskedUsers,
  type UserSelection,
} from '../selection/userSelection.js';
import { readProtected, usersOfLoginAge, type SelectedUser } from '../selection/userSource.js';
import type { Emit } from '../model/events.js';
import { requireMetaList } from '../store/meta.js';
import { checkSnapshots, checkSteps } from '../store/integrity.js';
import { kindNames } from '../store/queries/counts.js';
import { readMode, readOperation } from '../store/runResult.js';
import { refuseContradicted, refuseRepeatedUsers } from '../store/queries/planRules.js';
import { damagedRun } from '../store/sqlite.js';
import { followUserDrift } from './changeDrift.js';
import { create } from './create.js';
import { fillUserPlan, type DecidedUser, type FoundUser } from './fillUserPlan.js';
import type { Beginning, Draft, Operation, RunRequest } from './operation.js';
import { sync } from './sync/sync.js';
import { beginTakeBack, guardAgainstSync } from './sync/takeBack.js';
import { confirmRelease } from './release/confirmRelease.js';
import { LackedByUsers } from './release/lackedByUsers.js';
import { describeRelease, furtherKinds, refuseUnusedRelease } from './release/releaseRun.js';
import { planUser } from './userPlan.js';

/** `where`, `file`, `fromRun` or days: of the first three one at most, and of all at least one. */
export type ChangeRunRequest = RunRequest &
  AskedUsers &
  LoginDays & {
    readonly operation: 'disable' | 'enable';
    /** Not needed to take a run back: it says what it did. */
    readonly mode: Mode | undefined;
    /** What the users hold besides their license is taken away, too. */
    readonly releaseLicenses: boolean;
  };

export const change: Operation = {
  checkRun: (db) => {
    const { operation, kind, value } = modeRule(modeOfRun(db));
    if (operation !== readOperation(db)) throw damagedRun(db, 'meta: a mode of another operation');
    changeFiles(db, modeOfRun(db));
    const kinds = [kind.name, ...furtherKinds(db, modeOfRun(db))];
    checkSteps(db, kinds, { kind: kind.name, values: { [kind.field]: String(value) } });
    checkSnapshots(db);
    // Users that were protected when the plan was made still are.
    requireMetaList(db, 'protect');
  },
  readsOfOrg: (db) => ({ permissionSets: modeRule(modeOfRun(db)).mails === true }),
  check: (db, facts) => [...checkChange(facts, modeOfRun(db)), ...checkAssigning(facts, kindNames(db))],
  confirm: confirmRelease,
  guard: guardAgainstSync,
  lookAgain: (again) => followUserDrift(again, modeOfRun(again.db)),
  files: (db) => changeFiles(db, modeOfRun(db)),
};

/** @throws RunFault runDamaged */
function modeOfRun(db: DatabaseSync): Mode {
  const mode = readMode(db);
  if (mode === undefined) throw damagedRun(db, 'meta: no mode');
  return mode;
}

/** @throws InputFileError, RunFault */
export async function beginChange(request: ChangeRunRequest): Promise<Beginning> {
  const source = await readSelectionSource(request, checkSource);
  if (request.operation === 'enable' && source?.operation === 'sync') return beginTakeBack(request, source);
  const mode = modeAsked(request, source);
  refuseUnusedRelease(mode, request.releaseLicenses);
  const asked = { request, mode, selection: await openSelection(request, source) };
  return { operation: request.operation, request, survey: (client, emit) => surveyUsers(asked, client, emit) };
}

/** @throws RunFault runDamaged */
function checkSource(db: DatabaseSync): void {
  checkUnderstood(db);
  const operation = readOperation(db);
  // What no way back is known of is refused by its name.
  if (operation === 'invite' || operation === 'enable') return;
  ({ create, sync, disable: change })[operation].checkRun(db);
}

/** @throws RunFault notACreateRun, notADisableRun, noWayBack, modeNeeded */
function modeAsked({ operation, mode }: ChangeRunRequest, source: SourceRun | undefined): Mode {
  if (source !== undefined && operation === 'enable') return modeBack(source);
  if (source !== undefined && source.operation !== 'create' && source.operation !== 'sync') {
    throw new RunFault(`notACreateRun.${source.operation}`, { folder: source.folder });
  }
  if (mode === undefined) throw new RunFault(`modeNeeded.${operation}`);
  return mode;
}

/** What takes a run back; what takes a sync back has no mode. */
function modeBack({ folder, operation, mode }: SourceRun): Mode {
  if (operation === 'sync') throw new Error('a sync is taken back by src/operations/sync/takeBack.ts');
  if (operation !== 'disable') throw new RunFault(`notADisableRun.${operation}`, { folder });
  if (mode === undefined) throw new Error('a disable run without a mode');
  const { undo } = modeRule(mode);
  if (undo === undefined) throw new RunFault('noWayBack', { folder });
  return undo;
}

/** What is asked for, as far as it is known without the org. */
type Asked = { readonly request: ChangeRunRequest; readonly mode: Mode; readonly selection: UserSelection };

async function surveyUsers({ request, mode, selection }: Asked, client: OrgClient, emit: Emit): Promise<Draft> {
  meetSource(selection, client, emit);
  const facts = await readOrgFacts(client, { permissionSets: modeRule(mode).mails === true });
  judgeChecks(checkChange(facts, mode));
  const protectedBy = await readProtected(client, request.protect);
  const age = loginAgeOf(request, client);
  const flag = loginFlag(request);
  if (flag !== undefined && !facts.userFields.has('lastlogindate')) throw new RunFault('lastLoginHidden', { flag });
  const fields = userFieldsOf(facts);
  const access = new AccessColumns(selection.file?.input.header ?? []);
  const select = (db: DatabaseSync): AsyncGenerator<SelectedUser[]> => {
    const ofRun = selection.source?.operation === 'sync' ? givenUsers : changedUsers;
    const selected = selectUsers(client, db, selection, { fields, access, ofRun });
    if (selected !== undefined) return narrow(selected, age);
    // Never everybody: the command asks for at least one of its flags.
    if (flag === undefined) throw new Error('no users are selected');
    return usersOfLoginAge(client, fields, age);
  };
  const settings = { mode, protectedBy, runningUserId: client.userId, now: client.now() };
  return {
    facts,
    description: {
      mode,
      ...describeRelease(client, request.releaseLicenses),
      selectedBy: request.inactiveFor === undefined ? 'neverLoggedIn' : 'inactiveFor',
      ...describeSelection(selection),
      ...(age.inactiveSince === undefined ? {} : { inactiveSince: age.inactiveSince }),
      ...(age.neverLoggedInSince === undefined ? {} : { neverLoggedInSince: age.neverLoggedInSince }),
    },
    fill(db, fillEmit, stop) {
      const amount = amountOf(0);
      const reader = new UserDetailReader(client, db, facts, detailsOfMode(mode, request.releaseLicenses), amount);
      const lacked = new LackedByUsers(client, db, amount);
      const maker = {
        ...{ selection, pages: select(db), amount },
        async decide(found: readonly FoundUser[]) {
          const details = await reader.of(found.map(({ user }) => user));
          const users = found.map((each) => ({ ...each, userId: requiredValue(each.user, 'Id') }));
          const lackedBy = await lacked.of(
            users.flatMap(({ userId, expected }) => (expected === undefined ? [] : { userId, taken: expected.taken })),
          );
          return new Map(
            users.map(({ user, userId: id, expected: left }): [UserId, DecidedUser] => {
              const expected = left && { ...left, taken: lackedBy(id, left.taken) };
              const held = details.assignments.get(id) ?? [];
              const decision = planUser({ user, login: details.logins.get(id), expected, held }, settings);
              return [id, { decision, snapshot: snapshotOf(user, details) }];
            }),
          );
        },
        complete() {
          refuseMarkedOtherwise(db, access, mode, fillEmit);
          refuseRepeatedUsers(db);
        },
      };
      return fillUserPlan(db, maker, fillEmit, stop);
    },
  };
}

/** A column that tells rows apart marks those that are meant; one with a single value is the state as it was exported. */
function refuseMarkedOtherwise(db: DatabaseSync, access: AccessColumns, mode: Mode, emit: Emit): void {
  const givesAccess = modeRule(mode).operation === 'enable';
  for (const { column, grants, only } of access.uses()) {
    if (only === undefined) refuseContradicted(db, column, wordsFor(grants === givesAccess));
    emit({ type: 'accessColumn', column, only });
  }
}

/** Of the users that were found, only those whose last login is as asked for. */
async function* narrow(pages: AsyncGenerator<SelectedUser[]>, age: LoginAge): AsyncGenerator<SelectedUser[]> {
  for await (const page of pages) yield page.filter(({ user }) => user === undefined || isOfLoginAge(user, age));
}
