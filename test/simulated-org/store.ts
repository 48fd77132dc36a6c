/** The true state of the org: one SQLite table per object, without rules and without permissions. */
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { countActiveUsers } from './activeUsers.ts';
import type { Clock } from './clock.ts';
import type { FieldValue, Store, StoredRecord } from './contracts.ts';
import { makeId, serialOf, toId18 } from './ids.ts';
import type { FieldDefinition, ObjectDefinition } from './schema/types.ts';

export type StoreOptions = {
  /** One table for each. */
  readonly objects: readonly ObjectDefinition[];
  readonly clock: Clock;
  /** A file to keep the data in; in memory when left out. */
  readonly file?: string;
  /** What it holds at first. */
  readonly image?: Uint8Array;
  /** Whom CreatedById and LastModifiedById name when the writer says nothing. */
  readonly defaultUserId: string;
};

const systemFields = ['CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById', 'SystemModstamp'] as const;

export class SqliteStore implements Store {
  readonly db: DatabaseSync;
  private readonly clock: Clock;
  private readonly defaultUserId: string;
  private readonly tables = new Map<string, Table>();
  private readonly serials = new Map<string, number>();

  constructor(options: StoreOptions) {
    this.clock = options.clock;
    this.defaultUserId = options.defaultUserId;
    this.db = openDatabase(options.file ?? ':memory:');
    if (options.image !== undefined) this.db.deserialize(options.image);
    const made = namesIn(this.db);
    for (const object of options.objects) this.tables.set(object.name, createTable(this.db, object, made));
    countActiveUsers(this.db);
  }

  newId(sobject: string): string {
    return makeId(this.table(sobject).object.keyPrefix, this.reserveSerials(sobject, 1));
  }

  reserveSerials(sobject: string, count: number): number {
    const last = this.serials.get(sobject) ?? this.table(sobject).greatestSerial();
    this.serials.set(sobject, last + count);
    return last + 1;
  }

  insert(sobject: string, values: Record<string, FieldValue>): string {
    const table = this.table(sobject);
    table.refuseUnknown(values);
    const id = values['Id'] ?? this.newId(sobject);
    if (typeof id !== 'string') throw new TypeError(`Id of a new ${sobject} must be text`);
    table.insert(id, values, this.stamps());
    return id;
  }

  update(sobject: string, id: string, values: Record<string, FieldValue>): void {
    const table = this.table(sobject);
    table.refuseUnknown(values);
    const now = this.clock.timestamp();
    const stamps: Record<string, FieldValue> = {};
    if (table.has('LastModifiedDate')) stamps['LastModifiedDate'] = now;
    if (table.has('SystemModstamp')) stamps['SystemModstamp'] = now;
    const all = Object.entries({ ...stamps, ...values }).filter(([name]) => name !== 'Id');
    const assignments = all.map(([name]) => `"${name}" = ?`).join(', ');
    const result = table
      .prepare(`UPDATE "${sobject}" SET ${assignments} WHERE "Id" = ?`)
      .run(...all.map(([, value]) => toColumn(value)), this.fullId(id));
    if (Number(result.changes) !== 1) throw new Error(`No ${sobject} ${id} to update`);
  }

  remove(sobject: string, id: string): void {
    this.table(sobject).prepare(`DELETE FROM "${sobject}" WHERE "Id" = ?`).run(this.fullId(id));
  }

  get(sobject: string, id: string, fields?: readonly string[]): StoredRecord | undefined {
    const table = this.table(sobject);
    return table.read(`SELECT ${columnsOf(fields)} FROM "${sobject}" WHERE "Id" = ? LIMIT 1`, this.fullId(id))[0];
  }

