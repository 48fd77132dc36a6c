/** Files of a run folder that are written anew. */
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { codeOfError } from '../model/faults.js';
import { atRunFolder } from './diskFault.js';

/**
 * Opens a file for writing that only this user may read, whatever the umask, and whatever stood in its place: a file that
 * others may read since the folder was copied, or a link to somewhere else.
 */
async function newPrivateFile(file: string): Promise<FileHandle> {
  await unlink(file).catch((error: unknown) => {
    if (codeOfError(error) !== 'ENOENT') throw error;
  });
  return open(file, 'wx', 0o600);
}

/**
 * Writes a private file beside the existing one, and puts it in its place when it is whole: a disk that fills leaves
 * the old one. What a process that died has left beside it is written over by the next.
 * @param texts of run.db in the same folder, or of the org
 * @throws RunFault diskFull, folderNotWritable
 */
export async function replacePrivateFile(file: string, texts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  await atRunFolder(path.dirname(file), () => replace(file, texts));
}

async function replace(file: string, texts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const beside = `${file}.new`;
  const handle = await whenReleased(() => newPrivateFile(beside));
  try {
    await pipeline(Readable.from(texts), handle.createWriteStream({ flush: true }));
    await whenReleased(() => rename(beside, file));
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
}

/** About two seconds, all together. */
const mostTries = 9;

/** On Windows, virus scanners and the search index hold new files open for moments. A program that shows one holds it on. */
async function whenReleased<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === mostTries || !isHeld(error)) throw error;
      await setTimeout(attempt * 50);
    }
  }
}

function isHeld(error: unknown): boolean {
  return process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(codeOfError(error) ?? '');
}
