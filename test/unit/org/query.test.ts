/** Tests that queries give the same rows by REST and by Bulk API, page by page, and fall back where they must. */
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { countRows, queryIn, queryPages, queryRows } from '../../../lib/org/query.js';
import { collect, failure, StubServer, type Reply, type Seen } from './stubServer.ts';

const contacts = { fields: ['Id', 'Name', 'account.Owner.UserRoleId'], from: 'Contact' };
const soql = 'SELECT Id,Name,account.Owner.UserRoleId FROM Contact';
const idOf = (end: string): string => end.padStart(15, '0');
const record = (end: string, rest: object = {}): object => ({
  attributes: { type: 'Contact', url: '/x' },
  Id: idOf(end),
  Name: 'Ada',
  Account: { attributes: {}, Owner: { attributes: {}, UserRoleId: '00E000000000001' } },
  ...rest,
});
const row = (end: string): object => ({ Id: idOf(end), Name: 'Ada', 'account.Owner.UserRoleId': '00E000000000001' });
const page = (records: readonly object[], totalSize = records.length, next?: string): Reply => ({
  body: { totalSize, done: next === undefined, records, ...(next === undefined ? {} : { nextRecordsUrl: next }) },
});

describe('query', () => {
  let server: StubServer;
  const start = async (handle: (seen: Seen, count: number) => Reply): Promise<void> => {
    server = await StubServer.start(handle);
  };
  afterEach(() => server.stop());
  const sleep = (milliseconds: number): Promise<void> => {
    server.waits.push(milliseconds);
    return Promise.resolve();
  };

  it('follows REST pages to the end', async () => {
    const next = '/services/data/v67.0/query/01g000000000001AAA-2000';
    await start((seen) => (seen.path === next ? page([record('3')], 3) : page([record('1'), record('2')], 3, next)));
    const pages: number[] = [];
    for await (const each of queryPages(await server.client(), contacts)) pages.push(each.length);
    expect(pages).to.deep.equal([2, 1]);
    expect(server.seen[0]?.query.get('q')).to.equal(soql);
  });

  it('flattens parents, null parents and all kinds of values', async () => {
    const columns = ['Id', 'Account.Owner.UserRoleId', 'Account.Name', 'N', 'B', 'D', 'Empty'];
    await start(() =>
      page([{ Id: idOf('1'), Account: null, n: 1.5, B: false, D: '2021-08-31T01:31:13.000+0000', Empty: '' }]),
    );
    const rows = await queryRows(await server.client(), { fields: columns, from: 'Contact' });
    expect(rows).to.deep.equal([
      {
        Id: idOf('1'),
        'Account.Owner.UserRoleId': null,
        'Account.Name': null,
        N: '1.5',
        B: 'false',
        D: '2021-08-31T01:31:13.000Z',
        Empty: null,
      },
    ]);
  });

  it('keeps numbers as the org writes them, as Bulk results do', async () => {
    await start(() => ({ body: '{"totalSize":1,"done":true,"records":[{"A":1500000.0,"B":123456789012345678}]}' }));
    const rows = await queryRows(await server.client(), { fields: ['A', 'B'], from: 'X' });
    expect(rows).to.deep.equal([{ A: '1500000.0', B: '123456789012345678' }]);
  });

  it('refuses answers that are none', async () => {
    const bodies = [
      '<html>',
      '[]',
      '{"totalSize":1,"done":false,"records":[]}',
      '{"totalSize":1,"done":true,"records":[{}]}',
    ];
    await start((_, count) => ({ body: bodies[count - 1] }));
    const client = await server.client();
    while (server.seen.length < bodies.length)
      expect(await failure(queryRows(client, contacts))).to.include({ kind: 'malformed' });
  });

  it('follows no page that leads elsewhere, in circles, or on and on', async () => {
    const next = (count: number): string => `/services/data/v67.0/query/01g000000000001AAA-${String(count)}`;
    const wrong = [
      'https://elsewhere.example/services/data/v67.0/query/01g-1',
      '//elsewhere.example/services/data/v67.0/query/01g-1',
      '/services/data/v67.0/query/../../../oauth2/revoke',
      '/services/data/v67.0/query?q=SELECT+Id+FROM+Account',
      '/services/oauth2/revoke',
    ];
    const answers: Array<(count: number) => Reply> = [
      ...wrong.map((path) => () => page([record('1')], 2, path)),
      () => page([record('1')], 10_000, next(1)),
      (count) => page([record('1')], 3, next(count)),
    ];
    await start((_, count) => page([], count));
    const client = await server.client();
    for (const answer of answers) {
      server.seen.length = 0;
      server.handle = (_, count) => answer(count);
      const ended = await failure(collect(queryPages(client, contacts)));
      expect(ended).to.include({ kind: 'malformed' });
      expect(server.seen.length).to.be.at.most(4);
    }
  });

  it('takes no first page with too few rows, and no Id that is none', async () => {
    const bodies = [page([record('1')], 2), page([record('not an Id')]), page([record('1', { Id: 42 })])];
    await start((_, count) => bodies[count - 1] ?? {});
    const client = await server.client();
    while (server.seen.length < bodies.length)
      expect(await failure(queryRows(client, contacts))).to.include({ kind: 'malformed' });
  });

  it('yields nothing for an empty result', async () => {
    await start(() => page([]));
    const client = await server.client();
    expect(await collect(queryPages(client, contacts))).to.deep.equal([]);
  });

  it('counts', async () => {
    await start(() => page([], 1234));
    const client = await server.client();
    expect(await countRows(client, 'User WHERE IsActive = true')).to.equal(1234);
    expect(server.seen[0]?.query.get('q')).to.equal('SELECT COUNT() FROM User WHERE IsActive = true');
  });

  it('splits long IN lists so that each URI fits, and asks for each value once', async () => {
    await start((seen) => {
      const ids = [...(seen.query.get('q') ?? '').matchAll(/'([^']+)'/gu)].map((match) => match[1] ?? '');
      return page(ids.map((id) => ({ Id: id })));
    });
    const client = await server.client();
    const values = Array.from({ length: 3000 }, (_, index) => `003${String(index).padStart(15, '0')}`);
    const query = {
      fields: ['Id'],
      from: 'User',
      field: 'ContactId',
      values: [...values, ...values],
      where: 'IsActive = true OR 1 = 2',
    };
    const rows = await collect(queryIn(client, query));
    expect(rows.map((each) => each['Id'])).to.deep.equal(values);
    expect(server.seen.length).to.equal(7);
    expect(Math.max(...server.seen.map((seen) => seen.url.length))).to.be.within(11_000, 12_000);
    expect(server.seen[0]?.query.get('q')).to.match(/ AND \(IsActive = true OR 1 = 2\)$/u);
    expect(await collect(queryIn(client, { ...query, values: [] }))).to.deep.equal([]);
  });

  describe('by Bulk API', () => {
    const cells = (end: string): string => `"00E000000000001","${idOf(end)}","Ada"\n`;
    const header = '"Account.Owner.UserRoleId","Id","Name"\n';
    const big = page([record('x')], 10_001, '/services/data/v67.0/query/01g-1');
    const job = (state: string, more: object = {}): Reply => ({ body: { id: '750000000000001AAA', state, ...more } });
    const results = (csv: string, locator: string, count?: number): Reply => ({
      headers: {
        'Sforce-Locator': locator,
        ...(count === undefined ? {} : { 'Sforce-NumberOfRecords': String(count) }),
      },
      body: csv,
    });
    const isResults = (seen: Seen): boolean => seen.path.endsWith('/results');
    const isJob = (seen: Seen): boolean => seen.path.includes('/jobs/query');

    it('reads more than 10,000 rows by job, by locators, in slices', async () => {
      const many = Array.from({ length: 4500 }, (_, index) => cells(String(index))).join('');
      let polls = 0;
      await start((seen) => {
        if (!isJob(seen)) return big;
        if (seen.method === 'POST') return job('UploadComplete');
        if (!isResults(seen)) return job(++polls < 3 ? 'InProgress' : 'JobComplete');
        if (seen.query.get('locator') === 'MTAw') return results(header + cells('last'), 'null', 1);
        return results(header + many, 'MTAw', 4500);
      });
      const sizes: number[] = [];
      const rows: object[] = [];
      for await (const slice of queryPages(await server.client(), contacts, { sleep })) {
        sizes.push(slice.length);
        rows.push(...slice);
      }
      expect(rows).to.have.length(4501);
      expect(Math.max(...sizes)).to.be.at.most(250);
      expect(rows[0]).to.deep.equal(row('0'));
      expect(rows.at(-1)).to.deep.equal(row('last'));
      expect(server.waits).to.deep.equal([500, 800]);
      expect(JSON.parse(server.seen[1]?.body ?? '')).to.include({ operation: 'query', query: soql });
      expect(server.seen.find(isResults)?.query.get('maxRecords')).to.equal('100000');
    });

    it('reads rows of many fields by smaller pages', async () => {
      await start((seen) => {
        if (isResults(seen)) return results('"Id"\n', 'null', 0);
        return isJob(seen) ? job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete') : big;
      });
      const fields = Array.from({ length: 13 }, (_, index) => `F${String(index)}__c`);
      await collect(queryPages(await server.client(), { ...contacts, fields }, { sleep }));
      expect(server.seen.find(isResults)?.query.get('maxRecords')).to.equal('50000');
    });

    it('goes there at once where more than 10,000 rows are expected', async () => {
      await start((seen) => {
        if (isResults(seen)) return results(header + cells('1'), 'null', 1);
        return job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete', { numberRecordsProcessed: 1 });
      });
      const options = { sleep, isWhole: true, expectedRows: 10_001 };
      expect(await collect(queryPages(await server.client(), contacts, options))).to.deep.equal([row('1')]);
      expect(server.seen.map(({ method }) => method)).to.deep.equal(['POST', 'GET', 'GET']);
    });

    it('asks by REST what is wrong where the org refuses a query of which many rows are expected', async () => {
      const refused = { status: 400, body: [{ errorCode: 'MALFORMED_QUERY', message: 'by REST' }] };
      await start((seen) =>
        isJob(seen) ? { status: 400, body: [{ errorCode: 'API_ERROR', message: 'by Bulk' }] } : refused,
      );
      const error = await failure(
        collect(queryPages(await server.client(), contacts, { sleep, expectedRows: 10_001 })),
      );
      expect(error).to.include({ code: 'MALFORMED_QUERY', message: 'by REST' });
    });

    it('fetches the next page while the rows of one are used up, or only when it is asked for', async () => {
      await start((seen) => {
        if (isResults(seen)) return results(header + cells('1'), seen.query.has('locator') ? 'null' : 'MTAw', 1);
        return job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete', { numberRecordsProcessed: 2 });
      });
      const client = await server.client();
      const pagesByTheFirstRow = async (isSparing: boolean): Promise<number> => {
        const before = server.seen.length;
        for await (const _ of queryPages(client, contacts, { sleep, expectedRows: 10_001, isSparing })) {
          await setTimeout(50);
          break;
        }
        return server.seen.slice(before).filter(isResults).length;
      };
      expect(await pagesByTheFirstRow(false)).to.equal(2);
      expect(await pagesByTheFirstRow(true)).to.equal(1);
    });

    it('takes no page twice where the org refuses a later one', async () => {
      await start((seen) => {
        if (isResults(seen) && seen.query.has('locator'))
          return { status: 400, body: [{ errorCode: 'API_ERROR', message: 'later' }] };
        if (isResults(seen)) return results(header + cells('1'), 'MQ', 1);
        return job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete');
      });
      const error = await failure(
        collect(queryPages(await server.client(), contacts, { sleep, expectedRows: 10_001 })),
      );
      expect(error).to.include({ code: 'API_ERROR', message: 'later' });
      expect(server.seen.every(isJob)).to.equal(true);
    });

    it('goes there at once where the URI would be too long', async () => {
      await start((seen) => {
        if (isResults(seen)) return results(`"Name"\n"a\n""b"" é"\n""\n`, 'null');
        return job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete');
      });
      const long = { fields: ['Name'], from: 'Contact', where: `Name != '${'é'.repeat(3000)}'` };
      const rows = await collect(queryPages(await server.client(), long, { sleep }));
      expect(rows).to.deep.equal([{ Name: 'a\n"b" é' }, { Name: null }]);
      expect(server.seen[0]?.method).to.equal('POST');
    });

    it('gives nothing for an empty body or a header alone', async () => {
      const bodies = ['', header];
      await start((seen) => {
        if (!isJob(seen)) return big;
        if (isResults(seen)) return results(bodies.shift() ?? '', 'null', 0);
        return job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete');
      });
      const client = await server.client();
      expect(await collect(queryPages(client, contacts, { sleep }))).to.deep.equal([]);
      expect(await collect(queryPages(client, contacts, { sleep }))).to.deep.equal([]);
    });

    const refusals: Record<string, (seen: Seen) => Reply> = {
      'refused when the job is made': () => ({
        status: 400,
        body: [{ errorCode: 'INVALIDENTITY', message: "Entity 'Network' is not supported by the Bulk API." }],
      }),
      'failed later': (seen) =>
        seen.method === 'POST'
          ? job('UploadComplete')
          : job('Failed', { errorMessage: 'Selecting compound data not supported in Bulk Query' }),
    };
    for (const [name, refuse] of Object.entries(refusals)) {
      it(`falls back to REST if Bulk cannot run the query: ${name}`, async () => {
        await start((seen) => {
          if (isJob(seen)) return refuse(seen);
          return seen.path.includes('01g') ? page([record('y')], 10_001) : big;
        });
        const rows = await collect(queryPages(await server.client(), contacts, { sleep }));
        expect(rows).to.deep.equal([row('x'), row('y')]);
      });
    }

    it('tells Salesforce’s own reason where a job fails otherwise', async () => {
      await start((seen) => {
        if (!isJob(seen)) return big;
        return seen.method === 'POST'
          ? job('UploadComplete')
          : job('Failed', { errorMessage: 'InvalidBatch : too bad' });
      });
      const ended = await failure(collect(queryPages(await server.client(), contacts, { sleep })));
      expect(ended).to.include({ kind: 'refused', code: 'BULK_QUERY_FAILED', message: 'InvalidBatch : too bad' });
    });

    it('follows no locators that lead in circles', async () => {
      await start((seen) => {
        if (!isJob(seen)) return big;
        if (isResults(seen)) return results(header + cells('1'), seen.query.get('locator') === 'A' ? 'B' : 'A', 1);
        return job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete');
      });
      const ended = await failure(collect(queryPages(await server.client(), contacts, { sleep })));
      expect(ended).to.include({ kind: 'malformed' });
      expect(server.seen.filter(isResults).length).to.equal(3);
    });

    it('notices rows that are missing or cut short', async () => {
      const bodies = [
        results(header + cells('1'), 'null', 2),
        results(`${header}"00E000000000001","1`, 'null'),
        results(`${header}"00E000000000001"\n`, 'null'),
      ];
      await start((seen) => {
        if (!isJob(seen)) return big;
        if (isResults(seen)) return bodies[0] ?? {};
        return job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete');
      });
      const client = await server.client();
      while (bodies.length > 0) {
        const ended = await failure(collect(queryPages(client, contacts, { sleep })));
        expect(ended).to.include({ kind: 'network' });
        expect(Reflect.get(Object(ended), 'code')).to.match(/^(BODY|ROW)_CUT$/);
        bodies.shift();
      }
    });

    it('reads a page that broke off again, and takes no row twice', async () => {
      const whole = header + Array.from({ length: 1200 }, (_, index) => cells(String(index))).join('');
      const bodies = [whole.slice(0, -20), whole.slice(0, whole.indexOf('"900"') + 3), whole];
      await start((seen) => {
        if (!isJob(seen)) return big;
        if (isResults(seen)) return results(bodies.shift() ?? '', 'null', 1200);
        return job(seen.method === 'POST' ? 'UploadComplete' : 'JobComplete');
      });
      const rows = await collect(queryPages(await server.client(), contacts, { sleep }));
      expect(rows).to.deep.equal(Array.from({ length: 1200 }, (_, index) => row(String(index))));
      expect(bodies).to.deep.equal([]);
    });
  });
});
