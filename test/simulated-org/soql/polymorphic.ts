/** The parent behind a reference to several kinds of objects: only its Id, Name and Type can be asked for. */
import { field, idField, object } from '../schema/define.ts';
import type { FieldDefinition, ObjectDefinition } from '../schema/types.ts';

/** Salesforce calls it the object Name. */
export const anyNamed: ObjectDefinition = object('Name', ['Name', 'Names'], '', 'queryable', [
  idField('Name ID'),
  field('string', 'Name', 'Name', 255, 'M'),
  field('string', 'Type', 'Type', 40, ''),
]);

export function findNamed(name: string): FieldDefinition | undefined {
  return anyNamed.fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
}

export function unionOf(targets: readonly ObjectDefinition[]): string {
  const named = targets.filter((target) => target.fields.some((each) => each.name === 'Name'));
  return `(${named.map((target) => `SELECT "Id", "Name", '${target.name}' AS "Type" FROM "${target.name}"`).join(' UNION ALL ')})`;
}
