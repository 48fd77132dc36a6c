/** Jobs of others that make users at the same time: which of them may have made one, and which was refused before ours. */
import { expect } from 'chai';
import { isOfUserThere, readRivalClaims, type ClaimedUser, type RivalClaim } from '../../../lib/kinds/rivalJobs.js';
import { OrgError } from '../../../lib/model/orgError.js';
import { stubClient } from '../org/stubClient.ts';
import { contactIdOf, userIdOf } from '../store/runDb.ts';

const me = '005000000000009AAA';
const jobId = (n: number): string => `750${String(n).padStart(12, '0')}AAA`;

const user: ClaimedUser = {
  id: userIdOf(1),
  contactId: contactIdOf(1),
  createdById: me,
  createdDate: '2026-01-01T10:00:00.000+0000',
};

function listed(n: number, changes: Record<string, string> = {}): Record<string, string> {
  return {
    id: jobId(n),
    object: 'User',
    operation: 'insert',
    state: 'JobComplete',
    createdById: me,
    createdDate: '2026-01-01T09:59:00.000+0000',
    systemModstamp: '2026-01-01T10:01:00.000+0000',
    ...changes,
  };
}

const madeIt = `sf__Id,sf__Created,ContactId\n${user.id},true,${user.contactId}\n`;
const sawIt = `sf__Id,sf__Error,ContactId\n,PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT:x:--,${user.contactId}\n`;
const failedOtherwise = `sf__Id,sf__Error,ContactId\n,INVALID_EMAIL_ADDRESS:x:--,${user.contactId}\n`;

