/** The line that is drawn again and again. */
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { canRedraw, LiveLine } from '../../../lib/cli/liveLine.js';

describe('canRedraw', () => {
  const table: ReadonlyArray<readonly [isTerminal: boolean, env: Record<string, string>, redraws: boolean]> = [
    [true, {}, true],
    [true, { CI: '' }, true],
    [true, { CI: 'false' }, true],
    [true, { CI: '0' }, true],
    [true, { CI: 'true' }, false],
    [true, { CI: '1' }, false],
    [true, { CI: 'woodpecker' }, false],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, true],
    [true, { TERM: 'xterm' }, true],
    [false, {}, false],
  ];
  for (const [isTerminal, env, redraws] of table) {
    it(`${isTerminal ? 'a terminal' : 'a pipe'} with ${JSON.stringify(env)}: ${redraws ? 'one line' : 'lines'}`, () => {
      expect(canRedraw(isTerminal, env)).to.equal(redraws);
    });
  }
});

describe('LiveLine', () => {
  it('is drawn over the one before, and taken away once', () => {
    const output = new PassThrough();
    const line = new LiveLine(output);
    line.clear();
    line.draw('one');
    line.draw('two');
    line.clear();
    line.clear();
    const away = '\u001b[1G\u001b[2K';
    expect(String(output.read())).to.equal(`one${away}two${away}`);
  });
});