  find(sobject: string, equals: Record<string, FieldValue> = {}, fields?: readonly string[]): StoredRecord[] {
    const table = this.table(sobject);
    table.refuseUnknown(equals, true);
    const entries = Object.entries(equals);
    // The column's own collation first, so that its index is used; then exactly.
    const conditions = entries.map(([name, value]) =>
      typeof value === 'string' ? `("${name}" = ? AND "${name}" = ? COLLATE BINARY)` : `"${name}" IS ?`,
    );
    const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    const parameters = entries.flatMap(([, value]) => (typeof value === 'string' ? [value, value] : [toColumn(value)]));
    return table.read(`SELECT ${columnsOf(fields)} FROM "${sobject}"${where} ORDER BY "Id"`, ...parameters);
  }

  /** Writes all of it to a new file. */
  saveTo(file: string): void {
    this.db.prepare('VACUUM INTO ?').run(file);
  }

  /** All of it, for an org that begins with a copy. */
  image(): Uint8Array {
    return this.db.serialize();
  }

  close(): void {
    this.db.close();
  }

  private stamps(): Record<string, FieldValue> {
    const now = this.clock.timestamp();
    const by = this.defaultUserId;
    return { CreatedDate: now, CreatedById: by, LastModifiedDate: now, LastModifiedById: by, SystemModstamp: now };
  }

  private table(sobject: string): Table {
    const table = this.tables.get(sobject);
    if (!table) throw new Error(`The store has no object ${sobject}`);
    return table;
  }

  private fullId(id: string): string {
    return toId18(id) ?? id;
  }
}

/** A query of one table, and the columns that it gives. */
type Reader = {
  readonly statement: StatementSync;
  readonly columns: ReadonlyArray<{ readonly name: string; readonly isBoolean: boolean }>;
};

/** One object's table, with its statements kept ready. */
class Table {
  readonly object: ObjectDefinition;
  private readonly db: DatabaseSync;
  private readonly booleans: ReadonlySet<string>;
  /** Columns that are written; generated ones are not. */
  private readonly writable: ReadonlySet<string>;
  private readonly readable: ReadonlySet<string>;
  private readonly statements = new Map<string, StatementSync>();
  private readonly readers = new Map<string, Reader>();

  constructor(db: DatabaseSync, object: ObjectDefinition) {
    this.db = db;
    this.object = object;
    this.booleans = new Set(object.fields.filter((field) => field.type === 'boolean').map((field) => field.name));
    this.writable = new Set(object.fields.filter((field) => field.generatedAs === null).map((field) => field.name));
    this.readable = new Set(object.fields.map((field) => field.name));
  }

  /** Writes only the columns that differ from a new row's: most of a User's hundred and more do not. */
  insert(id: string, values: Record<string, FieldValue>, stamps: Record<string, FieldValue>): void {
    const names = ['Id'];
    const row: Array<string | number> = [id];
    const add = (name: string, value: FieldValue | undefined): void => {
      if (value === undefined || value === null || value === false || !this.writable.has(name)) return;
      names.push(name);
      row.push(value === true ? 1 : value);
    };
    for (const name of Object.keys(values)) if (name !== 'Id') add(name, values[name]);
    for (const name of systemFields) if (values[name] === undefined) add(name, stamps[name]);
    this.insertInto(names).run(...row);
  }

  private insertInto(names: readonly string[]): StatementSync {
    const columns = names.map((name) => `"${name}"`).join(', ');
    return this.prepare(`INSERT INTO "${this.object.name}" (${columns}) VALUES (${names.map(() => '?').join(', ')})`);
  }

  has(field: string): boolean {
    return this.writable.has(field);
  }

  /** A misspelled field in a test or a rule must not pass silently. */
  refuseUnknown(values: Record<string, FieldValue>, reading = false): void {
    const known = reading ? this.readable : this.writable;
    for (const name of Object.keys(values)) {
      if (!known.has(name) && !(systemFields as readonly string[]).includes(name))
        throw new Error(`${this.object.name} has no column ${name} to ${reading ? 'read' : 'write'}`);
    }
  }

  prepare(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    if (this.statements.size < 200) this.statements.set(sql, statement);
    return statement;
  }

