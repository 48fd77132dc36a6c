/** Pages of large results: every line once, whatever the size of the pages. */
import { expect } from 'chai';
import fc from 'fast-check';
import { ResultLines } from '../../simulated-org/bulk/resultLines.ts';

describe('simulated org: pages of large results', () => {
  it('hold every line once, in order', () => {
    const texts = Array.from({ length: 6500 }, (_, number) => `"${number}","Müller 🌻\n${'x'.repeat(number % 7)}"\n`);
    const lines = new ResultLines();
    for (const text of texts) lines.add(text);
    expect(lines.count).to.equal(6500);
    fc.assert(
      fc.property(fc.nat(6500), fc.nat(6500), (one, other) => {
        const [from, until] = [Math.min(one, other), Math.max(one, other)];
        expect(lines.slice(from, until).toString()).to.equal(texts.slice(from, until).join(''));
      }),
    );
  });
});
