/** What is under way at a time. */
import { expect } from 'chai';
import type { Send } from '../../../lib/model/steps.js';
import { Lanes } from '../../../lib/engine/lanes.js';

/** Work that goes on until it is told to end. */
async function ended({ promise }: PromiseWithResolvers<undefined>): Promise<void> {
  await promise;
}

describe('Lanes', () => {
  it('are counted each for itself, and free when their work has ended', async () => {
    const lanes = new Lanes();
    const [one, other] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    expect(lanes.areEmpty()).to.equal(true);
    lanes.track('highVolume', ended(one));
    lanes.track('collecting', ended(other));
    expect([lanes.count('highVolume'), lanes.count('roleBased'), lanes.count('collecting')]).to.deep.equal([1, 0, 1]);
    one.resolve(undefined);
    await lanes.next();
    expect([lanes.count('highVolume'), lanes.count('collecting'), lanes.areEmpty()]).to.deep.equal([0, 1, false]);
    other.resolve(undefined);
    await lanes.all();
    expect(lanes.areEmpty()).to.equal(true);
  });

  it('tell when the org begins with a job, once, and forget it when it has ended', async () => {
    const lanes = new Lanes();
    const work = Promise.withResolvers<undefined>();
    const job = { n: 7, family: 'highVolume' } as Send;
    lanes.trackJob(job, ended(work));
    const next = lanes.next();
    lanes.seeAtWork(job);
    await next;
    expect([lanes.count('highVolume'), lanes.countAtWork('highVolume')]).to.deep.equal([1, 1]);
    let isOver = false;
    const after = lanes.next().then(() => (isOver = true));
    lanes.seeAtWork(job);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isOver, 'the same job again').to.equal(false);
    work.resolve(undefined);
    await after;
    expect([lanes.count('highVolume'), lanes.countAtWork('highVolume')]).to.deep.equal([0, 0]);
  });

  it('are waited for with what came of their work', async () => {
    const lanes = new Lanes();
    const order: string[] = [];
    const later = async (name: string): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(name);
    };
    lanes.track(
      'roleBased',
      later('job').then(() => lanes.track('collecting', later('results'))),
    );
    await lanes.all();
    expect(order).to.deep.equal(['job', 'results']);
  });
});
