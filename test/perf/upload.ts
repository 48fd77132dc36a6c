/** A whole `create` against `sf data import bulk` of the same users, which knows neither contacts nor outcomes. */
import { join } from 'node:path';
import { applySeconds, canarySeconds } from './diary.ts';
import { measuredCreate, startHostOrg } from './hostOrg.ts';
import { measuredRun } from './measuredRun.ts';
import { realisticCosts } from '../simulated-org/ruleSwitches.ts';

/** Seconds. */
export type UploadFigures = {
  readonly rows: number;
  readonly create: number;
  /** Of them from the complete plan to the last outcome. */
  readonly applying: number;
  /** Of those for the row that goes before all others. */
  readonly canary: number;
  readonly dataImport: number;
  /** What the org's process has worked for `create`: it must be little beside what the rows take by its own clock. */
  readonly orgCpu: number;
};

/** @param parallelBatches how many batches the org works on at a time, no matter who sent them */
export async function measureUpload(rows: number, parallelBatches: number): Promise<UploadFigures> {
  const options = {
    world: { welcomeEmails: false, large: { contacts: rows } },
    switches: { ...realisticCosts, bulk: { ...realisticCosts.bulk, parallelBatches } },
  };
  const ours = await startHostOrg(options);
  const workedBefore = await ours.worked();
  const { result, usage } = await measuredCreate(ours);
  const orgCpu = (await ours.worked()) - workedBefore;
  await ours.stop();
  const theirs = await startHostOrg(options);
  const file = join(result.runDir, 'users.csv');
  const args = [
    'data',
    'import',
    'bulk',
    '--file',
    file,
    '--sobject',
    'User',
    '--wait',
    '600',
    '--target-org',
    'portal',
  ];
  const plain = await measuredRun(args, theirs);
  await theirs.stop();
  if (plain.code !== 0) throw new Error(`sf data import bulk has failed: ${plain.stdout}\n${plain.stderr}`);
  const [applying, canary] = [applySeconds(result.runDir), canarySeconds(result.runDir)];
  return { rows, create: usage.seconds, applying, canary, dataImport: plain.seconds, orgCpu };
}
