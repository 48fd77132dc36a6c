/**
 * Bulk ingest jobs: the life cycle and its answers compared with the recordings
 * (docs/salesforce-facts.md#bulk-ingest-jobs).
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { createRuleOrg } from './ruleOrg.ts';
import type { Answer, RuleOrg } from './ruleOrg.ts';
import { makeUser, userRow } from './userRow.ts';

type Body = Record<string, unknown>;

/** Key sets of the bodies in a recorded life cycle (mohan-chinnappan-n/cli-dx, bulk-update.md, v52), in the order create, open, uploaded, closed, in progress, complete. */
const recordedKeys: readonly string[][] = [
  'id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion contentUrl lineEnding columnDelimiter',
  'id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion jobType contentUrl lineEnding columnDelimiter retries totalProcessingTime apiActiveProcessingTime apexProcessingTime',
  'id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion jobType contentUrl lineEnding columnDelimiter numberRecordsProcessed numberRecordsFailed retries totalProcessingTime apiActiveProcessingTime apexProcessingTime',
  'id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion',
  'id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion jobType lineEnding columnDelimiter numberRecordsProcessed numberRecordsFailed retries totalProcessingTime apiActiveProcessingTime apexProcessingTime',
  'id operation object createdById createdDate systemModstamp state concurrencyMode contentType apiVersion jobType lineEnding columnDelimiter numberRecordsProcessed numberRecordsFailed retries totalProcessingTime apiActiveProcessingTime apexProcessingTime',
].map((keys) => keys.split(' ').sort());

const keysOf = (answer: Answer): string[] => Object.keys(answer.body as Body).sort();
const codeOf = (answer: Answer): unknown => (answer.body as Body[])[0]?.['errorCode'];
const messageOf = (answer: Answer): unknown => (answer.body as Body[])[0]?.['message'];

class Job {
  readonly rules: RuleOrg;
  readonly created: Answer;
  readonly path: string;

  private constructor(rules: RuleOrg, created: Answer) {
    this.rules = rules;
    this.created = created;
    this.path = `/jobs/ingest/${String((created.body as Body)['id'])}`;
  }

  static async create(rules: RuleOrg, settings: Body = {}, apiVersion = '67.0'): Promise<Job> {
    return new Job(
      rules,
      await rules.call(
        'POST',
        '/jobs/ingest',
        { object: 'Contact', operation: 'insert', lineEnding: 'LF', ...settings },
        {},
        apiVersion,
      ),
    );
  }

  static async run(rules: RuleOrg, csv: string, settings: Body = {}): Promise<Job> {
    const job = await Job.create(rules, settings);
    await job.upload(csv);
    await job.close();
    return job;
  }

  upload(csv: string | Buffer): Promise<Answer> {
    return this.rules.call('PUT', `${this.path}/batches`, csv);
  }

  close(): Promise<Answer> {
    return this.rules.call('PATCH', this.path, { state: 'UploadComplete' });
  }

  abort(): Promise<Answer> {
    return this.rules.call('PATCH', this.path, { state: 'Aborted' });
  }

  get(apiVersion?: string): Promise<Answer> {
    return this.rules.call('GET', this.path, undefined, {}, apiVersion);
  }

  async state(): Promise<unknown> {
    return ((await this.get()).body as Body)['state'];
  }

  async error(): Promise<unknown> {
    return ((await this.get()).body as Body)['errorMessage'];
  }

  async result(kind: 'successfulResults' | 'failedResults' | 'unprocessedrecords'): Promise<string> {
    return String((await this.rules.call('GET', `${this.path}/${kind}`)).body);
  }

  async counts(): Promise<number[]> {
    const files = await Promise.all(
      (['successfulResults', 'failedResults', 'unprocessedrecords'] as const).map((kind) => this.result(kind)),
    );
    return files.map((file) => Math.max(0, parse(file).length - 1));
  }
}

const contacts = (count: number): string =>
  `LastName\n${Array.from({ length: count }, (_each, index) => `N${index}\n`).join('')}`;

