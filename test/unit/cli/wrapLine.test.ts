/** Lines in terminals of all widths: nothing is lost, nothing is broken that is to be copied. */
import { expect } from 'chai';
import { widthOf, wrapLine } from '../../../lib/cli/wrapLine.js';

describe('wrapLine', () => {
  it('leaves a line whole that fits, or that goes to no terminal', () => {
    expect(wrapLine('one two three', 13)).to.equal('one two three');
    expect(wrapLine('one two three '.repeat(50), undefined)).to.equal('one two three '.repeat(50));
    expect(wrapLine('', 40)).to.equal('');
  });

  it('breaks at words, below the indent and the first column', () => {
    expect(wrapLine('one two three', 9)).to.equal('one two\nthree');
    expect(wrapLine('    one two three', 13)).to.equal('    one two\n    three');
    expect(wrapLine('pass  one two three', 14)).to.equal('pass  one two\n      three');
    expect(wrapLine('  12  one two three', 14)).to.equal('  12  one two\n      three');
  });

  it('breaks below the text behind a mark', () => {
    expect(wrapLine('  ✔ one two three', 13)).to.equal('  ✔ one two\n    three');
    expect(wrapLine('- one two three', 9)).to.equal('- one two\n  three');
  });

  it('counts columns, not characters', () => {
    expect(wrapLine('日本 山田 太郎', 9)).to.equal('日本 山田\n太郎');
  });

  it('does not count colors as columns', () => {
    const green = '\u001B[32mpass\u001B[39m';
    expect(wrapLine(`${green}  one two`, 13)).to.equal(`${green}  one two`);
    expect(wrapLine(`${green}  one two three`, 14)).to.equal(`${green}  one two\n      three`);
  });

  describe('a command', () => {
    const command = `sf portal users create --where "Name = 'A B' LIMIT 10" --set 'A="x y"' --target-org acme`;
    /** What a terminal of this width shows of a line that is longer. */
    const rows = (line: string, width: number): string[] => line.match(new RegExp(`.{1,${String(width)}}`, 'g')) ?? [];

    it('stays one line, with spaces that move its arguments to the next row of the terminal', () => {
      const shown = rows(wrapLine(`    ${command}`, 40), 40).map((row) => row.trimEnd());
      expect(shown).to.deep.equal([
        '    sf portal users create',
        `      --where "Name = 'A B' LIMIT 10"`,
        `      --set 'A="x y"' --target-org acme`,
      ]);
    });

    for (const width of [30, 40, 41, 42, 43, 80]) {
      it(`is the same command at ${String(width)} columns, even if spaces at the ends of rows are dropped`, () => {
        const copied = rows(wrapLine(command, width), width).map((row) => row.trimEnd());
        expect(copied.join('').replaceAll(/ {2,}/g, ' ')).to.equal(command);
      });
    }

    it('begins a row behind one that is full with the indent, too', () => {
      const full = `  sf portal users runs --name ${'x'.repeat(10)}`;
      expect(wrapLine(`${full} --json`, full.length)).to.equal(`${full}    --json`);
    });

    it('leaves an argument that is longer than a row to the terminal', () => {
      const path = `/${'x'.repeat(90)}`;
      expect(
        wrapLine(`  sf portal users resume --run-dir ${path} --target-org a`, 40).trim().split(/ +/),
      ).to.deep.equal(`sf portal users resume --run-dir ${path} --target-org a`.split(' '));
    });

    it('is whole in a pipe', () => {
      expect(wrapLine(`    ${command}`, undefined)).to.equal(`    ${command}`);
    });
  });

  for (const width of [40, 60, 80]) {
    it(`loses no word at ${width} columns`, () => {
      const text = `         Give the owner of ${'x'.repeat(90)} a role in Setup, Users, or the account another owner.`;
      const wrapped = wrapLine(text, width);
      expect(wrapped.split(/\s+/)).to.deep.equal(text.split(/\s+/));
      for (const line of wrapped.split('\n').filter((each) => !each.includes('xxx')))
        expect(line.length).to.be.at.most(width);
    });
  }

  it('knows the width of a terminal only', () => {
    expect(widthOf({ isTTY: true, columns: 72 })).to.equal(72);
    expect(widthOf({ columns: 72 })).to.equal(undefined);
    expect(widthOf({ isTTY: true })).to.equal(undefined);
  });
});
