/** Reads an input file or standard input as checked UTF-8 text, and knows on which line it is. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { codeOfError } from '../model/faults.js';
import { InputFileError } from '../model/inputFileError.js';

const chunkSize = 256 * 1024;
const quote = 0x22;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Opens the stream that an input file is read from.
 *
 * @param path the file, or `-` for standard input
 * @param stdin where `-` reads from
 * @throws InputFileError missing, folder, unreadable
 */
export async function openInputText(path: string, stdin: NodeJS.ReadableStream): Promise<NodeJS.ReadableStream> {
  if (path === '-') return stdin;
  try {
    if ((await stat(path)).isDirectory()) throw new InputFileError('folder', { file: path });
  } catch (error) {
    throw readingFault(path, error);
  }
  return createReadStream(path, { highWaterMark: chunkSize });
}

/**
 * Decodes a stream piece by piece, without its BOM; its end and its early end (`return()`) close the stream.
 *
 * @param position follows what was taken
 * @throws InputFileError unreadable, utf16, binary, notUtf8 (with the line)
 */
export async function* readTexts(
  path: string,
  stream: NodeJS.ReadableStream,
  position: TextPosition,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk: Buffer, isLast = false): string => {
    try {
      return decoder.decode(chunk, { stream: !isLast });
    } catch {
      throw new InputFileError('notUtf8', { file: path, line: position.line + linesBeforeFault(chunk) });
    }
  };
  // The first bytes, until they are enough to see what they are.
  let start = Buffer.alloc(0);
  try {
    for await (const piece of stream) {
      const chunk: Buffer = typeof piece === 'string' ? Buffer.from(piece) : piece;
      if (start.length < 4) {
        start = Buffer.concat([start, chunk]);
        assertIsText(path, start);
      }
      if (chunk.includes(0)) throw new InputFileError('binary', { file: path });
      const text = decode(chunk);
      position.advance(text);
      yield text;
    }
    decode(Buffer.alloc(0), true);
  } catch (error) {
    throw readingFault(path, error);
  }
}

/** Looks at the first bytes for what people hand over by mistake: UTF-16 ("Unicode text") and workbooks (zip files). */
function assertIsText(path: string, start: Buffer): void {
  const magic = start.subarray(0, 4).toString('hex');
  if (magic === '504b0304' || magic === '504b0506') throw new InputFileError('binary', { file: path });
  if (magic.startsWith('fffe') || magic.startsWith('feff')) throw new InputFileError('utf16', { file: path });
  const sample = start.subarray(0, 1024);
  const nullsAt = (parity: 0 | 1): number => sample.filter((byte, index) => byte === 0 && index % 2 === parity).length;
  const [even, odd] = [nullsAt(0), nullsAt(1)];
  if (Math.min(even, odd) === 0 && Math.max(even, odd) * 4 > sample.length)
    throw new InputFileError('utf16', { file: path });
}

/** Counts the lines of a chunk before the first one that is not UTF-8; a character cut at the chunk's start does not count. */
function linesBeforeFault(chunk: Buffer): number {
  const text = chunk.toString('latin1').replace(/^[\x80-\xbf]{0,3}/, '');
  const at = text.split(/\r\n|\r|\n/).findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  return Math.max(0, at);
}

function readingFault(path: string, error: unknown): Error {
  if (error instanceof InputFileError) return error;
  const code = codeOfError(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new InputFileError('missing', { file: path });
  return new InputFileError(code === 'EISDIR' ? 'folder' : 'unreadable', { file: path });
}

/** Follows lines and quotes: in a sound CSV text every second quote opens a value, but for one right behind another. */
export class TextPosition {
  /** The physical line, from 1. */
  public line = 1;
  private isQuoted = false;
  private quoteLine = 1;
  private before = 0;

  /** The line on which the quoted value began that has not ended yet. */
  public get openQuoteLine(): number | undefined {
    return this.isQuoted ? this.quoteLine : undefined;
  }

  public advance(text: string): void {
    for (let index = 0; index < text.length; index++) {
      const sign = text.charCodeAt(index);
      if (sign === quote) {
        if (!this.isQuoted && this.before !== quote) this.quoteLine = this.line;
        this.isQuoted = !this.isQuoted;
      } else if (sign === carriageReturn || (sign === lineFeed && this.before !== carriageReturn)) {
        this.line += 1;
      }
      this.before = sign;
    }
  }
}
