/** Permission sets and groups that the steps of a sync give to users who exist or are made, and take from them. */
import type { DatabaseSync } from 'node:sqlite';
import { assignmentRules } from '../../model/access/assignments.js';
import type { PermissionSetId } from '../../model/ids.js';
import type { PlannedStep } from '../../model/steps.js';
import { numberOf, requiredText, selectRows } from '../sqlite.js';

const { assigns, removes } = assignmentRules.permissionSet;

/** SQL: what a step takes away, whose target is the assignment. */
const takenSet = "coalesce(fieldValues ->> '$.PermissionSetGroupId', fieldValues ->> '$.PermissionSetId')";

type SetChange = { readonly given: number; readonly taken: number };

/** By Id, those that are planned. */
export function countSetChanges(db: DatabaseSync): ReadonlyMap<PermissionSetId, SetChange> {
  const sql = `SELECT CASE kind WHEN '${assigns}' THEN target ELSE ${takenSet} END AS id,
      sum(kind = '${assigns}') AS given, sum(kind = '${removes}') AS taken
    FROM step WHERE kind IN ('${assigns}', '${removes}') AND state = 'planned' GROUP BY 1`;
  return new Map(
    Array.from(selectRows(db, sql), (row) => [
      requiredText(row['id']),
      { given: numberOf(row['given']), taken: numberOf(row['taken']) },
    ]),
  );
}

/** Users of groups lose these sets at another stage. @param setIds of sets and groups */
export function restageRemovals(
  db: DatabaseSync,
  setIds: readonly PermissionSetId[],
  { stage, restsOn }: Required<Pick<PlannedStep, 'stage' | 'restsOn'>>,
): void {
  const sql = `UPDATE step SET stage = ?, restsOn = ? WHERE kind = '${removes}' AND state = 'planned'
    AND ${takenSet} IN (SELECT value FROM json_each(?))
    AND subject IN (SELECT n FROM subject WHERE groupName IS NOT NULL)`;
  db.prepare(sql).run(stage, restsOn ?? stage - 1, JSON.stringify(setIds));
}
