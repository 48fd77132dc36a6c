/** Remembers the folders of the runs that were started on this machine, in sf's state folder; nothing more. */
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const fileName = 'sf-portal-users-runs';

/** Appended in one write, so that two runs that start at once are both remembered. @param stateDir sf's state folder */
export async function rememberRun(stateDir: string, runFolder: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await appendFile(path.join(stateDir, fileName), `${runFolder}\n`, { mode: 0o600 });
}

/** Their folders, newest first, each once; some may be gone by now. */
export async function startedRuns(stateDir: string): Promise<string[]> {
  const remembered = await readFile(path.join(stateDir, fileName), 'utf8').catch(() => '');
  const folders = remembered.split('\n').filter((line) => line.trim() !== '');
  return [...new Set(folders.toReversed())];
}
