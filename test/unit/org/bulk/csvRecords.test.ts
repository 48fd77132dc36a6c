/** The reader of Bulk results, held against csv-parse. */
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { BadCsv, CsvRecords, type CsvRow } from '../../../../lib/org/bulk/csvRecords.js';
import { csvSlices } from '../../../../lib/org/bulk/csvSlices.js';

/** What becomes of a text: its records, or the kind of its fault. */
type Outcome = readonly CsvRow[] | 'cut' | 'bad';

/** @param sizes how many characters each piece has, again and again */
function readInPieces(text: string, ...sizes: readonly number[]): Outcome {
  const reader = new CsvRecords();
  const records: CsvRow[] = [];
  try {
    for (let at = 0, piece = 0; at < text.length; piece++) {
      const size = sizes[piece % sizes.length] ?? 1;
      records.push(...reader.take(text.slice(at, at + size), false));
      at += size;
    }
    return [...records, ...reader.take('', true)];
  } catch (error) {
    if (!(error instanceof BadCsv)) throw error;
    return error.isCut ? 'cut' : 'bad';
  }
}

function readByCsvParse(text: string): Outcome {
  try {
    return parse(text, { skip_empty_lines: true, record_delimiter: ['\r\n', '\n'] });
  } catch (error) {
    return /NOT_CLOSED|INCONSISTENT/u.test((error as { code: string }).code) ? 'cut' : 'bad';
  }
}

describe('CsvRecords', () => {
  it('reads quotes, commas and lines within cells, wherever a piece ends', () => {
    const text = '"Id","Name"\r\n"1","a ""b"", c"\n\n2,"two\r\nlines"\n"3",\n';
    const records = [
      ['Id', 'Name'],
      ['1', 'a "b", c'],
      ['2', 'two\r\nlines'],
      ['3', ''],
    ];
    for (let size = 1; size <= text.length; size++) expect(readInPieces(text, size)).to.deep.equal(records);
  });

  it('tells a text that breaks off from one that is no CSV', () => {
    expect(readInPieces('"Id","Name"\n"1","Ad', 7)).to.equal('cut');
    expect(readInPieces('"Id","Name"\n"1"', 7)).to.equal('cut');
    expect(readInPieces('"Id","Name"\n"1"x,"2"\n', 7)).to.equal('bad');
    expect(readInPieces('Id,Name\n1,a"b\n', 7)).to.equal('bad');
  });

  it('finds what csv-parse finds, in texts and pieces of every kind', () => {
    const parts = ['"', '""', ',', '\n', '\n\n', '\r\n', 'a', 'b', '"x"', '"x,y"', '"x\ny"', '"a""b"', 'é'];
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const kinds = new Set<string>();
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: random(14) }, () => parts[random(parts.length)] ?? '').join('');
      const outcome = readInPieces(text, 1 + random(6), 1 + random(6));
      expect(outcome, JSON.stringify(text)).to.deep.equal(readByCsvParse(text));
      kinds.add(typeof outcome === 'string' ? outcome : 'records');
    }
    expect([...kinds].sort()).to.deep.equal(['bad', 'cut', 'records']);
  });

  it('gives a long cell whole, and every record behind it, however small the pieces', () => {
    const long = 'x,"y"\n'.repeat(2000);
    const text = `a,b\n"${long.replaceAll('"', '""')}",c\nd,e\nf,g`;
    const records = [
      ['a', 'b'],
      [long, 'c'],
      ['d', 'e'],
      ['f', 'g'],
    ];
    for (const size of [1, 3, 100, 5000]) expect(readInPieces(text, size)).to.deep.equal(records);
  });
});

describe('csvSlices', () => {
  const slicesOf = (body: Buffer, size: number): string[] => {
    const chunks = Array.from({ length: Math.ceil(body.length / size) }, (_, at) =>
      body.subarray(at * size, (at + 1) * size),
    );
    return [...csvSlices({ body: '', chunks }, 'test')].flatMap(({ rows }) => rows.flat());
  };

  it('takes a byte order mark away, and letters together that two pieces share', () => {
    const body = Buffer.from('\uFEFF"Name"\n"Zoë 😀"\n"二"\n');
    for (let size = 1; size <= body.length; size++) expect(slicesOf(body, size)).to.deep.equal(['Zoë 😀', '二']);
  });

  it('gives many rows in slices of 250, however the text comes, and none for a header alone', () => {
    const text = `"N"\n${Array.from({ length: 700 }, (_, n) => `"${String(n)}"\n`).join('')}`;
    const pieces = Array.from({ length: Math.ceil(text.length / 64) }, (_, at) =>
      Buffer.from(text.slice(at * 64, (at + 1) * 64)),
    );
    for (const answer of [{ body: text }, { body: '', chunks: pieces }]) {
      const slices = [...csvSlices(answer, 'test')];
      expect(slices.map(({ rows }) => rows.length)).to.deep.equal([250, 250, 200]);
      expect(slices.flatMap(({ rows }) => rows.flat()).map(Number)).to.deep.equal([...Array(700).keys()]);
    }
    expect([...csvSlices({ body: '"N"\n' }, 'test')]).to.deep.equal([]);
  });
});
