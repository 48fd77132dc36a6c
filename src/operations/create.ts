/** `create`: users for the selected contacts. */
import type { DatabaseSync } from 'node:sqlite';
import type { ContactId } from '../model/ids.js';
import type { ExistingUser } from '../model/orgFacts.js';
import type { OrgClient } from '../org/orgClient.js';
import { readPermissionSets } from '../org/facts/permissionSets.js';
import { checkPlannedUsers, judgeChecks } from '../preflight/planChecks.js';
import { readOrgFacts } from '../preflight/orgFacts.js';
import {
  contactsOfFile,
  contactsWhere,
  givenColumns,
  knownOfContact,
  type SelectedContact,
} from '../selection/contactSource.js';
import { ExistingUsers } from '../selection/existingUsers.js';
import { amountOf } from '../selection/lookup.js';
import { tellFooter, type InputFile } from '../selection/inputFile.js';
import { wantedPermissionSetIds } from '../store/queries/permissionSetSteps.js';
import { refuseRepeatedContacts, refuseRepeatedGiven, refuseRepeatedUsernames } from '../store/queries/planRules.js';
import type { PlannedSubject } from '../store/subjects.js';
import { isSameColumn } from '../files/userColumns.js';
import { createFiles } from '../files/createFiles.js';
import { assignPermissionSet } from '../kinds/assignPermissionSet.js';
import { createUser } from '../kinds/createUser.js';
import { checkSteps } from '../store/integrity.js';
import { readMode } from '../store/runResult.js';
import { damagedRun } from '../store/sqlite.js';
import { planContact, type PlanSettings } from './contactPlan.js';
import { followDrift } from './drift.js';
import { fillPlan, type PlanMaker } from './fillPlan.js';
import type { Draft, Operation } from './operation.js';
import { overruledFlags } from './overruledFlags.js';
import { planRoles } from './planRoles.js';
import { readCreateSettings, type CreateRequest } from './planSettings.js';
import { refuseTakenIdentities } from './takenIdentities.js';
import { checkTemplateFields } from './templateSettings.js';

export const create: Operation = {
  checkRun: (db) => {
    createFiles(db);
    checkSteps(db, [createUser.name, assignPermissionSet.name]);
    if (readMode(db) !== undefined) throw damagedRun(db, 'meta: a mode');
  },
  readsOfOrg: (db) => ({ permissionSets: wantedPermissionSetIds(db).length > 0 }),
  check: checkPlannedUsers,
  lookAgain: followDrift,
  files: createFiles,
};

/** Looks at the org, and decides how the plan is made. @throws RunFault, ChecksFailed, OrgError */
export async function surveyForCreate(
  request: CreateRequest & { readonly where: string | undefined },
  input: InputFile | undefined,
  client: OrgClient,
): Promise<Draft> {
  const namesSets = input?.header.some((column) => isSameColumn(column, 'PermissionSets')) === true;
  const readsAssignments = namesSets || request.permissionSets.length > 0;
  const facts = await readOrgFacts(client, { permissionSets: readsAssignments });
  const permissionSets = readsAssignments ? await readPermissionSets(client) : [];
  const settings = readCreateSettings(request, input?.header, facts, permissionSets);
  const { plan, contactFields, input: columns } = settings;
  judgeChecks(settings.checks);
  await checkTemplateFields(client, plan.templates, facts.contactFields);
  return {
    facts,
    description: {
      columns: JSON.stringify(settings.columns),
      givenColumns: JSON.stringify(columns === undefined ? [] : givenColumns(columns)),
      keyColumn: columns?.keys[0].header ?? 'ContactId',
      selectedBy: input === undefined ? 'where' : 'file',
      ...(request.where === undefined ? {} : { condition: request.where }),
      permissionSets: JSON.stringify(request.permissionSets),
    },
    fill(db, emit, stop) {
      const amount = amountOf(0);
      const users = new ExistingUsers(client, db, readsAssignments, amount);
      const names = { profiles: facts.profiles, permissionSets };
      const pages =
        input !== undefined && columns !== undefined
          ? contactsOfFile(client, db, contactFields, { input, columns, names })
          : contactsWhere(client, contactFields, request.where ?? '', () => {
              // The org makes both results ready at the same time.
              amount.isMany = true;
              users.startCopy();
            });
      if (columns !== undefined && columns.ignored.length > 0)
        emit({ type: 'columnsIgnored', columns: columns.ignored.join(', ') });
      for (const overruled of columns === undefined ? [] : overruledFlags(request, columns))
        emit({ type: 'flagOverruled', ...overruled });
      return fillPlan(db, planOfContacts(client, db, plan, users, { pages, amount }), emit, stop).then(() => {
        if (input !== undefined) tellFooter(input, emit);
      });
    },
  };
}

function planOfContacts(
  client: OrgClient,
  db: DatabaseSync,
  settings: PlanSettings,
  users: ExistingUsers,
  selection: Pick<PlanMaker<SelectedContact>, 'pages' | 'amount'>,
): PlanMaker<SelectedContact> {
  return {
    ...selection,
    async decide(rows) {
      const existing = await users.of(rows.flatMap(({ contact }) => contact?.['Id'] ?? []));
      return rows.map((selected) => subjectOfContact(selected, existing, settings));
    },
    async complete() {
      refuseRepeatedContacts(db);
      // What others in the org have comes first: a contact refused for that leaves its username to the next one.
      await refuseTakenIdentities(client, db, { table: users.table });
      refuseRepeatedGiven(db);
      refuseRepeatedUsernames(db);
      // Last: a row that is refused makes no roles.
      await planRoles(client, db, settings.profiles, settings.orgSettings);
    },
  };
}

function subjectOfContact(
  selected: SelectedContact,
  existing: ReadonlyMap<ContactId, ExistingUser>,
  settings: PlanSettings,
): PlannedSubject {
  const { key, line, cells, contact, overrides, permissionSets, refusal, faults } = selected;
  const contactId = contact?.['Id'] ?? undefined;
  const user = contactId === undefined ? undefined : existing.get(contactId);
  return {
    key,
    line,
    cells,
    ...knownOfContact(contact),
    ...(refusal === undefined
      ? planContact({ contact: contact ?? {}, overrides, user, permissionSets, faults }, settings)
      : { decision: refusal }),
  };
}
