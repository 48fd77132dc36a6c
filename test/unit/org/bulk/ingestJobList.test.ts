/** Tests the list of ingest jobs: its pages, its end, and what it must hold. */
import { expect } from 'chai';
import { listIngestJobs } from '../../../../lib/org/bulk/ingestJobList.js';
import { failure, StubServer, type Reply, type Seen } from '../stubServer.ts';

const job = {
  id: '7503h000004P3nRAAS',
  operation: 'insert',
  object: 'User',
  createdById: '0053h000002xQ5sAAE',
  createdDate: '2026-08-11T17:44:31.000+0000',
  systemModstamp: '2026-08-11T17:44:44.000+0000',
  state: 'JobComplete',
};

describe('ingestJobList', () => {
  let server: StubServer;
  const start = async (handle: (seen: Seen, count: number) => Reply): Promise<void> => {
    server = await StubServer.start(handle);
  };
  afterEach(() => server.stop());

  it('reads all pages of Bulk 2.0 jobs, as the links say', async () => {
    const next = '/services/data/v67.0/jobs/ingest?queryLocator=abc';
    await start((_, count) => ({
      body:
        count === 1
          ? { done: false, records: [{ ...job, jobType: 'V2Ingest' }], nextRecordsUrl: next }
          : { done: true, records: [{ ...job, id: '750000000000002AAA' }], nextRecordsUrl: null },
    }));
    const jobs = await listIngestJobs(await server.client());
    expect(jobs).to.deep.equal([job, { ...job, id: '750000000000002AAA' }]);
    expect(server.seen.map(({ url }) => url)).to.deep.equal([
      '/services/data/v67.0/jobs/ingest?jobType=V2Ingest',
      next,
    ]);
  });

  it('comes to an end where the pages have none', async () => {
    const nextRecordsUrl = '/services/data/v67.0/jobs/ingest?queryLocator=again';
    await start(() => ({ body: { done: false, records: [job], nextRecordsUrl } }));
    expect(await listIngestJobs(await server.client())).to.have.length(20);
    expect(server.seen).to.have.length(20);
  });

  it('tells what is not a list of jobs', async () => {
    const bodies = [[], { done: true }, { done: 1, records: [] }, { done: true, records: [{ ...job, id: 7 }] }];
    await start((_, count) => ({ body: bodies[count - 1] ?? {} }));
    const client = await server.client();
    for (const _ of bodies) expect(await failure(listIngestJobs(client))).to.include({ kind: 'malformed' });
  });
});
