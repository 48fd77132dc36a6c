/** Users of an `invite` run are decided about again: before it goes on, and right before each call. */
import type { DatabaseSync } from 'node:sqlite';
import { unlessInterrupted } from '../../engine/stop.js';
import { RunFault } from '../../model/faults.js';
import type { UserId } from '../../model/ids.js';
import type { Dropped } from '../../model/outcomes.js';
import { refuse, type NothingDone } from '../../model/reasons.js';
import type { Step } from '../../model/steps.js';
import { dayMilliseconds } from '../../model/time/days.js';
import type { OrgClient } from '../../org/orgClient.js';
import type { QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { amountOf, readById } from '../../selection/lookup.js';
import { readProtected, readProtectedAmong, usersById } from '../../selection/userSource.js';
import { requireCount, requireMetaList, requireSwitch } from '../../store/meta.js';
import { countOpenUsers, openUsers } from '../../store/queries/driftRows.js';
import { transaction } from '../../store/sqlite.js';
import { giveUpSubject } from '../../store/subjects.js';
import type { DecidedUser } from '../fillUserPlan.js';
import type { LookAgain } from '../operation.js';
import { isOwnPassword, type InviteSettings } from './invitePlan.js';
import { inviteFieldsOf, InviteUsers } from './inviteUsers.js';
import { notePasswordEmails } from './passwordEmails.js';

/** @throws OrgError, RunFault conditionRejected, interrupted */
export async function followInviteDrift(again: LookAgain): Promise<void> {
  const { client, db, facts, stop } = again;
  const protectedBy = await unlessInterrupted(readProtected(client, requireMetaList(db, 'protect')), stop);
  const users = new InvitedAgain(again, countOpenUsers(db));
  for (const planned of openUsers(db)) {
    const ids = planned.map(({ userId }) => userId);
    const { decided } = await users.decide(ids, protectedBy);
    transaction(db, () => {
      for (const { n, userId } of planned) {
        const nothing = nothingDone(decided, userId);
        if (nothing !== undefined) giveUpSubject(db, n, nothing);
      }
    });
  }
  notePasswordEmails(db, facts);
}

/**
 * Users who were reset since the plan was made, or looked at again, were not reset by this run: its own are done, or nobody knows of
 * them. So somebody else is at it, and of both runs, at most the calls that are under way now concern the same users.
 * @returns by their numbers, the steps that are not to be sent
 * @throws OrgError, RunFault invitedElsewhere, conditionRejected, interrupted
 */
export async function confirmInvites(again: LookAgain, steps: readonly Step[]): Promise<ReadonlyMap<number, Dropped>> {
  const { client, db, stop } = again;
  const ids = steps.map(({ target }) => target);
  const protect = requireMetaList(db, 'protect');
  const protectedBy = await unlessInterrupted(readProtectedAmong(client, protect, ids), stop);
  const { users, decided } = await new InvitedAgain(again, ids.length).decide(ids, protectedBy);
  const elsewhere = [...users.values()].filter(
    (user) => isInvited(decided.get(requiredValue(user, 'Id'))) && !isOwnPassword(user),
  );
  if (elsewhere.length > 0) throw new RunFault('invitedElsewhere', { users: elsewhere.length });
  const drop = ({ n, target }: Step): ReadonlyArray<readonly [number, Dropped]> => {
    const verdict = nothingDone(decided, target);
    return verdict === undefined ? [] : [[n, { outcome: 'dropped', verdict, continues: false }]];
  };
  return new Map(steps.flatMap(drop));
}

/** Users of a plan, as the org has them now. */
class InvitedAgain {
  private readonly again: LookAgain;
  private readonly lookup: ReturnType<typeof usersById>;
  private readonly users: InviteUsers;

  public constructor(again: LookAgain, count: number) {
    const { client, db, facts } = again;
    const amount = amountOf(count);
    this.again = again;
    this.lookup = usersById(client, db, inviteFieldsOf(facts), amount);
    this.users = new InviteUsers(client, db, facts, amount);
  }

  /** Both by Id; those who are gone are not there. @throws OrgError, RunFault interrupted */
  public async decide(
    ids: readonly string[],
    protectedBy: InviteSettings['protectedBy'],
  ): Promise<{ users: ReadonlyMap<UserId, QueryRow>; decided: ReadonlyMap<UserId, DecidedUser> }> {
    const { client, db, stop } = this.again;
    const users = await unlessInterrupted(readById(this.lookup, ids), stop);
    const deciding = this.users.decide([...users.values()], inviteSettings(client, db, protectedBy));
    return { users, decided: await unlessInterrupted(deciding, stop) };
  }
}

function isInvited(decided: DecidedUser | undefined): boolean {
  return decided?.decision.action === 'unchanged' && decided.decision.reason === 'ALREADY_INVITED';
}

/** Why a user is not to get the email after all; undefined where nothing has changed. */
function nothingDone(decided: ReadonlyMap<string, DecidedUser>, userId: UserId): NothingDone | undefined {
  const decision = decided.get(userId)?.decision;
  if (decision === undefined) return refuse('USER_NOT_FOUND.gone', { userId });
  return decision.action === 'steps' ? undefined : decision;
}

/** By what the run was told, and the org's clock. */
export function inviteSettings(
  client: OrgClient,
  db: DatabaseSync,
  protectedBy: InviteSettings['protectedBy'],
): InviteSettings {
  return {
    runningUserId: client.userId,
    protectedBy,
    includeLoggedIn: requireSwitch(db, 'includeLoggedIn'),
    includeSso: requireSwitch(db, 'includeSso'),
    resetSince: client.now() - requireCount(db, 'againAfter') * dayMilliseconds,
  };
}
