/** Reads all whom a sync is about. What has not come whole is read again, and never taken for what is not there. */
import type { DatabaseSync } from 'node:sqlite';
import { idKey, sameId, type UserId } from '../../model/ids.js';
import { mostIdsOfQuery } from '../../model/definition/bareCondition.js';
import { externalType } from '../../model/licenseFamilies.js';
import { assignmentQueryOf } from '../../org/facts/assignments.js';
import { assignmentQuery } from '../../org/facts/permissionSets.js';
import type { OrgClient } from '../../org/orgClient.js';
import { unlessHidden } from '../../org/orgErrors.js';
import { countRows, queryPages, type Query, type QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { quoteSoql } from '../../org/soql.js';
import { rowsWhere } from '../../selection/condition.js';
import { assignmentOf } from '../../selection/heldAssignments.js';
import { userFieldsOf } from '../../selection/portalUsers.js';
import { addedUsers, SyncPeople, type SyncedPerson, type OrgRecord } from '../../store/queries/syncPeople.js';
import { governsCondition, groupCondition, protectCondition } from '../definition/rejectedConditions.js';
import type { SyncedUser } from './person.js';
import { pagesWhole, readWhole, whole } from './readWhole.js';
import type { KnownUsers } from '../takenIdentities.js';
import type { SyncSurvey } from './surveySync.js';
import type { GroupSettings, SyncSettings } from './syncSettings.js';

/** Those who are read here have a contact, but for governed users without one. */
export const usersOfSync: KnownUsers = { table: addedUsers, others: 'ContactId = null' };

/** More strangers' contacts than that are found sooner by reading all contacts. */
const mostByIds = 6 * mostIdsOfQuery;

/** Condition on User. */
const hasContact = 'ContactId != null';

/** @throws OrgError also where a result does not come whole; ConditionRejected */
export async function readSyncPeople(client: OrgClient, db: DatabaseSync, sync: ReadSync): Promise<SyncPeople> {
  const { definition, settings, protect } = sync;
  const { groups, namedSets } = settings;
  const people = new SyncPeople(db);
  // Where there are many, the first pages by REST are spared.
  const users = await countRows(client, `User WHERE ${hasContact}`);
  for (const [place, group] of groups.entries()) await readGroup(client, people, place, group, users / groups.length);
  await readUsers(client, people, sync, users);
  for (const condition of protect) {
    const guarding = protectCondition(definition, condition);
    await pagesWhole(
      () => rowsWhere(client, ['Id'], guarding, whole),
      (protectedUsers) => {
        people.protect(idsOf(protectedUsers), condition);
      },
    );
  }
  // Hidden from users without Manage Users: frozen users are not known then (Object Reference, UserLogin).
  await unlessHidden(readSyncLogins(client, people, users), undefined);
  await readHeld(client, people, namedSets, definition.permissionSets === 'exact');
  await seeContacts(client, people, definition.leavers.releaseLicenses);
  return people;
}

type ReadSync = Pick<SyncSurvey, 'definition' | 'facts' | 'settings' | 'protect'>;

/** @param expectedRows about */
async function readGroup(
  client: OrgClient,
  people: SyncPeople,
  place: number,
  group: GroupSettings,
  expectedRows: number,
): Promise<void> {
  const condition = groupCondition(place, group);
  await pagesWhole(
    () => rowsWhere(client, group.contactFields, condition, { ...whole, expectedRows }),
    (contacts) => {
      people.addContacts(place, contacts);
    },
    () => {
      people.forgetGroup(place);
    },
  );
}

/** Users with a contact, governed or not, and other users who are governed. */
async function readUsers(
  client: OrgClient,
  people: SyncPeople,
  { definition, facts, settings: { governs, groups } }: ReadSync,
  expectedRows: number,
): Promise<void> {
  const known = userFieldsOf(facts);
  const fields = [...new Set([...known, 'Email', 'UserType', 'CreatedDate', 'CreatedById', 'LastModifiedById'])];
  const govern = (users: readonly QueryRow[]): void => {
    const touchable = users.filter(
      (user) => externalType(user['UserType'] ?? null) !== undefined && !sameId(user['Id'] ?? undefined, client.userId),
    );
    people.govern(idsOf(touchable));
  };
  const options = { ...whole, expectedRows };
  if (definition.governs === undefined) {
    // Whom it governs then can be seen by the profiles: one query reads them all.
    const profiles = new Set(groups.map(({ profile }) => idKey<string>(profile.id)));
    await pagesWhole(
      () => queryPages(client, { fields, from: 'User', where: `${hasContact} OR ${governs}` }, options),
      (users) => {
        people.addUsers(users);
        govern(users.filter((user) => profiles.has(idKey(requiredValue(user, 'ProfileId')))));
      },
    );
    return;
  }
  await pagesWhole(
    () => queryPages(client, { fields, from: 'User', where: hasContact }, options),
    (users) => {
      people.addUsers(users);
    },
  );
  await pagesWhole(
    () => rowsWhere(client, fields, governsCondition(governs), whole),
    (users) => {
      people.addUsers(users);
      govern(users);
    },
  );
}

async function readSyncLogins(client: OrgClient, people: SyncPeople, expectedRows: number): Promise<void> {
  const query: Query = {
    fields: ['Id', 'UserId', 'IsFrozen', 'LastModifiedDate', 'LastModifiedById'],
    from: 'UserLogin',
  };
  await pagesWhole(
    () => queryPages(client, query, { ...whole, expectedRows }),
    (logins) => {
      people.addLogins(logins);
    },
    () => {
      people.forgetLogins();
    },
  );
}

/** The permission sets and groups that the definition names, as users hold them. @param isTaken what is taken is kept whole */
async function readHeld(
  client: OrgClient,
  people: SyncPeople,
  sets: SyncSettings['namedSets'],
  isTaken: boolean,
): Promise<void> {
  if (sets.size === 0) return;
  const known = isTaken ? await assignmentQueryOf(client, 'permissionSet') : undefined;
  const { fields, from } = known ?? { ...assignmentQuery, fields: ['Id', ...assignmentQuery.fields] };
  const names = new Map([...sets].map(([id, { name }]) => [idKey<string>(id), name]));
  const list = [...sets.keys()].map(quoteSoql).join(',');
  const where = `PermissionSetGroupId IN (${list}) OR (PermissionSetGroupId = null AND PermissionSetId IN (${list}))`;
  await readWhole(
    client,
    { fields, from, where },
    (rows) => {
      people.addHeld(rows.flatMap((row) => assignmentOf(row, { type: 'permissionSet', names }) ?? []));
    },
    () => {
      people.forgetHeld();
    },
  );
}

/** Sharing, or a deletion, can hide the contact of somebody who would be locked out. */
async function seeContacts(client: OrgClient, people: SyncPeople, withOff: boolean): Promise<void> {
  const query: Query = { fields: ['Id'], from: 'Contact' };
  const see = (contacts: readonly QueryRow[]): void => {
    people.seeContacts(idsOf(contacts));
  };
  if (people.countStrangersContacts(withOff) > mostByIds) {
    await readWhole(client, query, see);
    return;
  }
  for (const ids of people.strangersContacts(withOff, mostIdsOfQuery)) {
    await readWhole(client, { ...query, where: `Id IN (${ids.map(quoteSoql).join(',')})` }, see);
  }
}

function idsOf(rows: readonly QueryRow[]): string[] {
  return rows.map((row) => requiredValue(row, 'Id'));
}

/** @param syncUserId undefined where there is none, or the org has no such user: nothing bears its mark then */
export function syncedUserOf(person: SyncedPerson, syncUserId: UserId | undefined): SyncedUser | undefined {
  const { user, login, isGoverned, protectedBy, namedSets } = person;
  if (user === undefined) return undefined;
  const wasBySync = (id: string | null | undefined): boolean => syncUserId !== undefined && id === syncUserId;
  const timeOf = (record: OrgRecord, field: string): number | undefined => {
    const time = Date.parse(record[field] ?? '');
    return Number.isNaN(time) ? undefined : time;
  };
  return {
    id: requiredValue(user, 'Id'),
    username: requiredValue(user, 'Username'),
    name: user['Name'] ?? undefined,
    contactId: user['ContactId'] ?? undefined,
    accountId: user['AccountId'] ?? undefined,
    accountName: user['Account.Name'] ?? undefined,
    profileId: requiredValue(user, 'ProfileId'),
    userType: user['UserType'] ?? null,
    isActive: user['IsActive'] === 'true',
    isLastChangedBySync: wasBySync(user['LastModifiedById']),
    isGoverned,
    protectedBy,
    madeBySync: wasBySync(user['CreatedById']) ? timeOf(user, 'CreatedDate') : undefined,
    login: login && {
      id: requiredValue(login, 'Id'),
      isFrozen: login['IsFrozen'] === 'true',
      changedBySync: wasBySync(login['LastModifiedById']) ? timeOf(login, 'LastModifiedDate') : undefined,
    },
    namedSets: new Map(namedSets.map((held) => [held.target, held])),
  };
}
