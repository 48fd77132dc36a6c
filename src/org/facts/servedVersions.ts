/** Which versions of the API an org serves: for what it answers to a version that it does not serve. */
import { RunFault } from '../../model/faults.js';
import { readJsonList } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';
import { isRefusal } from '../orgErrors.js';

/** Queries by Bulk API 2.0 exist since then, and nothing that the plugin uses is younger (Bulk API 2.0 guide, "Query Jobs"). */
const oldestUsable = 47;

/** Not yet or never served: "not found"; retired: "gone" (docs/salesforce-facts.md#calls-and-their-errors). */
const unservedStatuses: ReadonlySet<number | undefined> = new Set([404, 410]);

/**
 * What the first call of a run is answered with is passed on, but for a version that the org does not serve: the list of
 * those that it does tells that from anything else that isn't there.
 * @throws RunFault versionNotServed, versionTooOld; any other error of the call
 */
export async function withServedVersion<Read>(client: OrgClient, read: () => Promise<Read>): Promise<Read> {
  try {
    const answer = await read();
    if (Number(client.apiVersion) < oldestUsable)
      throw new RunFault('versionTooOld', { version: client.apiVersion, oldest: `${String(oldestUsable)}.0` });
    return answer;
  } catch (error) {
    if (!isRefusal(error) || !unservedStatuses.has(error.status)) throw error;
    const versions = await readServedVersions(client);
    const [oldest, newest] = [versions[0], versions.at(-1)];
    const { apiVersion: version } = client;
    if (oldest === undefined || newest === undefined || versions.includes(version)) throw error;
    throw new RunFault('versionNotServed', { version, oldest, newest });
  }
}

/** Ascending. @throws OrgError. Source: REST API guide "Versions". */
async function readServedVersions(client: OrgClient): Promise<string[]> {
  const { body } = await client.call({ method: 'GET', path: '/services/data' });
  const versions = readJsonList(body, 'versions').map((version) => version.text('version'));
  return versions.toSorted((a, b) => Number(a) - Number(b));
}
