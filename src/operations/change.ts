/** `disable` and `enable`: one field of the selected users, by the mode. */
import type { DatabaseSync } from 'node:sqlite';
import { changeFiles } from '../files/changeFiles.js';
import { checkUnderstood } from '../kinds/kinds.js';
import { wordsFor } from '../model/booleanWords.js';
import { RunFault } from '../model/faults.js';
import { modeRule, type Mode } from '../model/modes.js';
import type { SelectedBy } from '../model/result.js';
import type { OrgClient } from '../org/orgClient.js';
import { checkChange } from '../preflight/changeChecks.js';
import { judgeChecks } from '../preflight/planChecks.js';
import { readOrgFacts } from '../preflight/orgFacts.js';
import { AccessColumns } from '../selection/accessColumns.js';
import { findUserKeys } from '../selection/inputColumns.js';
import { amountOf } from '../selection/lookup.js';
import { openInputFile, tellFooter, type InputFile } from '../selection/inputFile.js';
import { isOfLoginAge, loginAgeOf, loginFlag, type LoginAge, type LoginDays } from '../selection/loginAge.js';
import { snapshotOf, UserDetailReader, userFieldsOf, type UserDetails } from '../selection/portalUsers.js';
import {
  changedUsers,
  checkSourceAtRest,
  checkSourceOrg,
  readSourceRun,
  type SourceRun,
} from '../selection/sourceRun.js';
import {
  describeSelection,
  readProtected,
  refuseEmptyConditions,
  type SelectedUser,
  subjectOfSelected,
  usersOfFile,
  usersOfLoginAge,
  usersOfRun,
  usersWhere,
} from '../selection/userSource.js';
import type { Emit } from '../model/events.js';
import { requireMetaList } from '../store/meta.js';
import { checkSnapshots, checkSteps } from '../store/integrity.js';
import { readMode, readOperation } from '../store/runResult.js';
import { refuseContradicted, refuseRepeatedUsers } from '../store/queries/planRules.js';
import { damagedRun } from '../store/sqlite.js';
import type { PlannedSubject } from '../store/subjects.js';
import { followUserDrift } from './changeDrift.js';
import { create } from './create.js';
import { fillPlan, type PlanMaker } from './fillPlan.js';
import type { Beginning, Draft, Operation, RunRequest } from './operation.js';
import { planUser, type UserPlanSettings } from './userPlan.js';

/** `where`, `file`, `fromRun` or days: of the first three one at most, and of all at least one. */
export type ChangeRunRequest = RunRequest &
  LoginDays & {
    readonly operation: 'disable' | 'enable';
    /** Not needed to take a run back: it says what it did. */
    readonly mode: Mode | undefined;
    readonly where: string | undefined;
    readonly file: string | undefined;
    readonly fromRun: string | undefined;
    /** Conditions on User; users that match one are refused. */
    readonly protect: readonly string[];
  };

export const change: Operation = {
  checkRun: (db) => {
    const { operation, kind, value } = modeRule(modeOfRun(db));
    if (operation !== readOperation(db)) throw damagedRun(db, 'meta: a mode of another operation');
    changeFiles(db, modeOfRun(db));
    checkSteps(db, [kind.name], { [kind.field]: String(value) });
    checkSnapshots(db);
    // Users that were protected when the plan was made still are.
    requireMetaList(db, 'protect');
  },
  readsOfOrg: (db) => ({ permissionSets: modeRule(modeOfRun(db)).mails === true }),
  check: (db, facts) => checkChange(facts, modeOfRun(db)),
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
  const { operation, where, protect, fromRun, file } = request;
  refuseEmptyConditions(where, protect);
  const source = fromRun === undefined ? undefined : await readSourceRun(fromRun, checkSource);
  const mode = modeAsked(request, source);
  if (source !== undefined) checkSourceAtRest(source);
  const input = file === undefined ? undefined : await openInputFile(file);
  const asked = { request, mode, source, input };
  return { operation, request, survey: (client, emit) => surveyUsers(asked, client, emit) };
}

/** @throws RunFault runDamaged */
function checkSource(db: DatabaseSync): void {
  checkUnderstood(db);
  const operation = readOperation(db);
  // What no way back is known of is refused by its name.
  if (operation === 'sync' || operation === 'invite') return;
  (operation === 'create' ? create : change).checkRun(db);
}

/** @throws RunFault notACreateRun, notADisableRun, noWayBack, modeNeeded */
function modeAsked({ operation, mode }: ChangeRunRequest, source: SourceRun | undefined): Mode {
  if (source !== undefined && operation === 'enable') return modeBack(source);
  if (source !== undefined && source.operation !== 'create') {
    throw new RunFault(`notACreateRun.${source.operation}`, { folder: source.folder });
  }
  if (mode === undefined) throw new RunFault(`modeNeeded.${operation}`);
  return mode;
}