describe('simulated org: life cycle of an ingest job', () => {
  it('has the keys of the recording at each step', async () => {
    const rules = createRuleOrg();
    rules.org.switches.bulk.msPerBatch = 1000;
    const accountId = userRow(rules).accountId;
    const settings = { object: 'Account', operation: 'update', columnDelimiter: 'COMMA', contentType: 'CSV' };
    const job = await Job.create(rules, settings, '52.0');
    const steps = [job.created, await job.get('52.0')];
    expect(await job.upload(`Id,Phone\n${accountId},881-222-2391\n`)).to.deep.equal({
      status: 201,
      body: undefined,
      headers: {},
    });
    steps.push(
      await job.get('52.0'),
      await rules.call('PATCH', job.path, { state: 'UploadComplete' }, {}, '52.0'),
      await job.get('52.0'),
    );
    rules.org.clock.advance(1000);
    steps.push(await job.get('52.0'));
    expect(steps.map(keysOf)).to.deep.equal(recordedKeys);
    expect(steps.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200, 200]);
    expect(steps.map(({ body }) => (body as Body)['state'])).to.deep.equal([
      'Open',
      'Open',
      'Open',
      'UploadComplete',
      'InProgress',
      'JobComplete',
    ]);
    expect((steps[0]?.body as Body)['apiVersion']).to.equal(52);
    expect((steps[0]?.body as Body)['contentUrl']).to.equal(`services/data/v52.0${job.path}/batches`);
    expect((await rules.call('GET', `${job.path}/failedResults`, undefined, {}, '52.0')).body).to.equal(
      '"sf__Id","sf__Error",Id,Phone\n',
    );
    expect((await rules.call('GET', `${job.path}/unprocessedrecords`, undefined, {}, '52.0')).body).to.equal(
      'Id,Phone\n',
    );
    expect((await rules.call('GET', `${job.path}/successfulResults`, undefined, {}, '52.0')).body).to.equal(
      `"sf__Id","sf__Created",Id,Phone\n"${accountId}","false","${accountId}","881-222-2391"\n`,
    );
  });

  it('newer versions add isPkChunkingSupported once the job is closed', async () => {
    const job = await Job.run(createRuleOrg(), contacts(1));
    expect((await job.get()).body).to.include({
      state: 'JobComplete',
      isPkChunkingSupported: false,
      numberRecordsProcessed: 1,
      numberRecordsFailed: 0,
    });
  });

  it('takes one PUT only, and only while open', async () => {
    const job = await Job.create(createRuleOrg());
    await job.upload(contacts(1));
    const again = await job.upload(contacts(1));
    expect([again.status, codeOf(again)]).to.deep.equal([400, 'CLIENTINPUTERROR']);
    expect(messageOf(again)).to.match(/^Found multiple contents for job/);
    await job.close();
    expect(codeOf(await job.upload(contacts(1)))).to.equal('INVALIDJOBSTATE');
    expect(messageOf(await job.abort())).to.equal('Aborting already Completed Job not allowed');
  });

  it('deletes closed jobs only, and knows them no more', async () => {
    const rules = createRuleOrg();
    const job = await Job.create(rules);
    expect((await rules.call('DELETE', job.path)).status).to.equal(400);
    await job.upload(contacts(2));
    await job.abort();
    expect(await job.counts()).to.deep.equal([0, 0, 2]);
    expect((await rules.call('DELETE', job.path)).status).to.equal(204);
    expect((await job.get()).status).to.equal(404);
  });

  it("keeps results for seven days, and only for the job's own version", async () => {
    const rules = createRuleOrg();
    const job = await Job.run(rules, contacts(1));
    await job.get();
    expect((await rules.call('GET', `${job.path}/failedResults`, undefined, {}, '66.0')).status).to.equal(409);
    rules.org.clock.advance(7 * 86_400_000 + 1);
    expect((await rules.call('GET', `${job.path}/failedResults`)).status).to.equal(404);
    expect((await job.get()).status).to.equal(404);
  });

  it('has no results while it runs', async () => {
    const rules = createRuleOrg();
    rules.org.switches.bulk.stuck = true;
    const job = await Job.run(rules, contacts(1));
    expect(await job.state()).to.equal('InProgress');
    expect((await rules.call('GET', `${job.path}/successfulResults`)).status).to.equal(400);
    rules.org.switches.bulk.stuck = false;
    expect(await job.state()).to.equal('JobComplete');
  });

  it('lists jobs without counters', async () => {
    const rules = createRuleOrg();
    await Job.run(rules, contacts(1));
    const list = (await rules.call('GET', '/jobs/ingest')).body as {
      done: boolean;
      records: Body[];
      nextRecordsUrl: unknown;
    };
    expect(list).to.include({ done: true, nextRecordsUrl: null });
    expect(Object.keys(list.records[0] ?? {}).sort()).to.deep.equal(
      'apiVersion columnDelimiter concurrencyMode contentType createdById createdDate id jobType lineEnding object operation state systemModstamp'.split(
        ' ',
      ),
    );
  });

  it('lists jobs a page at a time, of the kind and the creators that may be seen', async () => {
    const rules = createRuleOrg();
    rules.org.switches.bulk.jobListPage = 2;
    for (let count = 0; count < 5; count++) await Job.run(rules, contacts(1));
    type List = { done: boolean; records: Body[]; nextRecordsUrl: string | null };
    const get = async (path: string): Promise<List> => (await rules.call('GET', path)).body as List;
    const ids: unknown[] = [];
    let path: string | null = '/jobs/ingest?jobType=V2Ingest';
    for (let pages = 1; path !== null; pages++) {
      const list: List = await get(path);
      ids.push(...list.records.map((record) => record['id']));
      expect(list.done).to.equal(pages === 3);
      path = list.nextRecordsUrl?.replace(/^.*(?=\/jobs)/, '') ?? null;
    }
    expect(new Set(ids).size).to.equal(5);
    expect(ids).to.not.deep.equal([...ids].sort());
    expect((await get('/jobs/ingest?jobType=Classic')).records).to.deep.equal([]);
    expect((await rules.call('GET', '/jobs/ingest?jobType=V2Query')).status).to.equal(400);
    expect((await rules.call('GET', '/jobs/ingest?queryLocator=mine')).status).to.equal(400);
    rules.org.switches.bulk.jobList = 'refused';
    expect((await rules.call('GET', '/jobs/ingest')).status).to.equal(403);
  });

  it('takes job and data in one multipart request', async () => {
    const rules = createRuleOrg();
    const part = (name: string, type: string, content: string): string =>
      `--B\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
    const body = `${part('job', 'application/json', '{"object":"Contact","operation":"insert"}')}${part('content', 'text/csv', 'LastName\nÖzil 🌻\n')}--B--\r\n`;
    const answer = await rules.call('POST', '/jobs/ingest', body, {
      'content-type': 'multipart/form-data; boundary=B',
    });
    expect((answer.body as Body)['state']).to.equal('UploadComplete');
    await rules.call('GET', `/jobs/ingest/${String((answer.body as Body)['id'])}`);
    expect(rules.org.store.find('Contact', { LastName: 'Özil 🌻' })).to.have.length(1);
  });

  it('counts batches and refuses when the day is used up', async () => {
    const rules = createRuleOrg();
    const before = rules.org.limits.remaining('DailyBulkApiBatches');
    rules.org.switches.bulk.rowsPerBatch = 2;
    await (await Job.run(rules, contacts(5))).get();
    expect(rules.org.limits.remaining('DailyBulkApiBatches')).to.equal(before - 3);
    rules.org.switches.dailyBulkApiBatches = 3;
    expect(codeOf((await Job.create(rules)).created)).to.equal('EXCEEDEDQUOTA');
  });
});

describe('simulated org: refusals of whole ingest jobs', () => {
  const bad: ReadonlyArray<readonly [what: string, settings: Body, code: string]> = [
    ['an unknown object', { object: 'Nonsense__c' }, 'INVALIDENTITY'],
    ['an object without bulk access', { object: 'NetworkMemberGroup' }, 'INVALIDENTITY'],
    ['an unknown operation', { operation: 'insret' }, 'INVALIDOPERATION'],
    ['a JSON job', { contentType: 'JSON' }, 'CLIENTINPUTERROR'],
    ['an unknown delimiter', { columnDelimiter: 'SLASH' }, 'CLIENTINPUTERROR'],
    ['an unknown key', { colour: 'red' }, 'JSON_PARSER_ERROR'],
    ['an upsert without key', { operation: 'upsert' }, 'CLIENTINPUTERROR'],
  ];
  for (const [what, settings, code] of bad) {
    it(`${what}: ${code}`, async () => {
      const { created } = await Job.create(createRuleOrg(), settings);
      expect([created.status, codeOf(created)]).to.deep.equal([400, code]);
    });
  }

  for (const [object, name] of [
    ['UserLogin', 'userLogin'],
    ['PermissionSetAssignment', 'permissionSetAssignment'],
  ] as const) {
    it(`${object} by switch`, async () => {
      const rules = createRuleOrg();
      expect((await Job.create(rules, { object, operation: 'update' })).created.status).to.equal(200);
      rules.org.switches.bulk[name] = false;
      expect(messageOf((await Job.create(rules, { object, operation: 'update' })).created)).to.equal(
        `Entity '${object}' is not supported by the Bulk API.`,
      );
    });
  }

  const failing: ReadonlyArray<readonly [what: string, csv: string, settings: Body, message: string]> = [
    ['an unknown column', 'LastName,Nonsense,Worse\nA,B,C\n', {}, 'InvalidBatch : Field name not found : Nonsense'],
    ['a BOM', '\uFEFFLastName\nA\n', {}, 'InvalidBatch : Field name not found : \uFEFFLastName'],
    ['another delimiter', 'LastName;FirstName\nA;B\n', {}, 'InvalidBatch : Field name not found : LastName;FirstName'],
    [
      'CRLF in an LF job',
      'LastName\r\nA\r\n',
      {},
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF',
    ],
    [
      'LF in a CRLF job',
      'LastName\nA\n',
      { lineEnding: 'CRLF' },
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is CRLF',
    ],
    [
      'a stray CRLF inside quotes',
      'LastName\n"A\r\nB"\n',
      {},
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is LF',
    ],
    ['an unknown relation', 'LastName,Boss.Name\nA,B\n', {}, 'InvalidBatch : Unable to find relationship: Boss'],
    [
      'a needless type',
      'LastName,Account:Account.AccountNumber\nA,B\n',
      {},
      'InvalidBatch : type is not needed for non polymorphic foreign key references: Account',
    ],
  ];
  for (const [what, csv, settings, message] of failing) {
    it(`${what} fails the job`, async () => {
      const job = await Job.run(createRuleOrg(), csv, settings);
      expect(await job.state()).to.equal('Failed');
      expect(await job.error()).to.equal(message);
    });
  }

  it('a column hidden from the user is not found, and all rows are unprocessed', async () => {
    const rules = createRuleOrg();
    rules.org.switches.hiddenFields.push('Contact.Email');
    const job = await Job.run(rules, 'LastName,Email\nA,a@b.example\nB,b@b.example\n');
    expect(await job.error()).to.equal('InvalidBatch : Field name not found : Email');
    expect(await job.result('unprocessedrecords')).to.equal('LastName,Email\n"A","a@b.example"\n"B","b@b.example"\n');
  });

  for (const [fails, state] of [
    [true, 'Failed'],
    [false, 'JobComplete'],
  ] as const) {
    it(`a header without rows ends in ${state}`, async () => {
      const rules = createRuleOrg();
      rules.org.switches.bulk.emptyJobFails = fails;
      expect(await (await Job.run(rules, 'LastName\n')).state()).to.equal(state);
    });
  }
});

describe('simulated org: work on ingest jobs', () => {
  it('inserts users, with the errors of rows as text', async () => {
    const rules = createRuleOrg();
    const good = userRow(rules).row;
    const taken = { ...userRow(rules).row, ContactId: makeUser(rules).contactId };
    const job = await Job.run(
      rules,
      stringify([good, taken, { ...good, Email: '', ProfileId: '' }], { header: true }),
      { object: 'User' },
    );
    expect((await job.get()).body).to.include({
      state: 'JobComplete',
      numberRecordsProcessed: 3,
      numberRecordsFailed: 2,
    });
    const failed = parse<Record<string, string>>(await job.result('failedResults'), { columns: true });
    expect(failed.map((row) => [row['sf__Id'], row['sf__Error']])).to.deep.equal([
      ['', 'PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT:portal user already exists for contact:--'],
      ['', 'REQUIRED_FIELD_MISSING:Required fields are missing: [Email, ProfileId]:Email, ProfileId --'],
    ]);
  });

  it('an empty cell changes nothing on update, #N/A clears', async () => {
    const rules = createRuleOrg();
    const { contactId } = userRow(rules);
    await (await Job.run(rules, `Id,FirstName,LastName\n${contactId},#N/A,\n`, { operation: 'update' })).get();
    expect(rules.org.store.get('Contact', contactId)).to.include({ FirstName: null, LastName: 'Person' });
  });

  it('works batch by batch on its clock, counters moving', async () => {
    const rules = createRuleOrg();
    Object.assign(rules.org.switches.bulk, { rowsPerBatch: 400, parallelBatches: 1, msPerRow: 1, msInQueue: 50 });
    const job = await Job.run(rules, contacts(1000));
    const seen: unknown[] = [];
    for (const step of [0, 50, 200, 199, 1, 600]) {
      rules.org.clock.advance(step);
      const { state, numberRecordsProcessed } = (await job.get()).body as Body;
      seen.push([state, numberRecordsProcessed]);
    }
    expect(seen).to.deep.equal([
      ['UploadComplete', 0],
      ['InProgress', 0],
      ['InProgress', 200],
      ['InProgress', 200],
      ['InProgress', 400],
      ['JobComplete', 1000],
    ]);
  });

  it('parallel batches are as fast as their longest', async () => {
    const rules = createRuleOrg();
    Object.assign(rules.org.switches.bulk, { rowsPerBatch: 200, parallelBatches: 5, msPerRow: 1 });
    const job = await Job.run(rules, contacts(1000));
    await job.get();
    rules.org.clock.advance(200);
    expect((await job.get()).body).to.include({ state: 'JobComplete', numberRecordsProcessed: 1000 });
  });

  it('batches of all jobs get the places first come, first served, and a short one gives its place up early', async () => {
    const rules = createRuleOrg();
    Object.assign(rules.org.switches.bulk, { rowsPerBatch: 400, parallelBatches: 2, msPerRow: 1 });
    // Batches of 400 and 400, of 200, and of 400 and 200 rows.
    const jobs = [
      await Job.run(rules, contacts(800)),
      await Job.run(rules, contacts(200)),
      await Job.run(rules, contacts(600)),
    ];
    const seen: unknown[] = [];
    for (let time = 0; time <= 1200; time += 200) {
      const bodies = await Promise.all(jobs.map((job) => job.get()));
      seen.push(bodies.map(({ body }) => (body as Body)['numberRecordsProcessed']));
      rules.org.clock.advance(200);
    }
    expect(seen).to.deep.equal([
      [0, 0, 0],
      [400, 0, 0],
      [800, 0, 0],
      [800, 200, 200],
      [800, 200, 600],
      [800, 200, 600],
      [800, 200, 600],
    ]);
  });

  it('it is the same whether the org is looked at often or once', async () => {
    const times = async (step: number): Promise<unknown[]> => {
      const rules = createRuleOrg();
      const costs = { rowsPerBatch: 300, parallelBatches: 3, msPerRow: 1, msPerBatch: 70, msInQueue: 30 };
      Object.assign(rules.org.switches.bulk, costs);
      const jobs = [await Job.run(rules, contacts(1000)), await Job.run(rules, contacts(500))];
      for (let time = 0; time < 4000; time += step) {
        rules.org.clock.advance(step);
        await jobs[0]?.get();
      }
      const bodies = await Promise.all(jobs.map((job) => job.get()));
      return bodies.map(({ body }) => [(body as Body)['state'], (body as Body)['totalProcessingTime']]);
    };
    expect(await times(10)).to.deep.equal(await times(4000));
  });

  it('a chunk that meets a lock waits for it, and takes its place that long', async () => {
    const rules = createRuleOrg();
    Object.assign(rules.org.switches.bulk, { parallelBatches: 2, msPerRow: 10 });
    rules.org.switches.locks.waitMs = 10_000;
    const rows = (): string =>
      stringify([userRow(rules, 'Acme Customer Plus').row, userRow(rules, 'Acme Customer Plus').row], { header: true });
    const users = [await Job.run(rules, rows(), { object: 'User' }), await Job.run(rules, rows(), { object: 'User' })];
    const others = [await Job.run(rules, contacts(200)), await Job.run(rules, contacts(200))];
    const states = (jobs: readonly Job[]): Promise<unknown[]> => Promise.all(jobs.map((job) => job.state()));
    await users[0]?.get();
    rules.org.clock.advance(2020);
    expect(await states([...users, ...others])).to.deep.equal([
      'JobComplete',
      'InProgress',
      'JobComplete',
      'InProgress',
    ]);
    rules.org.clock.advance(2000);
    expect(await states(others)).to.deep.equal(['JobComplete', 'JobComplete']);
    rules.org.clock.advance(6000);
    expect(await states(users)).to.deep.equal(['JobComplete', 'JobComplete']);
    expect((await users[1]?.counts())?.[1]).to.equal(2);
  });

  it('role-creating jobs in parallel lose rows, one after the other they do not', async () => {
    const rules = createRuleOrg();
    const rows = (): string =>
      stringify(
        Array.from({ length: 6 }, () => userRow(rules, 'Acme Customer Plus').row),
        { header: true },
      );
    const pair = [await Job.run(rules, rows(), { object: 'User' })];
    await pair[0]?.get();
    expect((await pair[0]?.counts())?.[1]).to.equal(0);
    const first = await Job.create(rules, { object: 'User' });
    const second = await Job.create(rules, { object: 'User' });
    await first.upload(rows());
    await second.upload(rows());
    rules.org.switches.bulk.stuck = true;
    await first.close();
    await second.close();
    rules.org.switches.bulk.stuck = false;
    await first.get();
    expect((await first.counts())[1]).to.equal(0);
    expect((await second.counts())[1]).to.equal(4);
  });

  for (const [ending, state] of [
    ['failNextJobAfterRows', 'Failed'],
    ['abortNextJobAfterRows', 'Aborted'],
  ] as const) {
    it(`${ending}: rows of all three kinds`, async () => {
      const rules = createRuleOrg();
      rules.org.switches.bulk[ending] = 3;
      const job = await Job.run(rules, 'LastName\nA\n""\nB\nC\nD\n');
      expect(await job.state()).to.equal(state);
      expect(await job.counts()).to.deep.equal([2, 1, 2]);
      expect(rules.org.switches.bulk[ending]).to.equal(null);
    });
  }

  it('failNextJobUnrecordedAfter: later rows are in no result, whatever became of them', async () => {
    const rules = createRuleOrg();
    Object.assign(rules.org.switches.bulk, { failNextJobAfterRows: 3, failNextJobUnrecordedAfter: 1 });
    const job = await Job.run(rules, 'LastName\nA\n""\nB\nC\nD\n');
    expect(await job.counts()).to.deep.equal([1, 0, 0]);
    expect(rules.org.store.find('Contact', { LastName: 'B' })).to.have.length(1);
  });

  it('an abort in the middle keeps what was done', async () => {
    const rules = createRuleOrg();
    rules.org.switches.bulk.msPerRow = 1;
    const job = await Job.run(rules, contacts(500));
    await job.get();
    rules.org.clock.advance(250);
    expect((await job.abort()).body).to.include({ state: 'Aborted' });
    rules.org.clock.advance(1000);
    expect(await job.counts()).to.deep.equal([200, 0, 300]);
  });

  it('a batch that the server repeats meets its own rows', async () => {
    const rules = createRuleOrg();
    rules.org.switches.bulk.repeatBatches = 1;
    const { row, contactId } = userRow(rules);
    const job = await Job.run(rules, stringify([row], { header: true }), { object: 'User' });
    expect((await job.get()).body).to.include({ state: 'JobComplete', numberRecordsFailed: 1, retries: 1 });
    expect(await job.result('failedResults')).to.contain('PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT');
    expect(rules.org.store.find('User', { ContactId: contactId })).to.have.length(1);
  });

  it('batches that time out are tried again, then the job fails', async () => {
    const rules = createRuleOrg();
    Object.assign(rules.org.switches.bulk, { msPerRow: 10, batchTimeoutMs: 1000, batchTries: 2 });
    const job = await Job.run(rules, contacts(1000));
    await job.get();
    rules.org.clock.advance(60_000);
    expect((await job.get()).body).to.include({ state: 'Failed', retries: 2, numberRecordsProcessed: 400 });
    expect(await job.counts()).to.deep.equal([400, 0, 600]);
  });
});

