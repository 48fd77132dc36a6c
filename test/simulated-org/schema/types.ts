/** Object and field definitions: the data from which tables, describes, query checks and row rules are made. */
import type { Switches } from '../switches.ts';

export type FieldType =
  | 'id'
  | 'string'
  | 'boolean'
  | 'reference'
  | 'picklist'
  | 'multipicklist'
  | 'email'
  | 'phone'
  | 'url'
  | 'textarea'
  | 'date'
  | 'datetime'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'address';

export type PicklistValue = {
  readonly value: string;
  readonly label: string;
  readonly active: boolean;
  readonly isDefault: boolean;
};

export type FieldDefinition = {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Characters; 0 where Salesforce says 0 (booleans, numbers, dates). */
  readonly length: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly nillable: boolean;
  readonly defaultedOnCreate: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly externalId: boolean;
  readonly idLookup: boolean;
  readonly restrictedPicklist: boolean;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly groupable: boolean;
  readonly custom: boolean;
  /** Field-level security applies. */
  readonly permissionable: boolean;
  readonly nameField: boolean;
  readonly compoundFieldName: string | null;
  readonly extraTypeInfo: string | null;
  readonly precision: number;
  readonly scale: number;
  readonly digits: number;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  /** What an insert puts in when the field is absent. */
  readonly defaultValue: string | boolean | null;
  /** All values, also inactive ones; depends on the switches for languages. */
  readonly picklist: (switches: Switches) => readonly PicklistValue[];
  /** Derived from other columns: SQL for a generated column. */
  readonly generatedAs: string | null;
  /** Indexed, because clients look records up by it. */
  readonly indexed: boolean;
  /** The indexed field whose index has this one as a further column, so that a count of many records needs no look at them. */
  readonly joinsIndexOf: string | null;
  /** Whether this org has the field at all. */
  readonly exists: (switches: Switches) => boolean;
};

export type ObjectDefinition = {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  /** Rights and features that are true; all others are false. */
  readonly traits: ReadonlySet<ObjectTrait>;
  readonly fields: readonly FieldDefinition[];
  readonly exists: (switches: Switches) => boolean;
};

export type ObjectTrait =
  | 'createable'
  | 'updateable'
  | 'deletable'
  | 'queryable'
  | 'retrieveable'
  | 'replicateable'
  | 'searchable'
  | 'triggerable'
  | 'layoutable'
  | 'mergeable'
  | 'mruEnabled'
  | 'undeletable'
  | 'feedEnabled'
  | 'compactLayoutable'
  | 'activateable';
