/** Makes the folder of a new run of any operation, and the plan in it. */
import type { CheckOutcome } from '../model/checkOutcome.js';
import type { Emit } from '../model/events.js';
import type { StopRequest } from '../model/runEnd.js';
import type { OrgKind } from '../model/result.js';
import type { Beginning, RunRequest } from '../operations/operation.js';
import { operationOf } from '../operations/operations.js';
import type { OrgClient } from '../org/orgClient.js';
import { judgeChecks } from '../preflight/planChecks.js';
import { writeMeta, type RunDescription } from '../store/meta.js';
import { typedFlagsText } from '../store/typedFlags.js';
import { makeRun } from './newRun.js';
import type { BegunRun } from './openRun.js';

/**
 * @returns a run whose plan is complete; the caller drives it, which closes it
 * @throws InputFileError, RunFault, ChecksFailed, OrgError; no run folder is left then
 */
export async function planRun(
  { operation, request, survey }: Beginning,
  client: OrgClient,
  emit: Emit,
  stop: StopRequest,
): Promise<BegunRun> {
  const { facts, description, fill } = await survey(client, emit);
  let checks: readonly CheckOutcome[] = [];
  const run = await makeRun(request.outputDir, operation, async ({ db }) => {
    const orgKind: OrgKind = facts.isSandbox ? 'sandbox' : 'production';
    writeMeta(db, { operation, orgKind, ...describeRun(request, client), ...description });
    await fill(db, emit, stop);
    checks = operationOf(db).check(db, facts);
    judgeChecks(checks);
  });
  return { run, prepare: () => Promise.resolve({ client, facts, checks }), guards: request, dryRun: request.dryRun };
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
    typedFlags: typedFlagsText(request.typed),
  };
}
