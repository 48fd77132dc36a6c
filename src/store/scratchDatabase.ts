/** A database that lives no longer than the work it is for: what does not fit in memory lies there meanwhile. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openSqlite } from './sqlite.js';

/** @param folder private; nothing is left in it. Throws SQLite's own errors, and what `work` throws. */
export async function withScratchDatabase<T>(folder: string, work: (db: DatabaseSync) => Promise<T>): Promise<T> {
  const file = path.join(folder, 'scratch.db');
  // SQLite gives the files that it makes beside it the same rights.
  await writeFile(file, '', { mode: 0o600, flag: 'wx' });
  try {
    const db = await openSqlite(file);
    try {
      return await work(db);
    } finally {
      db.close();
    }
  } finally {
    for (const end of ['', '-wal', '-shm']) await rm(`${file}${end}`, { force: true });
  }
}
