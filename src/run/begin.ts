/** Begins a run of any operation. */
import type { Emit } from '../model/events.js';
import type { StopRequest } from '../model/runEnd.js';
import type { Beginning } from '../operations/operation.js';
import type { OrgClient } from '../org/orgClient.js';
import type { BegunRun } from './openRun.js';

/**
 * @returns a run whose plan is complete; the caller drives it, which closes it
 * @throws InputFileError, RunFault, ChecksFailed, OrgError; no run folder is left then
 */
export async function beginRun(
  beginning: Beginning,
  connect: () => Promise<OrgClient>,
  emit: Emit,
  stop: StopRequest,
): Promise<BegunRun> {
  emit({ type: 'stage', stage: 'check' });
  // What makes plans is loaded while the org answers: the first line of the screen doesn't wait for it.
  const [client, { planRun }] = await Promise.all([connect(), import('./planRun.js')]);
  return planRun(beginning, client, emit, stop);
}