/** What takes a run back. */
function modeBack({ folder, operation, mode }: SourceRun): Mode {
  if (operation !== 'disable') throw new RunFault(`notADisableRun.${operation}`, { folder });
  if (mode === undefined) throw new Error('a disable run without a mode');
  const { undo } = modeRule(mode);
  if (undo === undefined) throw new RunFault('noWayBack', { folder });
  return undo;
}

/** What is asked for, as far as it is known without the org. */
type Asked = {
  readonly request: ChangeRunRequest;
  readonly mode: Mode;
  readonly source: SourceRun | undefined;
  readonly input: InputFile | undefined;
};

async function surveyUsers({ request, mode, source, input }: Asked, client: OrgClient, emit: Emit): Promise<Draft> {
  if (source !== undefined) checkSourceOrg(source, client);
  const facts = await readOrgFacts(client, { permissionSets: modeRule(mode).mails === true });
  judgeChecks(checkChange(facts, mode));
  const protectedBy = await readProtected(client, request.protect);
  const age = loginAgeOf(request, client);
  const flag = loginFlag(request);
  if (source !== undefined && source.uncertain > 0) emit({ type: 'uncertainSkipped', rows: source.uncertain });
  if (flag !== undefined && !facts.userFields.has('lastlogindate')) throw new RunFault('lastLoginHidden', { flag });
  const keys = input && findUserKeys(input.header);
  const fields = userFieldsOf(facts);
  const access = new AccessColumns(input?.header ?? []);
  const select = (db: DatabaseSync): AsyncGenerator<SelectedUser[]> => {
    if (source !== undefined) return usersOfRun(client, db, fields, changedUsers(source));
    if (input !== undefined && keys !== undefined)
      return narrow(usersOfFile(client, db, fields, { input, keys, access }), age);
    if (request.where !== undefined) return narrow(usersWhere(client, fields, request.where), age);
    // Never everybody: the command asks for at least one of its flags.
    if (flag === undefined) throw new Error('no users are selected');
    return usersOfLoginAge(client, fields, age);
  };
  const settings = { mode, protectedBy, runningUserId: client.userId };
  return {
    facts,
    description: {
      mode,
      ...describeSelection(keys, request.protect, source),
      selectedBy: selectedBy(request),
      ...(request.where === undefined ? {} : { condition: request.where }),
      ...(age.inactiveSince === undefined ? {} : { inactiveSince: age.inactiveSince }),
      ...(age.neverLoggedInSince === undefined ? {} : { neverLoggedInSince: age.neverLoggedInSince }),
    },
    fill: (db, fillEmit, stop) => {
      const complete = (): void => {
        if (input !== undefined) tellFooter(input, fillEmit);
        refuseMarkedOtherwise(db, access, mode, fillEmit);
        refuseRepeatedUsers(db);
      };
      return fillPlan(db, planOfUsers(client, db, settings, { pages: select(db), complete }), fillEmit, stop);
    },
  };
}

function planOfUsers(
  client: OrgClient,
  db: DatabaseSync,
  settings: UserPlanSettings,
  { pages, complete }: { readonly pages: AsyncGenerator<SelectedUser[]>; readonly complete: () => void },
): PlanMaker<SelectedUser> {
  const amount = amountOf(0);
  const details = new UserDetailReader(client, db, settings.mode, amount);
  return {
    pages,
    amount,
    async decide(rows) {
      const known = await details.of(rows.flatMap(({ user }) => (user === undefined ? [] : [user])));
      return rows.map((selected) => subjectOfUser(selected, known, settings));
    },
    complete() {
      complete();
      return Promise.resolve();
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

function subjectOfUser(selected: SelectedUser, details: UserDetails, settings: UserPlanSettings): PlannedSubject {
  const { user, expected, refusal } = selected;
  const userId = user?.['Id'] ?? undefined;
  const login = userId === undefined ? undefined : details.logins.get(userId);
  return {
    ...subjectOfSelected(selected),
    snapshot: user === undefined ? undefined : snapshotOf(user, details),
    decision: refusal ?? planUser({ user: user ?? {}, login, expected }, settings),
  };
}

/** Of the users that were found, only those whose last login is as asked for. */
async function* narrow(pages: AsyncGenerator<SelectedUser[]>, age: LoginAge): AsyncGenerator<SelectedUser[]> {
  for await (const page of pages) yield page.filter(({ user }) => user === undefined || isOfLoginAge(user, age));
}

function selectedBy({ fromRun, file, where, inactiveFor }: ChangeRunRequest): SelectedBy {
  if (fromRun !== undefined) return 'fromRun';
  if (file !== undefined) return 'file';
  if (where !== undefined) return 'where';
  return inactiveFor === undefined ? 'neverLoggedIn' : 'inactiveFor';
}
