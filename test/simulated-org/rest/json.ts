/** Reading JSON bodies and writing values as the REST API does. */
import { ApiError } from '../contracts.ts';
import type { FieldDefinition } from '../schema/types.ts';
import type { QueryValue } from '../soql/types.ts';

export type JsonObject = Record<string, unknown>;

export function readObject(body: Buffer): JsonObject {
  const value = readJson(body);
  if (!isObject(value)) throw new ApiError(400, 'JSON_PARSER_ERROR', 'Unexpected character, expected an object');
  return value;
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch (error) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', error instanceof Error ? error.message : String(error));
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Date-times leave the REST API with `+0000`; in the store they end in `Z`. */
export function toJson(field: FieldDefinition | undefined, value: QueryValue): QueryValue {
  return field?.type === 'datetime' && typeof value === 'string' ? value.replace(/Z$/, '+0000') : value;
}
