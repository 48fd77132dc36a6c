/**
 * Facts: what fills the places of a text in messages/, by name (`%{folder}`). Each family of texts has one table, which
 * says for every key what its facts are called: faults, reasons, checks, guards, input files.
 */

export type Facts = Readonly<Record<string, string | number>>;

/** Key of a text → the names of its facts. */
export type FactTable = Readonly<Record<string, readonly string[]>>;

export type FactsOf<Table extends FactTable, Key extends keyof Table> = Readonly<
  Record<Table[Key][number], string | number>
>;

/** The last arguments of a call that gives the facts of a key: none where it has no facts. */
export type FactArgs<Table extends FactTable, Key extends keyof Table> = [Table[Key][number]] extends [never]
  ? []
  : [facts: FactsOf<Table, Key>];

/** An error that is a text of messages/: its key, and what fills its places. Its message is the key, without any fact. */
export class KeyedError<Key extends string> extends Error {
  public readonly code: CodeOf<Key>;
  public readonly key: Key;
  public readonly facts: Facts;

  public constructor(key: Key, facts: Facts = {}) {
    super(key);
    this.code = codeOf(key);
    this.key = key;
    this.facts = facts;
  }
}

/** A class of such errors whose constructor takes the facts of its key. */
export type FactsConstructor<Table extends FactTable, Instance> = {
  new <Key extends keyof Table>(key: Key, ...facts: FactArgs<Table, Key>): Instance;
  readonly prototype: Instance;
};

/** What stands before the dot of a key: `unknownColumn.near` is a variant of `unknownColumn`. */
export type CodeOf<Key extends string> = Key extends `${infer Code}.${string}` ? Code : Key;

export function codeOf<Key extends string>(key: Key): CodeOf<Key>;
export function codeOf(key: string): string {
  return key.split('.', 1).join();
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value from outside is an object with members: no list, and not null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value from outside can be facts: an object of texts and numbers. */
export function isFacts(value: unknown): value is Facts {
  return isJsonObject(value) && Object.values(value).every((fact) => ['string', 'number'].includes(typeof fact));
}
