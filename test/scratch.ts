/** Where tests put what nobody needs afterwards. */
import { statfsSync } from 'node:fs';

/** A run of the plugin waits for the disk about fifty times, and a suite has a thousand runs. */
const inMemory = '/dev/shm';
const leastBytes = 4e9;

/** The environment that has temporary files lie in memory, where the system has room for that. */
export function fastScratch(): { readonly TMPDIR?: string } {
  if (process.platform !== 'linux' || process.env['TMPDIR'] !== undefined) return {};
  try {
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize > leastBytes ? { TMPDIR: inMemory } : {};
  } catch {
    return {};
  }
}
