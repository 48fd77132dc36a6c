/**
 * Right before each call of a sync its people are asked for again. Those in a group by now keep access, and those in none any
 * more get nothing; neither do those in another group, who keep profile and permission sets. Users whose access or profile would
 * be changed must still be governed, unprotected, and of the same contact; nobody is deactivated or let in who does not bear sync's
 * mark, and nobody is frozen whom somebody else has frozen. Nothing is released from users who can log in again.
 */
import { unlessInterrupted } from '../../engine/stop.js';
import type { Confirm } from '../../engine/planSend.js';
import { anyOf, conditionAmong, mostIdsOfQuery } from '../../model/definition/bareCondition.js';
import type { Group } from '../../model/definition/definition.js';
import { idKey, sameId, type UserId } from '../../model/ids.js';
import { leave } from '../../model/reasons.js';
import type { OrgClient } from '../../org/orgClient.js';
import type { Query, QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { quoteSoql } from '../../org/soql.js';
import { requireMeta, requireMetaList } from '../../store/meta.js';
import { stepsOfPeople, type PersonStep } from '../../store/queries/syncSteps.js';
import type { LookAgain } from '../operation.js';
import { readWhole } from './readWhole.js';
import { governsOf } from './syncSettings.js';

/** Characters, beside `mostIdsOfQuery`. */
const mostOfConditions = 10_000;

/** What is asked again, the same for each call. */
type AskedAgain = {
  readonly client: OrgClient;
  readonly groups: ReadonlyArray<Pick<Group, 'name' | 'contacts'>>;
  /** The conditions of all groups. */
  readonly contacts: readonly string[];
  readonly governs: string;
  readonly protect: readonly string[];
};

/** @throws OrgError, RunFault interrupted */
export function confirmSync(again: LookAgain): Confirm {
  const { db, stop } = again;
  let asking: Promise<AskedAgain> | undefined;
  return async (_kind, steps) => {
    const due = stepsOfPeople(db, steps);
    // A call that gives is asked about once for each group, or not at all: a first load would take hundreds of queries.
    if (due.length > mostIdsOfQuery && due.every(({ does }) => does === 'give')) return new Map();
    const asked = await (asking ??= askedAgain(again));
    const left: PersonStep[] = [];
    for (let start = 0; start < due.length; start += mostIdsOfQuery) {
      const page = due.slice(start, start + mostIdsOfQuery);
      left.push(...(await unlessInterrupted(leftAlone(asked, page), stop)));
    }
    return new Map(left.map((step) => [step.n, { outcome: 'dropped', verdict: verdictOf(step), continues: false }]));
  };
}

async function askedAgain({ client, db, facts }: LookAgain): Promise<AskedAgain> {
  const { parseDefinition } = await import('../definition/readDefinition.js');
  const definition = parseDefinition(requireMeta(db, 'definition'), requireMeta(db, 'definitionPath'));
  return {
    client,
    groups: definition.groups,
    contacts: anyOf(
      definition.groups.map(({ contacts }) => contacts),
      mostOfConditions,
    ),
    governs: governsOf(definition, facts),
    protect: anyOf(requireMetaList(db, 'protect'), mostOfConditions),
  };
}

function verdictOf({ contactId, userId, username }: PersonStep): ReturnType<typeof leave> {
  if (userId === undefined) return leave('LEFT_GROUP.detail', { contactId });
  return { ...leave('LEFT_GROUP.user', { username }), userId };
}

/** Those that are not to be sent. */
async function leftAlone(asked: AskedAgain, due: readonly PersonStep[]): Promise<PersonStep[]> {
  const { client, contacts, governs, protect } = asked;
  const contactsOf = (isAsked: (does: PersonStep['does']) => boolean): string[] =>
    due.flatMap(({ does, contactId }) => (isAsked(does) ? [contactId] : []));
  const members = await readIds(
    client,
    'Contact',
    contacts,
    contactsOf((does) => takesAccess.has(does)),
  );
  const groupOf = await readGroupsOf(
    asked,
    contactsOf((does) => !takesAccess.has(does)),
  );
  const changed = due.flatMap(({ does, userId }) => (does === 'give' ? [] : (userId ?? [])));
  const governed = await readGoverned(client, governs, changed);
  const guarded = await readIds(client, 'User', protect, changed);
  const isOfAccess = due.some(({ does }) => does !== 'give' && does !== 'change');
  const frozen = isOfAccess ? await readFrozen(client, changed) : new Map<string, Frozen>();
  const isLeft = ({ contactId, userId, groupName, does }: PersonStep): boolean => {
    const contact = idKey(contactId);
    if (takesAccess.has(does) ? members.has(contact) : groupOf.get(contact) !== groupName) return true;
    if (does === 'give') return false;
    if (userId === undefined) return true;
    const id = idKey(userId);
    const user = governed.get(id);
    // Where contacts are merged, the user becomes that of the one that is left.
    if (user?.contact !== contact || guarded.has(id)) return true;
    if (does === 'change') return false;
    const mark = frozen.get(id);
    if (does === 'freeze') return mark === 'others';
    if (mark !== 'sync') return true;
    return does === 'release' ? user.isActive || user.isOffByOthers : does === 'giveBack' && user.isOffByOthers;
  };
  return due.filter(isLeft);
}

/** What is done to people of whom no group has the contact. */
const takesAccess: ReadonlySet<PersonStep['does']> = new Set(['freeze', 'deactivate', 'release']);

/** By contact: the name of the first group that selects it. Most are in one of the first groups, so the others are asked about fewer. */
async function readGroupsOf(
  { client, groups }: AskedAgain,
  contactIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const groupOf = new Map<string, string>();
  for (const { name, contacts } of groups) {
    const others = contactIds.filter((id) => !groupOf.has(idKey(id)));
    for (const id of await readIds(client, 'Contact', [contacts], others)) groupOf.set(id, name);
  }
  return groupOf;
}

async function readIds(
  client: OrgClient,
  from: 'Contact' | 'User',
  conditions: readonly string[],
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (ids.length === 0) return found;
  for (const condition of conditions) {
    await readWhole(client, { fields: ['Id'], from, where: conditionAmong(condition, ids) }, (rows) => {
      for (const row of rows) found.add(idKey(requiredValue(row, 'Id')));
    });
  }
  return found;
}

/** A governed user. @property isOffByOthers inactive, and last changed by somebody else than sync */
type Governed = { readonly contact: string | undefined; readonly isActive: boolean; readonly isOffByOthers: boolean };

async function readGoverned(
  client: OrgClient,
  governs: string,
  userIds: readonly UserId[],
): Promise<ReadonlyMap<string, Governed>> {
  const governed = new Map<string, Governed>();
  if (userIds.length === 0) return governed;
  const fields = ['Id', 'ContactId', 'IsActive', 'LastModifiedById'];
  await readWhole(client, { fields, from: 'User', where: conditionAmong(governs, userIds) }, (rows) => {
    for (const row of rows) {
      governed.set(idKey(requiredValue(row, 'Id')), {
        contact: idKey(row['ContactId'] ?? undefined),
        isActive: row['IsActive'] === 'true',
        isOffByOthers: row['IsActive'] === 'false' && !isBySync(client, row),
      });
    }
  });
  return governed;
}

type Frozen = 'sync' | 'others';

/** By whom the frozen users were frozen. */
async function readFrozen(client: OrgClient, userIds: readonly UserId[]): Promise<ReadonlyMap<string, Frozen>> {
  const frozen = new Map<string, Frozen>();
  const query: Query = {
    fields: ['UserId', 'LastModifiedById'],
    from: 'UserLogin',
    where: `IsFrozen = true AND UserId IN (${userIds.map(quoteSoql).join(',')})`,
  };
  await readWhole(client, query, (rows) => {
    for (const row of rows) frozen.set(idKey(requiredValue(row, 'UserId')), isBySync(client, row) ? 'sync' : 'others');
  });
  return frozen;
}

/** Only syncUser gets as far as the calls that change access (src/operations/sync/syncGuards.ts). */
function isBySync({ userId }: OrgClient, row: QueryRow): boolean {
  return sameId(row['LastModifiedById'] ?? undefined, userId);
}
