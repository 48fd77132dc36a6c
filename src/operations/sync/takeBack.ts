/** `enable --from-run` of a sync: gives back what it has taken, and changes profiles back within their family of licenses. */
import type { DatabaseSync } from 'node:sqlite';
import { unlessInterrupted } from '../../engine/stop.js';
import { takeBackFiles } from '../../files/takeBackFiles.js';
import { setProfile } from '../../kinds/setProfile.js';
import { assignKindNames } from '../../model/access/assignments.js';
import type { CheckOutcome } from '../../model/checkOutcome.js';
import type { Emit } from '../../model/events.js';
import type { GuardFailure } from '../../model/guards.js';
import { disableModes } from '../../model/modes.js';
import { refuse } from '../../model/reasons.js';
import { readPermissionSets } from '../../org/facts/permissionSets.js';
import type { OrgClient } from '../../org/orgClient.js';
import type { QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { checkAssigning, checkChange, checkModeRight } from '../../preflight/changeChecks.js';
import type { Preflight } from '../../preflight/checks.js';
import { readOrgFacts, type OrgFacts } from '../../preflight/orgFacts.js';
import { judgeChecks } from '../../preflight/planChecks.js';
import { amountOf, readById } from '../../selection/lookup.js';
import { snapshotOf, UserDetailReader, userFieldsOf } from '../../selection/portalUsers.js';
import { checkSourceOrg, takenUsers, type SourceRun } from '../../selection/sourceRun.js';
import {
  describeSelection,
  openSelection,
  type AskedUsers,
  type UserSelection,
} from '../../selection/userSelection.js';
import { subjectOfSelected, usersById, usersOfRun, type SelectedUser } from '../../selection/userSource.js';
import { checkAssignments, checkSnapshots, checkSteps } from '../../store/integrity.js';
import { readMeta, requireMeta } from '../../store/meta.js';
import { countOpen, kindNames } from '../../store/queries/counts.js';
import { countOpenUsers } from '../../store/queries/driftRows.js';
import type { TakenUser } from '../../store/queries/sourceRows.js';
import { openPeople } from '../../store/queries/syncSteps.js';
import { readMode } from '../../store/runResult.js';
import { transaction } from '../../store/sqlite.js';
import { giveUpSubject, type PlannedSubject } from '../../store/subjects.js';
import { fillPlan, type PlanMaker } from '../fillPlan.js';
import type { Beginning, Draft, LookAgain, Operation, RunRequest } from '../operation.js';
import { LackedByUsers } from '../release/lackedByUsers.js';
import { decideBack, refuseLeft, type BackFacts, type BackSettings } from './decideBack.js';

/** Kinds of steps that such a plan may have. */
const kinds = ['setFrozen', 'setActive', setProfile.name, ...assignKindNames];

export const takeBack: Operation = {
  checkRun: (db) => {
    requireMeta(db, 'fromRun');
    checkSteps(db, kinds);
    checkAssignments(db);
    checkSnapshots(db);
    takeBackFiles(db);
  },
  // Users come back into sites, which may welcome them.
  readsOfOrg: () => ({ permissionSets: true }),
  check: (db, facts) => [...checkTakeBack(facts), ...checkAssigning(facts, kindNames(db))],
  guard: guardAgainstSync,
  lookAgain: followTakeBackDrift,
  files: takeBackFiles,
};

function checkTakeBack(preflight: Preflight): CheckOutcome[] {
  return [...checkChange(preflight, 'activate'), checkModeRight(preflight, 'unfreeze')];
}

/** @throws InputFileError, RunFault fromRunNotFinished */
export async function beginTakeBack(request: RunRequest & AskedUsers, source: SourceRun): Promise<Beginning> {
  const selection = await openSelection(request, source);
  return { operation: 'enable', request, survey: (client, emit) => surveyTaken(selection, source, client, emit) };
}

async function surveyTaken(selection: UserSelection, source: SourceRun, client: OrgClient, emit: Emit): Promise<Draft> {
  checkSourceOrg(source, client);
  const facts = await readOrgFacts(client, { permissionSets: true });
  judgeChecks(checkTakeBack(facts));
  if (source.upgraded > 0) emit({ type: 'upgradesStay', users: source.upgraded });
  const settings = await backSettings(client, facts);
  return {
    facts,
    description: describeSelection(selection),
    fill: (db, fillEmit, stop) => {
      const amount = amountOf(0);
      const reader = new UserDetailReader(client, db, facts, ['logins', 'permissionSets'], amount);
      const lacked = new LackedByUsers(client, db, amount);
      const pages = usersOfRun(client, db, userFieldsOf(facts), takenUsers(source));
      const maker: PlanMaker<TakenSelection> = {
        ...{ pages, amount },
        async decide(rows) {
          const details = await reader.of(rows.flatMap(({ user }) => (user === undefined ? [] : [user])));
          const lackedBy = await lacked.of(rows.map(({ changed }) => changed));
          return rows.map(({ changed, ...selected }) =>
            subjectOfTaken(
              { ...selected, changed: { ...changed, taken: lackedBy(changed.userId, changed.taken) } },
              details,
              settings,
            ),
          );
        },
        complete: () => Promise.resolve(),
      };
      return fillPlan(db, maker, fillEmit, stop);
    },
  };
}

async function backSettings(client: OrgClient, { profiles }: OrgFacts): Promise<BackSettings> {
  return {
    runningUserId: client.userId,
    protectedBy: new Map(),
    now: client.now(),
    profiles: new Map(profiles.map((profile) => [profile.id, profile])),
    permissionSets: await readPermissionSets(client),
  };
}

type TakenSelection = SelectedUser & { readonly changed: TakenUser };
type Details = Awaited<ReturnType<UserDetailReader['of']>>;

function subjectOfTaken(selected: TakenSelection, details: Details, settings: BackSettings): PlannedSubject {
  const { user, changed, refusal, key } = selected;
  const subject = subjectOfSelected(selected);
  if (user === undefined) return { ...subject, decision: refusal ?? refuse('USER_NOT_FOUND.gone', { userId: key }) };
  const decision = decideBack(backFacts(user, details), changed, settings);
  const isChanged = decision.action === 'steps' && changed.written['ProfileId'] !== undefined;
  return {
    ...subject,
    // Licenses are those of the profile that a user is to have.
    ...(isChanged ? { profileId: changed.snapshot['ProfileId'] } : {}),
    snapshot: snapshotOf(user, details),
    decision,
  };
}

function backFacts(user: QueryRow, { logins, permissionSets }: Details): BackFacts {
  const id = requiredValue(user, 'Id');
  return { user, login: logins.get(id), heldSetIds: permissionSets.get(id)?.ids.split(';') ?? [] };
}

/** Users that are no longer as the plan found them are refused. @throws OrgError, RunFault interrupted */
async function followTakeBackDrift({ client, db, facts, stop }: LookAgain): Promise<void> {
  const amount = amountOf(countOpenUsers(db));
  const lookup = usersById(client, db, userFieldsOf(facts), amount);
  const reader = new UserDetailReader(client, db, facts, ['logins', 'permissionSets'], amount);
  const settings = await unlessInterrupted(backSettings(client, facts), stop);
  for (const people of openPeople(db)) {
    const ids = people.flatMap(({ userId }) => userId ?? []);
    const users = await unlessInterrupted(readById(lookup, ids), stop);
    const details = await unlessInterrupted(reader.of([...users.values()]), stop);
    transaction(db, () => {
      for (const person of people) {
        const { n, userId = '' } = person;
        const user = users.get(userId);
        const refusal =
          user === undefined
            ? refuse('USER_NOT_FOUND.gone', { userId })
            : refuseLeft(backFacts(user, details), person, settings);
        if (refusal !== undefined) giveUpSubject(db, n, refusal);
      }
    });
  }
}

/** The sync decides about the same people again. Of a run that takes one back; none for others. */
export function guardAgainstSync(db: DatabaseSync): readonly GuardFailure[] {
  if (readMeta(db, 'fromOperation') !== 'sync' || countOpen(db) === 0) return [];
  const mode = disableModes.find((each) => each === readMode(db));
  return [{ guard: `syncAgain.${mode ?? 'enable'}`, facts: {} }];
}