  /** SQLite's arrays are made records here: a User has 176 columns, and to look at each of them a second time takes longest. */
  read(sql: string, ...parameters: Array<string | number | null>): StoredRecord[] {
    const { statement, columns } = this.reader(sql);
    return statement.all(...parameters).map((cells) => {
      const record: Record<string, unknown> = {};
      for (const [place, { name, isBoolean }] of columns.entries()) {
        const value = cells[place];
        record[name] = isBoolean ? value === 1 : value;
      }
      return record as StoredRecord;
    });
  }

  private reader(sql: string): Reader {
    const known = this.readers.get(sql);
    if (known) return known;
    const statement = this.db.prepare(sql);
    const columns = statement.columns().map(({ name }) => ({ name, isBoolean: this.booleans.has(name) }));
    statement.setReturnArrays(true);
    const reader = { statement, columns };
    if (this.readers.size < 200) this.readers.set(sql, reader);
    return reader;
  }

  greatestSerial(): number {
    const greatest = this.prepare(`SELECT MAX("Id") AS "id" FROM "${this.object.name}"`).get()?.['id'];
    return typeof greatest === 'string' ? serialOf(greatest) : 0;
  }
}

function openDatabase(location: string): DatabaseSync {
  const db = new DatabaseSync(location);
  db.exec('PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA case_sensitive_like = OFF;');
  // A file is as fast as memory when it is read through memory, and when nobody else is asked whether it changed.
  db.exec(
    'PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -1000000; PRAGMA mmap_size = 2000000000; PRAGMA temp_store = MEMORY;',
  );
  // Comparing text outside ASCII without case is beyond SQLite's own NOCASE.
  db.function('sf_fold', { deterministic: true }, (text) => (typeof text === 'string' ? text.toLowerCase() : text));
  return db;
}

function columnsOf(fields: readonly string[] | undefined): string {
  return fields === undefined ? '*' : ['Id', ...fields].map((name) => `"${name}"`).join(', ');
}

/** The tables and indexes that an image or a file has already. */
function namesIn(db: DatabaseSync): ReadonlySet<unknown> {
  return new Set(
    db
      .prepare('SELECT "name" FROM sqlite_schema')
      .all()
      .map(({ name }) => name),
  );
}

/** @param made the tables and indexes that exist: to find that out, SQLite would read each definition to its end */
function createTable(db: DatabaseSync, object: ObjectDefinition, made: ReadonlySet<unknown>): Table {
  const columns = object.fields.map((field) => columnOf(field)).join(', ');
  if (!made.has(object.name)) db.exec(`CREATE TABLE "${object.name}" (${columns})`);
  for (const field of object.fields) {
    if (!field.indexed || field.type === 'id' || made.has(`${object.name}_${field.name}`)) continue;
    const joining = object.fields.filter(({ joinsIndexOf }) => joinsIndexOf === field.name);
    const columns = [field, ...joining].map(({ name }) => `"${name}"`);
    // Most values of many fields are null, and nobody looks records up by that.
    const filled = field.nillable ? ` WHERE "${field.name}" IS NOT NULL` : '';
    db.exec(`CREATE INDEX "${object.name}_${field.name}" ON "${object.name}" (${columns.join(', ')})${filled}`);
  }
  return new Table(db, object);
}

function columnOf(field: FieldDefinition): string {
  if (field.type === 'id') return '"Id" TEXT PRIMARY KEY NOT NULL';
  const derived = field.generatedAs === null ? '' : ` GENERATED ALWAYS AS (${field.generatedAs}) VIRTUAL`;
  const initially = field.type === 'boolean' ? ' DEFAULT 0' : '';
  return `"${field.name}" ${sqlType(field)}${initially}${derived}`;
}

function sqlType(field: FieldDefinition): string {
  switch (field.type) {
    case 'boolean':
    case 'int':
      return 'INTEGER';
    case 'double':
    case 'currency':
    case 'percent':
      return 'REAL';
    case 'id':
    case 'reference':
    case 'date':
    case 'datetime':
      return 'TEXT';
    default:
      return field.caseSensitive ? 'TEXT' : 'TEXT COLLATE NOCASE';
  }
}

function toColumn(value: FieldValue): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}
