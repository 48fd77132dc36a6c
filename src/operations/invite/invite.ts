/** `invite`: sends users Salesforce's own email with a link to set their password. */
import type { DatabaseSync } from 'node:sqlite';
import { inviteFiles } from '../../files/inviteFiles.js';
import { checkUnderstood } from '../../kinds/kinds.js';
import { sendPasswordMailName } from '../../kinds/sendPasswordMail.js';
import { RunFault } from '../../model/faults.js';
import type { OperationName } from '../../model/result.js';
import type { OrgClient } from '../../org/orgClient.js';
import { checkInvite } from '../../preflight/inviteChecks.js';
import { readOrgFacts } from '../../preflight/orgFacts.js';
import { judgeChecks } from '../../preflight/planChecks.js';
import { AccessColumns } from '../../selection/accessColumns.js';
import { amountOf } from '../../selection/lookup.js';
import { madeUsers } from '../../selection/sourceRun.js';
import {
  describeSelection,
  meetSource,
  openSelection,
  readSelectionSource,
  selectUsers,
  type AskedUsers,
  type UserSelection,
} from '../../selection/userSelection.js';
import { readProtected } from '../../selection/userSource.js';
import type { Emit } from '../../model/events.js';
import { checkSnapshots, checkSteps } from '../../store/integrity.js';
import { requireCount, requireMetaList, requireSwitch } from '../../store/meta.js';
import { refuseRepeatedUsers, shuffleSteps } from '../../store/queries/planRules.js';
import { readOperation, readPasswordEmails } from '../../store/runResult.js';
import { create } from '../create.js';
import { fillUserPlan, type FoundUser } from '../fillUserPlan.js';
import type { Beginning, Draft, Operation, RunRequest } from '../operation.js';
import { sync } from '../sync/sync.js';
import { confirmInvites, followInviteDrift, inviteSettings } from './inviteDrift.js';
import { hiddenInviteFields, inviteFieldsOf, InviteUsers } from './inviteUsers.js';
import { notePasswordEmails } from './passwordEmails.js';

/** Exactly one of `where`, `file` and `fromRun`. */
export type InviteRunRequest = RunRequest &
  AskedUsers & {
    readonly includeLoggedIn: boolean;
    readonly includeSso: boolean;
    /** Days: whose password was reset within them has an email already. */
    readonly againAfter: number;
  };

export const invite: Operation = {
  checkRun(db) {
    checkSteps(db, [sendPasswordMailName], { kind: sendPasswordMailName, values: {} });
    checkSnapshots(db);
    requireMetaList(db, 'protect');
    requireCount(db, 'againAfter');
    for (const key of ['includeLoggedIn', 'includeSso'] as const) requireSwitch(db, key);
    readPasswordEmails(db);
    inviteFiles(db);
  },
  readsOfOrg: () => ({ permissionSets: true, emails: 'passwordReset' }),
  check: (db, facts) => checkInvite(facts, readPasswordEmails(db)),
  lookAgain: followInviteDrift,
  confirm: (again) => (_kind, steps) => confirmInvites(again, steps),
  files: inviteFiles,
};

/** @throws InputFileError, RunFault */
export async function beginInvite(request: InviteRunRequest): Promise<Beginning> {
  const selection = await openSelection(request, await readSelectionSource(request, checkInviteSource));
  return { operation: 'invite', request, survey: (client, emit) => surveyInvited(request, selection, client, emit) };
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

async function surveyInvited(
  request: InviteRunRequest,
  selection: UserSelection,
  client: OrgClient,
  emit: Emit,
): Promise<Draft> {
  meetSource(selection, client, emit);
  const facts = await readOrgFacts(client, { permissionSets: true, emails: 'passwordReset' });
  judgeChecks(checkInvite(facts, { sites: [], recentlyWelcomed: 0 }));
  const hidden = hiddenInviteFields(facts);
  if (hidden.length > 0) throw new RunFault('fieldsHidden', { fields: hidden.join(', ') });
  const protectedBy = await readProtected(client, request.protect);
  return {
    facts,
    description: {
      ...describeSelection(selection),
      againAfter: String(request.againAfter),
      includeLoggedIn: String(request.includeLoggedIn),
      includeSso: String(request.includeSso),
    },
    fill(db, fillEmit, stop) {
      const kept = { fields: inviteFieldsOf(facts), access: new AccessColumns([]), ofRun: madeUsers };
      const pages = selectUsers(client, db, selection, kept);
      if (pages === undefined) throw new Error('no users are selected');
      const amount = amountOf(0);
      const users = new InviteUsers(client, db, facts, amount);
      const maker = {
        ...{ selection, pages, amount },
        decide: (found: readonly FoundUser[]) =>
          users.decide(
            found.map(({ user }) => user),
            inviteSettings(client, db, protectedBy),
          ),
        complete() {
          refuseRepeatedUsers(db);
          shuffleSteps(db);
          notePasswordEmails(db, facts);
        },
      };
      return fillUserPlan(db, maker, fillEmit, stop);
    },
  };
}
