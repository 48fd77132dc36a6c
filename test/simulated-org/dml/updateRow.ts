/** Update of one row: an empty cell or a left-out column changes nothing, null clears. */
import type { FieldValue, StoredRecord } from '../contracts.ts';
import { toId18 } from '../ids.ts';
import { checkAccountUpdate, checkContactUpdate } from './accountContact.ts';
import { checkAddresses } from './addressPicklists.ts';
import { convertValue } from './convertValue.ts';
import type { Chunk } from './orgForDml.ts';
import { checkCustomOwner } from './customRecord.ts';
import { checkReferences } from './referenceRules.ts';
import { checkRequiredOnUpdate } from './requiredFields.ts';
import { resolveRow } from './resolveRow.ts';
import { refuse } from './rowRefusal.ts';
import { checkUniqueFields } from './uniqueFields.ts';
import { checkEmailDomain } from './user/identityRules.ts';
import { checkUserUpdate, writeUserUpdate } from './user/updateUser.ts';
import { normalizeUsername } from './user/usernameRules.ts';
import { checkUserLoginUpdate } from './userLogin.ts';
import { checkRoleUpdate } from './userRole.ts';
import { checkValues } from './valueRules.ts';

export function updateRow(chunk: Chunk, row: Readonly<Record<string, FieldValue>>): string {
  const resolved = resolveRow(chunk, row, 'update');
  const before = findTarget(chunk, resolved.id);
  const fields = resolved.written.map(({ field, value }) => ({ field, value: convertValue(field, value) }));
  checkValues(chunk, fields);
  const values = Object.fromEntries(
    fields.map(({ field, value }) => [field.name, value === null && field.type === 'boolean' ? false : value]),
  );
  if (chunk.object.name === 'User') {
    normalizeUsername(chunk, values);
    checkEmailDomain(chunk, values['Email']);
  }
  checkAddresses(chunk, values, before);
  checkRequiredOnUpdate(chunk, values);
  checkReferences(chunk, fields);
  checkUniqueFields(chunk, fields, before.Id);
  checkByObject(chunk, before, values);
  const changed = Object.keys(values);
  chunk.org.rules.automation.run({
    sobject: chunk.object.name,
    operation: 'update',
    record: { ...before, ...values },
    before,
    changed,
  });
  write(chunk, before, values);
  return before.Id;
}

export function findTarget(chunk: Chunk, id: FieldValue): StoredRecord {
  if (id === null || id === '') refuse('MISSING_ARGUMENT', 'Id not specified in an update call');
  const text = String(id).trim();
  const id18 = toId18(text);
  if (!id18?.startsWith(chunk.object.keyPrefix)) {
    return refuse('MALFORMED_ID', `${labelOfId(chunk)}: id value of incorrect type: ${text}`, ['Id']);
  }
  const record = chunk.org.store.get(chunk.object.name, id18);
  return record ?? refuse('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
}

function labelOfId(chunk: Chunk): string {
  return chunk.object.fields.find((field) => field.type === 'id')?.label ?? 'Record ID';
}

function checkByObject(chunk: Chunk, before: StoredRecord, values: Record<string, FieldValue>): void {
  switch (chunk.object.name) {
    case 'User':
      return checkUserUpdate(chunk, before, values);
    case 'UserLogin':
      return checkUserLoginUpdate(chunk, values);
    case 'Account':
      return checkAccountUpdate(chunk, before, values);
    case 'Contact':
      return checkContactUpdate(chunk, before, values);
    case 'UserRole':
      return checkRoleUpdate(chunk, before);
    default:
      if (chunk.object.custom) checkCustomOwner(chunk, values);
  }
}

function write(chunk: Chunk, before: StoredRecord, values: Record<string, FieldValue>): void {
  const hasModifier = chunk.object.fields.some((field) => field.name === 'LastModifiedById');
  const stamped = hasModifier ? { ...values, LastModifiedById: chunk.runningUserId } : values;
  if (chunk.object.name === 'User') writeUserUpdate(chunk, before, stamped);
  else chunk.org.store.update(chunk.object.name, before.Id, stamped);
}
