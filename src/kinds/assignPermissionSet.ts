/** A permission set, or a group of them, for an existing user; and how anything is assigned that users hold. */
import { assignmentRules, endField, type AssignmentRule } from '../model/access/assignments.js';
import { idKey, type UserId } from '../model/ids.js';
import type { Step, PlannedStep } from '../model/steps.js';
import type { WantedPermissionSet } from '../model/reasons.js';
import { queryIn } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import { judgingBy, type AskContext, type RowKind } from '../engine/kind.js';
import { judgeRefusal, sendAgain } from '../engine/rowOutcome.js';
import type { StepValues } from '../store/steps.js';

/** One step for each set, once. @param subject its assignments are never in two jobs at a time */
export function permissionSetSteps(sets: readonly WantedPermissionSet[], subject: string): PlannedStep[] {
  const distinct = new Map(sets.map((set) => [set.id, set]));
  return Array.from(distinct.values(), ({ id, name: label, isGroup }) => {
    const values = { [isGroup ? 'PermissionSetGroupId' : 'PermissionSetId']: id };
    const kind = assignPermissionSet.name;
    return {
      kind,
      stage: assignStages.permissionSet,
      target: id,
      label,
      values,
      seats: 0,
      family: 'highVolume',
      lock: subject,
    };
  });
}

/** Sets that need a license come after it. */
export const assignStages = { permissionSetLicense: 4, packageLicense: 4, permissionSet: 5 } as const;

export const assignPermissionSet = assignKind(assignmentRules.permissionSet);

/** Steps of these kinds have what is assigned as their target. */
export function assignKind({ object, user, holds, assigns }: AssignmentRule): RowKind {
  const assignment = ({ step, values }: StepValues): Readonly<Record<string, string>> => ({
    [user]: assigneeOf(step),
    ...values,
  });
  return {
    name: assigns,
    request: { object, operation: 'insert' },
    takesCollections: true,
    hasCanary: false,
    columns: () => [user, ...holds, ...(object === 'PermissionSetAssignment' ? [endField] : [])],
    row: assignment,
    record: assignment,
    keyOfStep: (step) => assignmentKey(assigneeOf(step), step.target),
    // Where a row can name one of two, the other column is empty, or not there.
    keyOfResult: (result) => {
      const held = holds.map((field) => result[field]).find((id) => id !== undefined && id !== '');
      const userId = result[user];
      return userId === undefined || held === undefined ? undefined : assignmentKey(userId, held);
    },
    judging: judgingBy<'held'>({
      mustAsk: (answer) => answer === undefined,
      look: ({ client }, steps) => askWhatIsHeld(client, { object, user, holds }, steps),
      judge: (step, answer, truth, random) => {
        if (truth === 'held') return { outcome: 'done' };
        if (answer === undefined || answer === 'unprocessed') return sendAgain(step, random);
        // It exists, no matter who made it (docs/salesforce-facts.md).
        if (!('error' in answer) || answer.error.code === 'DUPLICATE_VALUE') return { outcome: 'done' };
        // One license of many is used up, which concerns those alone who need it.
        if (answer.error.code === 'LICENSE_LIMIT_EXCEEDED') return { outcome: 'failed', ...answer.error };
        return judgeRefusal(step, answer.error, random);
      },
      // What exists is this run's doing, the rest waits again.
      isDoneBy: (_send, truth) => truth === 'held',
    }),
  };
}

/** Steps of these kinds wait until their user exists. */
function assigneeOf({ n, userId }: Step): UserId {
  if (userId === undefined) throw new Error(`step ${String(n)} has no user`);
  return userId;
}

/** Ids are told apart by their first 15 characters. */
function assignmentKey(userId: UserId, heldId: string): string {
  return `${idKey(userId)} ${idKey(heldId)}`;
}

async function askWhatIsHeld(
  client: AskContext['client'],
  { object, user, holds }: { readonly object: string; readonly user: string; readonly holds: readonly string[] },
  steps: readonly Step[],
): Promise<ReadonlyMap<number, 'held'>> {
  const values = [...new Set(steps.flatMap(({ userId }) => userId ?? []))];
  const held = new Set<string>();
  for await (const page of queryIn(client, { fields: [user, ...holds], from: object, field: user, values })) {
    for (const row of page) {
      // The record of a group has a hidden permission set besides.
      for (const field of holds) {
        const id = row[field];
        if (id != null) held.add(assignmentKey(requiredValue(row, user), id));
      }
    }
  }
  const found = steps.filter(({ userId, target }) => userId !== undefined && held.has(assignmentKey(userId, target)));
  return new Map(found.map(({ n }) => [n, 'held']));
}
