/** `enable --from-run`: of what the run took, only what its user lacks is given back, so that the same command can be run again. */
import type { DatabaseSync } from 'node:sqlite';
import { assignmentRules, assignmentTypes, type AssignmentType } from '../../model/access/assignments.js';
import { idKey } from '../../model/ids.js';
import { assignmentQueryOf } from '../../org/facts/assignments.js';
import type { OrgClient } from '../../org/orgClient.js';
import { requiredValue } from '../../org/queryRow.js';
import { Lookup, type Amount } from '../../selection/lookup.js';
import type { FoundUser } from '../fillUserPlan.js';

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

  /** @returns the same users, `taken` without what they hold (again). What can't be seen counts as lacking: giving twice does no harm. @throws OrgError */
  public async of(found: readonly FoundUser[]): Promise<FoundUser[]> {
    const held = new Set<string>();
    for (const type of assignmentTypes) for (const key of await this.heldOf(type, found)) held.add(key);
    return found.map((each) => {
      const { user, expected } = each;
      if (expected === undefined) return each;
      const id = requiredValue(user, 'Id');
      const isLacking = ({ type, values }: (typeof expected.taken)[number]): boolean =>
        !assignmentRules[type].holds.some((field) => held.has(heldKey(id, values[field])));
      return { ...each, expected: { ...expected, taken: expected.taken.filter(isLacking) } };
    });
  }

  private async heldOf(type: AssignmentType, found: readonly FoundUser[]): Promise<string[]> {
    const concerned = found.filter(({ expected }) => expected?.taken.some((each) => each.type === type));
    if (concerned.length === 0) return [];
    const looking = this.lookups.get(type) ?? this.lookupOf(type);
    this.lookups.set(type, looking);
    const lookup = await looking;
    if (lookup === undefined) return [];
    const keys: string[] = [];
    const { user, holds } = assignmentRules[type];
    for await (const page of lookup.find(concerned.map((each) => requiredValue(each.user, 'Id'))))
      for (const row of page) keys.push(...holds.map((field) => heldKey(requiredValue(row, user), row[field])));
    return keys;
  }

  private async lookupOf(type: AssignmentType): Promise<Lookup | undefined> {
    const query = await assignmentQueryOf(this.client, type);
    return query && new Lookup(this.client, this.db, query, this.amount);
  }
}

/** Ids are told apart by their first 15 characters. Where nothing is held, nothing is found by it. */
function heldKey(userId: string, heldId: string | null | undefined): string {
  return `${idKey(userId)} ${heldId == null ? 'none' : idKey(heldId)}`;
}
