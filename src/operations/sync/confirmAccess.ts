/**
 * Right before the call that takes access away: users whose contact is in a group by now, or is another one, who are not
 * governed any more, are protected, or were let in or frozen by somebody, stay as they are. Before the call that gives it back:
 * users whose contact has left the groups, too, and those who do not bear sync's mark any more.
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
import { accessSteps, type AccessStep } from '../../store/queries/syncSteps.js';
import { parseDefinition } from '../definition/readDefinition.js';
import type { LookAgain } from '../operation.js';
import { readWhole } from './readWhole.js';
import { governsOf } from './syncSettings.js';

/** A query of so many Ids stays below the 100,000 characters of a SOQL statement. */
const mostIds = 4_000;

/** @returns by their numbers, the steps that are not to be sent, and why @throws OrgError, RunFault interrupted */
export async function confirmAccess(
  { client, db, facts, stop }: LookAgain,
  _kind: string,
  steps: readonly Step[],
): Promise<ReadonlyMap<number, Dropped>> {
  const dropped = new Map<number, Dropped>();
  const due = accessSteps(db, steps);
  if (due.length === 0) return dropped;
  const definition = parseDefinition(requireMeta(db, 'definition'), requireMeta(db, 'definitionPath'));
  const asked = {
    contacts: definition.groups.map(({ contacts }) => contacts),
    governs: governsOf(definition, facts),
    protect: requireMetaList(db, 'protect'),
    // Only syncUser gets this far (src/operations/sync/syncGuards.ts).
    syncUserId: client.userId,
  };
  for (let start = 0; start < due.length; start += mostIds) {
    const page = due.slice(start, start + mostIds);
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
  readonly syncUserId: UserId;
};

/** Those whose access stays as it is. */
async function keptOf(
  client: OrgClient,
  due: readonly AccessStep[],
  { contacts, governs, protect, syncUserId }: ConfirmRequest,
): Promise<ReadonlySet<IdKey>> {
  const contactIds = due.map(({ contactId }) => contactId);
  const userIds = due.map(({ userId }) => userId);
  const members = new Set<string>();
  for (const condition of contacts) await addIds(client, members, 'Contact', conditionAmong(condition, contactIds));
  const governed = await readGoverned(client, conditionAmong(governs, userIds));
  const guarded = new Set<string>();
  for (const condition of protect) await addIds(client, guarded, 'User', conditionAmong(condition, userIds));
  const frozen = await readFrozen(client, userIds, syncUserId);
  const isKept = ({ contactId, userId, does }: AccessStep): boolean => {
    const mark = frozen.get(idKey(userId));
    return (
      members.has(idKey(contactId)) !== (does === 'giveBack') ||
      // Where contacts are merged, the user becomes that of the one that is left.
      governed.get(idKey(userId)) !== idKey(contactId) ||
      guarded.has(idKey(userId)) ||
      (does === 'freeze' ? mark === 'others' : mark !== 'sync')
    );
  };
  return new Set(due.filter(isKept).map(({ userId }) => idKey(userId)));
}

async function addIds(client: OrgClient, ids: Set<string>, from: 'Contact' | 'User', where: string): Promise<void> {
  await readWhole(client, { fields: ['Id'], from, where }, (rows) => {
    for (const row of rows) ids.add(idKey(requiredValue(row, 'Id')));
  });
}

/** @returns the users' contacts as they are now */
async function readGoverned(client: OrgClient, where: string): Promise<ReadonlyMap<string, string | undefined>> {
  const governed = new Map<string, string | undefined>();
  await readWhole(client, { fields: ['Id', 'ContactId'], from: 'User', where }, (rows) => {
    for (const row of rows) governed.set(idKey(requiredValue(row, 'Id')), idKey(row['ContactId'] ?? undefined));
  });
  return governed;
}

/**
 * By whom the frozen users were frozen. Nobody is deactivated or let in who does not bear sync's mark, and a user that somebody
 * else has frozen does not get it: sync would let that user in again.
 */
async function readFrozen(
  client: OrgClient,
  userIds: readonly UserId[],
  syncUserId: UserId,
): Promise<ReadonlyMap<string, 'sync' | 'others'>> {
  const frozen = new Map<string, 'sync' | 'others'>();
  const query: Query = {
    fields: ['UserId', 'LastModifiedById'],
    from: 'UserLogin',
    where: `IsFrozen = true AND UserId IN (${userIds.map(quoteSoql).join(',')})`,
  };
  const take = (rows: readonly QueryRow[]): void => {
    for (const row of rows) {
      const isSync = sameId(row['LastModifiedById'] ?? undefined, syncUserId);
      frozen.set(idKey(requiredValue(row, 'UserId')), isSync ? 'sync' : 'others');
    }
  };
  await readWhole(client, query, take);
  return frozen;
}
