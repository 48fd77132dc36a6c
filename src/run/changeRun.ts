/** Begins a `disable` or `enable` run: checks the org, makes the run folder, and the plan in it. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { soqlTime } from '../org/soql.js';
import { checkChange } from '../preflight/changeChecks.js';
import type { KeyColumn } from '../selection/inputColumns.js';
import { findUserKey, userKeyColumns } from '../selection/userKeys.js';
import { modeRule, type EnableMode, type Mode } from '../model/modes.js';
import type { StopRequest } from '../model/runEnd.js';
import { makeChangePlan } from '../operations/changePlan.js';
import { judgeChecks } from '../preflight/checksFailed.js';
import type { OpenRun } from './driveRun.js';
import { openInputFile, type InputFile } from '../selection/inputFile.js';
import { writeMeta } from '../store/meta.js';
import { readOrgFacts, type OrgFacts } from '../preflight/orgFacts.js';
import { userFieldsOf } from '../selection/portalUsers.js';
import type { Emit } from '../model/events.js';
import { makeRun } from './newRun.js';
import { RunFault } from '../model/faults.js';
import {
  changedUsers,
  checkSourceAtRest,
  checkSourceOrg,
  readSourceRun,
  type SourceRun,
} from '../selection/sourceRun.js';
import {
  inactiveUsers,
  isInactiveSince,
  readProtected,
  usersOfFile,
  usersOfRun,
  usersWhere,
  type SelectedUser,
} from '../selection/userSource.js';

export type ChangeRunRequest = {
  readonly operation: 'disable' | 'enable';
  /** Not needed to take a run back: it says what it did. */
  readonly mode: Mode | undefined;
  /** At least one of the four; of `where`, `file` and `fromRun` one at most. */
  readonly where: string | undefined;
  readonly file: string | undefined;
  readonly fromRun: string | undefined;
  /** Days without a login. */
  readonly inactiveFor: number | undefined;
  /** Conditions on User; who meets one is refused. */
  readonly protect: readonly string[];
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
export async function planChangeRun(
  request: ChangeRunRequest,
  connect: () => Promise<OrgClient>,
  emit: Emit,
  stop: StopRequest,
): Promise<{ readonly run: OpenRun; readonly client: OrgClient; readonly facts: OrgFacts }> {
  if (request.where?.trim() === '') throw new RunFault('whereEmpty.users', { flag: '--where' });
  if (request.protect.some((condition) => condition.trim() === '')) {
    throw new RunFault('whereEmpty.users', { flag: '--protect' });
  }
  const source = request.fromRun === undefined ? undefined : await readSourceRun(request.fromRun);
  const mode = modeOf(request, source);
  if (source !== undefined) checkSourceAtRest(source);
  const input = request.file === undefined ? undefined : await openInputFile(request.file);
  emit({ type: 'stage', stage: 'check' });
  const client = await connect();
  if (source !== undefined) checkSourceOrg(source, client);
  const facts = await readOrgFacts(client, mode === 'activate');
  judgeChecks(checkChange(facts, mode), emit);
  const protectedBy = await readProtected(client, request.protect);
  const inactiveSince = request.inactiveFor === undefined ? undefined : daysAgo(request.inactiveFor);
  if (source !== undefined && source.uncertain > 0) emit({ type: 'uncertainSkipped', rows: source.uncertain });
  if (inactiveSince !== undefined && !facts.userFields.has('lastlogindate')) throw new RunFault('lastLoginHidden');
  const users = (db: DatabaseSync): AsyncGenerator<SelectedUser[]> =>
    select(request, source, client, db, userFieldsOf(facts), input, inactiveSince);

  const run = await makeRun(request.outputDir, request.operation, async ({ db }) => {
    writeMeta(db, {
      operation: request.operation,
      mode,
      orgId: client.orgId,
      userId: client.userId,
      username: client.username,
      apiVersion: client.apiVersion,
      dryRun: String(request.dryRun),
      keyColumn: input === undefined ? 'Id' : keyOf(input).header,
      protect: JSON.stringify(request.protect),
      ...(source === undefined ? {} : { fromRun: source.folder }),
      ...(inactiveSince === undefined ? {} : { inactiveSince }),
      maxUsers: String(request.maxUsers),
      strict: String(request.strict),
      allowWelcomeEmails: String(request.allowWelcomeEmails),
    });
    await makeChangePlan({ client, db, mode, protectedBy, users, emit, stop });
  });
  return { run, client, facts };
}

/** @throws RunFault notACreateRun, notADisableRun, noWayBack, modeNeeded */
function modeOf({ operation, mode }: ChangeRunRequest, source: SourceRun | undefined): Mode {
  if (source === undefined || operation === 'disable') {
    if (source !== undefined && source.operation !== 'create')
      throw new RunFault('notACreateRun', { folder: source.folder });
    if (mode === undefined) throw new RunFault('modeNeeded');
    return mode;
  }
  if (source.operation !== 'disable' || source.mode === undefined)
    throw new RunFault('notADisableRun', { folder: source.folder });
  const undo: EnableMode | undefined = modeRule(source.mode).undo;
  if (undo === undefined) throw new RunFault('noWayBack', { folder: source.folder });
  return undo;
}

function select(
  request: ChangeRunRequest,
  source: SourceRun | undefined,
  client: OrgClient,
  db: DatabaseSync,
  fields: readonly string[],
  input: InputFile | undefined,
  since: string | undefined,
): AsyncGenerator<SelectedUser[]> {
  if (source !== undefined) return usersOfRun(client, db, fields, changedUsers(source));
  if (input !== undefined) return narrow(usersOfFile(client, db, fields, input, keyOf(input)), since);
  if (request.where !== undefined) return narrow(usersWhere(client, fields, request.where), since);
  // Never everybody: the flags ask for at least one of the four.
  if (since === undefined) throw new Error('no users are selected');
  return inactiveUsers(client, fields, since);
}

/** Of the users that were found, only those who have not logged in since. */
async function* narrow(
  pages: AsyncGenerator<SelectedUser[]>,
  since: string | undefined,
): AsyncGenerator<SelectedUser[]> {
  for await (const page of pages) {
    yield since === undefined ? page : page.filter(({ user }) => user === undefined || isInactiveSince(user, since));
  }
}

function daysAgo(days: number): string {
  return soqlTime(Date.now() - days * 86_400_000);
}

/** @throws RunFault noKeyColumn */
function keyOf({ header }: InputFile): KeyColumn {
  const key = findUserKey(header);
  if (key === undefined)
    throw new RunFault('noKeyColumn.users', { header: header.join(', '), known: userKeyColumns.join(', ') });
  return key;
}
