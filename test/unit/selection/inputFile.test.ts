/** `--file` reads every honest CSV as it is, and names the place of every fault. */
import { chmodSync, createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { InputFileError } from '../../../lib/model/inputFileError.js';
import { openInputFile, type InputFile, type InputRow } from '../../../lib/selection/inputFile.js';

const folder = mkdtempSync(join(tmpdir(), 'input-file-'));
let files = 0;

function write(content: string | Uint8Array): string {
  files += 1;
  const path = join(folder, `${files}.csv`);
  writeFileSync(path, content);
  return path;
}

async function drain(input: InputFile): Promise<InputRow[]> {
  const rows: InputRow[] = [];
  for await (const slice of input.rows) rows.push(...slice);
  return rows;
}

async function read(content: string | Uint8Array): Promise<{ header: readonly string[]; rows: InputRow[] }> {
  const input = await openInputFile(write(content));
  return { header: input.header, rows: await drain(input) };
}

/** The facts of the fault that reading ends with. */
async function faultOf(path: string, stdin?: NodeJS.ReadableStream): Promise<Record<string, unknown>> {
  try {
    await drain(await openInputFile(path, stdin));
  } catch (error) {
    if (!(error instanceof InputFileError)) throw error;
    const { code: fault, facts } = error;
    const { file, ...others } = facts;
    expect(file).to.equal(path);
    expect(error.message).to.equal(error.key);
    expect(error.cause).to.equal(undefined);
    return { fault, ...others };
  }
  throw new Error('no fault was found');
}

const faultIn = (content: string | Uint8Array): Promise<Record<string, unknown>> => faultOf(write(content));

describe('openInputFile', () => {
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  describe('reads', () => {
    const rows = [
      { line: 2, cells: ['003', ' a '] },
      { line: 3, cells: ['004', ''] },
    ];
    for (const [name, eol] of [
      ['LF', '\n'],
      ['CRLF', '\r\n'],
      ['CR', '\r'],
    ] as const) {
      for (const [sign, delimiter] of [
        ['comma', ','],
        ['semicolon', ';'],
        ['tab', '\t'],
      ] as const) {
        it(`${name} line ends and ${sign} as delimiter, with and without a BOM and a last line end`, async () => {
          const lines = [` Id ${delimiter}Email`, `003${delimiter} a `, `004${delimiter}`];
          for (const bom of ['', '\uFEFF'])
            for (const end of ['', eol, eol + eol + eol])
              expect(await read(bom + lines.join(eol) + end)).to.deep.equal({ header: ['Id', 'Email'], rows });
        });
      }
    }

    it('the delimiter that the line above the header names, whatever the header holds most of', async () => {
      const named = { header: ['Id', 'a,b,c'], rows: [{ line: 3, cells: ['003', 'x,y'] }] };
      for (const eol of ['\n', '\r\n', '\r'])
        for (const line of ['sep=;', '"sep=;"', 'SEP=;', '\uFEFFsep=;'])
          expect(
            await read([line, 'Id;a,b,c', '003;x,y', ''].join(eol)),
            `${line} ${JSON.stringify(eol)}`,
          ).to.deep.equal(named);
      expect(await read('sep=|\nId|b\n1|2\n')).to.deep.equal({
        header: ['Id', 'b'],
        rows: [{ line: 3, cells: ['1', '2'] }],
      });
      expect(await read('sep=\n1\n')).to.deep.equal({ header: ['sep='], rows: [{ line: 2, cells: ['1'] }] });
    });

    it('the delimiter outside quotes', async () => {
      const { header, rows } = await read('"a,b,c,d";e\n1;2\n');
      expect(header).to.deep.equal(['a,b,c,d', 'e']);
      expect(rows).to.deep.equal([{ line: 2, cells: ['1', '2'] }]);
    });

    it('a single column, without the rows that hold nothing', async () => {
      expect((await read('Id\n1\n""\n2')).rows.map(({ cells }) => cells)).to.deep.equal([['1'], ['2']]);
    });

    it('LF and CRLF in one file', async () => {
      expect((await read('a,b\n1,2\r\n3,4\n')).rows.map(({ cells }) => cells)).to.deep.equal([
        ['1', '2'],
        ['3', '4'],
      ]);
    });

    it('quotes, doubled quotes, delimiters and line breaks in values, and gives the line on which a record starts', async () => {
      const { rows } = await read('\r\n \r\n"a\r\na",b\r\n"1\r\n\r\n\n","x""y"\r\n\r\n  \r\n"2,","3\n"\r\n4,5\r\n');
      expect(rows).to.deep.equal([
        { line: 5, cells: ['1\r\n\r\n\n', 'x"y'] },
        { line: 11, cells: ['2,', '3\n'] },
        { line: 13, cells: ['4', '5'] },
      ]);
    });

    it('a value of exactly 131,072 characters', async () => {
      const { rows } = await read(`a,b\n${'x'.repeat(131_072)},1\n`);
      expect(rows[0]?.cells[0]).to.have.length(131_072);
    });

    it('names that begin as a zip file does', async () => {
      expect((await read('PK,b\n1,2')).header).to.deep.equal(['PK', 'b']);
    });

    it('standard input, also in the smallest pieces and as text', async () => {
      const bytes = [...Buffer.from('\uFEFFa;b\r\n1;"é😀\r\n"\r\n')].map((byte) => Buffer.of(byte));
      const input = await openInputFile('-', Readable.from(bytes));
      expect(input.header).to.deep.equal(['a', 'b']);
      expect(await drain(input)).to.deep.equal([{ line: 2, cells: ['1', 'é😀\r\n'] }]);
      const text = await openInputFile('-', Readable.from(['a,b', '\n1,2']).setEncoding('utf8'));
      expect(await drain(text)).to.deep.equal([{ line: 2, cells: ['1', '2'] }]);
    });

    it('any table of strings as csv-stringify writes it', async () => {
      const cell = fc.oneof(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.string({ unit: fc.constantFrom('"', ',', ';', '\t', '\r', '\n', ' ', 'a', '\uFEFF'), maxLength: 8 }),
      );
      const table = fc
        .uniqueArray(cell, {
          minLength: 1,
          maxLength: 5,
          selector: (name) => name.toLowerCase().replaceAll(' ', '').trim(),
        })
        // What is invisible around a name is no part of it, but for what `trim` knows: see cellText.
        .filter((header) => header.every((name) => name.trim() !== '' && !/^\p{Cf}|\p{Cf}$/u.test(name.trim())))
        .chain((header) =>
          fc.record({
            header: fc.constant(header),
            rows: fc.array(fc.array(cell, { minLength: header.length, maxLength: header.length }), {
              minLength: 1,
              maxLength: 6,
            }),
          }),
        );
      const dialect = fc.record({
        delimiter: fc.constantFrom(',', ';', '\t'),
        record_delimiter: fc.constantFrom('\n', '\r\n', '\r'),
        bom: fc.boolean(),
        quoted: fc.boolean(),
        eof: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(table, dialect, fc.integer({ min: 1, max: 9 }), async ({ header, rows }, options, size) => {
          fc.pre(!JSON.stringify([header, rows]).includes('\\u0000'));
          // Such rows are skipped.
          fc.pre(rows.every((cells) => cells.some((value) => value.trim() !== '')));
          const text = stringify([header, ...rows], {
            ...options,
            // What no reader could tell from a line end, another delimiter or a blank line, a writer must quote.
            quoted_match: /^\s*$|^\uFEFF|[\r\n,;\t]/,
            quoted_empty: true,
          });
          const bytes = Buffer.from(text);
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
          const input = await openInputFile('-', Readable.from(pieces));
          expect(input.header).to.deep.equal(header.map((name) => name.trim()));
          expect((await drain(input)).map(({ cells }) => cells)).to.deep.equal(rows);
        }),
        { numRuns: 300 },
      );
    });

    it('more columns than a call of JavaScript takes arguments', async () => {
      const names = Array.from({ length: 130_000 }, (_, n) => `c${String(n)}`);
      const { header, rows } = await read([names, names].map((cells) => cells.join(',')).join('\n'));
      expect(header).to.deep.equal(names);
      expect(rows.map(({ cells }) => cells.length)).to.deep.equal([130_000]);
    });

    it('a large file in slices and little memory', async () => {
      const path = join(folder, 'large.csv');
      const out = createWriteStream(path);
      out.write('Id,Name\n');
      const block = '0035g00000AbCdEAAV,"A name, quoted"\n'.repeat(10_000);
      for (let count = 0; count < 20; count++) if (!out.write(block)) await once(out, 'drain');
      out.end();
      await once(out, 'close');
      const input = await openInputFile(path);
      let rows = 0;
      let longest = 0;
      let last = 0;
      for await (const slice of input.rows) {
        rows += slice.length;
        longest = Math.max(longest, slice.length);
        last = slice.at(-1)?.line ?? 0;
      }
      expect({ rows, last }).to.deep.equal({ rows: 200_000, last: 200_001 });
      expect(longest).to.equal(1000);
    });

    it('only as much as is asked for, and closes the file when the caller stops', async () => {
      let closed = false;
      const endless = Readable.from(
        (function* () {
          try {
            yield 'a,b\n';
            for (;;) yield '1,2\n'.repeat(1000);
          } finally {
            closed = true;
          }
        })(),
      );
      const input = await openInputFile('-', endless);
      for await (const slice of input.rows) if (slice.length > 0) break;
      expect(closed).to.equal(true);
    });

    it('and closes the file when the caller never starts', async () => {
      const stdin = Readable.from(['a,b\n', '1,2\n'.repeat(2000), '1,2\n'.repeat(2000)]);
      await (await openInputFile('-', stdin)).rows.return();
      expect(stdin.destroyed).to.equal(true);
    });
  });

  describe('refuses', () => {
    it('a missing file, also below something that is no folder', async () => {
      expect(await faultOf(join(folder, 'none.csv'))).to.deep.equal({ fault: 'missing' });
      expect(await faultOf(join(write('a'), 'none.csv')))
        .to.have.property('fault')
        .that.is.oneOf(['missing']);
    });

    it('a folder', async () => {
      expect(await faultOf(folder)).to.deep.equal({ fault: 'folder' });
    });

    it('a file without permission', async function () {
      if (process.platform === 'win32' || process.getuid?.() === 0) this.skip();
      const path = write('a,b\n1,2\n');
      chmodSync(path, 0);
      expect(await faultOf(path)).to.deep.equal({ fault: 'unreadable' });
    });

    it('a stream that breaks', async () => {
      const broken = new Readable({
        read() {
          this.destroy(new Error('gone'));
        },
      });
      expect(await faultOf('-', broken)).to.deep.equal({ fault: 'unreadable' });
    });

    it('an empty file', async () => {
      for (const content of ['', '\uFEFF', ' ', '\n', '\uFEFF \r\n \n\n'])
        expect(await faultIn(content), JSON.stringify(content)).to.deep.equal({ fault: 'empty' });
    });

    it('a header without rows', async () => {
      for (const content of ['a', 'a,b', 'a,b\n', 'a,b\r\n\r\n  \r\n', '\uFEFFa;b\r'])
        expect(await faultIn(content), JSON.stringify(content)).to.deep.equal({ fault: 'noRows' });
    });

    it('UTF-16, with and without BOM, in both byte orders', async () => {
      const little = Buffer.from('a,b\r\n1,Zoë\r\n', 'utf16le');
      const big = Buffer.from(little).swap16();
      for (const content of [little, big, Buffer.concat([Buffer.of(0xff, 0xfe), little]), Buffer.of(0xfe, 0xff, 0, 65)])
        expect(await faultIn(content)).to.deep.equal({ fault: 'utf16' });
    });

    it('a workbook and a file with NUL bytes', async () => {
      expect(await faultIn(Buffer.from('PK\u0003\u0004rest'))).to.deep.equal({ fault: 'binary' });
      expect(await faultIn('a,b\n1,2\u0000\n')).to.include({ fault: 'binary' });
    });

    it('text that is not UTF-8, and names its line', async () => {
      const latin = Buffer.from('a,b\r\n1,2\r\n3,Zo\u00eb\r\n', 'latin1');
      expect(await faultIn(latin)).to.deep.equal({ fault: 'notUtf8', line: 3 });
      expect(await faultIn(Buffer.from('a,b\n1,2\n1,\u00e9', 'latin1'))).to.include({ fault: 'notUtf8' });
      const far = Buffer.concat([Buffer.from(`a,b\n${'1,é\n'.repeat(100_000)}`), Buffer.from('x,\u00e9,\n', 'latin1')]);
      expect(await faultIn(far)).to.deep.equal({ fault: 'notUtf8', line: 100_002 });
    });

    it('records of another length than the header', async () => {
      const facts = { fault: 'ragged', expected: 2 };
      expect(await faultIn('a,b\n1,2\n3\n')).to.deep.equal({ ...facts, line: 3, found: 1 });
      expect(await faultIn('a,b\n"1\n\n",2\n1,2,3\n')).to.deep.equal({ ...facts, line: 5, found: 3 });
      expect(await faultIn('sep=,\na,b\n1,2\n3\n')).to.deep.equal({ ...facts, line: 4, found: 1 });
    });

    it('a quote that is never closed, at the line where it opened', async () => {
      expect(await faultIn('a,b\n1,2\n3,"x\n4,5\n')).to.deep.equal({ fault: 'unclosedQuote', line: 3 });
      expect(await faultIn('a,b\r\n"1\r\n","x ""y""\r\n4,5')).to.deep.equal({ fault: 'unclosedQuote', line: 3 });
      expect(await faultIn('a,"b\n1,2\n')).to.deep.equal({ fault: 'unclosedQuote', line: 1 });
    });

    it('a quote that swallows a large file, without holding all of it', async () => {
      const endless = Readable.from(
        (function* () {
          yield 'a,b\n1,2\n3,"4\n';
          for (;;) yield '5,6\n'.repeat(50_000);
        })(),
      );
      expect(await faultOf('-', endless)).to.deep.equal({ fault: 'unclosedQuote', line: 3 });
    });

    it('a stray quote', async () => {
      expect(await faultIn('a,b\n1,2\n5" pipe,3\n')).to.deep.equal({ fault: 'badQuote', line: 3 });
      expect(await faultIn('a,b\n"1\r\n",2\n"x"y,3\n')).to.deep.equal({ fault: 'badQuote', line: 4 });
    });

    it('a header twice, whatever its case', async () => {
      expect(await faultIn('Id, Email,EMAIL \n1,2,3')).to.deep.equal({
        fault: 'headerTwice',
        line: 1,
        column: 'EMAIL',
      });
    });

    it('a value that is too long for any field', async () => {
      const content = `a,b\n1,2\n3,${'x'.repeat(131_073)}\n`;
      expect(await faultIn(content)).to.deep.equal({ fault: 'cellTooLong', line: 3, column: 'b' });
      const huge = Readable.from(
        (function* () {
          yield 'a,b\n1,2\n3,';
          for (;;) yield 'x'.repeat(100_000);
        })(),
      );
      expect(await faultOf('-', huge)).to.deep.equal({ fault: 'cellTooLong', line: 3 });
    });

    it('a fault far down, after the rows before it', async () => {
      const input = await openInputFile(write(`a,b\n${'1,2\n'.repeat(200_000)}3\n`));
      let rows = 0;
      let fault: unknown;
      try {
        for await (const slice of input.rows) rows += slice.length;
      } catch (error) {
        fault = error;
      }
      expect(rows).to.be.above(100_000);
      expect(fault).to.include({ code: 'ragged' }).and.to.have.nested.property('facts.line', 200_002);
    });
  });
});
