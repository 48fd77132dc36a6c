/**
 * Right before the call that takes access away: users whose contact is in a group by now, who are not
 * governed any more, are protected, or were let in by somebody, keep it.
 */
import { unlessInterrupted } from '../../engine/stop.js';
import { conditionAmong } from '../../model/definition/bareCondition.js';
import { idKey, sameId, type IdKey, type UserId } from '../../model/ids.js';
import type { Dropped } from '../../model/outcomes.js';
import { leave } from '../../model/reasons.js';
import type { Step } from '../../model/steps.js';
import type { OrgClient } from '../../org/orgClient.js';
import type { Query, QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { quoteSoql } from '../../org/soql.js';
import { requireMeta, requireMetaList } from '../../store/meta.js';
import { stepsTakingAway, type TakingAway } from '../../store/queries/syncSteps.js';
import { parseDefinition } from '../definition/readDefinition.js';
import type { LookAgain } from '../operation.js';
import { readWhole } from './readWhole.js';
import { readSyncUser } from './surveySync.js';
import { governsOf } from './syncSettings.js';

/** A query of so many Ids stays below the 100,000 characters of a SOQL statement. */
const mostIds = 4_000;

/** @returns by their numbers, the steps that are not to be sent, and why @throws OrgError, RunFault interrupted */
export async function confirmLeavers(
  { client, db, facts, stop }: LookAgain,
  _kind: string,
  steps: readonly Step[],
): Promise<ReadonlyMap<number, Dropped>> {
  const dropped = new Map<number, Dropped>();
  const leaving = stepsTakingAway(db, steps);
  if (leaving.length === 0) return dropped;
  const definition = parseDefinition(requireMeta(db, 'definition'), requireMeta(db, 'definitionPath'));
  const asked = {
    contacts: definition.groups.map(({ contacts }) => contacts),
    governs: governsOf(definition, facts),
    protect: requireMetaList(db, 'protect'),
    syncUserId: await unlessInterrupted(readSyncUser(client, definition.syncUser), stop),
  };
  for (let start = 0; start < leaving.length; start += mostIds) {
    const page = leaving.slice(start, start + mostIds);
    const kept = await unlessInterrupted(keptOf(client, page, asked), stop);
    for (const { n, userId, username } of page) {
      if (!kept.has(idKey(userId))) continue;
      dropped.set(n, {
        outcome: 'dropped',
        verdict: { ...leave('LEFT_GROUP.user', { username }), userId },
        continues: false,
      });
    }
  }
  return dropped;
}

type ConfirmRequest = {
  /** Conditions of the groups. */
  readonly contacts: readonly string[];
  readonly governs: string;
  readonly protect: readonly string[];
  readonly syncUserId: UserId | undefined;
};

/** Those whose access stays as it is. */
async function keptOf(
  client: OrgClient,
  leaving: readonly TakingAway[],
  { contacts, governs, protect, syncUserId }: ConfirmRequest,
): Promise<ReadonlySet<IdKey>> {
  const contactIds = leaving.map(({ contactId }) => contactId);
  const userIds = leaving.map(({ userId }) => userId);
  const members = new Set<string>();
  for (const condition of contacts) await addIds(client, members, 'Contact', conditionAmong(condition, contactIds));
  const governed = new Set<string>();
  await addIds(client, governed, 'User', conditionAmong(governs, userIds));
  const guarded = new Set<string>();
  for (const condition of protect) await addIds(client, guarded, 'User', conditionAmong(condition, userIds));
  const marked = await readMarked(client, leaving, syncUserId);
  const isKept = ({ contactId, userId, needsMark }: TakingAway): boolean =>
    members.has(idKey(contactId)) ||
    !governed.has(idKey(userId)) ||
    guarded.has(idKey(userId)) ||
    (needsMark && !marked.has(idKey(userId)));
  return new Set(leaving.filter(isKept).map(({ userId }) => idKey(userId)));
}

async function addIds(client: OrgClient, ids: Set<string>, from: 'Contact' | 'User', where: string): Promise<void> {
  await readWhole(client, { fields: ['Id'], from, where }, (rows) => {
    for (const row of rows) ids.add(idKey(requiredValue(row, 'Id')));
  });
}

/** Nobody is deactivated who does not bear sync's mark. */
async function readMarked(
  client: OrgClient,
  leaving: readonly TakingAway[],
  syncUserId: UserId | undefined,
): Promise<ReadonlySet<string>> {
  const marked = new Set<string>();
  const userIds = leaving.flatMap(({ needsMark, userId }) => (needsMark ? userId : []));
  if (userIds.length === 0) return marked;
  const query: Query = {
    fields: ['UserId', 'LastModifiedById'],
    from: 'UserLogin',
    where: `IsFrozen = true AND UserId IN (${userIds.map(quoteSoql).join(',')})`,
  };
  const take = (rows: readonly QueryRow[]): void => {
    for (const row of rows)
      if (sameId(row['LastModifiedById'] ?? undefined, syncUserId)) marked.add(idKey(requiredValue(row, 'UserId')));
  };
  await readWhole(client, query, take);
  return marked;
}
