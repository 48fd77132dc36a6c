/** A closed output ends nothing; every other error goes on to who listened before. */
import { expect } from 'chai';
import { outliveOutputs } from '../../../lib/cli/closedOutput.js';

describe('outliveOutputs', () => {
  const outputs = [process.stdout, process.stderr] as const;
  const before = outputs.map((output) => output.rawListeners('error'));
  afterEach(() => {
    for (const [index, output] of outputs.entries()) {
      output.removeAllListeners('error');
      for (const listener of before[index] ?? []) Reflect.apply(output.on.bind(output), undefined, ['error', listener]);
    }
  });
  const errorOf = (code: string): Error => Object.assign(new Error(code), { code });

  it('takes a closed stdout for the end of the display, not of the run', () => {
    let closed = 0;
    outliveOutputs(() => (closed += 1));
    for (const code of ['EPIPE', 'EIO', 'ENOSPC', 'EDQUOT']) process.stdout.emit('error', errorOf(code));
    expect(closed).to.equal(4);
    process.stderr.emit('error', errorOf('EPIPE'));
    expect(closed).to.equal(4);
  });

  it('hands other errors to those who listened, and throws them where nobody did', () => {
    const heard: unknown[] = [];
    process.stdout.removeAllListeners('error').on('error', (error) => heard.push(Reflect.get(error, 'code')));
    process.stderr.removeAllListeners('error');
    outliveOutputs(() => heard.push('closed'));
    process.stdout.emit('error', errorOf('EPIPE'));
    process.stdout.emit('error', errorOf('EBADF'));
    expect(heard).to.deep.equal(['closed', 'EBADF']);
    expect(() => process.stderr.emit('error', errorOf('EBADF'))).to.throw('EBADF');
  });
});
