/** One chunk of rows through Salesforce's rules: each row succeeds or is refused by itself, nothing is thrown. */
import type { DmlRequest, ExecuteDml, FieldValue, RowResult } from '../contracts.ts';
import type { ObjectDefinition } from '../schema/types.ts';
import { countAssignedLicenses } from './assignedLicenses.ts';
import { deleteRow } from './deleteRow.ts';
import { insertRow } from './insertRow.ts';
import { startChunk } from './orgForDml.ts';
import type { Chunk, OrgForDml } from './orgForDml.ts';
import { RowRefusal, refuse } from './rowRefusal.ts';
import { updateRow } from './updateRow.ts';
import { upsertRow } from './upsertRow.ts';
import { updateUsedLicenses } from './user/licenseRules.ts';

type Row = Readonly<Record<string, FieldValue>>;

export function createExecuteDml(org: OrgForDml): ExecuteDml {
  return (request) => {
    const object = org.schema.object(request.sobject);
    if (object === undefined) {
      const error = {
        code: 'INVALID_TYPE',
        message: `sObject type '${request.sobject}' is not supported.`,
        fields: [],
      };
      return request.rows.map(() => ({ success: false, id: '', error }));
    }
    const { runningUserId, lockOwner, rows } = request;
    const chunk = startChunk(withKeptPermissions(org), object, runningUserId, lockOwner, rows.length);
    return inOneTransaction(org, () => {
      const results = rows.map((row) => executeRow(chunk, request, row));
      if (object.name === 'User') updateUsedLicenses(chunk);
      if (changeAssignedLicenses.has(object.name)) countAssignedLicenses(chunk);
      return results;
    });
  };
}

/** Objects whose rows take or free a license besides that of the profile. */
const changeAssignedLicenses = new Set([
  'PermissionSetAssignment',
  'PermissionSetLicenseAssign',
  'User',
  'UserPackageLicense',
]);

/** Permissions do not change within a chunk, and rules ask for them with each row. */
function withKeptPermissions(org: OrgForDml): OrgForDml {
  const kept = new Map<string, boolean>();
  const hasPermission = (userId: string, permission: string): boolean => {
    const key = `${userId} ${permission}`;
    const known = kept.get(key) ?? org.hasPermission(userId, permission);
    kept.set(key, known);
    return known;
  };
  return {
    store: org.store,
    schema: org.schema,
    switches: org.switches,
    clock: org.clock,
    rules: org.rules,
    hasPermission,
  };
}

function inOneTransaction(org: OrgForDml, work: () => RowResult[]): RowResult[] {
  org.store.db.exec('SAVEPOINT "chunk"');
  try {
    return work();
  } finally {
    org.store.db.exec('RELEASE "chunk"');
  }
}

function executeRow(chunk: Chunk, request: DmlRequest, row: Row): RowResult {
  try {
    meetLockStorm(chunk);
    return perform(chunk, request, row);
  } catch (error) {
    if (!(error instanceof RowRefusal)) throw error;
    return { success: false, id: request.operation === 'insert' ? '' : idText(row), error: error.rowError };
  }
}

function idText(row: Row): string {
  const found = Object.entries(row).find(([column]) => column.toLowerCase() === 'id');
  return typeof found?.[1] === 'string' ? found[1] : '';
}

function perform(chunk: Chunk, request: DmlRequest, row: Row): RowResult {
  checkObjectAllows(chunk.object, request.operation);
  switch (request.operation) {
    case 'insert':
      return { success: true, id: storeRow(chunk, row), created: true };
    case 'update':
      return { success: true, id: updateRow(chunk, row), created: false };
    case 'delete':
      return { success: true, id: deleteRow(chunk, row), created: false };
    case 'upsert':
      return upsertRow(chunk, row, request.externalIdField ?? 'Id');
  }
}

/** STORAGE_LIMIT_EXCEEDED: SOAP API guide, StatusCode; the text is from public reports. */
function storeRow(chunk: Chunk, row: Row): string {
  const { switches } = chunk.org;
  if (switches.recordsUntilStorageIsFull <= 0) refuse('STORAGE_LIMIT_EXCEEDED', 'storage limit exceeded');
  const id = insertRow(chunk, row);
  switches.recordsUntilStorageIsFull -= 1;
  return id;
}

/**
 * Users are never deleted, UserLogin and NetworkMember never created, assignments never updated
 * (docs/salesforce-facts.md#objects).
 */
function checkObjectAllows(object: ObjectDefinition, operation: DmlRequest['operation']): void {
  const words = { insert: 'inserted', update: 'updated', delete: 'deleted' } as const;
  const needed = operation === 'upsert' ? (['insert', 'update'] as const) : [operation];
  const traits = { insert: 'createable', update: 'updateable', delete: 'deletable' } as const;
  for (const one of needed) {
    if (object.traits.has(traits[one])) continue;
    refuse('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be ${words[one]}: ${object.label}`);
  }
}

/** Storms on demand: org.switches.locks (docs/salesforce-facts.md#locks). */
function meetLockStorm(chunk: Chunk): void {
  const { locks } = chunk.org.switches;
  const isHit = locks.stormShare >= 1 || chunk.org.rules.storm.below(1_000) < locks.stormShare * 1_000;
  if (locks.rowLockStorm > 0 && isHit) {
    locks.rowLockStorm -= 1;
    refuse('UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record');
  }
  if (chunk.object.name === 'User' && locks.groupLockStorm > 0 && isHit) {
    locks.groupLockStorm -= 1;
    refuse('UNKNOWN_EXCEPTION', 'group membership operation already in progress');
  }
}
