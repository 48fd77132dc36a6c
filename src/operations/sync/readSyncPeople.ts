/** Reads all whom a sync is about. What has not come whole is read again, and never taken for what is not there. */
import type { DatabaseSync } from 'node:sqlite';
import { idKey, sameId, type UserId } from '../../model/ids.js';
import { externalType } from '../../model/licenseFamilies.js';
import { assignmentQueryOf } from '../../org/facts/assignments.js';
import { assignmentQuery } from '../../org/facts/permissionSets.js';
import type { OrgClient } from '../../org/orgClient.js';
import { unlessHidden } from '../../org/orgErrors.js';
import type { Query, QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import { quoteSoql } from '../../org/soql.js';
import { rowsWhere } from '../../selection/condition.js';
import { assignmentOf } from '../../selection/heldAssignments.js';
import { amountOf, Lookup } from '../../selection/lookup.js';
import { userFieldsOf } from '../../selection/portalUsers.js';
import { SyncPeople, type SyncedPerson, type OrgRecord } from '../../store/queries/syncPeople.js';
import type { SyncedUser } from './person.js';
import { pagesWhole, readWhole, whole } from './readWhole.js';
import type { SyncSurvey } from './surveySync.js';
import type { GroupSettings, SyncSettings } from './syncSettings.js';

/** @throws OrgError also where a result does not come whole; ConditionRejected */
export async function readSyncPeople(
  client: OrgClient,
  db: DatabaseSync,
  { definition, facts, settings, protect }: Pick<SyncSurvey, 'definition' | 'facts' | 'settings' | 'protect'>,
): Promise<SyncPeople> {
  const { groups, governs, namedSets } = settings;
  const people = new SyncPeople(db);
  for (const [place, group] of groups.entries()) await readGroup(client, people, place, group);
  await readUsers(client, people, userFieldsOf(facts), governs);
  for (const condition of protect) {
    const guarding = { flag: 'protect', from: 'User', where: condition } as const;
    await pagesWhole(
      () => rowsWhere(client, ['Id'], guarding, whole),
      (users) => {
        people.protect(idsOf(users), condition);
      },
    );
  }
  // Hidden from users without Manage Users: frozen users are not known then (Object Reference, UserLogin).
  await unlessHidden(readSyncLogins(client, people), undefined);
  await readHeld(client, people, namedSets, definition.permissionSets === 'exact');
  await seeContacts(client, db, people, definition.leavers.releaseLicenses);
  return people;
}

async function readGroup(client: OrgClient, people: SyncPeople, place: number, group: GroupSettings): Promise<void> {
  const condition = { flag: `contacts of "${group.name}"`, from: 'Contact', where: group.contacts } as const;
  await pagesWhole(
    () => rowsWhere(client, group.contactFields, condition, whole),
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
  known: readonly string[],
  governs: string,
): Promise<void> {
  const fields = [...new Set([...known, 'Email', 'UserType', 'CreatedDate', 'CreatedById', 'LastModifiedById'])];
  await readWhole(client, { fields, from: 'User', where: 'ContactId != null' }, (users) => {
    people.addUsers(users);
  });
  await pagesWhole(
    () => rowsWhere(client, fields, { flag: 'governs', from: 'User', where: governs }, whole),
    (users) => {
      people.addUsers(users);
      const touchable = users.filter(
        (user) =>
          externalType(user['UserType'] ?? null) !== undefined && !sameId(user['Id'] ?? undefined, client.userId),
      );
      people.govern(idsOf(touchable));
    },
  );
}

async function readSyncLogins(client: OrgClient, people: SyncPeople): Promise<void> {
  const query: Query = {
    fields: ['Id', 'UserId', 'IsFrozen', 'LastModifiedDate', 'LastModifiedById'],
    from: 'UserLogin',
  };
  await readWhole(
    client,
    query,
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
async function seeContacts(client: OrgClient, db: DatabaseSync, people: SyncPeople, withOff: boolean): Promise<void> {
  const query = { fields: ['Id'], from: 'Contact', field: 'Id' };
  const lookup = new Lookup(client, db, query, amountOf(people.countStrangersContacts(withOff)));
  for (const ids of people.strangersContacts(withOff)) {
    for await (const contacts of lookup.find(ids)) people.seeContacts(idsOf(contacts));
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
