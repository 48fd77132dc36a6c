/** What an org has beyond the standard, handed in as data: custom fields, and objects of its own. */
import { otherPrefixes, keyPrefixes } from '../ids.ts';
import { isCustom } from './define.ts';
import { standardObjects } from './standardObjects.ts';
import type { FieldDefinition, ObjectDefinition } from './types.ts';

export type OwnSchema = {
  /** Custom fields of standard objects, by object. */
  readonly fields?: Readonly<Record<string, readonly FieldDefinition[]>>;
  /** Objects that the org has besides the standard ones. */
  readonly objects?: readonly ObjectDefinition[];
};

const withOwnFields = new WeakMap<object, readonly ObjectDefinition[]>();

/** All objects of an org, by name as a real org lists them. @throws for what no org could have: the tests would prove nothing */
export function objectsWith(own: OwnSchema): readonly ObjectDefinition[] {
  const { fields } = own;
  if (fields === undefined || own.objects !== undefined) return makeObjects(own);
  // Most orgs of a process have the same fields.
  const made = withOwnFields.get(fields) ?? makeObjects(own);
  withOwnFields.set(fields, made);
  return made;
}

function makeObjects({ fields = {}, objects = [] }: OwnSchema): readonly ObjectDefinition[] {
  for (const name of Object.keys(fields)) {
    if (!standardObjects.some((object) => object.name === name)) throw new Error(`No standard object ${name}`);
  }
  const all = [...standardObjects.map((object) => withFields(object, fields[object.name] ?? [])), ...objects];
  checkObjects(all);
  return all.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function withFields(object: ObjectDefinition, own: readonly FieldDefinition[]): ObjectDefinition {
  const standard = own.find(({ custom }) => !custom);
  if (standard !== undefined) throw new Error(`${object.name}.${standard.name}: a custom field's name ends in __c`);
  return own.length === 0 ? object : { ...object, fields: [...object.fields, ...own] };
}

function checkObjects(objects: readonly ObjectDefinition[]): void {
  refuseTwins(
    'object',
    objects.map(({ name }) => name.toLowerCase()),
  );
  refuseTwins('key prefix', [
    ...objects.map(({ keyPrefix }) => keyPrefix),
    ...Object.values(otherPrefixes),
    keyPrefixes.RecordType,
  ]);
  for (const object of objects) {
    if (!/^[0-9A-Za-z]{3}$/.test(object.keyPrefix))
      throw new Error(`${object.name}: a key prefix has three characters, not "${object.keyPrefix}"`);
    checkFields(object);
  }
}

function checkFields({ name, fields }: ObjectDefinition): void {
  const names = fields.map((field) => field.name);
  refuseTwins(
    `field of ${name}`,
    names.map((each) => each.toLowerCase()),
  );
  if (!names.includes('Id')) throw new Error(`${name} has no field Id`);
  for (const field of fields) {
    const { joinsIndexOf } = field;
    if (joinsIndexOf !== null && !fields.some((each) => each.name === joinsIndexOf && each.indexed))
      throw new Error(`${name}.${field.name} joins the index of ${joinsIndexOf}, which has none`);
    // "All numeric custom fields are handled as type double": Object Reference, Custom Fields.
    if (isCustom(field.name) && field.type === 'int')
      throw new Error(`${name}.${field.name}: a custom number is a double`);
  }
}

function refuseTwins(what: string, names: readonly string[]): void {
  const twin = names.find((name, index) => names.indexOf(name) !== index);
  if (twin !== undefined) throw new Error(`There are two of the ${what} ${twin}`);
}
