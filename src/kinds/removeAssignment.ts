/** Takes away what a user holds: a permission set or group, a permission set license, a license of a managed package. */
import {
  assignmentRules,
  assignmentTypes,
  type AssignmentRule,
  type HeldAssignment,
} from '../model/access/assignments.js';
import { idKey } from '../model/ids.js';
import type { Answer } from '../model/outcomes.js';
import type { PlannedStep, Step } from '../model/steps.js';
import { queryIn } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import { judgingBy, type AskContext, type RowKind } from '../engine/kind.js';
import { judgeRefusal, sendAgain } from '../engine/rowOutcome.js';

/** The last stage at which a user is switched off (src/model/modes.ts): nothing is taken from somebody who was not. */
const afterAccess = 3;

/** Salesforce takes no license away while the user holds a permission set that needs it, so sets go first. */
const stages = { permissionSet: 4, permissionSetLicense: 5, packageLicense: 5 } as const;

/** From 50 on, Salesforce does not free the permission set licenses that the sets needed (docs/salesforce-facts.md#licenses-of-permission-sets-and-packages). */
const mostSets = 49;

/**
 * The target is the record; `values` is what gives it back (`giveBackStep` in src/kinds/assignLicense.ts).
 * @param lock what one user holds is never in two jobs at a time
 */
export function removeStep({ type, id, label, values }: HeldAssignment, lock: string): PlannedStep {
  return {
    kind: assignmentRules[type].removes,
    stage: stages[type],
    // What can't be removed keeps no other license in use.
    restsOn: afterAccess,
    target: id,
    label,
    values,
    seats: 0,
    family: 'highVolume',
    lock,
  };
}

export const removeKinds: readonly RowKind[] = assignmentTypes.map((type) => removeKind(assignmentRules[type]));

function removeKind(rule: AssignmentRule): RowKind {
  const { object, removes } = rule;
  return {
    name: removes,
    request: { object, operation: 'delete' },
    takesCollections: true,
    ...(object === 'PermissionSetAssignment' && { collectionSize: mostSets }),
    hasCanary: false,
    columns: () => ['Id'],
    row: ({ step }) => ({ Id: step.target }),
    record: ({ step }) => ({ Id: step.target }),
    keyOfStep: ({ target }) => idKey(target),
    keyOfResult: (result) => idKey(result['Id']),
    judging: judgingBy<'gone' | 'there'>({
      mustAsk: (answer) => answer === undefined,
      look: (context, steps) => lookWhatIsThere(context, object, steps),
      judge: (step, answer, truth, random) => {
        if (truth === 'gone' || isGone(answer)) return { outcome: 'done' };
        if (answer === undefined || answer === 'unprocessed') return sendAgain(step, random);
        return 'error' in answer ? judgeRefusal(step, answer.error, random) : { outcome: 'done' };
      },
      // What is not there any more is as it was to be, no matter who removed it.
      isDoneBy: (_send, truth) => truth === 'gone',
    }),
  };
}

/** Salesforce removes a permission set license by itself with the last set that needed it; a call may come twice. */
function isGone(answer: Answer | undefined): boolean {
  if (answer === undefined || answer === 'unprocessed' || !('error' in answer)) return false;
  return ['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'NOT_FOUND'].includes(answer.error.code);
}

async function lookWhatIsThere(
  { client }: AskContext,
  object: string,
  steps: readonly Step[],
): Promise<ReadonlyMap<number, 'gone' | 'there'>> {
  const there = new Set<string>();
  const query = { fields: ['Id'], from: object, field: 'Id', values: steps.map(({ target }) => target) };
  for await (const page of queryIn(client, query)) for (const row of page) there.add(idKey(requiredValue(row, 'Id')));
  return new Map(steps.map(({ n, target }) => [n, there.has(idKey(target)) ? 'there' : 'gone']));
}
