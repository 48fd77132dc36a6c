/** What a send has come to: its three results, the org's word where they leave a doubt, one outcome for each step. */
import { expect } from 'chai';
import { collectLostCall } from '../../../lib/engine/calls.js';
import { collectJob, sendCollection } from '../../../lib/engine/collect.js';
import type { Send } from '../../../lib/model/steps.js';
import { planCall, planJob, recordClosed, recordComplete, recordCreated } from '../../../lib/store/sends.js';
import { paintStep, RunDb } from '../store/runDb.ts';
import { FakeOrg, orgError } from './fakeOrg.ts';
import { askContext, paintDoor } from './paintDoor.ts';

const id = '750000000000001AAA';

const time = '2026-11-22T15:30:12.000Z';

describe('collecting', () => {
  let org: FakeOrg;
  let run: RunDb;
  beforeEach(async () => {
    org = new FakeOrg();
    run = await RunDb.painting(4);
  });
  afterEach(() => {
    run.close();
  });

  const row = (n: number): Record<string, string> => ({ Id: paintStep(n).target, Color__c: 'x' });

  function complete(): Send {
    planJob(run.db, { kind: 'paintDoor', family: 'highVolume', canary: false, size: 9, most: 9 }, 0);
    recordCreated(run.db, 1, { id, createdDate: '2026-01-01T00:00:00Z', maker: '005' });
    recordClosed(run.db, 1);
    const results = { done: [row(1)], failed: [{ row: row(2), error: 'X_FINAL:no:--' }], unprocessed: [row(3)] };
    org.jobs.set(id, { id, object: 'Door__c', state: 'JobComplete', rows: [], looks: 0, results });
    return recordComplete(run.db, 1, { orgState: 'JobComplete', errorMessage: undefined, milliseconds: 1 });
  }

  it('gives each row of a job what its result says, and asks the org about a row that is in none', async () => {
    const kind = paintDoor(org);
    const collected = await collectJob(askContext(run, org), kind, complete());
    expect(collected).to.deep.equal({
      rows: 4,
      succeeded: 1,
      failed: 1,
      again: 2,
      isFruitless: false,
      stopped: undefined,
    });
    expect(kind.asked).to.deep.equal([[4]]);
    expect(run.steps('state')).to.deep.equal(['done', 'failed', 'planned', 'planned']);
    expect(run.table('sending').map(({ answer }) => answer)).to.deep.equal(['done', 'X_FINAL', 'unprocessed', null]);
  });

  it('believes a row that stands in two results to be written', async () => {
    const send = complete();
    org.jobs.get(id)?.results.unprocessed.push(row(1), row(2));
    org.jobs.get(id)?.results.failed.push({ row: row(1), error: 'X_FINAL:no:--' });
    await collectJob(askContext(run, org), paintDoor(org), send);
    expect(run.steps('state').slice(0, 2)).to.deep.equal(['done', 'failed']);
  });

  it('takes no row of somebody else, and no success without an Id', async () => {
    const send = complete();
    const results = org.jobs.get(id)?.results;
    results?.done.push({ Id: '', Color__c: 'x' }, { Id: paintStep(99).target, Color__c: 'x' });
    const kind = paintDoor(org, { keyOfResult: (result) => result['Id'] ?? '' });
    await collectJob(askContext(run, org), kind, send);
    expect(run.steps('state')).to.deep.equal(['done', 'failed', 'planned', 'planned']);
  });

  it('asks about every row where the results are gone', async () => {
    const send = complete();
    org.jobs.clear();
    org.written.push(row(2));
    const kind = paintDoor(org);
    expect(await collectJob(askContext(run, org), kind, send)).to.include({ succeeded: 1, again: 3 });
    expect(kind.asked).to.deep.equal([[1, 2, 3, 4]]);
    expect(run.steps('state')).to.deep.equal(['planned', 'done', 'planned', 'planned']);
  });

  it('records nothing when a result can’t be read, and can be done again', async () => {
    const send = complete();
    org.disturb = (call) => (call.includes('failedResults') ? orgError('busy') : undefined);
    const before = run.table('step');
    const failed: unknown = await collectJob(askContext(run, org), paintDoor(org), send).catch(
      (error: unknown) => error,
    );
    expect(failed).to.have.property('kind', 'busy');
    expect(run.table('step')).to.deep.equal(before);
    org.disturb = () => undefined;
    expect(await collectJob(askContext(run, org), paintDoor(org), send)).to.include({ rows: 4 });
  });

  it('reads a result that ends within a row again, a few times', async () => {
    const send = complete();
    let cuts = 2;
    org.disturb = (call) => (call.includes('successful') && cuts-- > 0 ? orgError('network', 'ROW_CUT') : undefined);
    expect(await collectJob(askContext(run, org), paintDoor(org), send)).to.include({ succeeded: 1 });
    expect(org.count(/successful/)).to.equal(3);
    run.close();
    run = await RunDb.painting(4);
    const next = complete();
    org.disturb = (call) => (call.includes('successful') ? orgError('network', 'ROW_CUT') : undefined);
    const failed: unknown = await collectJob(askContext(run, org), paintDoor(org), next).catch(
      (error: unknown) => error,
    );
    expect(failed).to.have.property('code', 'ROW_CUT');
  });

  it('leaves all as it is where the run is to stop before the truth is known', async () => {
    const send = complete();
    const before = run.table('step');
    const kind = paintDoor(org, {}, { look: () => Promise.resolve(undefined) });
    expect(await collectJob(askContext(run, org), kind, send)).to.equal('paused');
    expect(run.table('step')).to.deep.equal(before);
  });

  it('says what concerns every row, and that no row was judged', async () => {
    const send = complete();
    const results = org.jobs.get(id)?.results;
    results?.done.splice(0);
    results?.failed.splice(0, 1, { row: row(2), error: 'INSUFFICIENT_ACCESS:no:--' });
    const collected = await collectJob(askContext(run, org), paintDoor(org), send);
    expect(collected).to.deep.include({ succeeded: 0, failed: 0, again: 4, isFruitless: false });
    expect(collected).to.have.property('stopped').that.includes({ cause: 'org', code: 'INSUFFICIENT_ACCESS' });
    run.close();
    run = await RunDb.painting(4);
    const next = complete();
    org.jobs.clear();
    expect(await collectJob(askContext(run, org), paintDoor(org), next)).to.include({ isFruitless: true });
  });

  it('sends a collection of what is due, with an answer for each row', async () => {
    run.setStep(4, 'notBefore = 9999999999999');
    org.answer = ({ Id }) => (Id === paintStep(2).target ? 'UNABLE_TO_LOCK_ROW:x' : undefined);
    const context = askContext(run, org);
    const kind = paintDoor(org, { takesCollections: true });
    expect(await sendCollection(context, kind)).to.include({ rows: 3, succeeded: 2, again: 1 });
    expect(run.steps('state')).to.deep.equal(['done', 'planned', 'done', 'planned']);
    expect(run.steps('refusals')).to.deep.equal([0, 1, 0, 0]);
    expect(run.table('sending').map(({ answer }) => answer)).to.deep.equal(['done', 'UNABLE_TO_LOCK_ROW', 'done']);
    expect(await sendCollection(context, kind)).to.equal(undefined);
    expect(org.calls).to.deep.equal(['PATCH /composite/sobjects']);
  });

  it('finds out what became of a call whose answer was lost', async () => {
    const send = planCall(run.db, { kind: 'paintDoor', way: 'collection', size: 3, maker: '005', time }, 0);
    org.written.push(row(2));
    await collectLostCall(askContext(run, org), paintDoor(org), send!);
    expect(run.steps('state')).to.deep.equal(['planned', 'done', 'planned', 'planned']);
    expect(run.steps('refusals')).to.deep.equal([0, 0, 0, 0]);
    expect(run.steps('created')).to.deep.equal([null, null, null, null]);
    expect(org.calls).to.deep.equal([]);
  });
});
