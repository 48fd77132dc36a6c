/** `invite`: sends users Salesforce's own email with a link to set their password. */
import type { DatabaseSync } from 'node:sqlite';
import { inviteFiles } from '../../files/inviteFiles.js';
import { checkUnderstood } from '../../kinds/kinds.js';
import { sendPasswordMailName } from '../../kinds/sendPasswordMail.js';
import { RunFault } from '../../model/faults.js';
import type { OperationName, SelectedBy } from '../../model/result.js';
import type { OrgClient } from '../../org/orgClient.js';
import { checkInvite } from '../../preflight/inviteChecks.js';
import { readOrgFacts, type OrgFacts } from '../../preflight/orgFacts.js';
import { judgeChecks } from '../../preflight/planChecks.js';
import { AccessColumns } from '../../selection/accessColumns.js';
import { findUserKeys, type KeyColumn } from '../../selection/inputColumns.js';
import { openInputFile, tellFooter, type InputFile } from '../../selection/inputFile.js';
import { amountOf } from '../../selection/lookup.js';
import {
  madeUsers,
  checkSourceAtRest,
  checkSourceOrg,
  readSourceRun,
  type SourceRun,
} from '../../selection/sourceRun.js';
import {
  describeSelection,
  readProtected,
  refuseEmptyConditions,
  type SelectedUser,
  subjectOfSelected,
  usersOfFile,
  usersOfRun,
  usersWhere,
} from '../../selection/userSource.js';
import type { Emit } from '../../model/events.js';
import { checkSnapshots, checkSteps } from '../../store/integrity.js';
import { requireCount, requireMetaList, requireSwitch } from '../../store/meta.js';
import { refuseRepeatedUsers } from '../../store/queries/planRules.js';
import { readOperation, readPasswordEmails } from '../../store/runResult.js';
import type { PlannedSubject } from '../../store/subjects.js';
import { create } from '../create.js';
import { fillPlan, type PlanMaker } from '../fillPlan.js';
import type { Beginning, Draft, Operation, RunRequest } from '../operation.js';
import { sync } from '../sync/sync.js';
import { confirmInvites, followInviteDrift, inviteSettings } from './inviteDrift.js';
import type { InviteSettings } from './invitePlan.js';
import { hiddenInviteFields, inviteFieldsOf, InviteUsers, type InviteDecision } from './inviteUsers.js';
import { notePasswordEmails } from './passwordEmails.js';

/** Exactly one of `where`, `file` and `fromRun`. */
export type InviteRunRequest = RunRequest & {
  readonly where: string | undefined;
  readonly file: string | undefined;
  readonly fromRun: string | undefined;
  /** Conditions on User; users that match one are refused. */
  readonly protect: readonly string[];
  readonly includeLoggedIn: boolean;
  readonly includeSso: boolean;
  /** Days: whose password was reset within them has an email already. */
  readonly againAfter: number;
};

export const invite: Operation = {
  checkRun(db) {
    checkSteps(db, [sendPasswordMailName], {});
    checkSnapshots(db);
    requireMetaList(db, 'protect');
    requireCount(db, 'againAfter');
    for (const key of ['includeLoggedIn', 'includeSso'] as const) requireSwitch(db, key);
    readPasswordEmails(db);
    inviteFiles(db);
  },
  readsOfOrg: () => ({ permissionSets: true, allSenders: true }),
  check: (db, facts) => checkInvite(facts, readPasswordEmails(db)),
  lookAgain: followInviteDrift,
  confirm: (again, _kind, steps) => confirmInvites(again, steps),
  files: inviteFiles,
};

/** @throws InputFileError, RunFault */
export async function beginInvite(request: InviteRunRequest): Promise<Beginning> {
  const { where, protect, fromRun, file } = request;
  refuseEmptyConditions(where, protect);
  const source = fromRun === undefined ? undefined : await readSourceRun(fromRun, checkInviteSource);
  if (source !== undefined) checkSourceAtRest(source);
  const input = file === undefined ? undefined : await openInputFile(file);
  return {
    operation: 'invite',
    request,
    survey: (client, emit) => surveyInvited({ request, source, input }, client, emit),
  };
}

