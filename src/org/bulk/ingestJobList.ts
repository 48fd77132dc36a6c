/** The list of the org's ingest jobs: who else writes by Bulk API 2.0 at the same time. */
import { readJson } from '../jsonReader.js';
import type { OrgClient } from '../orgClient.js';

export type ListedIngestJob = {
  readonly id: string;
  readonly object: string;
  readonly operation: string;
  readonly state: string;
  readonly createdById: string;
  /** The org's clock, for example `2026-08-31T01:31:13.000+0000`. */
  readonly createdDate: string;
  /** Of the last change of state. */
  readonly systemModstamp: string;
};

/** 1,000 jobs each. The day's 15,000 batches for seven days are more, but a list without an end must not use up the calls. */
const mostPages = 20;

/**
 * The jobs that the org still knows, of every client; at most 20,000 of them, in no order.
 * @throws OrgError
 * Source: Bulk API 2.0 guide "Get Information About All Ingest Jobs"; recorded in ListJobs.md of mohan-chinnappan-n/cli-dx.
 */
export async function listIngestJobs(client: OrgClient): Promise<ListedIngestJob[]> {
  const jobs: ListedIngestJob[] = [];
  let path: string | undefined = '/jobs/ingest?jobType=V2Ingest';
  for (let page = 1; path !== undefined && page <= mostPages; page++) {
    const { body } = await client.call({ method: 'GET', path });
    const answer = readJson(body, 'list of ingest jobs');
    for (const job of answer.objects('records')) {
      jobs.push({
        id: job.text('id'),
        object: job.text('object'),
        operation: job.text('operation'),
        state: job.text('state'),
        createdById: job.text('createdById'),
        createdDate: job.text('createdDate'),
        systemModstamp: job.text('systemModstamp'),
      });
    }
    path = answer.boolean('done') ? undefined : answer.optionalText('nextRecordsUrl');
  }
  return jobs;
}
