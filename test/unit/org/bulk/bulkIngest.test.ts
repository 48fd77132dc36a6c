/** Tests the calls of ingest jobs: what is sent, what is read, and what is never sent twice. */
import { expect } from 'chai';
import {
  abortIngestJob,
  closeIngestJob,
  createIngestJob,
  listIngestJobs,
  readIngestJob,
  readIngestResults,
  uploadIngestJob,
} from '../../../../lib/org/bulk/bulkIngest.js';
import { collect, failure, StubServer, type Reply, type Seen } from '../stubServer.ts';

const id = '7503h00000CV7GpAAL';
const created = {
  id,
  state: 'Open',
  createdDate: '2026-08-31T01:31:13.000+0000',
  apiVersion: 67.0,
  operation: 'insert',
};

describe('bulkIngest', () => {
  let server: StubServer;
  const start = async (handle: (seen: Seen, count: number) => Reply): Promise<void> => {
    server = await StubServer.start(handle);
  };
  afterEach(() => server.stop());

  it('makes, fills, closes and reads a job', async () => {
    await start((seen) => {
      if (seen.method === 'PUT') return { status: 201 };
      if (seen.method === 'PATCH') return { body: { ...created, state: 'UploadComplete' } };
      if (seen.method === 'POST') return { body: created };
      const counts = { numberRecordsProcessed: 10, numberRecordsFailed: 1, retries: 2, totalProcessingTime: 4170 };
      return { body: { ...created, state: 'JobComplete', ...counts } };
    });
    const client = await server.client();
    const empty = { processed: 0, errorMessage: undefined, totalProcessingTime: 0 };
    const open = { id, state: 'Open', createdDate: created.createdDate, ...empty };
    expect(await createIngestJob(client, { object: 'User', operation: 'insert' })).to.deep.equal(open);
    await uploadIngestJob(client, id, 'Id\n005\n');
    expect((await closeIngestJob(client, id)).state).to.equal('UploadComplete');
    expect(await readIngestJob(client, id)).to.deep.equal({
      ...open,
      state: 'JobComplete',
      processed: 10,
      totalProcessingTime: 4170,
    });
    expect(server.seen.map(({ method, path, body }) => [method, path, body])).to.deep.equal([
      [
        'POST',
        '/services/data/v67.0/jobs/ingest',
        '{"object":"User","operation":"insert","contentType":"CSV","lineEnding":"LF","columnDelimiter":"COMMA"}',
      ],
      ['PUT', `/services/data/v67.0/jobs/ingest/${id}/batches`, 'Id\n005\n'],
      ['PATCH', `/services/data/v67.0/jobs/ingest/${id}`, '{"state":"UploadComplete"}'],
      ['GET', `/services/data/v67.0/jobs/ingest/${id}`, ''],
    ]);
    expect(server.seen[1]?.headers['content-type']).to.equal('text/csv; charset=UTF-8');
  });

  it('sends nothing again whose answer was lost', async () => {
    await start(() => (response) => void response.destroy());
    const client = await server.client();
    const calls = [
      createIngestJob(client, { object: 'User', operation: 'update' }),
      uploadIngestJob(client, id, 'Id\n'),
      closeIngestJob(client, id),
      abortIngestJob(client, id),
    ];
    for (const call of calls) expect(await failure(call)).to.include({ kind: 'network', lost: true });
    expect(server.seen.length).to.equal(4);
  });

  it('passes on why a job failed, and that one is gone', async () => {
    const errorMessage = 'InvalidBatch : Field name not found : TimeZone';
    await start((_, count) =>
      count === 1
        ? { body: { ...created, state: 'Failed', errorMessage } }
        : { status: 404, body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }] },
    );
    const client = await server.client();
    expect(await readIngestJob(client, id)).to.include({ state: 'Failed', errorMessage });
    expect(await failure(readIngestJob(client, id))).to.include({ kind: 'gone', code: 'NOT_FOUND' });
    expect(await failure(collect(readIngestResults(client, id, 'failedResults')))).to.include({ kind: 'gone' });
  });

  it('refuses a job in a state that nobody knows', async () => {
    await start(() => ({ body: { ...created, state: 'Dreaming' } }));
    expect(await failure(readIngestJob(await server.client(), id))).to.include({ kind: 'malformed' });
  });

  it('reads results by header name, with line breaks, in slices', async () => {
    const many = '"","X:y\nz:--","Baker, ""Jr."""\n'.repeat(2001);
    await start(() => ({ body: `"sf__Id","sf__Error",Name\n${many}` }));
    const sizes: number[] = [];
    for await (const slice of readIngestResults(await server.client(), id, 'failedResults')) {
      sizes.push(slice.length);
      expect(slice[0]).to.deep.equal({ sf__Error: 'X:y\nz:--', Name: 'Baker, "Jr."' });
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.equal(2001);
    expect(Math.max(...sizes)).to.equal(250);
    expect(server.seen[0]?.path).to.equal(`/services/data/v67.0/jobs/ingest/${id}/failedResults`);
  });

  it('reads results with either line end', async () => {
    await start(() => ({ body: '"sf__Id","sf__Error",Name\r\n"","X:y","Baker\nBros"\r\n"","Z","Cole"\r\n' }));
    expect(await collect(readIngestResults(await server.client(), id, 'failedResults'))).to.deep.equal([
      { sf__Error: 'X:y', Name: 'Baker\nBros' },
      { sf__Error: 'Z', Name: 'Cole' },
    ]);
  });

  for (const [name, body] of Object.entries({ 'an empty body': '', 'a header alone': '"sf__Id","sf__Error",Id\n' })) {
    it(`reads ${name} as no rows`, async () => {
      await start(() => ({ body }));
      expect(await collect(readIngestResults(await server.client(), id, 'failedResults'))).to.deep.equal([]);
    });
  }

  it('calls a row that is cut short a network error', async () => {
    const bodies = ['"sf__Id","sf__Error",Id\n"1","a', '"sf__Id","sf__Error",Id\n"1","a"'];
    await start((_, count) => ({ body: bodies[count - 1] }));
    const client = await server.client();
    while (server.seen.length < bodies.length) {
      const ended = await failure(collect(readIngestResults(client, id, 'failedResults')));
      expect(ended).to.include({ kind: 'network', code: 'ROW_CUT' });
    }
  });

  it('keeps every character over the borders of its chunks', async () => {
    const value = '😀é'.repeat(60_000);
    await start(() => ({ body: `Id,Name\n"1","x${value}"\n"2","${value}"\n` }));
    const rows = await collect(readIngestResults(await server.client(), id, 'unprocessedrecords'));
    expect(rows.map((row) => row['Name'] === `x${value}` || row['Name'] === value)).to.deep.equal([true, true]);
  });

  it('takes no answer for that of another job, and no Id that leads elsewhere', async () => {
    const bodies = [
      { ...created, id: '../../../oauth2/revoke' },
      { ...created, id: '..' },
      { ...created, id: '7503h00000CV7GqAAL' },
      { ...created, createdDate: 'yesterday' },
      { ...created, state: 'Sleeping' },
    ];
    await start((_, count) => ({ body: bodies[count - 1] }));
    const client = await server.client();
    for (const body of bodies) {
      expect(await failure(readIngestJob(client, id)), JSON.stringify(body)).to.include({ kind: 'malformed' });
    }
    for (const wrong of ['..', '', '../../../oauth2/revoke', `${id}/x`, `${id}?x`]) {
      expect(await failure(readIngestJob(client, wrong)), wrong).to.include({ kind: 'malformed' });
    }
    expect(server.seen).to.have.length(bodies.length);
  });

  it('takes no results without the column that says what became of the rows', async () => {
    const bodies = ['<html>\n<body>log in</body>\n', 'sf__Id,sf__Id\n1,2\n', 'ContactId\n003\n'];
    await start((_, count) => ({ body: bodies[(count - 1) % bodies.length] }));
    const client = await server.client();
    for (const kind of ['successfulResults', 'failedResults'] as const) {
      for (const body of bodies) {
        expect(await failure(collect(readIngestResults(client, id, kind))), body).to.include({ kind: 'malformed' });
      }
    }
  });
});

