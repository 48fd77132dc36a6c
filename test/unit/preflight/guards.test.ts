/** Each guard stops a run right beyond its boundary, and not before; what a plan costs and how large its jobs are. */
import { expect } from 'chai';
import fc from 'fast-check';
import { checkGuards, type GuardSettings, type PlanFacts } from '../../../lib/preflight/guards.js';
import {
  apiBudgetOf,
  canaryThreshold,
  firstJobSize,
  nextJobSize,
  shareOf,
  type RowsByWay,
} from '../../../lib/engine/jobSize.js';
import type { ApiBudget } from '../../../lib/model/result.js';
import { expectedWelcomeEmails } from '../../../lib/preflight/welcomeEmails.js';
import type { Joiners } from '../../../lib/store/queries/permissionSetSteps.js';
import { customer } from '../operations/planFacts.ts';

const licenseId = customer.userLicenseId;

function plan(changes: Partial<PlanFacts> = {}): PlanFacts {
  return {
    selects: 'Contact',
    selected: 10,
    planned: 10,
    refused: 0,
    federationIdsHeld: 0,
    apiBudget: { calls: 126, batches: 3 },
    seatsNeeded: new Map(),
    licenses: [],
    welcomeEmails: { possible: 0, atLeast: false, sites: [], senders: [] },
    dailyApiRequests: undefined,
    dailyBulkApiBatches: undefined,
    ...changes,
  };
}

function guardsOf(changes: Partial<PlanFacts>, settings: Partial<GuardSettings> = {}): string[] {
  return checkGuards(plan(changes), { maxUsers: 1000, strict: false, allowWelcomeEmails: false, ...settings }).map(
    ({ guard, facts }) => [guard, ...Object.values(facts)].join(' '),
  );
}

describe('checkGuards', () => {
  it('lets a plan pass that nothing speaks against', () => {
    expect(guardsOf({})).to.deep.equal([]);
  });

  it('10: counts licenses that are used beyond the total as missing', () => {
    const licenses = [
      { id: licenseId, name: 'CC', status: 'Active', total: 20, used: 88, counted: 88, monthlyLogins: undefined },
    ];
    const [failure] = checkGuards(plan({ seatsNeeded: new Map([[licenseId, 1]]), licenses }), {
      maxUsers: 1000,
      strict: false,
      allowWelcomeEmails: true,
    });
    expect(failure?.facts).to.include({ needed: 1, free: 0, missing: 69 });
  });

  it('stops at more users than allowed', () => {
    expect(guardsOf({ planned: 10 }, { maxUsers: 10 })).to.deep.equal([]);
    expect(guardsOf({ planned: 11 }, { maxUsers: 10 })).to.deep.equal(['maxUsers 11 10']);
  });

  it('stops with --strict when a contact is refused, or none is selected, and not without', () => {
    expect(guardsOf({ refused: 1 }, { strict: true })).to.deep.equal(['strictRefused 1 10']);
    expect(guardsOf({ refused: 1 })).to.deep.equal([]);
    expect(guardsOf({ selected: 0, planned: 0 }, { strict: true })).to.deep.equal(['strictEmpty']);
    expect(guardsOf({ selected: 0, planned: 0 })).to.deep.equal(['nothingSelected.contacts']);
    expect(guardsOf({ refused: 0 }, { strict: true })).to.deep.equal([]);
  });

  it('stops when licenses are short, with the numbers, for each license', () => {
    const seats = (needed: number, total: number, used: number, counted?: number): string[] =>
      guardsOf({
        seatsNeeded: new Map([[licenseId, needed]]),
        licenses: [{ id: licenseId, name: 'CC', status: 'Active', total, used, counted, monthlyLogins: undefined }],
      });
    expect(seats(6, 10, 4)).to.deep.equal([]);
    expect(seats(7, 10, 4)).to.deep.equal(['licenses CC 7 6 1 10 4 4']);
    expect(seats(1, 10, 12)).to.deep.equal(['licenses CC 1 0 3 10 12 12']);
    expect(seats(2, 10, 12, 8)).to.deep.equal([]);
    expect(seats(3, 10, 12, 8)).to.deep.equal(['licenses CC 3 2 1 10 12 8']);
    expect(seats(3, 10, 8, 12)).to.deep.equal(['licenses CC 3 2 1 10 8 12']);
    expect(seats(1_000_000, -1, 4)).to.deep.equal([]);
    expect(seats(0, 10, 12)).to.deep.equal([]);
  });

  it('stops when the calls or batches of the day do not suffice', () => {
    const [calls, batches] = [126, 3];
    expect(guardsOf({ dailyApiRequests: { max: 999, remaining: calls } })).to.deep.equal([]);
    expect(guardsOf({ dailyApiRequests: { max: 999, remaining: calls - 1 } })).to.deep.equal([
      `apiCalls ${calls} ${calls - 1}`,
    ]);
    expect(guardsOf({ dailyBulkApiBatches: { max: 999, remaining: batches } })).to.deep.equal([]);
    expect(guardsOf({ dailyBulkApiBatches: { max: 999, remaining: batches - 1 } })).to.deep.equal([
      `bulkBatches ${batches} ${batches - 1}`,
    ]);
  });

  it('lets a plan with nothing to write pass although nothing is left for today', () => {
    const none = { max: 1, remaining: 0 };
    const apiBudget = apiBudgetOf({ highVolume: 0, roleBased: 0, collections: 0, byCalls: 0 });
    expect(guardsOf({ planned: 0, apiBudget, dailyApiRequests: none, dailyBulkApiBatches: none })).to.deep.equal([]);
  });

  it('stops before welcome mails that nobody allowed', () => {
    const possible = { possible: 3, atLeast: false, sites: ['Help', 'Shop'], senders: [] };
    const unseen = { possible: 0, atLeast: true, sites: [], senders: [] };
    expect(guardsOf({ welcomeEmails: possible })).to.deep.equal(['welcomeEmails.seen 3 Help, Shop']);
    const senders = [
      { site: 'Help', address: 'help@acme.example', template: 'Welcome' },
      { site: 'Shop', address: 'shop@acme.example' },
    ];
    expect(guardsOf({ welcomeEmails: { ...possible, senders } })).to.deep.equal([
      'welcomeEmails.seenFrom 3 Help, Shop Help (acme.example), "Welcome"; Shop (acme.example)',
    ]);
    expect(guardsOf({ welcomeEmails: unseen })).to.deep.equal(['welcomeEmails.unseen']);
    for (const welcomeEmails of [possible, unseen])
      expect(guardsOf({ welcomeEmails }, { allowWelcomeEmails: true })).to.deep.equal([]);
  });

  it('tells everything that speaks against a plan at once', () => {
    const facts = { refused: 1, planned: 20, dailyApiRequests: { max: 1, remaining: 0 } };
    expect(guardsOf(facts, { strict: true, maxUsers: 1 }).map((guard) => guard.split(' ')[0])).to.deep.equal([
      'strictRefused',
      'maxUsers',
      'apiCalls',
    ]);
  });
});

