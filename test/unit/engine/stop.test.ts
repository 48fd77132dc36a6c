/** A run is asked to stop by a signal or by the end of its time, and what only reads is left at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { endIfInterrupted, GracefulStop, unlessInterrupted } from '../../../lib/engine/stop.js';

describe('GracefulStop', () => {
  it('lets a signal outrank the end of the wait time', () => {
    const stop = new GracefulStop();
    stop.limit(undefined);
    expect(stop.cause()).to.equal(undefined);
    stop.limit(0);
    expect(stop.cause()).to.equal('wait');
    stop.request('signal');
    stop.request('wait');
    expect(stop.cause()).to.equal('signal');
  });

  it('hears a signal after the wait time is over, too', async () => {
    const stop = new GracefulStop();
    stop.limit(0);
    const reading = unlessInterrupted(new Promise<never>(() => undefined), stop).catch((error: unknown) => error);
    expect([stop.signal.aborted, stop.interrupt.aborted]).to.deep.equal([true, false]);
    stop.request('signal');
    expect(await reading).to.have.property('code', 'interrupted');
  });

  it('takes a wait time of years without ending at once', () => {
    const stop = new GracefulStop();
    stop.limit(999_999_999);
    expect(stop.cause()).to.equal(undefined);
    stop.release();
  });

  it('ends its time once it is over, and not at all once it is released', async () => {
    const [over, released] = [new GracefulStop(), new GracefulStop()];
    // A hundredth of a second.
    for (const stop of [over, released]) stop.limit(1 / 6000);
    released.release();
    expect(over.cause()).to.equal(undefined);
    await sleep(50);
    expect([over.cause(), over.signal.aborted, over.interrupt.aborted]).to.deep.equal(['wait', true, false]);
    expect(released.cause()).to.equal(undefined);
  });
});

describe('unlessInterrupted', () => {
  it('gives what was read, or why it failed', async () => {
    const stop = new GracefulStop();
    expect(await unlessInterrupted(Promise.resolve('read'), stop)).to.equal('read');
    const failed = await unlessInterrupted(Promise.reject(new Error('gone')), stop).catch((error: unknown) => error);
    expect(failed).to.have.property('message', 'gone');
  });

  it('does not begin to wait after a signal, and nobody misses what fails later', async () => {
    const stop = new GracefulStop();
    stop.request('signal');
    const late = sleep(5).then(() => Promise.reject(new Error('late')));
    expect(await unlessInterrupted(late, stop).catch((error: unknown) => error)).to.have.property(
      'code',
      'interrupted',
    );
    await sleep(10);
  });

  it('goes on when only the time is over', () => {
    const stop = new GracefulStop();
    stop.request('wait');
    expect(() => endIfInterrupted(stop)).not.to.throw();
    stop.request('signal');
    expect(() => endIfInterrupted(stop)).to.throw('interrupted');
  });
});
