/** Reads what is left today of the org's API calls and bulk batches. */
import type { Limit } from '../../model/orgFacts.js';
import { isJsonObject, JsonReader, readJson } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { unlessHidden } from '../orgErrors.js';

/** Each is undefined where the org does not say. The figures lag some minutes. */
export type Limits = { readonly dailyApiRequests: Limit | undefined; readonly dailyBulkApiBatches: Limit | undefined };

/**
 * The limits, undefined each if the running user may not read them (View Setup).
 * @throws OrgError
 * Source: REST API guide "Limits".
 */
export async function readLimits(client: OrgClient): Promise<Limits> {
  const answer = await unlessHidden(client.call({ method: 'GET', path: '/limits' }), undefined);
  const limits = answer === undefined ? {} : readJson(answer.body, 'limits').object;
  return {
    dailyApiRequests: limitOf(limits['DailyApiRequests']),
    dailyBulkApiBatches: limitOf(limits['DailyBulkApiBatches']),
  };
}

/** An entry can hold sub-entries per connected app besides. */
function limitOf(entry: unknown): Limit | undefined {
  if (!isJsonObject(entry)) return undefined;
  const limit = new JsonReader(entry, 'limits');
  return { max: limit.number('Max'), remaining: limit.number('Remaining') };
}
