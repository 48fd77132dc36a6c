/** Typed reading of JSON answers: every value from outside is checked where it comes in. */
import { isJsonObject, type JsonObject } from '../model/facts.js';
import { malformed } from './orgErrors.js';

/** Reads one object of an answer. What is not as it is asked for throws OrgError malformed. */
export class JsonReader {
  readonly object: JsonObject;
  /** Names the answer in errors. */
  readonly what: string;

  constructor(value: unknown, what: string) {
    if (!isJsonObject(value)) throw malformed(`${what}: an object was expected`);
    this.object = value;
    this.what = what;
  }

  text(key: string): string {
    const value = this.object[key];
    return typeof value === 'string' ? value : this.#isNot(key, 'a text');
  }

  /** Several texts, by their keys. */
  texts<Key extends string>(keys: readonly Key[]): Readonly<Record<Key, string>>;
  texts(keys: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(keys.map((key) => [key, this.text(key)]));
  }

  /** A text that may be absent or null. */
  textIfAny(key: string): string | undefined {
    return this.object[key] == null ? undefined : this.text(key);
  }

  /** An Id; it may stand in a path, so nothing else passes. */
  id(key: string): string {
    return checkedId(this.text(key), `${this.what}: "${key}"`);
  }

  number(key: string): number {
    const value = this.object[key];
    const number = value instanceof NumberText ? Number(value.text) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number : this.#isNot(key, 'a number');
  }

  boolean(key: string): boolean {
    const value = this.object[key];
    return typeof value === 'boolean' ? value : this.#isNot(key, 'true or false');
  }

  /** @param absent what an absent list, or null, stands for */
  list(key: string, absent?: readonly unknown[]): readonly unknown[] {
    return asList(this.object[key] ?? absent, this.what);
  }

  /** The readers of a list's objects. @param absent what an absent list, or null, stands for */
  objects(key: string, absent?: readonly unknown[]): JsonReader[] {
    return this.list(key, absent).map((value) => new JsonReader(value, this.what));
  }

  #isNot(key: string, expected: string): never {
    throw malformed(`${this.what}: "${key}" is not ${expected}`);
  }
}

/** A number of an answer as it was written. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The object of a body. @param what names the answer in errors @throws OrgError malformed */
export function readJson(body: string, what: string): JsonReader {
  return new JsonReader(parseBody(body, what), what);
}

/** As `readJson`, but numbers stay the text that was sent (`1500000.0`), as Bulk API results have them. */
export function readJsonKeepingNumbers(body: string, what: string): JsonReader {
  const keep: Reviver = (_key, value, { source } = {}) =>
    typeof value === 'number' && source !== undefined ? new NumberText(source) : value;
  return new JsonReader(parseBody(body, what, keep), what);
}

/** The objects of a body that is a list. @throws OrgError malformed */
export function readJsonList(body: string, what: string): JsonReader[] {
  return asList(parseBody(body, what), what).map((value) => new JsonReader(value, what));
}

/** @param context of a plain value: the text that it was read from (ES2025 "JSON.parse source text access") */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

function parseBody(body: string, what: string, reviver?: Reviver): unknown {
  try {
    return JSON.parse(body, reviver);
  } catch {
    throw malformed(`${what}: the answer is not JSON`);
  }
}

function asList(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${what}: a list was expected`);
  return value;
}

/** @throws OrgError malformed */
export function checkedId(id: string, what: string): string {
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/u.test(id)) throw malformed(`${what} is no Id`);
  return id;
}
