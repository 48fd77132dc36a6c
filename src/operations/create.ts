/** `create`: users for the selected contacts. */
import type { DatabaseSync } from 'node:sqlite';
import { createUserStep } from '../kinds/createUser.js';
import { assignPermissionSetStep } from '../kinds/assignPermissionSet.js';
import type { ExistingUser } from '../model/existingUser.js';
import { RunFault } from '../model/faults.js';
import type { OrgClient } from '../org/orgClient.js';
import { readPermissionSets } from '../org/facts/permissionSets.js';
import { checkPlannedUsers, judgeChecks } from '../preflight/planChecks.js';
import { readOrgFacts } from '../preflight/orgFacts.js';
import { contactsOfFile, contactsWhere, givenColumns, type SelectedContact } from '../selection/contactSource.js';
import { ExistingUsers } from '../selection/existingUsers.js';
import { amountOf, type Amount } from '../selection/lookup.js';
import { openInputFile, type InputFile } from '../selection/inputFile.js';
import type { RunDescription } from '../store/meta.js';
import { wantedPermissionSetIds } from '../store/queries/permissionSetSteps.js';
import { refuseRepeatedContacts, refuseRepeatedGiven, refuseRepeatedUsernames } from '../store/queries/planRules.js';
import type { PlannedSubject } from '../store/subjects.js';
import { createFiles } from '../files/createFiles.js';
import { planContact, type PlanSettings } from './contactPlan.js';
import { followDrift } from './drift.js';
import { fillPlan, type PlanMaker } from './fillPlan.js';
import type { Beginning, Draft, Operation, RunRequest } from './operation.js';
import { planRoles } from './planRoles.js';
import { readCreateSettings, type CreateRequest, type CreateSettings } from './planSettings.js';
import { refuseTakenIdentities } from './takenIdentities.js';
import { checkTemplateFields } from './templateFields.js';

export type CreateRunRequest = CreateRequest &
  RunRequest & {
    /** Exactly one of the two. */
    readonly where: string | undefined;
    readonly file: string | undefined;
  };

export const create: Operation = {
  checkRun: createFiles,
  readsSitesByPermissionSets: (db) => wantedPermissionSetIds(db).length > 0,
  check: checkPlannedUsers,
  lookAgain: followDrift,
  files: createFiles,
};

/** @throws InputFileError, RunFault whereEmpty */
export async function beginCreate(request: CreateRunRequest): Promise<Beginning> {
  if (request.where?.trim() === '') throw new RunFault('whereEmpty');
  const input = request.file === undefined ? undefined : await openInputFile(request.file);
  return { operation: 'create', request, needsConsent: false, survey: (client) => survey(request, input, client) };
}

async function survey(request: CreateRunRequest, input: InputFile | undefined, client: OrgClient): Promise<Draft> {
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
  return {
    facts,
    description: describe(settings),
    check: (db) => checkPlannedUsers(db, facts),
    fill: (db, emit, stop) => {
      const amount = amountOf(0);
      const users = new ExistingUsers(client, db, readsAssignments, amount);
      const pages = select(db, () => {
        // The org makes both results ready at the same time.
        amount.isMany = true;
        users.startCopy();
      });
      return fillPlan(db, planMaker(client, db, settings.plan, users, pages, amount), emit, stop);
    },
  };
}

function describe({ input, columns }: CreateSettings): RunDescription {
  return {
    columns: JSON.stringify(columns),
    givenColumns: JSON.stringify(input === undefined ? [] : givenColumns(input)),
    keyColumn: input?.keys[0].header ?? 'ContactId',
  };
}

function planMaker(
  client: OrgClient,
  db: DatabaseSync,
  settings: PlanSettings,
  users: ExistingUsers,
  pages: AsyncGenerator<SelectedContact[]>,
  amount: Amount,
): PlanMaker<SelectedContact> {
  return {
    pages,
    amount,
    async decide(rows) {
      const existing = await users.of(rows.flatMap(({ contact }) => contact?.['Id'] ?? []));
      return rows.map((selected) => plannedSubject(selected, existing, settings));
    },
    async complete() {
      refuseRepeatedContacts(db);
      // What others in the org have comes first: a contact refused for that leaves its username to the next one.
      await refuseTakenIdentities(client, db, users.table);
      refuseRepeatedGiven(db);
      refuseRepeatedUsernames(db);
      // Last: a row that is refused makes no roles.
      await planRoles(client, db, settings.profiles);
    },
  };
}

function plannedSubject(
  selected: SelectedContact,
  existing: ReadonlyMap<string, ExistingUser>,
  settings: PlanSettings,
): PlannedSubject {
  const { key, line, cells, contact, overrides, permissionSets, refusal } = selected;
  const contactId = contact?.['Id'] ?? undefined;
  const user = contactId === undefined ? undefined : existing.get(contactId);
  const decision = refusal ?? planContact({ contact: contact ?? {}, overrides, user, permissionSets }, settings);
  const known = {
    key,
    line,
    cells,
    contactId,
    accountId: contact?.['AccountId'] ?? undefined,
    name: [contact?.['FirstName'], contact?.['LastName']].filter(Boolean).join(' '),
    accountName: contact?.['Account.Name'] ?? undefined,
  };
  if (decision.action === 'unchanged' || decision.action === 'refused') {
    return { ...known, userId: decision.userId, decision };
  }
  const lock = contactId ?? key;
  const sets = decision.permissionSets.filter(({ id }, at, all) => all.findIndex((each) => each.id === id) === at);
  const steps = sets.map((set) => assignPermissionSetStep(set, lock));
  const profileId = decision.values['ProfileId'];
  if (decision.action === 'assign') {
    const { userId, values } = decision;
    return { ...known, profileId, userId, username: values['Username'], decision: { action: 'steps', steps } };
  }
  const { values, family } = decision;
  // A value that somebody asked for is refused when it is taken; only one that we made up may be replaced.
  const given = (field: string): string | undefined =>
    overrides[field] !== undefined || settings.templates.has(field) ? values[field] : undefined;
  const identity = {
    username: values['Username'],
    nickname: values['CommunityNickname'],
    givenNickname: given('CommunityNickname')?.toLowerCase(),
    givenFederationId: given('FederationIdentifier'),
  };
  const step = createUserStep(values, { contactId: lock, accountId: known.accountId, family }, identity);
  return { ...known, profileId, decision: { action: 'steps', steps: [step, ...steps] } };
}
