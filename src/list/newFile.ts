/** A file that people keep: it is written once, and never over another. */
import { open, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { codeOfError, RunFault } from '../model/faults.js';

/** @throws RunFault definitionExists */
export async function assertIsNew(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined) throw new RunFault('definitionExists', { file });
}

/** Asked before all users are read. @throws RunFault definitionNotWritable */
export async function assertHasFolder(file: string): Promise<void> {
  const folder = await stat(path.dirname(file)).catch(() => undefined);
  if (folder?.isDirectory() === true) return;
  throw new RunFault('definitionNotWritable', { file, why: folder === undefined ? 'ENOENT' : 'ENOTDIR' });
}

/** @throws RunFault definitionExists, definitionNotWritable */
export async function writeNewFile(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch (error) {
      await unlink(file);
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = codeOfError(error);
    if (code === undefined) throw error;
    if (code === 'EEXIST') throw new RunFault('definitionExists', { file });
    throw new RunFault('definitionNotWritable', { file, why: code });
  }
}
