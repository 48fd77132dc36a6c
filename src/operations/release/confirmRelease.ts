/** Right before the call that takes away what users hold: those who are active again by then lose nothing. */
import type { Confirm } from '../../engine/planSend.js';
import { unlessInterrupted } from '../../engine/stop.js';
import { removeKindNames } from '../../model/access/assignments.js';
import { idKey, type IdKey, type UserId } from '../../model/ids.js';
import type { Dropped } from '../../model/outcomes.js';
import { refuse } from '../../model/reasons.js';
import type { OrgClient } from '../../org/orgClient.js';
import { mostByLists, queryIn, queryPages } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { soqlTime } from '../../org/soql.js';
import { requireMeta } from '../../store/meta.js';
import type { LookAgain } from '../operation.js';

/** Asked right before each call that removes what users hold. @throws OrgError, RunFault interrupted */
export function confirmRelease({ client, db, stop }: LookAgain): Confirm {
  return async (kind, steps) => {
    if (!removeKindNames.includes(kind)) return new Map();
    const userIds = [...new Set(steps.flatMap(({ userId }) => userId ?? []))];
    const active = await unlessInterrupted(readActive(client, userIds, requireMeta(db, 'orgTime')), stop);
    return new Map(
      steps.flatMap(({ n, userId }): ReadonlyArray<readonly [number, Dropped]> => {
        if (userId === undefined || !active.has(idKey(userId))) return [];
        const verdict = { ...refuse('CHANGED_SINCE.active', { userId }), userId };
        return [[n, { outcome: 'dropped', verdict, continues: false }]];
      }),
    );
  };
}

/**
 * Of many users, those who are active and were changed since the plan was made, by one query: every user of the plan was inactive
 * then, or was switched off by it.
 * @param since when the plan was begun, by the org's clock
 */
async function readActive(
  client: OrgClient,
  userIds: readonly UserId[],
  since: string,
): Promise<ReadonlySet<IdKey<'User'>>> {
  const query = { fields: ['Id'], from: 'User' };
  const where = 'IsActive = true';
  const pages =
    userIds.length > mostByLists
      ? queryPages(client, { ...query, where: `${where} AND LastModifiedDate >= ${soqlTime(Date.parse(since))}` })
      : queryIn(client, { ...query, where, field: 'Id', values: userIds });
  const active = new Set<IdKey<'User'>>();
  for await (const page of pages) for (const row of page) active.add(idKey<'User'>(requiredValue(row, 'Id')));
  return active;
}
