/** Begins a run of any operation: looks at the org, makes the run folder, and the plan in it. */
import type { Emit } from '../model/events.js';
import type { StopRequest } from '../model/runEnd.js';
import type { Beginning, RunRequest } from '../operations/operation.js';
import type { OrgClient } from '../org/orgClient.js';
import { judgeChecks } from '../preflight/planChecks.js';
import { writeMeta, type RunDescription } from '../store/meta.js';
import { makeRun } from './newRun.js';
import type { BegunRun } from './openRun.js';

/**
 * @returns a run whose plan is complete; the caller drives it, which closes it
 * @throws InputFileError, RunFault, ChecksFailed, OrgError; no run folder is left then
 */
export async function beginRun(
  { operation, request, survey }: Beginning,
  connect: () => Promise<OrgClient>,
  emit: Emit,
  stop: StopRequest,
): Promise<BegunRun> {
  emit({ type: 'stage', stage: 'check' });
  const client = await connect();
  const { facts, description, fill, check } = await survey(client, emit);
  const run = await makeRun(request.outputDir, operation, async ({ db }) => {
    writeMeta(db, { operation, ...describeRun(request, client), ...description });
    await fill(db, emit, stop);
    judgeChecks(check(db), emit);
  });
  return { run, prepare: () => Promise.resolve({ client, facts }), guards: request, dryRun: request.dryRun };
}

function describeRun(request: RunRequest, client: OrgClient): RunDescription {
  return {
    orgId: client.orgId,
    userId: client.userId,
    username: client.username,
    apiVersion: client.apiVersion,
    dryRun: String(request.dryRun),
    maxUsers: String(request.maxUsers),
    strict: String(request.strict),
    allowWelcomeEmails: String(request.allowWelcomeEmails),
  };
}
