/** What users hold and keep when they are deactivated: permission sets and groups, permission set licenses, licenses of packages. */
import type { DatabaseSync } from 'node:sqlite';
import {
  assignmentRules,
  assignmentTypes,
  endField,
  type AssignmentType,
  type HeldAssignment,
} from '../model/access/assignments.js';
import { idKey, type UserId } from '../model/ids.js';
import { assignmentQueryOf, type AssignableLicenses } from '../org/facts/assignments.js';
import { readPermissionSets } from '../org/facts/permissionSets.js';
import type { OrgClient } from '../org/orgClient.js';
import type { QueryRow } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import { checkHeldIsSeen } from '../preflight/changeChecks.js';
import { judgeChecks } from '../preflight/planChecks.js';
import { namesById } from './heldPermissionSets.js';
import { Lookup, type Amount } from './lookup.js';

/** Reads them by lists of users where those are few, from a copy of each object in a temporary table where they are many. */
export class HeldAssignments {
  private readonly client: OrgClient;
  private readonly db: DatabaseSync;
  private readonly amount: Amount;
  private readonly licenses: AssignableLicenses;
  private sources: Promise<Source[]> | undefined;

  /** @param db where copies may lie @param amount of the users that will be asked for */
  public constructor(client: OrgClient, db: DatabaseSync, amount: Amount, licenses: AssignableLicenses) {
    this.client = client;
    this.db = db;
    this.amount = amount;
    this.licenses = licenses;
  }

  /** By user Id; nobody who holds nothing. @throws OrgError, ChecksFailed where the running user can't see what users hold */
  public async of(userIds: readonly UserId[]): Promise<ReadonlyMap<UserId, readonly HeldAssignment[]>> {
    const held = new Map<UserId, HeldAssignment[]>();
    if (userIds.length === 0) return held;
    for (const source of await (this.sources ??= this.makeSources())) {
      for await (const page of source.lookup.find(userIds)) {
        for (const row of page) {
          const assignment = assignmentOf(row, source);
          if (assignment === undefined) continue;
          const { userId } = assignment;
          held.set(userId, [...(held.get(userId) ?? []), assignment]);
        }
      }
    }
    return held;
  }

  private async makeSources(): Promise<Source[]> {
    const sources: Source[] = [];
    const hidden: string[] = [];
    for (const type of assignmentTypes) {
      const [query, names] = [await assignmentQueryOf(this.client, type), await this.namesOf(type)];
      // In an org without packages nobody holds a license of one; the other objects are in every org.
      if (query === undefined && (type !== 'packageLicense' || names.size > 0))
        hidden.push(assignmentRules[type].object);
      if (query !== undefined)
        sources.push({ type, lookup: new Lookup(this.client, this.db, query, this.amount), names });
    }
    judgeChecks(checkHeldIsSeen(this.client, hidden));
    return sources;
  }

  private async namesOf(type: AssignmentType): Promise<Source['names']> {
    if (type === 'permissionSet') return namesById(await readPermissionSets(this.client));
    return new Map((await this.licenses.of(type)).map(({ id, name }) => [idKey(id), name]));
  }
}

type Source = { readonly type: AssignmentType; readonly lookup: Lookup; readonly names: ReadonlyMap<string, string> };

/**
 * @param names of what users can hold, by Id
 * @returns undefined for the hidden permission set of a profile, which comes and goes with it
 */
export function assignmentOf(row: QueryRow, { type, names }: Omit<Source, 'lookup'>): HeldAssignment | undefined {
  const { user, holds } = assignmentRules[type];
  // The record of a group names the hidden permission set of the group besides.
  const field = holds.findLast((each) => row[each] != null);
  const target = field === undefined ? undefined : row[field];
  if (field === undefined || target == null) return undefined;
  const name = names.get(idKey(target));
  if (name === undefined && field === 'PermissionSetId') return undefined;
  const end = row[endField];
  return {
    type,
    id: requiredValue(row, 'Id'),
    userId: requiredValue(row, user),
    target,
    label: name ?? target,
    values: { [field]: target, ...(end == null ? {} : { [endField]: end }) },
  };
}
