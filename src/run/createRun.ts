/** Begins a `create` run: checks what was asked for against the org, makes the run folder, and the plan in it. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { readPermissionSets } from '../org/permissionSets.js';
import type { StopRequest } from '../model/runEnd.js';
import { judgeChecks } from '../preflight/checksFailed.js';
import { contactsOfFile, contactsWhere, givenColumns, type SelectedContact } from '../selection/contactSource.js';
import { makeCreatePlan } from '../operations/createPlan.js';
import type { OpenRun } from './driveRun.js';
import { openInputFile } from '../selection/inputFile.js';
import { writeMeta } from '../store/meta.js';
import { readOrgFacts, type OrgFacts } from '../preflight/orgFacts.js';
import { readCreateSettings, type CreateRequest, type CreateSettings } from '../operations/planSettings.js';
import { checkPlan } from '../preflight/planChecks.js';
import type { Emit } from '../model/events.js';
import { makeRun } from './newRun.js';
import { RunFault } from '../model/faults.js';
import { checkTemplateFields } from '../operations/templateFields.js';

export type CreateRunRequest = CreateRequest & {
  /** Exactly one of the two. */
  readonly where: string | undefined;
  readonly file: string | undefined;
  readonly outputDir: string | undefined;
  readonly dryRun: boolean;
  readonly maxUsers: number;
  readonly strict: boolean;
  readonly allowWelcomeEmails: boolean;
};

/**
 * @returns a run whose plan is complete; the caller drives it, which closes it
 * @throws InputFileError, RunFault, ChecksFailed, OrgError; no run folder is left then
 */
export async function planCreateRun(
  request: CreateRunRequest,
  connect: () => Promise<OrgClient>,
  emit: Emit,
  stop: StopRequest,
): Promise<{ readonly run: OpenRun; readonly client: OrgClient; readonly facts: OrgFacts }> {
  if (request.where?.trim() === '') throw new RunFault('whereEmpty');
  const input = request.file === undefined ? undefined : await openInputFile(request.file);
  emit({ type: 'stage', stage: 'check' });
  const client = await connect();
  const namesSets = input?.header.some((column) => column.toLowerCase() === 'permissionsets') === true;
  const readsAssignments = namesSets || request.permissionSets.length > 0;
  const facts = await readOrgFacts(client, readsAssignments);
  const permissionSets = readsAssignments ? await readPermissionSets(client) : [];
  const settings = readCreateSettings(request, input?.header, facts, permissionSets);
  judgeChecks(settings.checks);
  await checkTemplateFields(client, settings.plan.templates, facts.contactFields);
  const select = (db: DatabaseSync, onLarge: () => void): AsyncGenerator<SelectedContact[]> =>
    input !== undefined && settings.input !== undefined
      ? contactsOfFile(client, db, settings.contactFields, input, settings.input, {
          profiles: facts.profiles,
          permissionSets,
        })
      : contactsWhere(client, settings.contactFields, request.where ?? '', onLarge);
  const run = await makeRun(request.outputDir, 'create', async ({ db }) => {
    describeRun(db, request, client, settings);
    await makeCreatePlan({
      client,
      db,
      settings: settings.plan,
      contacts: (onLarge) => select(db, onLarge),
      readsAssignments,
      emit,
      stop,
    });
    judgeChecks(checkPlan(db, facts), emit);
  });
  return { run, client, facts };
}

/** What `resume` and the files need to know later. */
function describeRun(db: DatabaseSync, request: CreateRunRequest, client: OrgClient, settings: CreateSettings): void {
  const { input, columns } = settings;
  writeMeta(db, {
    operation: 'create',
    orgId: client.orgId,
    userId: client.userId,
    username: client.username,
    apiVersion: client.apiVersion,
    dryRun: String(request.dryRun),
    columns: JSON.stringify(columns),
    givenColumns: JSON.stringify(input === undefined ? [] : givenColumns(input)),
    keyColumn: input?.keys[0].header ?? 'ContactId',
    maxUsers: String(request.maxUsers),
    strict: String(request.strict),
    allowWelcomeEmails: String(request.allowWelcomeEmails),
  });
}
