/** Files of a run folder that are written anew. */
import { open, rm, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file for writing that only this user may read, whatever the umask, and whatever stood in its place: a file that
 * others may read since the folder was copied, or a link to somewhere else.
 */
export async function newPrivateFile(file: string): Promise<FileHandle> {
  await rm(file, { force: true });
  return open(file, 'wx', 0o600);
}
