/** How long the bare script takes for the same query results. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newFolder, repository } from '../e2e/sfHost.ts';
import type { FloorTask } from './floorScript.ts';
import type { OrgProcess } from './orgProcess.ts';

/** Seconds. */
export async function measureFloor({ url, accessToken }: OrgProcess, queries: readonly string[]): Promise<number> {
  const task: FloorTask = { url, accessToken, queries, folder: await newFolder('floor') };
  const start = performance.now();
  const script = join(import.meta.dirname, 'floorScript.ts');
  await promisify(execFile)(process.execPath, [script, JSON.stringify(task)], { cwd: repository });
  return (performance.now() - start) / 1000;
}
