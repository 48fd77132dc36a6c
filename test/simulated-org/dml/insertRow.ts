/**
 * Insert of one row: rules that hold for every object, then those of its own object
 * (docs/salesforce-facts.md#insert-of-a-user).
 */
import type { FieldValue } from '../contracts.ts';
import { checkLicenseAssign } from './assignedLicenses.ts';
import { checkAccountInsert, checkContactInsert } from './accountContact.ts';
import { checkAddresses } from './addressPicklists.ts';
import { convertValue } from './convertValue.ts';
import { completeCustomRecord } from './customRecord.ts';
import { checkMemberGroup } from './memberGroup.ts';
import type { Chunk } from './orgForDml.ts';
import { checkAssignment, followAssignment } from './permissionSetAssignment.ts';
import { checkReferences } from './referenceRules.ts';
import { checkRequiredOnInsert } from './requiredFields.ts';
import { resolveRow } from './resolveRow.ts';
import { refuse } from './rowRefusal.ts';
import { checkUniqueFields } from './uniqueFields.ts';
import { checkEmailDomain } from './user/identityRules.ts';
import { checkUserInsert, writeUser } from './user/insertUser.ts';
import { normalizeUsername } from './user/usernameRules.ts';
import { checkRoleInsert } from './userRole.ts';
import { checkValues } from './valueRules.ts';
import type { ConvertedField } from './valueRules.ts';

export function insertRow(chunk: Chunk, row: Readonly<Record<string, FieldValue>>): string {
  const resolved = resolveRow(chunk, row, 'insert');
  if (resolved.id !== null && resolved.id !== '')
    refuse('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id']);
  const fields = resolved.written.map(({ field, value }) => ({ field, value: convertValue(field, value) }));
  checkValues(chunk, fields);
  const values = withDefaults(chunk, fields);
  if (chunk.object.name === 'User') {
    normalizeUsername(chunk, values);
    checkEmailDomain(chunk, values['Email']);
  }
  checkAddresses(chunk, values);
  checkRequiredOnInsert(chunk, values);
  checkReferences(chunk, fields);
  checkUniqueFields(chunk, fields, undefined);
  return writeByObject(
    chunk,
    values,
    fields.map(({ field }) => field.name),
  );
}

/** What was left out gets its default; an empty cell counts as left out. */
function withDefaults(chunk: Chunk, fields: readonly ConvertedField[]): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = { ...chunk.kept.defaults };
  for (const { field, value } of fields) {
    if (value !== null) values[field.name] = value;
    else values[field.name] ??= null;
  }
  return values;
}

function writeByObject(chunk: Chunk, values: Record<string, FieldValue>, changed: readonly string[]): string {
  switch (chunk.object.name) {
    case 'User': {
      const plan = checkUserInsert(chunk, values);
      runAutomation(chunk, values, changed);
      return writeUser(chunk, plan);
    }
    case 'Account':
      checkAccountInsert(chunk, values);
      break;
    case 'Contact':
      checkContactInsert(chunk, values);
      break;
    case 'PermissionSetAssignment':
      checkAssignment(chunk, values);
      break;
    case 'NetworkMemberGroup':
      checkMemberGroup(chunk, values);
      break;
    case 'UserRole':
      checkRoleInsert(chunk, values);
      break;
    case 'PermissionSetLicenseAssign':
    case 'UserPackageLicense':
      checkLicenseAssign(chunk, chunk.object.name, values);
      break;
    default:
      if (chunk.object.custom) completeCustomRecord(chunk, values);
  }
  runAutomation(chunk, values, changed);
  const id = chunk.org.store.insert(chunk.object.name, values);
  if (chunk.object.name === 'PermissionSetAssignment') followAssignment(chunk, values);
  return id;
}

function runAutomation(chunk: Chunk, record: Readonly<Record<string, FieldValue>>, changed: readonly string[]): void {
  chunk.org.rules.automation.run({
    sobject: chunk.object.name,
    operation: 'insert',
    record,
    before: undefined,
    changed,
  });
}
