/** Columns that make a whole job fail: only the first one is named (docs/salesforce-facts.md#bulk-ingest-jobs). */
import type { Org } from '../org.ts';
import type { ObjectDefinition } from '../schema/types.ts';
import type { HeaderCell } from './csvIn.ts';
import { JobFailure } from './csvIn.ts';

export function checkHeader(schema: Org['schema'], object: ObjectDefinition, header: readonly HeaderCell[]): void {
  for (const { name } of header) {
    if (name.includes('.')) checkRelation(schema, object, name);
    else if (schema.field(object, name) === undefined)
      throw new JobFailure(`InvalidBatch : Field name not found : ${name}`);
  }
}

/** `Relation.Field`, or `Type:Relation.Field` where the relation leads to several objects. */
function checkRelation(schema: Org['schema'], object: ObjectDefinition, column: string): void {
  const [path = '', key = ''] = column.split('.');
  const relation = path.includes(':') ? path.slice(path.indexOf(':') + 1) : path;
  const field = schema.relation(object, relation);
  if (field === undefined) throw new JobFailure(`InvalidBatch : Unable to find relationship: ${relation}`);
  if (path.includes(':') && field.referenceTo.length === 1) {
    throw new JobFailure(`InvalidBatch : type is not needed for non polymorphic foreign key references: ${relation}`);
  }
  const parent = schema.object(field.referenceTo[0] ?? '');
  if (parent === undefined || schema.field(parent, key) === undefined)
    throw new JobFailure(`InvalidBatch : Field name not found : ${column}`);
}
