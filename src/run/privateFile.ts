/** Files of a run folder that are written anew. */
import { open, unlink, type FileHandle } from 'node:fs/promises';

/**
 * Opens a file for writing that only this user may read, whatever the umask, and whatever stood in its place: a file that
 * others may read since the folder was copied, or a link to somewhere else.
 */
export async function newPrivateFile(file: string): Promise<FileHandle> {
  await unlink(file).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  });
  return open(file, 'wx', 0o600);
}