describe('expectedWelcomeEmails', () => {
  const seesAll: ReadonlySet<string> = new Set(['ViewAllData']);
  const member = (changes: object = {}) => ({
    siteName: 'Help',
    siteStatus: 'Live',
    sendsWelcomeEmail: true,
    parentId: 'profile',
    assignmentStatus: 'Added',
    ...changes,
  });
  const joiners = (users: number, changes: Partial<Joiners> = {}): Joiners => ({
    users,
    areNew: true,
    profileId: 'profile',
    permissionSetIds: [],
    ...changes,
  });
  const sender = { template: undefined, hasDomainKey: undefined };
  const senders = [
    { ...sender, siteName: 'Help', address: 'help@acme.example' },
    { ...sender, siteName: 'Aid', address: undefined },
    { ...sender, siteName: 'Other', address: 'other@acme.example' },
  ];
  const byHelp = [{ site: 'Help', address: 'help@acme.example' }];
  const expected = (members: Array<ReturnType<typeof member>>, groups = [joiners(5)], permissions = seesAll) =>
    expectedWelcomeEmails({ siteMembers: members, senders, permissions }, groups);

  it('counts one mail per new active user and live site that sends them', () => {
    expect(expected([member()])).to.deep.equal({ possible: 5, atLeast: false, sites: ['Help'], senders: byHelp });
    expect(expected([member(), member({ siteName: 'Aid' })])).to.deep.equal({
      possible: 10,
      atLeast: false,
      sites: ['Aid', 'Help'],
      senders: byHelp,
    });
    expect(expected([member(), member()])).to.include({ possible: 5 });
  });

  it('counts none for sites that are not live, do not send, have another profile, or lose this one', () => {
    for (const changes of [
      { siteStatus: 'DownForMaintenance' },
      { sendsWelcomeEmail: false },
      { parentId: 'other' },
      { assignmentStatus: 'WaitingForRemove' },
    ])
      expect(expected([member(changes)])).to.deep.equal({ possible: 0, atLeast: false, sites: [], senders: [] });
  });

  it('says "at least" to who does not see all sites, unless nobody becomes active', () => {
    expect(expected([], [joiners(5)], new Set())).to.include({ atLeast: true });
    expect(expected([], [], new Set())).to.include({ atLeast: false });
    for (const permission of ['ModifyAllData', 'ManageNetworks'])
      expect(expected([], [joiners(5)], new Set([permission]))).to.include({ atLeast: false });
  });

  it('adds up profiles of one site, and counts who joins by profile and by permission set once', () => {
    const members = [member(), member({ parentId: 'other' }), member({ parentId: 'set' })];
    const groups = [
      joiners(5, { permissionSetIds: ['set'] }),
      joiners(3, { profileId: 'other' }),
      joiners(2, { profileId: 'third', permissionSetIds: ['set', 'more'] }),
      joiners(7, { profileId: 'third' }),
    ];
    expect(expected(members, groups)).to.include({ possible: 10 });
  });

  it('counts users who exist already only where a permission set takes them in', () => {
    const members = [member(), member({ siteName: 'Deals', parentId: 'set' })];
    const groups = [joiners(4, { areNew: false, permissionSetIds: ['set'] })];
    expect(expected(members, groups)).to.deep.equal({ possible: 4, atLeast: false, sites: ['Deals'], senders: [] });
  });
});

