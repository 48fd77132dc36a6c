/** Runs SOQL for REST and for Bulk: checks, compiles, and gives the rows as they are asked for. */
import type { StatementSync } from 'node:sqlite';
import { makeId, keyPrefixes } from '../ids.ts';
import type { Org } from '../org.ts';
import { refreshUserPermissionAccess } from '../permissions.ts';
import { statement } from '../statements.ts';
import { compileSoql } from './compile.ts';
import type { CompiledQuery } from './compile.ts';
import type { QueryCaller, QueryResult, QueryRow, QueryValue } from './types.ts';

/** `apiVersion` as in the address: `67.0`. Throws ApiError with Salesforce's refusal. */
export function runQuery(
  org: Org,
  soql: string,
  request: { readonly runningUserId: string; readonly apiVersion: string },
): QueryResult {
  const compiled = compileSoql(org, soql, callerOf(org, request));
  if (compiled.object.name === 'UserPermissionAccess') {
    refreshUserPermissionAccess(org.store.db, makeId(keyPrefixes.UserPermissionAccess, 1), request.runningUserId);
  }
  return {
    object: compiled.object,
    kind: compiled.kind,
    columns: compiled.select.columns,
    idAt: compiled.select.idAt,
    rows: () => rowsOf(org, compiled),
    count: () => Number(statement(org.store.db, compiled.count.text).get(...compiled.count.values)?.['n'] ?? 0),
  };
}

function callerOf(org: Org, request: { readonly runningUserId: string; readonly apiVersion: string }): QueryCaller {
  const zone = org.store.get('User', request.runningUserId, ['TimeZoneSidKey'])?.['TimeZoneSidKey'];
  return {
    userId: request.runningUserId,
    timeZone: typeof zone === 'string' ? zone : 'GMT',
    now: org.clock.now(),
    apiVersion: request.apiVersion,
  };
}

function* rowsOf(org: Org, compiled: CompiledQuery): Generator<QueryRow> {
  const booleans = compiled.select.columns.flatMap((column, index) =>
    column.field?.type === 'boolean' ? [index] : [],
  );
  for (const row of prepare(org, compiled).iterate(...compiled.sql.values)) {
    const values = row as unknown as QueryValue[];
    for (const index of booleans) if (values[index] !== null) values[index] = values[index] === 1;
    yield values;
  }
}

function prepare(org: Org, compiled: CompiledQuery): StatementSync {
  const prepared = org.store.db.prepare(compiled.sql.text);
  // Arrays, because two columns of different parents may have the same name.
  prepared.setReturnArrays(true);
  return prepared;
}
