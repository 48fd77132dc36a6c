/** A simulated org in a process of its own, with an `sf` that is logged in to it. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ListResult } from '../../lib/model/access/userList.js';
import type { RunResult } from '../scenarios/commands/portalOrg.ts';
import { mainProfile, mainSegment } from '../simulated-org/world/mainSegment.ts';
import { envelopeOf, newFolder } from '../scenarios/commands/sfCall.ts';
import { warmSf } from '../scenarios/commands/warmSf.ts';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { measuredRun, type Usage } from './measuredRun.ts';
import { startOrgProcess, type OrgProcess } from './orgProcess.ts';

/** With the folders that `sf` works in. */
export type HostOrg = OrgProcess & { readonly home: string; readonly cwd: string };

export async function startHostOrg(options: SimulatedOrgOptions): Promise<HostOrg> {
  const org = await startOrgProcess(options);
  const [home, cwd] = [await newFolder('home'), await newFolder('work')];
  const login = ['org', 'login', 'access-token', '--instance-url', org.url, '--no-prompt', '--alias', 'portal'];
  const { code, stderr } = await warmSf(login, { home, env: { SF_ACCESS_TOKEN: org.accessToken } });
  if (code !== 0) throw new Error(`no login: ${stderr}`);
  await org.forgetCalls();
  return { ...org, home, cwd };
}

export type MeasuredCommand = { readonly usage: Usage; readonly result: RunResult };

/** `sf portal users create` for the whole main segment. @throws unless it has done what it was to do */
export async function measuredCreate(org: HostOrg, ...more: readonly string[]): Promise<MeasuredCommand> {
  return measuredCommand(org, 'create', '--where', mainSegment, '--profile', mainProfile, ...more);
}

/** `sf portal users disable` for all portal users. @throws unless it has done what it was to do */
export async function measuredDisable(org: HostOrg, mode: string): Promise<MeasuredCommand> {
  return measuredCommand(org, 'disable', '--where', 'ContactId != null', '--mode', mode);
}

/** `sf portal users sync`. @throws unless it has done what it was to do */
export async function measuredSync(org: HostOrg, ...flags: readonly string[]): Promise<MeasuredCommand> {
  const { usage, result } = await measuredSf(org, 'sync', ...flags, '--no-prompt');
  return { usage, result: result as RunResult };
}

/** `sf portal users list`. @throws unless it has done what it was to do */
export async function measuredList(
  org: HostOrg,
  ...flags: readonly string[]
): Promise<{ readonly usage: Usage; readonly result: ListResult }> {
  const { usage, result } = await measuredSf(org, 'list', ...flags);
  return { usage, result: result as ListResult };
}

async function measuredCommand(org: HostOrg, command: string, ...flags: readonly string[]): Promise<MeasuredCommand> {
  const { usage, result } = await measuredSf(org, command, ...flags, '--max-users', '9999999', '--no-prompt');
  return { usage, result: result as RunResult };
}

async function measuredSf(
  org: HostOrg,
  command: string,
  ...flags: readonly string[]
): Promise<{ readonly usage: Usage; readonly result: unknown }> {
  const run = await measuredRun(['portal', 'users', command, ...flags, '--target-org', 'portal', '--json'], org);
  const { seconds, cpuSeconds, peakBytes, ...answer } = run;
  if (answer.code !== 0) throw new Error(`${command} has failed: ${answer.stdout.slice(0, 2000)}\n${answer.stderr}`);
  return { usage: { seconds, cpuSeconds, peakBytes }, result: envelopeOf(answer).result };
}

export function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, { size }) => sum + size, 0);
}
