/** A run that is stopped, interrupted or killed at any point goes on by resume, as if nothing had happened. */
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { exitCodeOf } from '../../lib/report/exitCodes.js';
import type { OrgAnswer, OrgCall, OrgClient } from '../../lib/org/orgClient.js';
import { OrgError } from '../../lib/model/orgError.js';
import type { Clock } from '../../lib/engine/clock.js';
import type { GracefulStop } from '../../lib/engine/stop.js';
import { brokenTrigger, validationRule } from '../simulated-org/dml/automation.ts';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { expectDone, expectTrue, jobsOf, mainSegment, metaOf, recordsOf, RunLab, type Run } from './runLab.ts';

/** How often a job is looked at depends on the machine. */
const ofJobs = ({ path }: OrgCall): boolean => path.startsWith('/jobs/ingest');
const makesJob = ({ method, path }: OrgCall): boolean => method === 'POST' && path === '/jobs/ingest';

/** A client with which the process dies at its nth call of a kind. */
function mortal(client: OrgClient, nth: number, moment: 'before' | 'after', isCounted = ofJobs): OrgClient {
  let calls = 0;
  const call = async (request: OrgCall): Promise<OrgAnswer> => {
    const isFatal = isCounted(request) && ++calls === nth;
    if (isFatal && moment === 'before') throw new Death();
    const answer = await client.call(request);
    if (isFatal) throw new Death();
    return answer;
  };
  return { ...client, callsMade: 0, call };
}

class Death extends Error {}

async function deathOf(run: Promise<unknown>): Promise<boolean> {
  try {
    await run;
    return false;
  } catch (error) {
    if (!(error instanceof Death)) throw error;
    return true;
  }
}

async function faultCode(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return Reflect.get(error as object, 'code');
  }
  throw new Error('no fault');
}