describe('the size of jobs', () => {
  const families = ['highVolume', 'roleBased'] as const;
  const run = fc.record({
    rows: fc.integer({ min: 1, max: 50_000 }),
    milliseconds: fc.integer({ min: 0, max: 3_600_000 }),
    troubled: fc.boolean(),
  });

  it('never leaves what Salesforce and the family allow', () => {
    const most = { highVolume: 50_000, roleBased: 10_000 };
    fc.assert(
      fc.property(fc.constantFrom(...families), run, (family, last) => {
        const rows = Math.min(last.rows, most[family]);
        expect(nextJobSize(family, { ...last, rows, most: most[family] })).to.be.within(200, most[family]);
      }),
    );
    for (const family of families) expect(firstJobSize(family)).to.be.within(200, most[family]);
  });

  it('grows after a quick job, shrinks after trouble or a slow one, and stays otherwise', () => {
    const next = (milliseconds: number, troubled = false): number =>
      nextJobSize('roleBased', { most: 2000, rows: 2000, milliseconds, troubled });
    expect(next(1000)).to.be.above(2000);
    expect(next(100_000)).to.equal(2000);
    expect(next(290_000)).to.be.below(2000);
    expect(next(1000, true)).to.be.below(2000);
  });

  it('does not shrink after a last, small job that went well', () => {
    expect(nextJobSize('highVolume', { most: 50_000, rows: 5_000, milliseconds: 9, troubled: false })).to.equal(50_000);
  });

  it('takes whole batches first and spreads the last rows over the lanes', () => {
    const shares = (waiting: number): number[] => {
      const jobs: number[] = [];
      for (let left = waiting; left > 0; left -= jobs.at(-1) ?? left) {
        jobs.push(Math.min(left, shareOf('highVolume', 50_000, left)));
      }
      return jobs;
    };
    expect(shares(199)).to.deep.equal([199]);
    expect(shares(5_000)).to.deep.equal([5_000]);
    expect(shares(100_000)).to.deep.equal([50_000, 20_000, ...Array.from({ length: 6 }, () => 5_000)]);
    expect(shares(1_000_000)).to.have.length(26);
    expect(shareOf('roleBased', 10_000, 1_000_000)).to.equal(10_000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500_000 }), (waiting) => {
        expect(shares(waiting).reduce((sum, rows) => sum + rows, 0)).to.equal(waiting);
        expect(shares(waiting).length).to.be.at.most(8 + waiting / 40_000);
      }),
    );
  });

  it('reckons with more batches and calls the more rows there are, and with none for no rows', () => {
    const budget = (rows: Partial<RowsByWay>): ApiBudget =>
      apiBudgetOf({ highVolume: 0, roleBased: 0, collections: 0, byCalls: 0, ...rows });
    expect(budget({})).to.deep.equal({ calls: 0, batches: 0 });
    expect(budget({ collections: 2 })).to.deep.equal({ calls: 2, batches: 0 });
    fc.assert(
      fc.property(fc.constantFrom(...families), fc.integer({ min: 1, max: 1_000_000 }), (family, rows) => {
        const { calls, batches } = budget({ [family]: rows });
        expect(batches).to.be.at.least(1 + Math.ceil(rows / 10_000));
        expect(budget({ [family]: rows + 20_000 }).batches).to.be.above(batches);
        expect(calls).to.be.at.least(18);
      }),
    );
    expect(canaryThreshold).to.equal(200);
  });
});