describe('readRivalClaims', () => {
  type World = {
    readonly jobs: ReadonlyArray<Record<string, string>> | OrgError;
    /** By job and result. */
    readonly results?: Readonly<Record<string, string | OrgError>>;
    readonly ownJob?: string | undefined;
    readonly isStopping?: boolean;
    /** What changes at each pause. */
    readonly onPause?: (jobs: Array<Record<string, string>>) => void;
  };
  const read = async (
    world: World,
  ): Promise<{ claims: ReadonlyMap<string, RivalClaim> | undefined; calls: string[]; pauses: number }> => {
    const jobs = world.jobs instanceof OrgError ? [] : [...world.jobs];
    let pauses = 0;
    const client = stubClient(({ path }) => {
      if (path.includes('jobType')) return world.jobs instanceof OrgError ? world.jobs : { done: true, records: jobs };
      const [, id = '', kind = ''] = /ingest\/([^/]+)\/(\w+)$/.exec(path) ?? [];
      return world.results?.[`${id} ${kind}`] ?? '';
    });
    const own = { jobId: 'ownJob' in world ? world.ownJob : jobId(5), ownJobIds: new Set([jobId(5)]) };
    const context = {
      client,
      sleep: () => {
        pauses += 1;
        world.onPause?.(jobs);
        return Promise.resolve();
      },
      isStopping: () => world.isStopping === true,
    };
    const claims = await readRivalClaims(context, own, [user]);
    return { claims, calls: client.calls.map(({ path }) => path), pauses };
  };
  const claimOf = async (world: World): Promise<RivalClaim | undefined> => (await read(world)).claims?.get(user.id);

  it('asks nothing where no user may be ours', async () => {
    const client = stubClient(() => ({ done: true, records: [] }));
    const context = { client, sleep: () => Promise.resolve(), isStopping: () => false };
    expect((await readRivalClaims(context, { jobId: undefined, ownJobIds: new Set() }, []))?.size).to.equal(0);
    expect(client.calls).to.deep.equal([]);
  });

  it('knows who has made the user, and who was refused because of it before', async () => {
    for (const n of [4, 6])
      expect(await claimOf({ jobs: [listed(n)], results: { [`${jobId(n)} successfulResults`]: madeIt } })).to.equal(
        'made',
      );
    expect(await claimOf({ jobs: [listed(4)], results: { [`${jobId(4)} failedResults`]: sawIt } })).to.equal(
      'refusedBefore',
    );
    expect(await claimOf({ jobs: [listed(6)], results: { [`${jobId(6)} failedResults`]: sawIt } })).to.equal(undefined);
    // Where ours has no job, every other one was before.
    const world = { jobs: [listed(6)], results: { [`${jobId(6)} failedResults`]: sawIt }, ownJob: undefined };
    expect(await claimOf(world)).to.equal('refusedBefore');
  });

  it('lets no other failure, and no other user, be a claim', async () => {
    const results = { [`${jobId(4)} failedResults`]: failedOtherwise };
    expect(await claimOf({ jobs: [listed(4)], results })).to.equal(undefined);
    const other = madeIt.replace(user.contactId, contactIdOf(2));
    expect(await claimOf({ jobs: [listed(4)], results: { [`${jobId(4)} successfulResults`]: other } })).to.equal(
      undefined,
    );
  });

  it('prefers who has made it to who was refused', async () => {
    const results = { [`${jobId(3)} successfulResults`]: madeIt, [`${jobId(4)} failedResults`]: sawIt };
    expect(await claimOf({ jobs: [listed(4), listed(3)], results })).to.equal('made');
    expect(await claimOf({ jobs: [listed(3), listed(4)], results })).to.equal('made');
  });

  it('reads the results only of jobs that may have met the user', async () => {
    const strangers = [
      listed(5),
      listed(4, { createdById: userIdOf(7) }),
      listed(4, { object: 'Contact' }),
      listed(4, { operation: 'update' }),
      listed(4, { state: 'Open' }),
      listed(4, { state: 'UploadComplete' }),
      // Ended long before the user was made; or was made after it, and after ours.
      listed(4, { systemModstamp: '2026-01-01T09:58:00.000+0000' }),
      listed(6, { createdDate: '2026-01-01T10:00:10.000+0000' }),
    ];
    const { calls, claims } = await read({ jobs: strangers });
    expect(calls).to.have.length(1);
    expect(claims?.size).to.equal(0);
  });

  it('allows for clocks of the org that differ, by two seconds', async () => {
    const claimAt = (createdDate: string): Promise<RivalClaim | undefined> =>
      claimOf({ jobs: [listed(6, { createdDate })], results: { [`${jobId(6)} successfulResults`]: madeIt } });
    expect(await claimAt('2026-01-01T10:00:02.000+0000')).to.equal('made');
    expect(await claimAt('2026-01-01T10:00:02.001+0000')).to.equal(undefined);
  });

  it('waits for one that is at work', async () => {
    const world: World = {
      jobs: [listed(4, { state: 'InProgress' })],
      results: { [`${jobId(4)} successfulResults`]: madeIt },
      onPause: (jobs) => jobs.splice(0, 1, listed(4)),
    };
    const { claims, pauses } = await read(world);
    expect([claims?.get(user.id), pauses]).to.deep.equal(['made', 1]);
  });

  it('does not wait for ever, nor when the run is to stop', async () => {
    const stuck = { jobs: [listed(4, { state: 'InProgress' })] };
    const fault: unknown = await read(stuck).catch((error: unknown) => error);
    expect(fault).to.have.property('code', 'rivalAtWork');
    const { claims, pauses } = await read({ ...stuck, isStopping: true });
    expect([claims, pauses]).to.deep.equal([undefined, 0]);
  });

  it('needs no stuck job where one that has ended made the user', async () => {
    const world = {
      jobs: [listed(4, { state: 'InProgress' }), listed(3)],
      results: { [`${jobId(3)} successfulResults`]: madeIt },
    };
    expect(await claimOf(world)).to.equal('made');
  });

  it('claims nothing where the org does not tell, and throws what passes by itself', async () => {
    const error = (kind: 'refused' | 'gone' | 'busy'): OrgError => new OrgError({ kind, code: 'X', message: '' });
    expect(await claimOf({ jobs: error('refused') })).to.equal(undefined);
    const gone = { [`${jobId(4)} failedResults`]: error('gone') };
    expect(await claimOf({ jobs: [listed(4)], results: gone })).to.equal(undefined);
    for (const world of [
      { jobs: error('busy') },
      { jobs: [listed(4)], results: { [`${jobId(4)} failedResults`]: error('busy') } },
    ]) {
      const thrown: unknown = await read(world).catch((reason: unknown) => reason);
      expect(thrown).to.have.property('kind', 'busy');
    }
  });
});

describe('isOfUserThere', () => {
  it('knows refusals because of an existing user', () => {
    const of = (code: string): boolean => isOfUserThere({ code, message: '' });
    expect(
      ['PORTAL_USER_ALREADY_EXISTS_FOR_CONTACT', 'DUPLICATE_USERNAME', 'DUPLICATE_COMM_NICKNAME'].map(of),
    ).to.deep.equal([true, true, true]);
    expect(['UNABLE_TO_LOCK_ROW', 'INVALID_EMAIL_ADDRESS', ''].map(of)).to.deep.equal([false, false, false]);
  });
});
