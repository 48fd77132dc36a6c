/** Deactivating a user and cutting a portal user off from its contact (docs/salesforce-facts.md#taking-access-away). */
import type { FieldValue, StoredRecord } from '../../contracts.ts';
import type { DeactivationBlocker } from '../../ruleSwitches.ts';
import type { Chunk } from '../orgForDml.ts';
import { refuse } from '../rowRefusal.ts';
import { statement } from '../../statements.ts';
import type { ProfileFacts } from './family.ts';
import { makeNickname } from './identityRules.ts';
import { leaveSites } from './memberships.ts';

export function checkDeactivation(
  chunk: Chunk,
  before: StoredRecord,
  values: Readonly<Record<string, FieldValue>>,
): void {
  const deactivates =
    values['IsActive'] === false || (values['IsPortalEnabled'] === false && before['IsPortalEnabled'] === true);
  if (!deactivates || before['IsActive'] !== true) return;
  if (before.Id === chunk.runningUserId && !chunk.org.switches.users.selfDeactivation) {
    refuse('FIELD_INTEGRITY_EXCEPTION', 'Cannot de-activate self: Active', ['IsActive']);
  }
  if (chunk.org.switches.users.portalAdministrators.has(before.Id)) {
    refuse('FIELD_INTEGRITY_EXCEPTION', 'You cannot deactivate a user who is a portal administrator: Active', [
      'IsActive',
    ]);
  }
  const blocker = chunk.org.switches.users.deactivationBlockers.get(before.Id);
  if (blocker !== undefined) refuse('FIELD_INTEGRITY_EXCEPTION', blockerTexts[blocker], ['IsActive']);
}

/** Articles 000384586, 000384761, 000384962; their code is that of the cases reported (docs/cases.md, 5). */
const blockerTexts: Readonly<Record<DeactivationBlocker, string>> = {
  defaultCaseOwner: 'You cannot deactivate a user who is the default owner of cases',
  defaultWorkflowUser: 'You cannot deactivate the Default Workflow User',
  webToLeadCreator: 'You cannot disable the Web to Lead Default Creator.',
  hierarchyField:
    'Cannot complete this operation. Cannot inactivate user that is the value of a hierarchy field: User Hierarchy. : Jane Doe',
};

export function checkDisable(
  chunk: Chunk,
  before: StoredRecord,
  values: Readonly<Record<string, FieldValue>>,
  profile: ProfileFacts,
): void {
  const wanted = values['IsPortalEnabled'];
  if (wanted === undefined || wanted === before['IsPortalEnabled']) return;
  if (wanted === true || before['ContactId'] === null) {
    // There is no way back: the link to the contact is gone.
    refuse('INVALID_CROSS_REFERENCE_KEY', 'Cannot create a portal user without contact.');
  }
  if (values['IsActive'] !== undefined && chunk.org.switches.users.combinedDisable === 'fails') {
    refuse('FIELD_INTEGRITY_EXCEPTION', 'A portal user cannot be disabled and deactivated in one update: Active', [
      'IsActive',
    ]);
  }
  if (profile.family === 'partner' && !chunk.org.switches.users.partnerDisableByApi) {
    refuse('FIELD_INTEGRITY_EXCEPTION', 'Partner users cannot be disabled: Portal Enabled', ['IsPortalEnabled']);
  }
}

/** ContactId and AccountId are lost, the username is renamed, IsActive becomes false; roles of the account stay. */
export function disableUser(chunk: Chunk, before: StoredRecord, values: Readonly<Record<string, FieldValue>>): void {
  const renamed = chunk.org.switches.users.disabledUsername(
    String(before['Username']),
    before.Id,
    chunk.org.clock.now(),
  );
  const freed = chunk.org.switches.users.disabledKeepsIdentities
    ? {}
    : { CommunityNickname: makeNickname(chunk, before.Id), FederationIdentifier: null };
  chunk.org.store.update('User', before.Id, {
    ...values,
    ...freed,
    IsPortalEnabled: false,
    IsActive: !chunk.org.switches.users.disablingDeactivates && before['IsActive'] === true,
    ContactId: null,
    AccountId: null,
    UserRoleId: null,
    Username: renamed.toLowerCase(),
  });
  chunk.kept.activeUsers.clear();
  leaveSites(chunk, before.Id);
  statement(chunk.org.store.db, 'DELETE FROM "GroupMember" WHERE "UserOrGroupId" = ?').run(before.Id);
}