/** The operations that make users. */
const makers: Partial<Record<OperationName, Operation>> = { create, sync };

/** @throws RunFault runDamaged, nobodyToInvite */
function checkInviteSource(db: DatabaseSync, folder: string): void {
  checkUnderstood(db);
  const operation = readOperation(db);
  const source = makers[operation];
  if (source === undefined) throw new RunFault('nobodyToInvite', { folder, operation });
  source.checkRun(db);
}

type AskedInvite = {
  readonly request: InviteRunRequest;
  readonly source: SourceRun | undefined;
  readonly input: InputFile | undefined;
};

async function surveyInvited({ request, source, input }: AskedInvite, client: OrgClient, emit: Emit): Promise<Draft> {
  if (source !== undefined) checkSourceOrg(source, client);
  const facts = await readOrgFacts(client, { permissionSets: true, allSenders: true });
  judgeChecks(checkInvite(facts, { sites: [] }));
  const hidden = hiddenInviteFields(facts);
  if (hidden.length > 0) throw new RunFault('fieldsHidden', { fields: hidden.join(', ') });
  const protectedBy = await readProtected(client, request.protect);
  if (source !== undefined && source.uncertain > 0) emit({ type: 'uncertainSkipped', rows: source.uncertain });
  const keys = input && findUserKeys(input.header);
  return {
    facts,
    description: {
      ...describeSelection(keys, request.protect, source),
      selectedBy: selectionOf(request),
      againAfter: String(request.againAfter),
      includeLoggedIn: String(request.includeLoggedIn),
      includeSso: String(request.includeSso),
    },
    async fill(db, fillEmit, stop) {
      const pages = selectInvited(client, db, inviteFieldsOf(facts), { request, source, input }, keys);
      const complete = (): void => {
        if (input !== undefined) tellFooter(input, fillEmit);
        refuseRepeatedUsers(db);
        notePasswordEmails(db, facts);
      };
      await fillPlan(db, planOfInvited(client, db, facts, protectedBy, { pages, complete }), fillEmit, stop);
    },
  };
}

function selectInvited(
  client: OrgClient,
  db: DatabaseSync,
  fields: readonly string[],
  { request, source, input }: AskedInvite,
  keys: readonly [KeyColumn, ...KeyColumn[]] | undefined,
): AsyncGenerator<SelectedUser[]> {
  if (source !== undefined) return usersOfRun(client, db, fields, madeUsers(source));
  if (input !== undefined && keys !== undefined) {
    return usersOfFile(client, db, fields, { input, keys, access: new AccessColumns([]) });
  }
  if (request.where === undefined) throw new Error('no users are selected');
  return usersWhere(client, fields, request.where);
}

function planOfInvited(
  client: OrgClient,
  db: DatabaseSync,
  facts: OrgFacts,
  protectedBy: InviteSettings['protectedBy'],
  { pages, complete }: { readonly pages: AsyncGenerator<SelectedUser[]>; readonly complete: () => void },
): PlanMaker<SelectedUser> {
  const amount = amountOf(0);
  const users = new InviteUsers(client, db, facts, amount);
  return {
    pages,
    amount,
    async decide(rows) {
      const found = new Map(rows.flatMap(({ user }) => (user?.['Id'] == null ? [] : [[user['Id'], user] as const])));
      const decided = await users.decide([...found.values()], inviteSettings(client, db, protectedBy));
      return rows.map((selected) => subjectOfInvited(selected, decided));
    },
    complete() {
      complete();
      return Promise.resolve();
    },
  };
}

function subjectOfInvited(selected: SelectedUser, decided: ReadonlyMap<string, InviteDecision>): PlannedSubject {
  const { key, user, refusal } = selected;
  const userId = user?.['Id'] ?? undefined;
  const known = userId === undefined ? undefined : decided.get(userId);
  const decision = refusal ?? known?.decision;
  if (decision === undefined) throw new Error(`nothing is decided about ${key}`);
  return {
    ...subjectOfSelected(selected),
    snapshot: known?.snapshot,
    decision,
  };
}

function selectionOf({ fromRun, file }: InviteRunRequest): SelectedBy {
  if (fromRun !== undefined) return 'fromRun';
  return file === undefined ? 'where' : 'file';
}
