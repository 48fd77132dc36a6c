/** `enable --from-run`: of what the run took, only what its user lacks is given back, so that the same command can be run again. */
import type { DatabaseSync } from 'node:sqlite';
import {
  assignmentRules,
  assignmentTypes,
  type AssignmentType,
  type TakenAssignment,
} from '../../model/access/assignments.js';
import { idKey, type UserId } from '../../model/ids.js';
import { assignmentQueryOf } from '../../org/facts/assignments.js';
import type { OrgClient } from '../../org/orgClient.js';
import { requiredValue } from '../../org/queryRow.js';
import { Lookup, type Amount } from '../../selection/lookup.js';

/** A user from whom a run has taken something. */
type Deprived = { readonly userId: UserId; readonly taken: readonly TakenAssignment[] };

type LackedOf = (userId: UserId, taken: readonly TakenAssignment[]) => readonly TakenAssignment[];

/** Asks what users hold of the types that the run took from them, and of those users alone. */
export class LackedByUsers {
  private readonly client: OrgClient;
  private readonly db: DatabaseSync;
  private readonly amount: Amount;
  private readonly lookups = new Map<AssignmentType, Promise<Lookup | undefined>>();

  /** @param db where copies may lie @param amount of the users that will be asked for */
  public constructor(client: OrgClient, db: DatabaseSync, amount: Amount) {
    this.client = client;
    this.db = db;
    this.amount = amount;
  }

  /** @returns of what was taken from a user, what the user does not hold (again). What can't be seen counts as lacking: giving twice does no harm. @throws OrgError */
  public async of(deprived: readonly Deprived[]): Promise<LackedOf> {
    const held = new Set<string>();
    for (const type of assignmentTypes) for (const key of await this.heldOf(type, deprived)) held.add(key);
    return (userId, taken) =>
      taken.filter(({ type, values }) => !heldKeys(userId, type, values).some((key) => held.has(key)));
  }

  private async heldOf(type: AssignmentType, deprived: readonly Deprived[]): Promise<string[]> {
    const concerned = deprived.filter(({ taken }) => taken.some((each) => each.type === type));
    if (concerned.length === 0) return [];
    const looking = this.lookups.get(type) ?? this.lookupOf(type);
    this.lookups.set(type, looking);
    const lookup = await looking;
    if (lookup === undefined) return [];
    const keys: string[] = [];
    const { user } = assignmentRules[type];
    for await (const page of lookup.find(concerned.map(({ userId }) => userId)))
      for (const row of page) keys.push(...heldKeys(requiredValue(row, user), type, row));
    return keys;
  }

  private async lookupOf(type: AssignmentType): Promise<Lookup | undefined> {
    const query = await assignmentQueryOf(this.client, type);
    return query && new Lookup(this.client, this.db, query, this.amount);
  }
}

/** One for each field that says what is held; Ids are told apart by their first 15 characters. */
function heldKeys(
  userId: string,
  type: AssignmentType,
  values: Readonly<Record<string, string | null | undefined>>,
): string[] {
  return assignmentRules[type].holds.flatMap((field) => {
    const held = values[field] ?? '';
    return held === '' ? [] : `${idKey(userId)} ${idKey(held)}`;
  });
}
