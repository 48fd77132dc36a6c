/** Whatever goes wrong between plugin and org: nothing is done twice, nothing is lost, and the counts are true. */
import { expect } from 'chai';
import { brokenTrigger, validationRule } from '../simulated-org/dml/automation.ts';
import { faultAnswers, type FaultAction, type FaultMatch } from '../simulated-org/faults.ts';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { csvOf, expectDone, expectTrue, jobsOf, recordsOf, RunLab, type Run } from './runLab.ts';

const post: FaultMatch = { method: 'POST', path: '/jobs/ingest' };
const put: FaultMatch = { method: 'PUT', path: /^\/jobs\/ingest\/.*batches$/ };
const patch: FaultMatch = { method: 'PATCH', path: /^\/jobs\/ingest\// };
const poll: FaultMatch = { method: 'GET', path: /^\/jobs\/ingest\/\w+$/ };
const results = (kind: string): FaultMatch => ({ method: 'GET', path: new RegExp(`^/jobs/ingest/\\w+/${kind}$`) });
const notFound: FaultAction = {
  kind: 'answer',
  status: 404,
  body: [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
};

describe('a create run in trouble', () => {
  let lab: RunLab;
  const start = async (options: SimulatedOrgOptions = {}): Promise<void> => {
    lab = await RunLab.start(options);
  };
  afterEach(() => lab.stop());

  /** The whole segment has its users, although the run met with this fault. */
  const expectAllMade = (run: Run): void => {
    expectDone(lab, run);
    expect(run.result.state).to.equal('complete');
    expect(run.result.counts).to.include({ failed: 0, succeeded: run.result.counts.planned });
    expect(run.result.counts.planned).to.be.above(20);
  };

  describe('calls that are lost', () => {
    const lost: ReadonlyArray<readonly [string, FaultMatch, FaultAction]> = [
      ['the creation of a job, before the org saw it', post, { kind: 'dropBefore' }],
      ['the answer to the creation of a job', post, { kind: 'dropAfter' }],
      ['the upload, before the org saw it', put, { kind: 'dropBefore' }],
      ['the answer to the upload', put, { kind: 'dropAfter' }],
      ['the closing, before the org saw it', patch, { kind: 'dropBefore' }],
      ['the answer to the closing', patch, { kind: 'dropAfter' }],
      ['a poll', poll, { kind: 'dropAfter' }],
      ['a failing upload (500)', put, faultAnswers.serverError()],
      ['a failing closing (502)', patch, faultAnswers.badGateway()],
      ['a creation that the org is too busy for (503)', post, faultAnswers.unavailable()],
      ['an upload that the org is too busy for (503)', put, faultAnswers.unavailable()],
      ['polls while the org is too busy (503)', { ...poll, times: 3 }, faultAnswers.unavailable()],
      ['a poll that asks to come back later (429)', poll, faultAnswers.tooManyRequests(1)],
      ['results that the org is too busy for (503)', results('successfulResults'), faultAnswers.unavailable()],
      ['results that end within a row', results('successfulResults'), { kind: 'shorten', share: 0.6 }],
      ['results that break off', results('successfulResults'), { kind: 'truncate', bytes: 700 }],
    ];
    for (const [what, match, action] of lost) {
      it(`survives: ${what}`, async () => {
        await start();
        const fault = lab.org.faults.add(match, action);
        const run = await lab.create();
        expect(fault.hits).to.be.above(0);
        expectAllMade(run);
        // No row reached the org in two jobs that were both closed and done.
        expect(jobsOf(run.folder).filter((job) => job['orgState'] === 'JobComplete')).to.have.length(1);
      });
    }

    it('tells of the empty job that a lost creation may have left, and sends no rows to it', async () => {
      await start();
      lab.org.faults.add(post, { kind: 'dropAfter' });
      const run = await lab.create();
      expectAllMade(run);
      expect(run.events.filter(({ type }) => type === 'jobMaybeLeft')).to.have.length(1);
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(2);
      expect(lab.count('PUT', /batches$/)).to.equal(1);
    });

    it('aborts the job whose closing did not arrive, and sends its rows in another one', async () => {
      await start();
      lab.org.faults.add(patch, { kind: 'dropBefore' });
      const run = await lab.create();
      expectAllMade(run);
      expect(jobsOf(run.folder).map((job) => job['orgState'])).to.deep.equal(['Aborted', 'JobComplete']);
    });

    it('does not wait for ever for a job whose abortion did not arrive either', async () => {
      await start();
      lab.org.faults.add(put, { kind: 'dropBefore' });
      const abort = lab.org.faults.add(patch, { kind: 'dropBefore' });
      let polls = 0;
      const run = await lab.create(
        {},
        { onEvent: ({ type }, stop) => type === 'jobProgress' && ++polls > 3 && stop.request('signal') },
      );
      expect(abort.hits).to.equal(1);
      expectAllMade(run);
    });

    it('collects the job whose closing was answered into the void', async () => {
      await start();
      lab.org.faults.add(patch, { kind: 'dropAfter' });
      const run = await lab.create();
      expectAllMade(run);
      expect(jobsOf(run.folder).map((job) => job['orgState'])).to.deep.equal(['JobComplete']);
      expect(run.result.counts.created).to.equal(run.result.counts.planned);
    });
  });

  describe('results that are gone', () => {
    it('asks the org about each row, and says that the answer was lost', async () => {
      await start();
      lab.org.faults.add({ method: 'GET', path: /(Results|unprocessedrecords)$/, times: 3 }, notFound);
      const run = await lab.create();
      expectAllMade(run);
      expect(run.result.counts.created).to.equal(0);
      expect([...new Set(csvOf(run.folder, 'succeeded').map((row) => row['Created']))]).to.deep.equal(['unknown']);
    });

    it('takes the results that are still there by their word', async () => {
      await start();
      lab.org.faults.add(results('unprocessedrecords'), notFound);
      const run = await lab.create();
      expectAllMade(run);
      expect(run.result.counts.created).to.equal(run.result.counts.planned);
    });

    it('never takes the user of somebody else for its own', async () => {
      await start();
      lab.org.faults.add(patch, {
        kind: 'meanwhile',
        run: () => {
          const contacts = lab.segment().filter((contact) => lab.usersOf(contact.Id).length === 0);
          for (const contact of contacts) lab.giveUser(contact.Id);
        },
      });
      lab.org.faults.add({ method: 'GET', path: /(Results|unprocessedrecords)$/, times: 3 }, notFound);
      const run = await lab.create();
      expectDone(lab, run);
      expect(run.result.counts).to.include({ planned: 0, succeeded: 0, failed: 0, created: 0 });
    });

    it('asks the org about all rows when it does not know the job any more', async () => {
      await start();
      lab.org.faults.add({ ...poll, times: 1 }, notFound);
      lab.org.faults.add({ method: 'GET', path: /(Results|unprocessedrecords)$/, times: 3 }, notFound);
      expectAllMade(await lab.create());
    });

    it('finds rows missing from results that look whole by asking the org', async () => {
      await start();
      const fault = lab.org.faults.add(results('successfulResults'), { kind: 'shorten', lines: 6 });
      const run = await lab.create();
      expect(fault.hits).to.equal(1);
      expectAllMade(run);
      expect(run.result.counts.created).to.be.below(run.result.counts.succeeded).and.above(0);
    });
  });

  describe('jobs that end badly', () => {
    it('sends the rest of a failed job again, and keeps what it did', async () => {
      await start({ switches: { bulk: { failNextJobAfterRows: 9, rowsPerChunk: 3 } } });
      lab.org.rules.automation.add(
        validationRule('User', ({ record }) => record['LastName'] === 'Cher', 'Only one Cher.', ['LastName']),
      );
      const run = await lab.create();
      expectDone(lab, run);
      expect(run.result).to.deep.include({ state: 'partial', failedByCode: { FIELD_CUSTOM_VALIDATION_EXCEPTION: 1 } });
      expect(run.result.counts.succeeded).to.equal(run.result.counts.planned - 1);
      expect(jobsOf(run.folder).map((job) => job['orgState'])).to.deep.equal(['Failed', 'JobComplete']);
    });

    for (const failNextJobUnrecordedAfter of [0, 4, 9])
      it(`asks for rows that are in none of the three results, from row ${String(failNextJobUnrecordedAfter)} on`, async () => {
        await start({ switches: { bulk: { failNextJobAfterRows: 9, rowsPerChunk: 3, failNextJobUnrecordedAfter } } });
        const run = await lab.create();
        expectAllMade(run);
        // Nine were made, whatever the results say of them.
        const unsure = csvOf(run.folder, 'succeeded').filter((row) => row['Created'] === 'unknown');
        expect(unsure).to.have.length(9 - failNextJobUnrecordedAfter);
        expect(jobsOf(run.folder).map((job) => job['orgState'])).to.deep.equal(['Failed', 'JobComplete']);
      });

    it('sends the rest of a job that an administrator aborted', async () => {
      await start({ switches: { bulk: { abortNextJobAfterRows: 6, rowsPerChunk: 3 } } });
      const run = await lab.create();
      expectAllMade(run);
      expect(jobsOf(run.folder)[0]).to.include({ orgState: 'Aborted' });
    });

    it('is not misled by a batch that the server worked on twice', async () => {
      await start({ switches: { bulk: { repeatBatches: 1 } } });
      const run = await lab.create();
      expectAllMade(run);
    });

    it('stops at a fault of the job itself, which the next job would have too', async () => {
      await start({
        switches: {
          bulk: { failNextJobAfterRows: 0, failNextJobMessage: 'InvalidBatch : Field name not found : Nope__c' },
        },
      });
      const run = await lab.create();
      expect(run.end).to.include({ end: 'org', code: 'JOB_FAILED' });
      expectTrue(lab, run);
      expect(run.result.counts).to.include({ succeeded: 0, failed: 0, pending: run.result.counts.planned });
      expect(run.result.jobs).to.have.length(1);
      expectAllMade(await lab.resume(run.folder));
    });

    for (const [what, switches] of [
      ['in alphabetical order of columns', { alphabeticalResultHeaders: true }],
      ['in another order of rows', { shuffledResultRows: true }],
      ['without even a header when they are empty', { emptyBodyForEmptyResult: true }],
    ] as const) {
      it(`reads results ${what}`, async () => {
        await start({ switches: { bulk: switches } });
        const run = await lab.create();
        expectAllMade(run);
        expect(run.result.counts.created).to.equal(run.result.counts.planned);
      });
    }
  });

  describe('sessions, limits and licenses', () => {
    it('stops when the session ends and can’t be renewed; resume with a new one finishes', async () => {
      await start();
      lab.org.faults.add(put, { kind: 'meanwhile', run: () => lab.org.session.expire() });
      const run = await lab.create();
      expect(run.end.end).to.equal('call');
      expect(run.end).to.have.nested.property('fault.code', 'orgSession');
      expectTrue(lab, run);
      expect(run.result.counts.pending).to.equal(run.result.counts.planned);
      expectAllMade(await lab.resume(run.folder, { token: lab.org.session.login(lab.org.runningUserId) }));
    });

    it('collects on resume what the org did after the session had ended', async () => {
      await start();
      lab.org.faults.add(patch, { kind: 'meanwhile', after: true, run: () => lab.org.session.expire() });
      const run = await lab.create();
      expect(run.end.end).to.equal('call');
      const resumed = await lab.resume(run.folder, { token: lab.org.session.login(lab.org.runningUserId) });
      expectAllMade(resumed);
      expect(resumed.result.jobs).to.have.length(1);
      expect(resumed.result.counts.created).to.equal(resumed.result.counts.planned);
    });

    it('does not notice a session that is renewed', async () => {
      await start();
      lab.org.faults.add(put, { kind: 'meanwhile', run: () => lab.org.session.expire() });
      expectAllMade(await lab.create({}, { client: await lab.refreshableClient() }));
    });

    it('stops when the API calls of the day are used up; resume finishes', async () => {
      await start();
      lab.org.faults.add(poll, faultAnswers.dailyLimit());
      const run = await lab.create();
      expect(run.end).to.have.nested.property('fault.code', 'orgLimit');
      expectTrue(lab, run);
      expectAllMade(await lab.resume(run.folder));
    });

    it('stops when the licenses run out in the middle, and says how many users are missing', async () => {
      await start();
      const [license] = lab.org.store.find('UserLicense', { Name: 'Customer Community' });
      const used = Number(license?.['UsedLicenses']);
      lab.org.faults.add(patch, {
        kind: 'meanwhile',
        run: () => lab.org.store.update('UserLicense', license?.Id ?? '', { TotalLicenses: used + 5 }),
      });
      const run = await lab.create();
      expect(run.end).to.include({ end: 'licenses', code: 'LICENSE_LIMIT_EXCEEDED' });
      expectTrue(lab, run);
      expect(run.result.counts).to.include({ succeeded: 5, failed: 0, pending: run.result.counts.planned - 5 });

      const still = await lab.resume(run.folder);
      // A run that has begun is resumable (69), not stopped before anything was written.
      expect(still.end.end).to.equal('licenses');
      expectTrue(lab, still);
      expect(still.result.counts).to.deep.equal(run.result.counts);

      lab.org.store.update('UserLicense', license?.Id ?? '', { TotalLicenses: 500 });
      expectAllMade(await lab.resume(run.folder));
    });

    it('does not begin when licenses are short, but counts active users before it believes it', async () => {
      await start({ switches: { users: { usedLicensesLag: true } } });
      const [license] = lab.org.store.find('UserLicense', { Name: 'Customer Community' });
      lab.org.store.update('UserLicense', license?.Id ?? '', { UsedLicenses: 499 });
      expectAllMade(await lab.create());
      await lab.stop();

      await start();
      const [scarce] = lab.org.store.find('UserLicense', { Name: 'Customer Community' });
      lab.org.store.update('UserLicense', scarce?.Id ?? '', { TotalLicenses: Number(scarce?.['UsedLicenses']) + 3 });
      const run = await lab.create();
      expect(run.end).to.have.nested.property('failures[0].guard', 'licenses');
      expectTrue(lab, run);
      expect(run.result.counts.pending).to.equal(run.result.counts.planned);
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
    });
  });

  describe('rows that are refused', () => {
    it('sends rows again that met with locks', async () => {
      await start({ switches: { locks: { rowLockStorm: 4, groupLockStorm: 3 } } });
      const run = await lab.create();
      expectAllMade(run);
      expect(run.events.some(({ type }) => type === 'waiting')).to.equal(true);
      expect(recordsOf(run.folder).some((record) => Number(record['attempts']) > 1)).to.equal(true);
    });

    it('makes another nickname where the one made up is taken', async () => {
      await start();
      const [contact] = lab.segment().filter((it) => String(it['Email']).startsWith('name.0@'));
      const nickname = `user-${String(contact?.Id).toLowerCase()}`;
      lab.org.store.insert('User', {
        LastName: 'Squatter',
        Username: 'squatter@acme.example',
        CommunityNickname: nickname,
      });
      const run = await lab.create();
      expectAllMade(run);
      const [user] = lab.usersOf(contact?.Id ?? '');
      expect(String(user?.['CommunityNickname'])).to.match(new RegExp(`^${nickname}-\\d+$`));
      const row = csvOf(run.folder, 'succeeded').find((it) => it['ContactId'] === contact?.Id);
      expect(row?.['CommunityNickname']).to.equal(user?.['CommunityNickname']);
    });

    it('fails a partner whose username is taken in another org, with Salesforce’s words and an advice', async () => {
      await start({ switches: { users: { uniquePartnerUsernamesInOrg: false } } });
      const gus = lab.org.world?.awkwardCases.find((it) => it.code === 'USERNAME_TAKEN_ELSEWHERE')?.contactId ?? '';
      const run = await lab.create({ where: `Id = '${gus}'`, profile: 'Acme Partner' });
      expectDone(lab, run);
      expect(run.result).to.deep.include({ state: 'failed', failedByCode: { DUPLICATE_USERNAME: 1 } });
      const [row] = csvOf(run.folder, 'failed');
      expect(row?.['ErrorCode']).to.equal('DUPLICATE_USERNAME');
      expect(row?.['Error']).to.match(/\S/);
      expect(row?.['Advice']).to.include('--username');
    });

    it('fails rows that the org’s own automation refuses, with its text, and sends them once', async () => {
      await start();
      const text = 'Portal: last names with a comma are "not", good: ask Ann';
      lab.org.rules.automation.add(
        validationRule('User', ({ record }) => String(record['LastName']).includes(','), text, ['LastName']),
      );
      lab.org.rules.automation.add(
        brokenTrigger(
          'User',
          ({ record }) => String(record['LastName']).includes('🌻') || record['LastName'] === '山田',
        ),
      );
      const run = await lab.create();
      expectDone(lab, run);
      expect(run.result.failedByCode).to.deep.equal({
        CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: 1,
        FIELD_CUSTOM_VALIDATION_EXCEPTION: 1,
      });
      const rows = csvOf(run.folder, 'failed');
      expect(rows.map((row) => row['Error'])).to.include(text);
      expect(rows.find((row) => row['ErrorCode']?.startsWith('CANNOT'))?.['Error']).to.include('UserTrigger');
      expect(rows.every((row) => row['Advice'] !== '')).to.equal(true);
      expect(
        recordsOf(run.folder)
          .filter((record) => record['state'] === 'failed')
          .map((record) => record['attempts']),
      ).to.deep.equal([1, 1]);
    });

    it('leaves a contact alone that somebody else gave a user meanwhile', async () => {
      await start();
      const [active, inactive] = lab.segment().filter((it) => /name\.[01]@/.test(String(it['Email'])));
      const ids: string[] = [];
      lab.org.faults.add(patch, {
        kind: 'meanwhile',
        run: () => {
          ids.push(lab.giveUser(active?.Id ?? ''), lab.giveUser(inactive?.Id ?? '', { IsActive: false }));
        },
      });
      const run = await lab.create();
      expectDone(lab, run);
      const recordOf = (id: string | undefined): unknown =>
        recordsOf(run.folder).find((record) => record['contactId'] === id);
      expect(recordOf(active?.Id)).to.include({ action: 'unchanged', reason: 'ALREADY_HAS_USER', userId: ids[0] });
      expect(recordOf(inactive?.Id)).to.include({ action: 'refused', reason: 'HAS_INACTIVE_USER', userId: ids[1] });
      expect(csvOf(run.folder, 'refused').map((row) => row['ContactId'])).to.include(inactive?.Id);
      expect(run.result.counts).to.include({ failed: 0, unchanged: 4 });
    });

    it('loses a race for a username in the org with the word of the org', async () => {
      await start();
      const [contact] = lab.segment().filter((it) => String(it['Email']).startsWith('name.0@'));
      lab.org.faults.add(patch, {
        kind: 'meanwhile',
        run: () =>
          void lab.org.store.insert('User', {
            LastName: 'Fast',
            Username: 'name.0@customers.example',
            CommunityNickname: 'fast',
          }),
      });
      const run = await lab.create();
      expectDone(lab, run);
      expect(run.result.failedByCode).to.deep.equal({ DUPLICATE_USERNAME: 1 });
      expect(csvOf(run.folder, 'failed').map((row) => row['ContactId'])).to.deep.equal([contact?.Id]);
    });
  });
});
