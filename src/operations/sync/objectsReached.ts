/** The objects whose records conditions look at: where sharing hides one of those, a condition says no where it should say yes. */
import { recordsReached, type ReachedRecords } from '../../model/definition/bareCondition.js';
import { describeFields, type FieldDescribe } from '../../org/facts/describe.js';
import type { OrgClient } from '../../org/orgClient.js';
import { unlessHidden } from '../../org/orgErrors.js';
import { sideBySide } from '../../org/sideBySide.js';

/** A bare condition, and the object that it is about. */
export type AskedCondition = { readonly from: 'Contact' | 'User'; readonly where: string };

/**
 * Objects without sharing, or whose records everybody sees who may freeze users
 * (docs/salesforce-facts.md#permissions).
 */
const openToAll: ReadonlySet<string> = new Set(['group', 'profile', 'recordtype', 'user', 'userlicense', 'userrole']);

type Describe = (name: string) => Promise<ReadonlyMap<string, FieldDescribe> | undefined>;

/**
 * One call for each object from which a relationship leads on. What can't be resolved is named by the last name of its path, as an
 * object that nobody sees.
 * @returns names of objects, each once @throws OrgError
 */
export async function objectsReached(client: OrgClient, conditions: readonly AskedCondition[]): Promise<string[]> {
  const described = new Map<string, ReturnType<Describe>>();
  const describe: Describe = (name) => {
    const fields = described.get(name.toLowerCase()) ?? unlessHidden(describeFields(client, name), undefined);
    described.set(name.toLowerCase(), fields);
    return fields;
  };
  const found = new Map<string, string>();
  for (const { from, where } of conditions) {
    for (const reached of recordsReached(where, from)) {
      for (const name of await resolve(reached, describe))
        if (!openToAll.has(name.toLowerCase())) found.set(name.toLowerCase(), name);
    }
  }
  return [...found.values()];
}

/** Several where a relationship can lead to several, as Owner does. */
async function resolve({ object, relationships }: ReachedRecords, describe: Describe): Promise<readonly string[]> {
  let objects: readonly string[] = [object];
  for (const name of relationships) {
    const next = await sideBySide(objects.map(async (each) => targetsOf(await describe(each), name)));
    objects = [...new Set(next.flat())];
    if (objects.length === 0) return [name];
  }
  return objects;
}

function targetsOf(fields: ReadonlyMap<string, FieldDescribe> | undefined, relationship: string): readonly string[] {
  const same = (field: FieldDescribe): boolean => field.relationshipName?.toLowerCase() === relationship.toLowerCase();
  return [...(fields?.values() ?? [])].find(same)?.referenceTo ?? [];
}
