/** What goes into the running of a query and what comes out. */
import type { FieldDefinition, ObjectDefinition } from '../schema/types.ts';

/** On whose behalf, when, and in which version of the API a query runs. */
export type QueryCaller = {
  readonly userId: string;
  readonly timeZone: string;
  readonly now: number;
  /** `67.0` */
  readonly apiVersion: string;
};

export type QueryValue = string | number | boolean | null;

/** One entry of the select list. */
export type QueryColumn = {
  /** What a bulk result has as header: the path as the describe spells it, or the alias. */
  readonly name: string;
  readonly path: readonly string[];
  /** The kind of its values; undefined for counts and sums. */
  readonly field: FieldDefinition | undefined;
  readonly isAggregate: boolean;
  /** For each step of the path: its object, and where in the row the parent's Id stands. */
  readonly parents: ReadonlyArray<{ readonly object: ObjectDefinition; readonly idAt: number }>;
};

/** A row: one value for each column, then the Ids of the parents on the way. */
export type QueryRow = readonly QueryValue[];

export type QueryResult = {
  readonly object: ObjectDefinition;
  /** `count` is `SELECT COUNT()`, whose answer is only a number. */
  readonly kind: 'rows' | 'count' | 'aggregate';
  readonly columns: readonly QueryColumn[];
  /** Where in a row the record's own Id stands. */
  readonly idAt: number;
  /** The rows, read from the store while they are asked for; values as the store keeps them, booleans as booleans. */
  rows(): Iterable<QueryRow>;
  /** How many rows there are; not for `aggregate`. */
  count(): number;
};
