/** Reads what is left today of the org's API calls and bulk batches. */
import type { Limit } from '../../model/orgFacts.js';
import { asObject, isObject, numberOf, parseJson, type JsonObject } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { OrgError } from '../../model/orgError.js';

/** Each is undefined where the org does not say. The figures lag some minutes. */
export type Limits = { readonly dailyApiRequests: Limit | undefined; readonly dailyBulkApiBatches: Limit | undefined };

/**
 * The limits, undefined each if the running user may not read them (View Setup).
 * @throws OrgError
 * Source: REST API guide "Limits".
 */
export async function readLimits(client: OrgClient): Promise<Limits> {
  const limits = await readAll(client);
  return {
    dailyApiRequests: limitOf(limits, 'DailyApiRequests'),
    dailyBulkApiBatches: limitOf(limits, 'DailyBulkApiBatches'),
  };
}

async function readAll(client: OrgClient): Promise<JsonObject> {
  try {
    return asObject(parseJson((await client.call({ method: 'GET', path: '/limits' })).body, 'limits'), 'limits');
  } catch (error) {
    if (error instanceof OrgError && error.kind === 'refused') return {};
    throw error;
  }
}

/** An entry can hold sub-entries per connected app besides. */
function limitOf(limits: JsonObject, name: string): Limit | undefined {
  const limit = limits[name];
  if (!isObject(limit)) return undefined;
  return { max: numberOf(limit, 'Max', 'limits'), remaining: numberOf(limit, 'Remaining', 'limits') };
}
