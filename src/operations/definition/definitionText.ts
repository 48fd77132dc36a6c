/** The text of a definition file. */
import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { codeOfError, RunFault } from '../../model/faults.js';

/** Bytes of a definition file: a hundred groups with long conditions are a quarter of it. */
const largestFile = 256 * 1024;

/** The whole file, without a BOM. @throws RunFault definitionFile */
export async function readDefinitionText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  if (bytes.length > largestFile) throw new RunFault('definitionFile.tooLarge', { file: path, most: largestFile });
  if (!isUtf8(bytes)) throw new RunFault('definitionFile.notUtf8', { file: path, line: lineOfFault(bytes) });
  return new TextDecoder().decode(bytes);
}

/** Never more than it takes to see that there is too much, whatever the path leads to. */
async function readBytes(path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    await using file = await open(path, 'r');
    if ((await file.stat()).isDirectory()) throw new RunFault('definitionFile.folder', { file: path });
    for await (const chunk of file.createReadStream({ autoClose: false, end: largestFile })) {
      if (!Buffer.isBuffer(chunk)) continue;
      chunks.push(chunk);
      length += chunk.length;
      if (length > largestFile) break;
    }
  } catch (error) {
    throw definitionFault(path, error);
  }
  return Buffer.concat(chunks);
}

function definitionFault(path: string, error: unknown): unknown {
  const code = codeOfError(error);
  if (error instanceof RunFault || code === undefined) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new RunFault('definitionFile.missing', { file: path });
  if (code === 'EISDIR') return new RunFault('definitionFile.folder', { file: path });
  return new RunFault('definitionFile.unreadable', { file: path, why: code });
}

/** The line, from 1, that has the first bytes that are not UTF-8; UTF-16 has them in the first. */
function lineOfFault(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split(/\r\n|\r|\n/);
  return 1 + lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
}