describe('a run that stops', () => {
  let lab: RunLab;
  const start = async (options: SimulatedOrgOptions = {}): Promise<void> => {
    lab = await RunLab.start(options);
  };
  afterEach(() => lab.stop());

  const expectAllMade = (run: Run): void => {
    expectDone(lab, run);
    expect(run.result).to.include({ state: 'complete' });
    expect(run.result.counts).to.include({ failed: 0, succeeded: run.result.counts.planned });
  };

  describe('because the process died', () => {
    for (const moment of ['before', 'after'] as const) {
      it(`${moment} any call of a job is driven on by resume`, async () => {
        await start();
        let deaths = 0;
        for (let nth = 1; ; nth++) {
          const outputDir = lab.newFolder();
          const client = mortal(await lab.client(), nth, moment);
          // Each run has a contact of its own, one that the runs before it have left.
          const [contact] = lab.freeContacts();
          const where = `Id = '${String(contact?.Id)}'`;
          if (!(await deathOf(lab.create({ outputDir, where }, { client })))) break;
          deaths += 1;
          const resumed = await lab.resume(outputDir);
          expectDone(lab, resumed);
          expect(resumed.result.counts).to.include({ succeeded: resumed.result.counts.planned, failed: 0 });
        }
        // A job takes five: it is made, uploaded, closed, looked at, and its results are read.
        expect(deaths).to.equal(5);
      });
    }

    it('while it was killed again and again', async () => {
      await start();
      const outputDir = lab.newFolder();
      expect(await deathOf(lab.create({ outputDir }, { client: mortal(await lab.client(), 3, 'after') }))).to.equal(
        true,
      );
      for (const [nth, moment] of [
        [1, 'before'],
        [1, 'after'],
        [2, 'before'],
        // The job is known to be complete by now: its results are the first call.
        [1, 'after'],
      ] as const)
        expect(await deathOf(lab.resume(outputDir, { client: mortal(await lab.client(), nth, moment) }))).to.equal(
          true,
        );
      const run = await lab.resume(outputDir);
      expectAllMade(run);
      expect(run.result.jobs.filter((job) => job.state === 'JobComplete')).to.have.length(1);
    });

    it('aborts a job that was left open, and sends its rows anew', async () => {
      await start();
      const outputDir = lab.newFolder();
      await deathOf(lab.create({ outputDir }, { client: mortal(await lab.client(), 2, 'after') }));
      expect(jobsOf(outputDir)).to.have.nested.property('[0].state', 'created');
      const run = await lab.resume(outputDir);
      expectAllMade(run);
      expect(run.result.jobs.map((job) => job.state)).to.deep.equal(['Aborted', 'JobComplete']);
      expect(run.events.some((event) => event.type === 'jobTakenUp')).to.equal(true);
    });

    it('never touches a job that it did not make', async () => {
      await start();
      const outputDir = lab.newFolder();
      await deathOf(lab.create({ outputDir }, { client: mortal(await lab.client(), 1, 'after') }));
      const [foreign] = lab.org.ledger.find('POST', '/jobs/ingest');
      expect(foreign?.status).to.equal(200);
      expectAllMade(await lab.resume(outputDir));
      expect(lab.count('PATCH', /^\/jobs\/ingest\//)).to.equal(1);
    });
  });

  describe('although its licenses are taken by what it did itself', () => {
    const seatsFor = (users: number): void => {
      const [license] = lab.org.store.find('UserLicense', { Name: 'Customer Community' });
      lab.org.store.update('UserLicense', license?.Id ?? '', {
        TotalLicenses: Number(license?.['UsedLicenses']) + users,
      });
    };

    it('collects on resume the users that the org made after the process had died', async () => {
      await start();
      const { planned } = (await lab.create({ dryRun: true })).result.counts;
      seatsFor(planned);
      const outputDir = lab.newFolder();
      expect(await deathOf(lab.create({ outputDir }, { client: mortal(await lab.client(), 3, 'after') }))).to.equal(
        true,
      );
      expectAllMade(await lab.resume(outputDir));
    });

    it('needs no licenses on resume for rows that have failed for good', async () => {
      await start({ switches: { bulk: { failNextJobAfterRows: 12, rowsPerChunk: 3 } } });
      const { planned } = (await lab.create({ dryRun: true })).result.counts;
      lab.org.rules.automation.add(
        validationRule('User', ({ record }) => String(record['Email']).startsWith('name.'), 'No.'),
      );
      const outputDir = lab.newFolder();
      // It dies with the first job collected and its second one not begun.
      const client = mortal(await lab.client(), 2, 'before', makesJob);
      expect(await deathOf(lab.create({ outputDir }, { client }))).to.equal(true);
      const failed = recordsOf(outputDir).filter((record) => record['state'] === 'failed').length;
      const made = recordsOf(outputDir).filter((record) => record['state'] === 'succeeded').length;
      expect(failed).to.be.above(0);
      seatsFor(planned - made - failed);
      expectDone(lab, await lab.resume(outputDir));
    });
  });

  describe('because the time is over', () => {
    it('leaves the job to the org, and resume collects it', async () => {
      await start({ switches: { bulk: { stuck: true } } });
      const run = await lab.create({}, { wait: 0 });
      expect(run.end).to.deep.equal({ end: 'wait' });
      expect(run.result.state).to.equal('running');
      expectTrue(lab, run);
      expect(run.result.counts.pending).to.equal(run.result.counts.planned);
      lab.org.switches.bulk.stuck = false;
      const resumed = await lab.resume(run.folder);
      expectAllMade(resumed);
      expect(resumed.result.jobs).to.have.length(1);
      expect(resumed.result.counts.created).to.equal(resumed.result.counts.planned);
    });

    it('may be resumed without waiting as often as one likes', async () => {
      await start({ switches: { bulk: { stuck: true } } });
      const run = await lab.create({}, { wait: 0 });
      for (let times = 0; times < 3; times++) {
        const again = await lab.resume(run.folder, { wait: 0 });
        expect(again.end).to.deep.equal({ end: 'wait' });
        expect(again.result.counts).to.deep.equal(run.result.counts);
      }
      lab.org.switches.bulk.stuck = false;
      expectAllMade(await lab.resume(run.folder));
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(1);
    });
  });

  describe('because of a signal', () => {
    it('ends at a safe point, and resume goes on', async () => {
      await start({ switches: { bulk: { stuck: true } } });
      const run = await lab.create({}, { onEvent: ({ type }, stop) => type === 'jobClosed' && stop.request('signal') });
      expect(run.end).to.deep.equal({ end: 'signal' });
      expectTrue(lab, run);
      lab.org.switches.bulk.stuck = false;
      expectAllMade(await lab.resume(run.folder));
    });

    for (const [when, method, path, state] of [
      ['the rows are uploaded', 'PUT', /batches$/, 'closed'],
      ['the job is asked for', 'GET', /^\/jobs\/ingest\/\w+$/, 'complete'],
    ] as const) {
      it(`while ${when} finishes that, and begins no further step`, async () => {
        await start();
        const client = await lab.client();
        const later: string[] = [];
        let stop: GracefulStop | undefined;
        const call = async (request: OrgCall): Promise<OrgAnswer> => {
          if (stop?.cause() === 'signal') later.push(request.method);
          const answer = await client.call(request);
          // How often a job is looked at before it is complete depends on the machine.
          const isMeant = request.method === method && path.test(request.path);
          if (isMeant && (method === 'PUT' || answer.body.includes('JobComplete'))) stop?.request('signal');
          return answer;
        };
        const run = await lab.create(
          {},
          { client: { ...client, callsMade: 0, call }, onEvent: (_, given) => void (stop = given) },
        );
        expect(run.end).to.deep.equal({ end: 'signal' });
        expectTrue(lab, run);
        expect(jobsOf(run.folder)).to.have.nested.property('[0].state', state);
        expect(later).to.deep.equal(method === 'PUT' ? ['PATCH'] : []);
        expectAllMade(await lab.resume(run.folder));
      });
    }

    it('while rows wait to be sent again does not wait for them', async () => {
      await start({ switches: { locks: { rowLockStorm: 500 } } });
      const run = await lab.create({}, { onEvent: ({ type }, stop) => type === 'waiting' && stop.request('signal') });
      expect(run.end).to.deep.equal({ end: 'signal' });
      expectTrue(lab, run);
      lab.org.switches.locks.rowLockStorm = 0;
      expectAllMade(await lab.resume(run.folder));
    });

    it('while the plan is made leaves no folder and nothing in the org', async () => {
      await start();
      const outputDir = lab.newFolder();
      const stopped = lab.create(
        { outputDir },
        { onEvent: ({ type }, stop) => type === 'stage' && stop.request('signal') },
      );
      expect(await faultCode(stopped)).to.equal('interrupted');
      expect(existsSync(outputDir)).to.equal(false);
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
    });

    it('while the org takes its time for a query does not wait for it', async () => {
      await start();
      const client = await lab.client();
      let stop: GracefulStop | undefined;
      const call = async (request: OrgCall): Promise<OrgAnswer> => {
        if (request.method !== 'GET' || !request.path.startsWith('/jobs/query/')) return client.call(request);
        stop?.request('signal');
        return new Promise(() => undefined);
      };
      const outputDir = lab.newFolder();
      const tooLongForAnAddress = `${mainSegment} AND Name NOT IN ('${'x'.repeat(13_000)}')`;
      const stopped = lab.create(
        { outputDir, where: tooLongForAnAddress },
        { client: { ...client, callsMade: 0, call }, onEvent: (_, given) => void (stop = given) },
      );
      expect(await faultCode(stopped)).to.equal('interrupted');
      expect(existsSync(outputDir)).to.equal(false);
    });

    it('while a resume looks at the plan again leaves that, too', async () => {
      await start();
      const run = await lab.create({ dryRun: true });
      const client = await lab.client();
      let stop: GracefulStop | undefined;
      const call = async (request: OrgCall): Promise<OrgAnswer> => {
        if (!request.path.includes('FROM+User+WHERE+ContactId+IN')) return client.call(request);
        stop?.request('signal');
        return new Promise(() => undefined);
      };
      const stopped = await lab.resume(run.folder, {
        client: { ...client, callsMade: 0, call },
        onEvent: (_, given) => void (stop = given),
      });
      expect(stopped.end).to.deep.equal({ end: 'signal' });
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
      expectAllMade(await lab.resume(run.folder));
    });

    it('while a job stays open, whatever the org says of its abortion, ends after a few tries', async () => {
      await start();
      const client = await lab.client();
      let stop: GracefulStop | undefined;
      const aborted: string[] = [];
      const call = async (request: OrgCall): Promise<OrgAnswer> => {
        if (request.method === 'PUT')
          throw new OrgError({ kind: 'network', code: 'ECONNRESET', message: 'cut', lost: true });
        if (request.method !== 'PATCH') return client.call(request);
        stop?.request('signal');
        aborted.push(request.path);
        return client.call({ method: 'GET', path: request.path });
      };
      const run = await lab.create(
        {},
        { client: { ...client, callsMade: 0, call }, onEvent: (_, given) => void (stop = given) },
      );
      expect(run.end.end).to.equal('call');
      expect(aborted).to.have.lengthOf.within(1, 6);
      expectTrue(lab, run);
      expectAllMade(await lab.resume(run.folder));
    });

    it('before anything is sent sends nothing', async () => {
      await start();
      const run = await lab.create(
        {},
        { onEvent: (event, stop) => event.type === 'stage' && event.stage === 'apply' && stop.request('signal') },
      );
      expect(run.end).to.deep.equal({ end: 'signal' });
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
      expectAllMade(await lab.resume(run.folder));
    });
  });

  describe('because a file of its folder can’t be written', () => {
    it('begins with nothing, or ends with all that was done; resume writes the file', async () => {
      await start();
      const { folder, result } = await lab.create({ dryRun: true });
      const inTheWay = (name: string): (() => void) => {
        rmSync(join(folder, name), { force: true });
        mkdirSync(join(folder, name));
        return () => rmdirSync(join(folder, name));
      };
      const freeUsers = inTheWay('users.csv');
      expect(await faultCode(lab.resume(folder))).to.equal('folderNotWritable');
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
      freeUsers();
      const freeSucceeded = inTheWay('succeeded.csv');
      const run = await lab.resume(folder);
      expect(run.end).to.have.nested.property('fault.code', 'folderNotWritable');
      expect(run.result.counts).to.include({ succeeded: result.counts.planned, pending: 0 });
      freeSucceeded();
      expectAllMade(await lab.resume(folder));
    });
  });

  describe('because its folder was taken away', () => {
    it('sends no job that could not be recorded, and says so', async () => {
      await start({ world: { customerContacts: 215 } });
      const folder = lab.newFolder();
      const takeAway = (): void => {
        rmSync(folder, { recursive: true });
      };
      // While the test row is with Salesforce.
      lab.org.faults.add({ method: 'PATCH', path: /^\/jobs\/ingest\// }, { kind: 'meanwhile', run: takeAway });
      expect(await faultCode(lab.create({ outputDir: folder }))).to.equal('folderGone');
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(1);
      const again = await lab.create({ outputDir: folder });
      expect(again.result.unchangedByReason).to.have.property('ALREADY_HAS_USER', 3);
      expectAllMade(again);
    });
  });

  describe('by a call that fails when the plan is complete', () => {
    it('tells what is planned, and resume does it: a resume of a dry run', async () => {
      await start();
      const { folder, result } = await lab.create({ dryRun: true });
      lab.org.switches.dailyApiRequestsUsed = lab.org.switches.dailyApiRequests;
      const run = await lab.resume(folder);
      expect(run.end).to.have.nested.property('fault.code', 'orgLimit');
      expect(run.result).to.include({ state: 'planned' });
      expect(run.result.counts).to.deep.equal(result.counts);
      expect(exitCodeOf(run.end, run.result)).to.equal(69);
      lab.org.switches.dailyApiRequestsUsed = 0;
      expectAllMade(await lab.resume(folder));
    });
  });

  describe('because of its canary', () => {
    const large: SimulatedOrgOptions = { world: { customerContacts: 215 } };

    it('stops at the gate of standard profiles after one row, and resume finishes once it is open', async () => {
      // Where the Metadata API tells that it is closed, nothing is sent at all.
      const missingPermissions = ['PermissionsModifyMetadata', 'PermissionsModifyAllData'];
      await start({ ...large, switches: { missingPermissions } });
      const run = await lab.create({ profile: 'Customer Community User' });
      expect(run.end).to.include({ end: 'org', code: 'FIELD_INTEGRITY_EXCEPTION' });
      expect(run.result.jobs.map((job) => job.rows)).to.deep.equal([1]);
      expectTrue(lab, run);
      expect(run.result.counts).to.include({ failed: 0, succeeded: 0, pending: run.result.counts.planned });
      lab.org.switches.users.allowStandardExternalProfiles = true;
      const resumed = await lab.resume(run.folder);
      expectAllMade(resumed);
    });

    it('goes on with one test row that worked', async () => {
      await start(large);
      const run = await lab.create();
      expectAllMade(run);
      expect(run.result.jobs.map((job) => job.rows)).to.deep.equal([1, run.result.counts.planned - 1]);
    });

    it('stops after three accounts whose rows fail the same way, and takes them back', async () => {
      await start(large);
      const remove = lab.org.rules.automation.add(validationRule('User', () => true, 'No users today.'));
      const run = await lab.create();
      expect(run.end).to.include({ end: 'org', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No users today.' });
      expect(run.result.jobs.map((job) => job.rows)).to.deep.equal([1, 1, 1]);
      expect(run.result.counts).to.include({ failed: 0, pending: run.result.counts.planned });
      expectTrue(lab, run);
      remove();
      expectAllMade(await lab.resume(run.folder));
    });

    it('takes the failure of a single row for the row’s own', async () => {
      await start(large);
      let refused = 0;
      lab.org.rules.automation.add(validationRule('User', () => refused++ === 0, 'Not this one.'));
      const run = await lab.create();
      expectDone(lab, run);
      expect(run.result.counts).to.include({ failed: 1, pending: 0 });
      expect(run.result.jobs.map((job) => job.rows).slice(0, 2)).to.deep.equal([1, 1]);
    });

    it('goes on after three rows that fail in different ways', async () => {
      await start(large);
      let sent = 0;
      lab.org.rules.automation.add(validationRule('User', () => ++sent === 1, 'Not this one.'));
      lab.org.rules.automation.add(brokenTrigger('User', () => sent === 2 || sent === 3));
      const run = await lab.create();
      expectDone(lab, run);
      expect(run.result.counts).to.include({ failed: 3, pending: 0 });
    });

    /** So that there is no second account from which a row could be tried. */
    const moveToOneAccount = (): void => {
      const awkward = new Set(lab.org.world?.awkwardCases.map((it) => it.contactId));
      const contacts = lab.segment().filter(({ Id }) => !awkward.has(Id));
      const AccountId = contacts[0]?.['AccountId'] ?? null;
      for (const { Id } of contacts) lab.org.store.update('Contact', Id, { AccountId });
      for (const Id of awkward) lab.org.store.update('Contact', Id, { Portal_Access__c: false });
    };
    const seats = (left: number): void => {
      const [license] = lab.org.store.find('UserLicense', { Name: 'Customer Community' });
      const TotalLicenses = Number(license?.['UsedLicenses']) + left;
      lab.org.store.update('UserLicense', license?.Id ?? '', { TotalLicenses });
    };
    const shortages: Record<string, (isShort: boolean) => void> = {
      storage: (isShort) => {
        lab.org.switches.recordsUntilStorageIsFull = isShort ? 0 : Infinity;
      },
      licenses: (isShort) => {
        seats(isShort ? 0 : 400);
      },
    };
    for (const [shortage, turn] of Object.entries(shortages)) {
      it(`sends a test row anew on resume where the last one has met with a shortage: ${shortage}`, async () => {
        await start(large);
        moveToOneAccount();
        lab.org.faults.add(
          { method: 'PATCH', path: /^\/jobs\/ingest/ },
          {
            kind: 'meanwhile',
            run: () => {
              turn(true);
            },
          },
        );
        const { folder, result } = await lab.create();
        expect(result.jobs.map((job) => job.rows)).to.deep.equal([1]);
        const still = await lab.resume(folder);
        expect(still.result.jobs.map((job) => job.rows)).to.deep.equal([1, 1]);
        expectTrue(lab, still);
        turn(false);
        const resumed = await lab.resume(folder);
        expectAllMade(resumed);
        expect(resumed.result.jobs.map((job) => job.rows)).to.deep.equal([1, 1, 1, result.counts.planned - 1]);
      });
    }

    it('is judged on resume when the process died while it was under way', async () => {
      await start(large);
      lab.org.rules.automation.add(validationRule('User', () => true, 'No users today.'));
      const outputDir = lab.newFolder();
      expect(await deathOf(lab.create({ outputDir }, { client: mortal(await lab.client(), 4, 'before') }))).to.equal(
        true,
      );
      const run = await lab.resume(outputDir);
      expect(run.end).to.include({ end: 'org' });
      expect(run.result.jobs).to.have.length(3);
      expectTrue(lab, run);
    });
  });

  describe('before it begins', () => {
    it('does so at more users than allowed; resume with a higher limit applies the plan', async () => {
      await start();
      const run = await lab.create({ maxUsers: 5 });
      expect(run.end).to.have.nested.property('failures[0].guard', 'maxUsers');
      expectTrue(lab, run);
      expect(run.result.state).to.equal('planned');
      expect((await lab.resume(run.folder)).end.end).to.equal('guards');
      expectAllMade(await lab.resume(run.folder, { maxUsers: 10_000 }));
    });

    it('does so with --strict when a contact is refused, or none selected', async () => {
      await start();
      const refused = await lab.create({ strict: true });
      expect(refused.end).to.have.nested.property('failures[0].guard', 'strictRefused');
      const empty = await lab.create({ strict: true, where: "LastName = 'Nobody'" });
      expect(empty.end).to.have.nested.property('failures[0].guard', 'strictEmpty');
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
    });

    it('is complete with nothing to do when nothing is selected', async () => {
      await start();
      const run = await lab.create({ where: "LastName = 'Nobody'" });
      expectDone(lab, run);
      expect(run.result).to.include({ state: 'complete' });
      expect(run.result.counts.selected).to.equal(0);
    });

    it('asks for consent with the plan’s counts, once, and keeps the plan when it is refused', async () => {
      await start();
      const asked: number[] = [];
      const declined = await lab.create(
        {},
        {
          consent: (result) => {
            asked.push(result.counts.planned);
            return Promise.resolve(false);
          },
        },
      );
      expect(declined.end).to.deep.equal({ end: 'declined' });
      expect(asked).to.deep.equal([declined.result.counts.planned]);
      expect(declined.result.state).to.equal('planned');
      expect(lab.count('POST', /^\/jobs\/ingest$/)).to.equal(0);
      lab.org.switches.bulk.stuck = true;
      const begun = await lab.resume(declined.folder, { wait: 0 });
      expect(begun.end).to.deep.equal({ end: 'wait' });
      lab.org.switches.bulk.stuck = false;
      expectAllMade(await lab.resume(declined.folder, { consent: () => Promise.reject(new Error('asked again')) }));
    });

    it('does so on failed checks, a bad condition or a bad profile, and leaves no folder', async () => {
      await start({ world: { customerContacts: 1, runningUser: 'portalManager' } });
      const outputDir = lab.newFolder();
      expect(await faultCode(lab.create({ outputDir, where: 'Nope__c = 1' }))).to.equal('conditionRejected');
      expect(await faultCode(lab.create({ outputDir, where: ' ' }))).to.equal('whereEmpty');
      expect(await faultCode(lab.create({ outputDir, profile: 'Acme Customer Portl' }))).to.equal('unknownProfile');
      expect(await faultCode(lab.create({ outputDir, profile: undefined }))).to.equal('profileNeeded');
      expect(await faultCode(lab.create({ outputDir, username: '{Nope__c}' }))).to.equal('unknownTemplateField');
      expect(existsSync(outputDir)).to.equal(false);
      expect(readdirSync(lab.home)).to.deep.equal([]);
    });

    it('does so without the permission to make portal users', async () => {
      await start({ world: { customerContacts: 1 } });
      const token = lab.org.session.login(lab.org.world?.internalUsers.get('sue.support') ?? '');
      const failed = await lab.create({}, { token }).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failed).to.have.property('name', 'ChecksFailed');
      expect(failed).to.have.nested.property('checks[0].key', 'permission.missing');
      expect(readdirSync(lab.home)).to.deep.equal([]);
    });
  });

  describe('and is resumed', () => {
    it('in another org is refused', async () => {
      await start();
      const run = await lab.create({ dryRun: true });
      const client = await lab.client();
      const elsewhere = { ...client, callsMade: 0, orgId: '00D000000000099EAA' };
      const before = metaOf(run.folder);
      const resumed = lab.resume(run.folder, { client: elsewhere, allowWelcomeEmails: true });
      expect(await faultCode(resumed)).to.equal('otherOrg');
      expect(metaOf(run.folder)).to.deep.equal(before);
      expectAllMade(await lab.resume(run.folder));
    });

    it('when it is finished needs no login any more', async () => {
      await start();
      const run = await lab.create();
      lab.org.session.expire();
      const resumed = await lab.resume(run.folder, { token: lab.org.accessToken });
      expect(resumed.end).to.deep.equal({ end: 'done' });
      expect(resumed.result.counts).to.deep.equal(run.result.counts);
    });

    it('remembers nothing that was not agreed to', async () => {
      await start();
      const run = await lab.create({ maxUsers: 5, allowWelcomeEmails: false });
      const allowed = { maxUsers: 10_000, allowWelcomeEmails: true };
      const declined = await lab.resume(run.folder, { ...allowed, consent: () => Promise.resolve(false) });
      expect(declined.end).to.deep.equal({ end: 'declined' });
      expect(declined.result.next.join()).to.match(/ --max-users 10000 --allow-welcome-emails /);
      const again = await lab.resume(run.folder, { maxUsers: 10_000 });
      expect(again.end)
        .to.have.nested.property('failures[0].guard')
        .that.matches(/^welcomeEmails/);
      expectAllMade(await lab.resume(run.folder, allowed));
    });

    it('on a machine whose clock is behind does not wait for the difference', async () => {
      await start({ switches: { locks: { rowLockStorm: 500 } } });
      const run = await lab.create({}, { onEvent: ({ type }, stop) => type === 'waiting' && stop.request('signal') });
      lab.org.switches.locks.rowLockStorm = 0;
      const pauses: number[] = [];
      const clock: Clock = {
        now: () => Date.now() - 3_600_000,
        sleep: (milliseconds) => {
          pauses.push(milliseconds);
          return Promise.resolve();
        },
      };
      expectAllMade(await lab.resume(run.folder, { clock }));
      expect(Math.max(0, ...pauses)).to.be.below(600_000);
    });

    it('by another user of the same org warns, and finishes', async () => {
      await start();
      const run = await lab.create({ dryRun: true });
      const other = lab.org.world?.internalUsers.get('second.admin') ?? '';
      const resumed = await lab.resume(run.folder, { token: lab.org.session.login(other) });
      expect(resumed.events[0]).to.deep.equal({
        type: 'otherUser',
        begunBy: lab.org.username,
        drivenBy: 'second.admin@acme.example',
      });
      expectAllMade(resumed);
      const made = recordsOf(run.folder).find((record) => record['state'] === 'succeeded');
      expect(lab.usersOf(String(made?.['contactId']))[0]?.['CreatedById']).to.equal(other);
    });

    it('counts the calls of all processes', async () => {
      await start();
      const dry = await lab.create({ dryRun: true });
      const before = lab.org.ledger.entries.length;
      const run = await lab.resume(dry.folder);
      const ours = lab.org.ledger.entries
        .slice(before)
        .filter((call) => call.headers['sforce-call-options'] === 'client=portal-users');
      expect(run.result.apiCalls).to.equal(dry.result.apiCalls + ours.length);
    });
  });
});
