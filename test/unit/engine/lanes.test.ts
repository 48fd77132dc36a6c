/** What is under way at a time. */
import { expect } from 'chai';
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
