/** Short forms for writing object definitions down: one line a field, with its properties as letters. */
import type { Switches } from '../switches.ts';
import type { FieldDefinition, FieldType, ObjectDefinition, ObjectTrait, PicklistValue } from './types.ts';

/**
 * What a field line may add to its letters.
 */
export type FieldExtras = {
  /** Target objects of a reference, and the name of the way there. */
  readonly to?: string | readonly string[];
  readonly relation?: string;
  readonly values?: readonly string[] | ((switches: Switches) => readonly PicklistValue[]);
  readonly initially?: string | boolean;
  readonly compound?: string;
  readonly extraTypeInfo?: string;
  readonly precision?: number;
  readonly scale?: number;
  readonly generatedAs?: string;
  readonly joinsIndexOf?: string;
  readonly when?: (switches: Switches) => boolean;
};

/**
 * Letters: C createable, U updateable, N nillable, D defaulted on create, I id lookup, X external id, Q unique,
 * S case-sensitive, R restricted picklist, P field-level security applies, M name field, B indexed here;
 * and, as exceptions, f not filterable, g not groupable, s not sortable.
 */
export function field(
  type: FieldType,
  name: string,
  label: string,
  length: number,
  letters: string,
  extras: FieldExtras = {},
): FieldDefinition {
  const has = (letter: string): boolean => letters.includes(letter);
  return {
    name,
    label,
    type,
    length,
    createable: has('C'),
    updateable: has('U'),
    nillable: has('N'),
    defaultedOnCreate: has('D'),
    unique: has('Q'),
    caseSensitive: has('S'),
    externalId: has('X'),
    idLookup: has('I'),
    restrictedPicklist: has('R'),
    filterable: !has('f'),
    sortable: !has('s'),
    groupable: !has('g'),
    custom: isCustom(name),
    permissionable: has('P'),
    nameField: has('M'),
    indexed: has('B'),
    joinsIndexOf: extras.joinsIndexOf ?? null,
    compoundFieldName: extras.compound ?? null,
    extraTypeInfo: extras.extraTypeInfo ?? null,
    precision: extras.precision ?? 0,
    scale: extras.scale ?? 0,
    digits: type === 'int' ? 8 : 0,
    referenceTo: extras.to === undefined ? [] : typeof extras.to === 'string' ? [extras.to] : extras.to,
    relationshipName: extras.relation ?? customRelation(type, name),
    defaultValue: extras.initially ?? (type === 'boolean' ? false : null),
    picklist: picklistOf(extras.values, extras.initially),
    generatedAs: extras.generatedAs ?? null,
    exists: extras.when ?? always,
  };
}

/** The name says it, in Salesforce as here. */
export function isCustom(name: string): boolean {
  return name.endsWith('__c');
}

/** The way to the parent behind `Shelf__c` is `Shelf__r`. */
function customRelation(type: FieldType, name: string): string | null {
  return type === 'reference' && isCustom(name) ? name.replace(/__c$/, '__r') : null;
}

function picklistOf(
  values: FieldExtras['values'],
  initially: string | boolean | undefined,
): FieldDefinition['picklist'] {
  if (typeof values === 'function') return values;
  const fixed = (values ?? []).map((value) => ({ value, label: value, active: true, isDefault: value === initially }));
  return () => fixed;
}

export const always = (): boolean => true;

export function object(
  name: string,
  labels: readonly [string, string],
  keyPrefix: string,
  traits: string,
  fields: readonly FieldDefinition[],
  exists: (switches: Switches) => boolean = always,
): ObjectDefinition {
  const names = traits.split(' ') as ObjectTrait[];
  return {
    name,
    label: labels[0],
    labelPlural: labels[1],
    keyPrefix,
    custom: isCustom(name),
    traits: new Set(names),
    fields,
    exists,
  };
}

export const idField = (label: string): FieldDefinition => field('id', 'Id', label, 18, 'DIB');

/** By whom and when the record was made and changed. */
export const auditFields: readonly FieldDefinition[] = [
  field('datetime', 'CreatedDate', 'Created Date', 0, 'Dg'),
  field('reference', 'CreatedById', 'Created By ID', 18, 'D', { to: 'User', relation: 'CreatedBy' }),
  field('datetime', 'LastModifiedDate', 'Last Modified Date', 0, 'Dg'),
  field('reference', 'LastModifiedById', 'Last Modified By ID', 18, 'D', { to: 'User', relation: 'LastModifiedBy' }),
  field('datetime', 'SystemModstamp', 'System Modstamp', 0, 'Dg'),
];

const customTraits =
  'createable updateable deletable queryable retrieveable replicateable searchable triggerable layoutable mruEnabled undeletable compactLayoutable';

/** An object of one's own (`Book__c`): these fields, and those that Salesforce gives to each. Key prefixes begin with `a`. */
export function customObject(
  name: string,
  labels: readonly [string, string],
  keyPrefix: string,
  fields: readonly FieldDefinition[],
): ObjectDefinition {
  return object(name, labels, keyPrefix, customTraits, [
    idField('Record ID'),
    field('reference', 'OwnerId', 'Owner ID', 18, 'CUDB', { to: ['Group', 'User'], relation: 'Owner' }),
    field('boolean', 'IsDeleted', 'Deleted', 0, 'D'),
    field('string', 'Name', `${labels[0]} Name`, 80, 'CUNIM'),
    ...auditFields,
    ...fields,
  ]);
}
