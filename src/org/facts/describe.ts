/** Reads which fields an object has for the running user, and what may be written to them. */
import type { FieldRule, KeyField, PicklistValue } from '../../model/orgFacts.js';
import { asArray, asObject, booleanOf, numberOf, optionalText, parseJson, textOf } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { malformed } from '../orgErrors.js';

export type FieldDescribe = FieldRule &
  KeyField & {
    readonly referenceTo: readonly string[];
    readonly relationshipName: string | null;
  };

export type ObjectDescribe = {
  readonly name: string;
  /** By lower-case name. A field that the running user cannot see is absent. */
  readonly fields: ReadonlyMap<string, FieldDescribe>;
};

/**
 * Describes an object.
 * @throws OrgError refused if the org has no such object, or hides it from the running user
 * Source: REST API guide "sObject Describe".
 */
export async function describeObject(client: OrgClient, name: string): Promise<ObjectDescribe> {
  const what = `describe of ${name}`;
  const { body } = await client.call({ method: 'GET', path: `/sobjects/${encodeURIComponent(name)}/describe` });
  const answer = asObject(parseJson(body, what), what);
  const fields = asArray(answer['fields'], what).map((field) => readField(field, what));
  return {
    name: textOf(answer, 'name', what),
    fields: new Map(fields.map((field) => [field.name.toLowerCase(), field])),
  };
}

function readField(value: unknown, what: string): FieldDescribe {
  const field = asObject(value, what);
  return {
    name: textOf(field, 'name', what),
    type: textOf(field, 'type', what),
    length: numberOf(field, 'length', what),
    createable: booleanOf(field, 'createable', what),
    unique: booleanOf(field, 'unique', what),
    externalId: booleanOf(field, 'externalId', what),
    caseSensitive: field['caseSensitive'] === true,
    restrictedPicklist: booleanOf(field, 'restrictedPicklist', what),
    picklistValues: asArray(field['picklistValues'] ?? [], what).map((each) => readPicklistValue(each, what)),
    referenceTo: asArray(field['referenceTo'] ?? [], what).map((each) => objectName(each, what)),
    relationshipName: optionalText(field, 'relationshipName', what) ?? null,
  };
}

function readPicklistValue(value: unknown, what: string): PicklistValue {
  const entry = asObject(value, what);
  const text = textOf(entry, 'value', what);
  return { value: text, label: optionalText(entry, 'label', what) ?? text };
}

function objectName(value: unknown, what: string): string {
  if (typeof value !== 'string') throw malformed(`${what}: "referenceTo" holds something that is no name`);
  return value;
}
