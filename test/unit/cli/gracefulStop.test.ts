/** Signals are in our hands while a run is driven, and go back where they came from. */
import { expect } from 'chai';
import sinon from 'sinon';
import { untilSignal, withGracefulStop } from '../../../lib/cli/gracefulStop.js';

describe('withGracefulStop', () => {
  it('asks the work to stop at the first signal, and keeps the listeners of others quiet meanwhile', async () => {
    let foreign = 0;
    const listener = (): void => void (foreign += 1);
    process.on('SIGTERM', listener);
    const before = process.listenerCount('SIGTERM');
    try {
      const cause = await withGracefulStop(async (stop) => {
        expect([stop.cause(), stop.signal.aborted]).to.deep.equal([undefined, false]);
        process.emit('SIGTERM');
        expect(stop.signal.aborted).to.equal(true);
        return Promise.resolve(stop.cause());
      });
      expect([cause, foreign]).to.deep.equal(['signal', 0]);
      expect(process.listenerCount('SIGTERM')).to.equal(before);
      process.emit('SIGTERM');
      expect(foreign).to.equal(1);
    } finally {
      process.removeAllListeners('SIGTERM');
    }
  });

  it('keeps the places of those set aside: signal-exit sends the signal again where it finds none beside its own', async () => {
    const count = 3;
    const exits = Array.from({ length: count }, () => () => undefined);
    for (const listener of exits) process.on('SIGTERM', listener);
    const before = process.listenerCount('SIGTERM');
    try {
      await withGracefulStop(() => {
        expect(process.listenerCount('SIGTERM')).to.be.greaterThan(before);
        return Promise.resolve();
      });
      expect(process.rawListeners('SIGTERM').slice(-count)).to.deep.equal(exits);
    } finally {
      process.removeAllListeners('SIGTERM');
    }
  });

  /** What is said at each signal, and the exit codes asked for, with so many milliseconds after each. */
  async function saidAt(signals: ReadonlyArray<readonly [NodeJS.Signals, number]>): Promise<unknown[]> {
    const said: unknown[] = [];
    const exit: unknown = Reflect.get(process, 'exit');
    Reflect.set(process, 'exit', (code: number) => said.push(code));
    const words = { stopping: () => said.push('stopping'), leaving: () => said.push('leaving') };
    let time = 0;
    const clock = sinon.stub(performance, 'now').callsFake(() => time);
    try {
      await withGracefulStop(() => {
        for (const [signal, pause] of signals) {
          process.emit(signal, signal);
          time += pause;
        }
        return Promise.resolve();
      }, words);
    } finally {
      clock.restore();
      Reflect.set(process, 'exit', exit);
    }
    return said;
  }

  it('takes a signal right after the first for its echo, and a later one for the second', async () => {
    expect(await saidAt([['SIGINT', 0]])).to.deep.equal(['stopping']);
    const echoed = await saidAt([
      ['SIGINT', 0],
      ['SIGINT', 0],
      ['SIGTERM', 40],
    ]);
    expect(echoed).to.deep.equal(['stopping']);
    const twice = await saidAt([
      ['SIGINT', 40],
      ['SIGINT', 0],
    ]);
    expect(twice).to.deep.equal(['stopping', 'leaving', 130]);
  });

  it('does not leave at once because a closed terminal says so twice', async () => {
    const closed = await saidAt([
      ['SIGHUP', 40],
      ['SIGHUP', 40],
    ]);
    expect(closed).to.deep.equal(['stopping']);
  });

  it('gives the listeners back when the work fails', async () => {
    const before = process.listenerCount('SIGINT');
    const failed = await withGracefulStop(() => Promise.reject(new Error('broken'))).catch((error: unknown) => error);
    expect(failed).to.have.property('message', 'broken');
    expect(process.listenerCount('SIGINT')).to.equal(before);
  });

  it('keeps a listener for one time a listener for one time', async () => {
    let heard = 0;
    process.once('SIGHUP', () => (heard += 1));
    try {
      await withGracefulStop(() => Promise.resolve());
      process.emit('SIGHUP');
      process.on('SIGHUP', () => undefined);
      process.emit('SIGHUP');
      expect(heard).to.equal(1);
    } finally {
      process.removeAllListeners('SIGHUP');
    }
  });

  it('leaves what only reads where it is, when a signal comes', async () => {
    const reading = untilSignal(() => {
      setImmediate(() => process.emit('SIGTERM'));
      return new Promise<never>(() => undefined);
    }).catch((error: unknown) => error);
    expect(await reading).to.have.property('code', 'interrupted');
    expect(await untilSignal(() => Promise.resolve('read'))).to.equal('read');
  });
});