describe('simulated org: result files', () => {
  it('repeats the header as uploaded, quoted only where it was', async () => {
    const job = await Job.run(createRuleOrg(), '"LastName",FirstName\nA,B\n');
    await job.get();
    expect((await job.result('successfulResults')).split('\n')[0]).to.equal(
      '"sf__Id","sf__Created","LastName",FirstName',
    );
    expect(await job.result('unprocessedrecords')).to.equal('"LastName",FirstName\n');
  });

  it('sorts headers, shuffles rows, empties bodies by switch', async () => {
    const rules = createRuleOrg();
    Object.assign(rules.org.switches.bulk, {
      alphabeticalResultHeaders: true,
      shuffledResultRows: true,
      emptyBodyForEmptyResult: true,
    });
    const job = await Job.run(
      rules,
      `LastName,FirstName\n${Array.from({ length: 9 }, (_each, index) => `L${index},F${index}\n`).join('')}`,
    );
    await job.get();
    const rows = parse<Record<string, string>>(await job.result('successfulResults'), { columns: true });
    expect(Object.keys(rows[0] ?? {})).to.deep.equal(['sf__Id', 'sf__Created', 'FirstName', 'LastName']);
    const order = rows.map((row) => row['LastName']);
    expect(order).to.not.deep.equal([...order].sort());
    expect(rows.every((row) => row['FirstName']?.slice(1) === row['LastName']?.slice(1))).to.equal(true);
    expect(await job.result('failedResults')).to.equal('');
  });

  it('fills sf__Id of a failed update', async () => {
    const rules = createRuleOrg();
    const { contactId } = userRow(rules);
    const job = await Job.run(rules, `Id,Email\n${contactId},nonsense\n`, { operation: 'update' });
    await job.get();
    expect(await job.result('failedResults')).to.contain(
      `\n"${contactId}","INVALID_EMAIL_ADDRESS:Email: invalid email address: nonsense:Email --"`,
    );
  });

  const delimiters = { COMMA: ',', BACKQUOTE: '`', CARET: '^', PIPE: '|', SEMICOLON: ';', TAB: '\t' } as const;
  for (const [columnDelimiter, delimiter] of Object.entries(delimiters)) {
    for (const [lineEnding, recordDelimiter] of [
      ['LF', '\n'],
      ['CRLF', '\r\n'],
    ] as const) {
      it(`values arrive unchanged and come back unchanged: ${columnDelimiter}, ${lineEnding}`, async () => {
        // Line ends other than the job's fail the job, and Salesforce trims text: both are not the matter here.
        const text = fc
          .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
          .map((value) =>
            value
              .replace(/[\r\n\0]/g, recordDelimiter)
              .slice(0, 70)
              .trim(),
          )
          .filter((value) => value !== '' && value !== '#N/A' && value.isWellFormed());
        await fc.assert(
          fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 }), async (values) => {
            const rules = shared;
            const csv = stringify([['LastName', 'Title'], ...values], {
              delimiter,
              record_delimiter: recordDelimiter,
              quoted: true,
            });
            const job = await Job.run(rules, csv, { columnDelimiter, lineEnding });
            expect(await job.state(), String(await job.error())).to.equal('JobComplete');
            const results = parse(await job.result('successfulResults'), {
              delimiter,
              record_delimiter: recordDelimiter,
              from: 2,
            });
            expect(results.map((row) => row.slice(2))).to.deep.equal(values);
            const stored = results.map(([id = '']) => rules.org.store.get('Contact', id));
            expect(stored.map((record) => [record?.['LastName'], record?.['Title']])).to.deep.equal(values);
          }),
          { numRuns: 25 },
        );
      });
    }
  }
  const shared = createRuleOrg({ customerContacts: 1 });
});
