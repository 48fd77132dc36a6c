/** A permission set, or a group of them, for an existing user. */
import { idKey, type PermissionSetId, type UserId } from '../model/ids.js';
import type { Step, PlannedStep } from '../model/steps.js';
import type { WantedPermissionSet } from '../model/reasons.js';
import type { IngestResultRow } from '../org/bulk/bulkIngest.js';
import { assignmentQuery, readAssignments } from '../org/facts/permissionSets.js';
import { queryIn, type FindRows } from '../org/query.js';
import { judgingBy, type AskContext, type RowKind } from '../engine/kind.js';
import { judgeRefusal, sendAgain } from '../engine/rowOutcome.js';
import type { StepValues } from '../store/steps.js';

const name = 'assignPermissionSet';
const stage = 5;

/** One step for each set, once. @param subject its assignments are never in two jobs at a time */
export function permissionSetSteps(sets: readonly WantedPermissionSet[], subject: string): PlannedStep[] {
  const distinct = new Map(sets.map((set) => [set.id, set]));
  return Array.from(distinct.values(), ({ id, name: label, isGroup }) => {
    const values = { [isGroup ? 'PermissionSetGroupId' : 'PermissionSetId']: id };
    return { kind: name, stage, target: id, label, values, seats: 0, family: 'highVolume', lock: subject };
  });
}

export const assignPermissionSet: RowKind = {
  name,
  request: { object: 'PermissionSetAssignment', operation: 'insert' },
  takesCollections: true,
  hasCanary: false,
  columns: () => ['AssigneeId', 'PermissionSetId', 'PermissionSetGroupId'],
  row: assignment,
  record: assignment,
  keyOfStep: (step) => assignmentKey(assigneeOf(step), step.target),
  // A row names a permission set or a group; the other column is empty, or not there.
  keyOfResult: ({ AssigneeId, PermissionSetId, PermissionSetGroupId }: IngestResultRow) => {
    const set = PermissionSetId ?? PermissionSetGroupId;
    return AssigneeId === undefined || set === undefined ? undefined : assignmentKey(AssigneeId, set);
  },
  judging: judgingBy<'held'>({
    mustAsk: (answer) => answer === undefined,
    look: askWhatIsHeld,
    judge: (step, answer, truth, random) => {
      if (truth === 'held') return { outcome: 'done' };
      if (answer === undefined || answer === 'unprocessed') return sendAgain(step, random);
      // It exists, no matter who made it (docs/salesforce-facts.md).
      if (!('error' in answer) || answer.error.code === 'DUPLICATE_VALUE') return { outcome: 'done' };
      return judgeRefusal(step, answer.error, random);
    },
    // What exists is this run's doing, the rest waits again.
    isDoneBy: (_send, truth) => truth === 'held',
  }),
};

function assignment({ step, values }: StepValues): Readonly<Record<string, string>> {
  return { AssigneeId: assigneeOf(step), ...values };
}

/** Steps of this kind wait until their user exists. */
function assigneeOf({ n, userId }: Step): UserId {
  if (userId === undefined) throw new Error(`step ${String(n)} has no user`);
  return userId;
}

/** Ids are told apart by their first 15 characters. */
function assignmentKey(userId: UserId, permissionSetId: PermissionSetId): string {
  return `${idKey(userId)} ${idKey(permissionSetId)}`;
}

async function askWhatIsHeld({ client }: AskContext, steps: readonly Step[]): Promise<ReadonlyMap<number, 'held'>> {
  const find: FindRows = (values) => queryIn(client, { ...assignmentQuery, values });
  const userIds = new Set(steps.flatMap(({ userId }) => userId ?? []));
  const held = await readAssignments(find, [...userIds]);
  const found = steps.filter(({ userId, target }) => userId !== undefined && held.get(userId)?.has(target) === true);
  return new Map(found.map(({ n }) => [n, 'held']));
}