const listedJob = {
  id: '7503h000004P3nRAAS',
  operation: 'insert',
  object: 'User',
  createdById: '0053h000002xQ5sAAE',
  createdDate: '2026-08-11T17:44:31.000+0000',
  systemModstamp: '2026-08-11T17:44:44.000+0000',
  state: 'JobComplete',
};

describe('bulkIngest: the list of jobs', () => {
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
          ? { done: false, records: [{ ...listedJob, jobType: 'V2Ingest' }], nextRecordsUrl: next }
          : { done: true, records: [{ ...listedJob, id: '750000000000002AAA' }], nextRecordsUrl: null },
    }));
    const jobs = await listIngestJobs(await server.client());
    expect(jobs).to.deep.equal([listedJob, { ...listedJob, id: '750000000000002AAA' }]);
    expect(server.seen.map(({ url }) => url)).to.deep.equal([
      '/services/data/v67.0/jobs/ingest?jobType=V2Ingest',
      next,
    ]);
  });

  it('comes to an end where the pages have none', async () => {
    const nextRecordsUrl = '/services/data/v67.0/jobs/ingest?queryLocator=again';
    await start(() => ({ body: { done: false, records: [listedJob], nextRecordsUrl } }));
    expect(await listIngestJobs(await server.client())).to.have.length(20);
    expect(server.seen).to.have.length(20);
  });

  it('tells what is not a list of jobs', async () => {
    const bodies = [[], { done: true }, { done: 1, records: [] }, { done: true, records: [{ ...listedJob, id: 7 }] }];
    await start((_, count) => ({ body: bodies[count - 1] ?? {} }));
    const client = await server.client();
    for (const _ of bodies) expect(await failure(listIngestJobs(client))).to.include({ kind: 'malformed' });
  });
});
