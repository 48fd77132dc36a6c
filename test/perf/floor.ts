/** What the bare script takes for the same query results. */
import { join } from 'node:path';
import { newFolder } from '../scenarios/commands/sfCall.ts';
import type { FloorTask } from './floorScript.ts';
import { measuredScript, type Usage } from './measuredRun.ts';
import type { OrgProcess } from './orgProcess.ts';

export async function measureFloor({ url, accessToken }: OrgProcess, queries: readonly string[]): Promise<Usage> {
  const task: FloorTask = { url, accessToken, queries, folder: await newFolder('floor') };
  const script = join(import.meta.dirname, 'floorScript.ts');
  const { code, stderr, seconds, cpuSeconds, peakBytes } = await measuredScript(script, JSON.stringify(task));
  if (code !== 0) throw new Error(`the bare script has failed: ${stderr}`);
  return { seconds, cpuSeconds, peakBytes };
}
