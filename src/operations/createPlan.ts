/** Makes the plan of a `create` run in its folder: reads the contacts, decides about each, checks what is unique. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { planContact, type ExistingUser, type PlanSettings } from './contactPlan.js';
import type { StopRequest } from '../model/runEnd.js';
import type { SelectedContact } from '../selection/contactSource.js';
import { ExistingUsers, refuseTakenIdentities } from '../selection/existingUsers.js';
import {
  insertRecords,
  refuseRepeatedContacts,
  refuseRepeatedGiven,
  refuseRepeatedUsernames,
  type PlannedRecord,
} from '../store/planRecords.js';
import { unlessInterrupted } from '../cli/gracefulStop.js';
import { watched, withSize } from '../selection/pages.js';
import { endPlan } from '../run/planEnd.js';
import { planRoles } from './planRoles.js';
import { indexRecords } from '../store/runDatabase.js';
import type { Emit } from '../model/events.js';

export type PlanSource = {
  readonly client: OrgClient;
  readonly db: DatabaseSync;
  readonly settings: PlanSettings;
  /** @param onLarge called as soon as it is known that they are more than IN lists are good for */
  readonly contacts: (onLarge: () => void) => AsyncGenerator<SelectedContact[]>;
  /** Whether permission sets are asked for, by flag or in the file. */
  readonly readsAssignments: boolean;
  readonly emit: Emit;
  readonly stop: StopRequest;
};

/**
 * Fills run.db with a decision for every selected contact. Nothing is written to the org.
 * @throws OrgError, RunFault whereRejected, interrupted, InputFileError
 */
export async function makeCreatePlan({
  client,
  db,
  settings,
  contacts,
  readsAssignments,
  emit,
  stop,
}: PlanSource): Promise<void> {
  const users = new ExistingUsers(client, db, readsAssignments);
  // The org makes both results ready at the same time.
  const selection = contacts(() => {
    users.copyAll();
  });
  let n = 0;
  emit({ type: 'stage', stage: 'read' });
  for await (const { rows, isMany } of withSize(watched(selection, emit, stop))) {
    if (isMany) users.copyAll();
    const existing = await unlessInterrupted(users.of(rows.flatMap(({ contact }) => contact?.['Id'] ?? [])), stop);
    insertRecords(
      db,
      rows.map((selected) => decide(selected, ++n, existing, settings)),
    );
  }
  emit({ type: 'stage', stage: 'plan' });
  indexRecords(db);
  refuseRepeatedContacts(db);
  // What others in the org have comes first: a contact refused for that leaves its username to the next one.
  await unlessInterrupted(refuseTakenIdentities(client, db, users.table), stop);
  refuseRepeatedGiven(db);
  refuseRepeatedUsernames(db);
  // Last: a row that is refused makes no roles.
  await planRoles(client, db, settings.profiles);
  endPlan(db, emit, stop);
}

function decide(
  selected: SelectedContact,
  n: number,
  existing: ReadonlyMap<string, ExistingUser>,
  settings: PlanSettings,
): PlannedRecord {
  const { key, line, cells, contact, overrides, permissionSets, refusal } = selected;
  const contactId = contact?.['Id'] ?? null;
  const user = existing.get(contactId ?? '');
  const decision = refusal ?? planContact({ contact: contact ?? {}, overrides, user, permissionSets }, settings);
  // A value that somebody asked for is refused when it is taken; only one that we made up may be replaced.
  const given = (field: string): string | null => {
    const isGiven = overrides[field] !== undefined || settings.templates.has(field);
    return isGiven && decision.action === 'create' ? (decision.values[field] ?? null) : null;
  };
  return {
    n,
    key,
    line: line ?? null,
    cells,
    contactId,
    accountId: contact?.['AccountId'] ?? null,
    contactName: [contact?.['FirstName'], contact?.['LastName']].filter(Boolean).join(' '),
    accountName: contact?.['Account.Name'] ?? null,
    decision,
    givenNickname: given('CommunityNickname')?.toLowerCase() ?? null,
    givenFederationId: given('FederationIdentifier'),
  };
}
