/** The plan of an operation on users: each is decided about by what the org has; rows that give none are refused already. */
import type { DatabaseSync } from 'node:sqlite';
import type { Emit } from '../model/events.js';
import type { UserId } from '../model/ids.js';
import type { StopRequest } from '../model/runEnd.js';
import type { QueryRow } from '../org/query.js';
import { tellFooter } from '../selection/inputFile.js';
import type { UserSelection } from '../selection/userSelection.js';
import { subjectOfSelected, type SelectedUser } from '../selection/userSource.js';
import type { PlannedSubject } from '../store/subjects.js';
import { fillPlan, type PlanMaker } from './fillPlan.js';

/** A selected user that the org has. */
export type FoundUser = SelectedUser & { readonly user: QueryRow };

/** What is decided about a user, and kept of it as it was. */
export type DecidedUser = Pick<PlannedSubject, 'decision' | 'snapshot'>;

type UserPlanMaker = Pick<PlanMaker<SelectedUser>, 'pages' | 'amount'> & {
  readonly selection: UserSelection;
  /** By user Id. @throws OrgError */
  readonly decide: (found: readonly FoundUser[]) => Promise<ReadonlyMap<UserId, DecidedUser>>;
  /** The rules that need the whole plan. */
  readonly complete: () => void;
};

/** @throws OrgError, InputFileError, RunFault conditionRejected, interrupted */
export async function fillUserPlan(
  db: DatabaseSync,
  { pages, amount, selection, decide, complete }: UserPlanMaker,
  emit: Emit,
  stop: StopRequest,
): Promise<void> {
  const maker: PlanMaker<SelectedUser> = {
    pages,
    amount,
    async decide(rows) {
      const decided = await decide(rows.filter(isFound));
      return rows.map((row) => subjectOfUser(row, decided));
    },
    complete() {
      if (selection.file !== undefined) tellFooter(selection.file.input, emit);
      complete();
      return Promise.resolve();
    },
  };
  await fillPlan(db, maker, emit, stop);
}

function isFound(row: SelectedUser): row is FoundUser {
  return row.user !== undefined;
}

function subjectOfUser(row: SelectedUser, decided: ReadonlyMap<UserId, DecidedUser>): PlannedSubject {
  const subject = subjectOfSelected(row);
  const known = subject.userId == null ? undefined : decided.get(subject.userId);
  const decision = row.refusal ?? known?.decision;
  if (decision === undefined) throw new Error(`nothing is decided about ${row.key}`);
  return { ...subject, snapshot: known?.snapshot, decision };
}
