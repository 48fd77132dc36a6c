/** Remembers the newest run that was started on this machine, for `resume --use-most-recent`; nothing more. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { RunFault } from '../model/faults.js';

const fileName = 'sf-portal-users-most-recent-run';

/** @param stateDir sf's state folder */
export async function rememberRun(stateDir: string, runFolder: string): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await writeFile(path.join(stateDir, fileName), `${runFolder}\n`, { mode: 0o600 });
}

/** @throws RunFault noRecentRun */
export async function mostRecentRun(stateDir: string): Promise<string> {
  const remembered = await readFile(path.join(stateDir, fileName), 'utf8').catch(() => '');
  if (remembered.trim() === '') throw new RunFault('noRecentRun');
  return remembered.trim();
}
