import { expect } from 'chai';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { csvText } from '../../../../lib/org/bulk/csvText.js';

describe('csvText', () => {
  it('quotes what would end a cell or a line', () => {
    expect(
      csvText([
        ['a', undefined, 'b c'],
        ['x,y', 'say "hi"', 'two\nlines', 'a\rb'],
      ]),
    ).to.equal('a,,b c\n"x,y","say ""hi""","two\nlines","a\rb"\n');
  });

  it('writes any table as csv-stringify does', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('', '"', ',', '\n', '\r', ' ', '=1', '\uFEFF'));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(table, (lines) => {
        expect(csvText(lines)).to.equal(stringify(lines, { record_delimiter: '\n', quoted_match: '\r' }));
      }),
    );
  });
});
