/** What a run costs, by the org's own ledger: few reads before the first job, few calls a job, none per contact. */
import { expect } from 'chai';
import type { LedgerEntry } from '../../simulated-org/ledger.ts';
import { expectSound, isPluginCall, mainProfile, mainSegment, mainSelection, PortalOrg } from './portalOrg.ts';

describe('economy', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start({ world: { welcomeEmails: false, customerContacts: 400 } });
  });

  after(() => portal.stop());

  const isPoll = (call: LedgerEntry): boolean =>
    call.method === 'GET' && /^\/jobs\/ingest\/750\w+$/.test(call.resource);

  it('about 200 contacts: at most 19 reads, six calls a job, and the count that is shown is true', async () => {
    const { result } = await portal.json(['create', '--where', `${mainSegment} LIMIT 200`, '--profile', mainProfile]);
    expectSound(result);
    expect(result.counts.selected).to.equal(200);
    expect(result.counts.succeeded).to.be.within(180, 200);
    const calls = portal.calls();
    const firstJob = calls.findIndex((call) => call.method === 'POST' && call.resource === '/jobs/ingest');
    expect(firstJob, list(calls.slice(0, firstJob))).to.be.at.most(19);
    expect(result.jobs).to.have.length(1);
    const afterwards = calls.slice(firstJob).filter((call) => !isPoll(call));
    expect(afterwards.length, list(afterwards)).to.be.at.most(6);
    // Plan and jobs are all that the host's process asks the org for.
    expect(portal.org.ledger.entries.filter((call) => !isPluginCall(call)).map((call) => call.resource)).to.deep.equal(
      [],
    );
    expect(result.apiCalls, list(calls)).to.equal(calls.length);
  });

  it('a canary and a job for more than 200, and not one query more', async () => {
    portal.org.ledger.clear();
    const { result } = await portal.json(['create', ...mainSelection]);
    expectSound(result);
    expect(result.counts.succeeded).to.be.at.least(201);
    expect(result.jobs.map(({ rows }) => rows)).to.deep.equal([1, result.counts.planned - 1]);
    const calls = portal.calls();
    const firstJob = calls.findIndex((call) => call.method === 'POST' && call.resource === '/jobs/ingest');
    expect(firstJob, list(calls.slice(0, firstJob))).to.be.at.most(19);
    expect(calls.slice(firstJob).filter((call) => !isPoll(call)).length).to.be.at.most(12);
    expect(result.apiCalls).to.equal(calls.length);
  });

  it('a second run that finds nothing to do only reads, and few pages of it', async () => {
    portal.org.ledger.clear();
    const { result } = await portal.json(['create', ...mainSelection]);
    expect(result.counts.planned).to.equal(0);
    expect(portal.calls().length, list(portal.calls())).to.be.at.most(19);
    expect(portal.writes()).to.deep.equal([]);
    expect(result.apiCalls).to.equal(portal.calls().length);
  });
});

function list(calls: readonly LedgerEntry[]): string {
  return calls.map(({ method, resource, soql = '' }) => `${method} ${resource} ${soql.slice(0, 80)}`).join('\n');
}
