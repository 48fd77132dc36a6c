/** What users keep when they are deactivated: read of those alone from whom a sync may take it. */
import type { DatabaseSync } from 'node:sqlite';
import { assignmentRules, typeRemovedBy, type HeldAssignment } from '../../model/access/assignments.js';
import { requiredValue } from '../../org/queryRow.js';
import type { OrgClient } from '../../org/orgClient.js';
import type { OrgFacts } from '../../preflight/orgFacts.js';
import { HeldAssignments } from '../../selection/heldAssignments.js';
import { amountOf } from '../../selection/lookup.js';
import type { SyncPeople, SyncedPerson } from '../../store/queries/syncPeople.js';
import type { OpenPerson } from '../../store/queries/syncSteps.js';
import type { Deciding } from './decidedPeople.js';
import { mayBeReleased } from './decidePerson.js';
import { syncedUserOf } from './readSyncPeople.js';

export class HeldByLeavers {
  private readonly assignments: HeldAssignments;
  private readonly deciding: Deciding;

  /** @param db where copies may lie */
  public constructor(
    client: OrgClient,
    db: DatabaseSync,
    people: SyncPeople,
    deciding: Deciding,
    { assignable }: Pick<OrgFacts, 'assignable'>,
  ) {
    const { releaseLicenses } = deciding.rules.leavers;
    const amount = amountOf(releaseLicenses ? people.countStrangersContacts(true) : 0);
    this.assignments = new HeldAssignments(client, db, amount, assignable);
    this.deciding = deciding;
  }

  /** @returns what each of these people keeps; nothing of those of whom nobody has to know it @throws OrgError, ChecksFailed */
  public async of(people: readonly SyncedPerson[]): Promise<(person: SyncedPerson) => readonly HeldAssignment[]> {
    const { rules, syncUserId } = this.deciding;
    const userIds = people.flatMap((person) => {
      const user = person.group === undefined ? syncedUserOf(person, syncUserId) : undefined;
      return user !== undefined && mayBeReleased(user, rules) ? [user.id] : [];
    });
    const held = await this.assignments.of(userIds);
    return ({ user }) => (user === undefined ? undefined : held.get(requiredValue(user, 'Id'))) ?? [];
  }
}

/** What a plan takes from somebody counts as held: where it is gone by now, Salesforce says so, and that is as good. */
export function heldBySteps({ userId, steps }: OpenPerson): HeldAssignment[] {
  return steps.flatMap(({ kind, target: id, values }) => {
    const type = typeRemovedBy(kind);
    if (type === undefined || userId === undefined) return [];
    const target = assignmentRules[type].holds.flatMap((field) => values[field] ?? []).join();
    return [{ type, id, userId, target, label: target, values }];
  });
}
