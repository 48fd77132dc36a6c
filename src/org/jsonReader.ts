/** Typed reading of JSON answers: every value from outside is checked where it comes in. */
import { malformed } from './orgErrors.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The JSON value of a body.
 * @param what names the answer in the error
 * @throws OrgError malformed
 */
export function parseJson(body: string, what: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw malformed(`${what}: the answer is not JSON`);
  }
}

/**
 * As `parseJson`, but numbers stay the text that was sent (`1500000.0`), as Bulk API results have them.
 * @throws OrgError malformed
 */
export function parseJsonKeepingNumbers(body: string, what: string): unknown {
  const keep = (...[, value, context]: unknown[]): unknown => {
    if (typeof value !== 'number' || typeof context !== 'object' || context === null) return value;
    return 'source' in context && typeof context.source === 'string' ? new NumberText(context.source) : value;
  };
  try {
    return JSON.parse(body, keep);
  } catch {
    throw malformed(`${what}: the answer is not JSON`);
  }
}

/** A number of an answer as it was written. */
export class NumberText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws OrgError malformed */
export function asObject(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw malformed(`${what}: an object was expected`);
  return value;
}

/** @throws OrgError malformed */
export function asArray(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(`${what}: a list was expected`);
  return value;
}

/** @throws OrgError malformed */
export function textOf(object: JsonObject, key: string, what: string): string {
  const value = object[key];
  if (typeof value !== 'string') throw malformed(`${what}: "${key}" is not a text`);
  return value;
}

/** An Id; it may stand in a path, so nothing else passes. @throws OrgError malformed */
export function idOf(object: JsonObject, key: string, what: string): string {
  return checkedId(textOf(object, key, what), `${what}: "${key}"`);
}

/** @throws OrgError malformed */
export function checkedId(id: string, what: string): string {
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/u.test(id)) throw malformed(`${what} is no Id`);
  return id;
}

/** A text that may be absent or null. @throws OrgError malformed */
export function optionalText(object: JsonObject, key: string, what: string): string | undefined {
  const value = object[key];
  if (value === undefined || value === null) return undefined;
  return textOf(object, key, what);
}

/** @throws OrgError malformed */
export function numberOf(object: JsonObject, key: string, what: string): number {
  const value = object[key];
  const number = value instanceof NumberText ? Number(value.text) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw malformed(`${what}: "${key}" is not a number`);
  return number;
}

/** @throws OrgError malformed */
export function booleanOf(object: JsonObject, key: string, what: string): boolean {
  const value = object[key];
  if (typeof value !== 'boolean') throw malformed(`${what}: "${key}" is neither true nor false`);
  return value;
}
