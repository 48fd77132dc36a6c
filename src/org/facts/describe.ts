/** Reads which fields an object has for the running user, and what may be written to them. */
import type { FieldRule, KeyField, PicklistValue } from '../../model/orgFacts.js';
import { readJson, type JsonReader } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { malformed } from '../orgErrors.js';

export type FieldDescribe = FieldRule &
  KeyField & { readonly referenceTo: readonly string[]; readonly relationshipName: string | undefined };

/**
 * The fields of an object, by lower-case name. A field that the running user cannot see is absent.
 * @throws OrgError refused if the org has no such object, or hides it. Source: REST API guide "sObject Describe".
 */
export async function describeFields(client: OrgClient, name: string): Promise<ReadonlyMap<string, FieldDescribe>> {
  const { body } = await client.call({ method: 'GET', path: `/sobjects/${encodeURIComponent(name)}/describe` });
  const fields = readJson(body, `describe of ${name}`).objects('fields').map(readField);
  return new Map(fields.map((field) => [field.name.toLowerCase(), field]));
}

function readField(field: JsonReader): FieldDescribe {
  const referenceTo = field.list('referenceTo', []);
  if (!referenceTo.every((name) => typeof name === 'string'))
    throw malformed(`${field.what}: "referenceTo" is no names`);
  return {
    ...field.texts(['name', 'type', 'label']),
    length: field.number('length'),
    createable: field.boolean('createable'),
    isRequired: field.boolean('createable') && !field.boolean('nillable') && !field.boolean('defaultedOnCreate'),
    unique: field.boolean('unique'),
    externalId: field.boolean('externalId'),
    caseSensitive: field.object['caseSensitive'] === true,
    restrictedPicklist: field.boolean('restrictedPicklist'),
    picklistValues: field.objects('picklistValues', []).map(readPicklistValue),
    referenceTo,
    relationshipName: field.textIfAny('relationshipName'),
  };
}

function readPicklistValue(entry: JsonReader): PicklistValue {
  const value = entry.text('value');
  return { value, label: entry.textIfAny('label') ?? value };
}
