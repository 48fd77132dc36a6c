/** The answer to `&columns=true`: what kind of columns a query has, after the types of the official CLI. */
import type { FieldDefinition } from '../schema/types.ts';
import type { QueryColumn, QueryResult } from '../soql/types.ts';
import type { JsonObject } from './json.ts';

export function columnMetadata(result: QueryResult): JsonObject {
  const columns: JsonObject[] = [];
  for (const column of result.columns) addColumn(columns, column, column.path);
  return {
    columnMetadata: result.kind === 'count' ? [] : columns,
    entityName: result.object.name,
    groupBy: result.kind === 'aggregate',
    idSelected: result.columns.some((column) => column.name === 'Id'),
    keyPrefix: result.object.keyPrefix,
  };
}

/** A parent goes into `joinColumns` of a column named after the relation. */
function addColumn(columns: JsonObject[], column: QueryColumn, path: readonly string[]): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    columns.push(leaf(name, column.field, column.isAggregate));
    return;
  }
  let parent = columns.find((other) => other['columnName'] === name);
  if (!parent) columns.push((parent = { ...leaf(name, undefined, false), foreignKeyName: name }));
  addColumn(parent['joinColumns'] as JsonObject[], column, rest);
}

function leaf(name: string, field: FieldDefinition | undefined, aggregate: boolean): JsonObject {
  const type = field?.type;
  return {
    aggregate,
    apexType: apexType(type),
    booleanType: type === 'boolean',
    columnName: name,
    custom: field?.custom ?? false,
    displayName: name,
    foreignKeyName: null,
    insertable: field?.createable ?? false,
    joinColumns: [],
    numberType: aggregate || type === 'int' || type === 'double' || type === 'currency' || type === 'percent',
    textType: type !== undefined && ['string', 'textarea', 'email', 'phone', 'url', 'picklist'].includes(type),
    updatable: field?.updateable ?? false,
  };
}

function apexType(type: FieldDefinition['type'] | undefined): string {
  switch (type) {
    case 'id':
    case 'reference':
      return 'Id';
    case 'boolean':
      return 'Boolean';
    case 'date':
      return 'Date';
    case 'datetime':
      return 'Datetime';
    case 'int':
      return 'Integer';
    case 'double':
    case 'currency':
    case 'percent':
      return 'Double';
    default:
      return 'String';
  }
}
