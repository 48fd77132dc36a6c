/** What people do without this plugin: jobs of a fixed order and size, and the rows that failed sent again by hand. */
import {
  closeIngestJob,
  createIngestJob,
  readIngestJob,
  readIngestResults,
  uploadIngestJob,
} from '../../lib/org/bulk/bulkIngest.js';
import type { OrgClient } from '../../lib/org/orgClient.js';
import { stringify } from 'csv-stringify/sync';

export type UserRow = Readonly<Record<string, string>>;

/** @returns the rows that failed. All jobs are sent at once. */
export async function sendJobs(
  client: OrgClient,
  rows: readonly UserRow[],
  rowsPerJob: number,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<UserRow[]> {
  const starts = Array.from({ length: Math.ceil(rows.length / rowsPerJob) }, (_, job) => job * rowsPerJob);
  const failed = await Promise.all(
    starts.map((start) => sendJob(client, rows.slice(start, start + rowsPerJob), sleep)),
  );
  return failed.flat();
}

/** Polls as the plugin does. */
async function sendJob(
  client: OrgClient,
  rows: readonly UserRow[],
  sleep: (milliseconds: number) => Promise<void>,
): Promise<UserRow[]> {
  const { id } = await createIngestJob(client, { object: 'User', operation: 'insert' });
  await uploadIngestJob(client, id, stringify([...rows], { header: true }));
  await closeIngestJob(client, id);
  for (let pause = 500; ; pause *= 1.4) {
    const { state } = await readIngestJob(client, id);
    if (state === 'JobComplete') break;
    if (state === 'Failed' || state === 'Aborted') throw new Error(`job ${id} is ${state}`);
    await sleep(pause);
  }
  const failed = new Set<string>();
  for await (const slice of readIngestResults(client, id, 'failedResults'))
    for (const row of slice) failed.add(row['ContactId'] ?? '');
  return rows.filter((row) => failed.has(row['ContactId'] ?? ''));
}
