/**
 * What the parts of the simulated org promise each other. Everything here is about the *org's* side of the wire;
 * nothing in src/ may import it.
 */
import type { DatabaseSync } from 'node:sqlite';

/** A stored field value. Date-times are kept as `2026-11-22T15:30:12.000Z`, dates as `2026-11-22`. */
export type FieldValue = string | number | boolean | null;

/** A record as it is stored: every field of its object is present, `null` where empty. `Id` has 18 characters. */
export type StoredRecord = { Id: string } & Record<string, FieldValue>;

/** Raw access to the tables: one SQLite table per object, no rules, no permissions. The tests' door to the true state. */
export interface Store {
  readonly db: DatabaseSync;
  /** A fresh 18-character Id with the object's key prefix and a right checksum; ascending within an object. */
  newId(sobject: string): string;
  /** Sets so many running numbers of Ids aside, for rows that SQL writes; returns the first of them. */
  reserveSerials(sobject: string, count: number): number;
  /** Fills absent fields with null (false for booleans) and the audit fields; returns the Id. */
  insert(sobject: string, values: Record<string, FieldValue>): string;
  update(sobject: string, id: string, values: Record<string, FieldValue>): void;
  remove(sobject: string, id: string): void;
  /** Accepts Ids of 15 or 18 characters. With fields, the record has only them and its Id. */
  get(sobject: string, id: string, fields?: readonly string[]): StoredRecord | undefined;
  /** All records whose fields equal the values given (strings compared exactly). */
  /** @param fields besides the Id; all, when left out */
  find(sobject: string, equals?: Record<string, FieldValue>, fields?: readonly string[]): StoredRecord[];
}

/** Salesforce's refusal of one row: in REST `errorCode`, in collections `statusCode`, in Bulk `CODE:message:Field1, Field2 --`. */
export type RowError = { readonly code: string; readonly message: string; readonly fields: readonly string[] };

export type RowResult =
  | { readonly success: true; readonly id: string; readonly created: boolean }
  | { readonly success: false; readonly id: string; readonly error: RowError };

export type DmlOperation = 'insert' | 'update' | 'delete' | 'upsert';

export type DmlRequest = {
  readonly sobject: string;
  readonly operation: DmlOperation;
  /** Field names as the client wrote them (any case). Bulk rows hold strings, JSON rows typed values; `null` clears. */
  readonly rows: ReadonlyArray<Record<string, FieldValue>>;
  /** Only for upsert. */
  readonly externalIdField?: string;
  readonly runningUserId: string;
  /** The 200-row chunk this is, for locks: chunks of different batches may run at the same time. */
  readonly lockOwner: string;
};

/** One chunk of at most 200 rows, in the caller's order. Never throws for a bad row: each row has its result. */
export type ExecuteDml = (request: DmlRequest) => RowResult[];

/** A failed request as a whole: an HTTP status and Salesforce's error array. */
export class ApiError extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly fields: readonly string[] | undefined;

  constructor(status: number, errorCode: string, message: string, fields?: readonly string[]) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.fields = fields;
  }
}

/** What a request handler gets: the path below `/services/data/vXX.0`, query and body already read. */
export type OrgRequest = {
  readonly method: string;
  /** For example `/jobs/ingest/750…/batches`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  /** The raw body; JSON is parsed by the handler that wants it. */
  readonly body: Buffer;
  /** `67.0` */
  readonly apiVersion: string;
  readonly runningUserId: string;
};

export type OrgResponse = {
  readonly status: number;
  /** Objects are sent as JSON, strings as they are with the given content type. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
};

/** A part of the API: returns undefined for paths that are not its own. */
export type Route = (request: OrgRequest) => OrgResponse | undefined | Promise<OrgResponse | undefined>;
