/** `GET /sobjects`, `/sobjects/X`, `/sobjects/X/describe`, in the shape and order of the recorded answers. */
import type { Org } from '../org.ts';
import { KeptBySwitches } from '../switchesLookedAt.ts';
import type { FieldDefinition, ObjectDefinition, ObjectTrait } from '../schema/types.ts';
import type { JsonObject } from './json.ts';

export function globalDescribe(org: Org, apiVersion: string): JsonObject {
  return {
    encoding: 'UTF-8',
    maxBatchSize: 200,
    sobjects: org.schema.objects().map((object) => globalEntry(object, apiVersion)),
  };
}

/** `GET /sobjects/X`: the entry of the list, and recently used records. */
export function basicDescribe(object: ObjectDefinition, apiVersion: string): JsonObject {
  return { objectDescribe: globalEntry(object, apiVersion), recentItems: [] };
}

function globalEntry(object: ObjectDefinition, apiVersion: string): JsonObject {
  const is = (trait: ObjectTrait): boolean => object.traits.has(trait);
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable: is('createable'),
    custom: object.custom,
    customSetting: false,
    deepCloneable: false,
    deletable: is('deletable'),
    deprecatedAndHidden: false,
    feedEnabled: is('feedEnabled'),
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: is('layoutable'),
    mergeable: is('mergeable'),
    mruEnabled: is('mruEnabled'),
    name: object.name,
    queryable: is('queryable'),
    replicateable: is('replicateable'),
    retrieveable: is('retrieveable'),
    searchable: is('searchable'),
    triggerable: is('triggerable'),
    undeletable: is('undeletable'),
    updateable: is('updateable'),
    urls: urls(object, apiVersion),
  };
}

function urls(object: ObjectDefinition, apiVersion: string): JsonObject {
  const base = `/services/data/v${apiVersion}/sobjects/${object.name}`;
  return {
    rowTemplate: `${base}/{ID}`,
    ...(object.name === 'User' ? { passwordUtilities: `${base}/{ID}/password` } : {}),
    defaultValues: `${base}/defaultValues?recordTypeId&fields`,
    describe: `${base}/describe`,
    sobject: base,
  };
}

/** By all that the org may have. Clients begin with the same few describes, and each is as long as a book. */
const describes = new WeakMap<readonly ObjectDefinition[], KeptBySwitches<JsonObject>>();

/** Frozen: nobody else may write into it. */
export function sobjectDescribe(org: Org, object: ObjectDefinition, apiVersion: string): JsonObject {
  const { definitions } = org.schema;
  const kept = describes.get(definitions) ?? new KeptBySwitches<JsonObject>();
  describes.set(definitions, kept);
  const make = (): JsonObject => Object.freeze(describeObject(org, object, apiVersion));
  return kept.get(`${apiVersion} ${object.name}`, org.switches, make);
}

function describeObject(org: Org, object: ObjectDefinition, apiVersion: string): JsonObject {
  const is = (trait: ObjectTrait): boolean => object.traits.has(trait);
  return {
    actionOverrides: [],
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    childRelationships: childRelationships(org, object),
    compactLayoutable: is('compactLayoutable'),
    createable: is('createable'),
    custom: object.custom,
    customSetting: false,
    deepCloneable: false,
    defaultImplementation: null,
    deletable: is('deletable'),
    deprecatedAndHidden: false,
    extendedBy: null,
    extendsInterfaces: null,
    feedEnabled: is('feedEnabled'),
    fields: org.schema.fields(object).map((field) => describeField(org, field)),
    hasSubtypes: false,
    implementedBy: null,
    implementsInterfaces: null,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: is('layoutable'),
    listviewable: null,
    lookupLayoutable: null,
    mergeable: is('mergeable'),
    mruEnabled: is('mruEnabled'),
    name: object.name,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    queryable: is('queryable'),
    recordTypeInfos: is('layoutable') ? [masterRecordType(object, apiVersion)] : [],
    replicateable: is('replicateable'),
    retrieveable: is('retrieveable'),
    searchLayoutable: is('layoutable') ? true : null,
    searchable: is('searchable'),
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' }],
    triggerable: is('triggerable'),
    undeletable: is('undeletable'),
    updateable: is('updateable'),
    urls: urls(object, apiVersion),
  };
}

function masterRecordType(object: ObjectDefinition, apiVersion: string): JsonObject {
  const recordTypeId = '012000000000000AAA';
  return {
    active: true,
    available: true,
    defaultRecordTypeMapping: true,
    developerName: 'Master',
    master: true,
    name: 'Master',
    recordTypeId,
    urls: { layout: `/services/data/v${apiVersion}/sobjects/${object.name}/describe/layouts/${recordTypeId}` },
  };
}

function childRelationships(org: Org, object: ObjectDefinition): JsonObject[] {
  return org.schema.objects().flatMap((child) =>
    org.schema
      .fields(child)
      .filter((field) => field.referenceTo.includes(object.name))
      .map((field) => ({
        cascadeDelete: false,
        childSObject: child.name,
        deprecatedAndHidden: false,
        field: field.name,
        junctionIdListNames: [],
        junctionReferenceTo: [],
        relationshipName: null,
        restrictedDelete: false,
      })),
  );
}

const soapTypes: Readonly<Partial<Record<FieldDefinition['type'], string>>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  address: 'urn:address',
};

const countedTypes = new Set<FieldDefinition['type']>([
  'string',
  'picklist',
  'multipicklist',
  'email',
  'phone',
  'url',
  'textarea',
]);

function describeField(org: Org, field: FieldDefinition): JsonObject {
  const picklistValues = field.picklist(org.switches).map((entry) => ({
    active: entry.active,
    defaultValue: entry.isDefault,
    label: entry.label,
    validFor: null,
    value: entry.value,
  }));
  return {
    aggregatable: field.type !== 'boolean' && field.type !== 'address' && field.filterable,
    aiPredictionField: false,
    autoNumber: false,
    byteLength: countedTypes.has(field.type) ? field.length * 3 : field.length,
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: field.caseSensitive,
    compoundFieldName: field.compoundFieldName,
    controllerName: null,
    createable: field.createable,
    custom: field.custom,
    defaultValue: field.type === 'boolean' ? (field.defaultValue ?? false) : field.defaultValue,
    defaultValueFormula: null,
    defaultedOnCreate: field.defaultedOnCreate,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.digits,
    displayLocationInDecimal: false,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: field.extraTypeInfo,
    filterable: field.filterable,
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: field.groupable,
    highScaleNumber: false,
    htmlFormatted: false,
    idLookup: field.idLookup,
    inlineHelpText: null,
    label: field.label,
    length: field.length,
    mask: null,
    maskType: null,
    name: field.name,
    nameField: field.nameField,
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: field.permissionable,
    picklistValues,
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision,
    queryByDistance: field.type === 'address',
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restrictedPicklist,
    scale: field.scale,
    searchPrefilterable: false,
    soapType: soapTypes[field.type] ?? 'xsd:string',
    sortable: field.sortable,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}
