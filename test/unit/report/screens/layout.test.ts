/** Words in their places. */
import { join, sep } from 'node:path';
import { expect } from 'chai';
import { columnsOf, labelled, namesText, shortPath, twoEnds } from '../../../../lib/report/screens/layout.js';
import { good } from '../../../../lib/report/screens/paint.js';

describe('layout', () => {
  it('counts columns: colors take none, CJK takes two', () => {
    expect([columnsOf(good('abc')), columnsOf('李明'), columnsOf('Zoë')]).to.deep.equal([3, 4, 3]);
  });

  it('puts a file to the right, or below the text, where it looks like a part of it', () => {
    expect(twoEnds('left', 'right', 12)).to.deep.equal(['left   right']);
    expect(twoEnds('  left', 'right', 12)).to.deep.equal(['  left', '      right']);
    expect(twoEnds(`  ${good('✔')} 200 users`, 'a.csv', 18)[1]).to.equal('      a.csv');
    expect(twoEnds('left', '', 12)).to.deep.equal(['left']);
  });

  it('puts texts below each other, and names a label once', () => {
    expect(
      labelled([
        ['A', 'one'],
        ['A', 'two'],
        ['Long', 'three'],
      ]),
    ).to.deep.equal(['  A     one', '        two', '  Long  three']);
  });

  it('names as many as there is room for, and never steers the terminal', () => {
    const people = ['Ann', 'Bob', 'Cid'].map((name) => ({ name, accountName: undefined }));
    expect(namesText(people, 3, 40)).to.equal('Ann, Bob, Cid');
    expect(namesText(people, 1200, 40)).to.equal('Ann, Bob, Cid and 1,197 more');
    expect(namesText(people, 1200, 20)).to.equal('Ann and 1,199 more');
    expect(namesText(people, 3, 4)).to.equal('');
    expect(namesText([{ name: 'A\u001b[2J', accountName: 'x' }], 1, 40)).to.equal('A\ufffd[2J (x)');
    expect(namesText([{ name: 'A\r\n B', accountName: 'x\ny' }], 1, 40)).to.equal('A\ufffd B (x y)');
  });

  it('tells a path from here, but never one that a command would take for a flag', () => {
    // The command runs in the folder itself.
    expect(shortPath(process.cwd())).to.equal('.');
    expect(shortPath(join(process.cwd(), 'a', 'b'))).to.equal(join('a', 'b'));
    expect(shortPath(join(process.cwd(), '-old'))).to.equal(`.${sep}-old`);
    expect(shortPath(join(process.cwd(), '..', 'b'))).to.equal(join(process.cwd(), '..', 'b'));
  });
});
