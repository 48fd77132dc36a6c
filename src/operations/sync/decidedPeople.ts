/** From people, as the org has them, to the subjects of a plan: the rules applied. */
import type { HeldAssignment } from '../../model/access/assignments.js';
import { requiredValue } from '../../org/queryRow.js';
import type { SyncedPerson } from '../../store/queries/syncPeople.js';
import type { PlannedSubject } from '../../store/subjects.js';
import { knownOfContact } from '../../selection/contactSource.js';
import { heldColumns } from '../../selection/portalUsers.js';
import { planContact, type ContactPlan } from '../contactPlan.js';
import { decideMember, decideStranger, type SyncRules } from './decidePerson.js';
import { syncedUserOf } from './readSyncPeople.js';
import { staged } from './stages.js';
import type { SyncSurvey } from './surveySync.js';

/** What people are decided about by. */
export type Deciding = Pick<SyncSurvey, 'settings' | 'syncUserId'> & { readonly rules: SyncRules };

/** @param now the org's clock, milliseconds */
export function decidingBy(sync: SyncSurvey, now: number): Deciding {
  const { definition, facts, settings, syncUserId, hiddenObjects } = sync;
  const { leavers, returners, profile, permissionSets } = definition;
  const { groups, profiles, leavingProfileIds, namedSets } = settings;
  const rules = {
    leavers,
    returners,
    profile,
    permissionSets,
    groups,
    profiles,
    leavingProfileIds,
    namedSets,
    hiddenObjects,
    siteMembers: facts.siteMembers,
    now,
  };
  return { settings, syncUserId, rules };
}

/** @param held what the user keeps when it is deactivated @returns undefined for a user that there is nothing to say about */
export function subjectOf(
  person: SyncedPerson,
  deciding: Deciding,
  held: readonly HeldAssignment[] = [],
): PlannedSubject | undefined {
  const subject = decided(person, deciding, held);
  return subject?.decision.action === 'steps' ? { ...subject, snapshot: keptOfUser(person, held) } : subject;
}

function decided(
  person: SyncedPerson,
  { settings, syncUserId, rules }: Deciding,
  held: readonly HeldAssignment[],
): PlannedSubject | undefined {
  const user = syncedUserOf(person, syncUserId);
  const { group, contact } = person;
  if (group !== undefined && contact !== undefined) {
    const settingsOfGroup = settings.groups[group];
    if (settingsOfGroup === undefined) throw new Error(`no group ${String(group)}`);
    const { name, plan } = settingsOfGroup;
    const facts = { contact, overrides: {}, user: undefined, permissionSets: undefined, faults: [] };
    return {
      key: requiredValue(contact, 'Id'),
      groupName: name,
      ...knownOfContact(contact),
      ...decideMember({ group, contact, user }, rules, () => stagedPlan(planContact(facts, plan))),
    };
  }
  if (user === undefined) throw new Error('somebody who is neither a contact nor a user');
  const { isContactVisible, hasMembersEmail } = person;
  const decision = decideStranger({ user, isContactVisible, hasMembersEmail, held }, rules);
  if (decision === undefined) return undefined;
  const { id, username, name, contactId, accountId, accountName, profileId } = user;
  const known = { userId: id, username, name, contactId, accountId, accountName, profileId };
  return { key: id, ...known, decision };
}

function stagedPlan({ decision, ...plan }: ContactPlan): ContactPlan {
  if (decision.action !== 'steps') return { ...plan, decision };
  return { ...plan, decision: { action: 'steps', steps: decision.steps.map(staged) } };
}

/** The user as it is, with what it holds: of the definition's permission sets, or all that is to be taken away. */
function keptOfUser(
  { user, login, namedSets }: SyncedPerson,
  held: readonly HeldAssignment[],
): PlannedSubject['snapshot'] {
  if (user === undefined) return undefined;
  const { CreatedById: _maker, LastModifiedById: _changer, ...kept } = user;
  const values: Record<string, string | null | undefined> = {
    ...kept,
    IsFrozen: login?.['IsFrozen'],
    PermissionSetIds: namedSets.map(({ target }) => target).join(';'),
    ...heldColumns(held.length > 0 ? held : namedSets),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => (value == null || value === '' ? [] : [[field, value]])),
  );
}
