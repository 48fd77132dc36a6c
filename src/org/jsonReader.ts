/** Typed reading of JSON answers: every value from outside is checked where it comes in. */
import { malformed } from './orgErrors.js';

export type JsonObject = Readonly<Record<string, unknown>>;

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
    if (typeof value !== 'string') throw malformed(`${this.what}: "${key}" is not a text`);
    return value;
  }

  /** A text that may be absent or null. */
  optionalText(key: string): string | undefined {
    return this.object[key] == null ? undefined : this.text(key);
  }

  /** An Id; it may stand in a path, so nothing else passes. */
  id(key: string): string {
    return checkedId(this.text(key), `${this.what}: "${key}"`);
  }

  number(key: string): number {
    const value = this.object[key];
    const number = value instanceof NumberText ? Number(value.text) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) {
      throw malformed(`${this.what}: "${key}" is not a number`);
    }
    return number;
  }

  boolean(key: string): boolean {
    const value = this.object[key];
    if (typeof value !== 'boolean') throw malformed(`${this.what}: "${key}" is neither true nor false`);
    return value;
  }

  /** @param absent what an absent list, or null, stands for */
  list(key: string, absent?: readonly unknown[]): readonly unknown[] {
    return asList(this.object[key] ?? absent, this.what);
  }

  /** The readers of a list's objects. @param absent what an absent list, or null, stands for */
  objects(key: string, absent?: readonly unknown[]): JsonReader[] {
    return this.list(key, absent).map((value) => new JsonReader(value, this.what));
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
  const keep = (...[, value, context]: unknown[]): unknown => {
    if (typeof value !== 'number' || typeof context !== 'object' || context === null) return value;
    return 'source' in context && typeof context.source === 'string' ? new NumberText(context.source) : value;
  };
  return new JsonReader(parseBody(body, what, keep), what);
}

/** The objects of a body that is a list. @throws OrgError malformed */
export function readJsonList(body: string, what: string): JsonReader[] {
  return asList(parseBody(body, what), what).map((value) => new JsonReader(value, what));
}

function parseBody(body: string, what: string, reviver?: (...entry: unknown[]) => unknown): unknown {
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

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws OrgError malformed */
export function checkedId(id: string, what: string): string {
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/u.test(id)) throw malformed(`${what} is no Id`);
  return id;
}
