/** The org's objects as they are now: definitions narrowed by the switches and by what the running user may see. */
import type { Switches } from '../switches.ts';
import type { FieldDefinition, ObjectDefinition } from './types.ts';

/** Names are taken in any case. What the switches take away is not found. */
export interface Schema {
  /** All that the org may have, whatever the switches say. */
  readonly definitions: readonly ObjectDefinition[];
  objects(): ObjectDefinition[];
  object(name: string): ObjectDefinition | undefined;
  fields(object: ObjectDefinition): FieldDefinition[];
  field(object: ObjectDefinition, name: string): FieldDefinition | undefined;
  /** The reference field behind a way to a parent: `Owner` → OwnerId. */
  relation(object: ObjectDefinition, name: string): FieldDefinition | undefined;
  /** The object whose Ids start like this one. */
  objectOfId(id: string): ObjectDefinition | undefined;
}

/** Lower-case names to definitions; every object and field, whether this org has it or not. */
type Index = {
  readonly objects: ReadonlyMap<string, ObjectDefinition>;
  readonly fields: ReadonlyMap<ObjectDefinition, ReadonlyMap<string, FieldDefinition>>;
  readonly relations: ReadonlyMap<ObjectDefinition, ReadonlyMap<string, FieldDefinition>>;
};

const indexes = new WeakMap<readonly ObjectDefinition[], Index>();

/** @param objects all that the org may have, whatever the switches say */
export function createSchema(switches: Switches, objects: readonly ObjectDefinition[]): Schema {
  const index = indexes.get(objects) ?? indexDefinitions(objects);
  indexes.set(objects, index);
  const hasObject = (object: ObjectDefinition): boolean =>
    object.exists(switches) && !lists(switches.hiddenObjects, object.name);
  const hasField = (object: ObjectDefinition, field: FieldDefinition): boolean =>
    field.exists(switches) && !lists(switches.hiddenFields, `${object.name}.${field.name}`);
  const visible = (object: ObjectDefinition, field: FieldDefinition | undefined): FieldDefinition | undefined =>
    field && hasField(object, field) ? field : undefined;
  return {
    definitions: objects,
    objects: () => objects.filter(hasObject),
    object(name) {
      const found = index.objects.get(name.toLowerCase());
      return found && hasObject(found) ? found : undefined;
    },
    fields: (object) => object.fields.filter((candidate) => hasField(object, candidate)),
    field: (object, name) => visible(object, index.fields.get(object)?.get(name.toLowerCase())),
    relation: (object, name) => visible(object, index.relations.get(object)?.get(name.toLowerCase())),
    objectOfId: (id) => objects.find((object) => object.keyPrefix === id.slice(0, 3)),
  };
}

function lists(names: readonly string[], name: string): boolean {
  return names.some((listed) => listed.toLowerCase() === name.toLowerCase());
}

function indexDefinitions(objects: readonly ObjectDefinition[]): Index {
  return {
    objects: new Map(objects.map((object) => [object.name.toLowerCase(), object])),
    fields: new Map(
      objects.map((object) => [object, new Map(object.fields.map((each) => [each.name.toLowerCase(), each]))]),
    ),
    relations: new Map(objects.map((object) => [object, relationsOf(object)])),
  };
}

function relationsOf(object: ObjectDefinition): Map<string, FieldDefinition> {
  return new Map(
    object.fields.flatMap((each) =>
      each.relationshipName === null ? [] : [[each.relationshipName.toLowerCase(), each] as const],
    ),
  );
}
