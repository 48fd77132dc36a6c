/** From people, as the org has them, to the subjects of a plan: the rules applied. */
import type { SyncedPerson } from '../../store/queries/syncPeople.js';
import type { PlannedSubject } from '../../store/subjects.js';
import { knownOfContact } from '../../selection/contactSource.js';
import { planContact } from '../contactPlan.js';
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
  const { groups, profiles, leavingProfileIds, namedSetIds } = settings;
  const rules = {
    leavers,
    returners,
    profile,
    permissionSets,
    groups,
    profiles,
    leavingProfileIds,
    namedSetIds,
    hiddenObjects,
    siteMembers: facts.siteMembers,
    now,
  };
  return { settings, syncUserId, rules };
}

/** @returns undefined for a user that there is nothing to say about */
export function subjectOf(person: SyncedPerson, deciding: Deciding): PlannedSubject | undefined {
  const subject = decided(person, deciding);
  if (subject?.decision.action !== 'steps') return subject;
  return {
    ...subject,
    snapshot: keptOfUser(person),
    decision: { action: 'steps', steps: subject.decision.steps.map(staged) },
  };
}

function decided(person: SyncedPerson, { settings, syncUserId, rules }: Deciding): PlannedSubject | undefined {
  const user = syncedUserOf(person, syncUserId);
  const { group, contact } = person;
  if (group !== undefined && contact !== undefined) {
    const settingsOfGroup = settings.groups[group];
    if (settingsOfGroup === undefined) throw new Error(`no group ${String(group)}`);
    const { name, plan } = settingsOfGroup;
    const facts = { contact, overrides: {}, user: undefined, permissionSets: undefined, faults: [] };
    return {
      key: contact['Id'] ?? '',
      groupName: name,
      ...knownOfContact(contact),
      ...decideMember({ group, contact, user }, rules, () => planContact(facts, plan)),
    };
  }
  if (user === undefined) throw new Error('somebody who is neither a contact nor a user');
  const { isContactVisible, hasMembersEmail } = person;
  const decision = decideStranger({ user, isContactVisible, hasMembersEmail }, rules);
  if (decision === undefined) return undefined;
  const { id, username, name, contactId, accountId, accountName, profileId } = user;
  const known = { userId: id, username, name, contactId, accountId, accountName, profileId };
  return { key: id, ...known, decision };
}

/** The user as it is, with what the definition's permission sets it holds. */
function keptOfUser({ user, login, permissionSetIds }: SyncedPerson): PlannedSubject['snapshot'] {
  if (user === undefined) return undefined;
  const { CreatedById: _maker, LastModifiedById: _changer, ...kept } = user;
  const values: Record<string, string | null | undefined> = {
    ...kept,
    IsFrozen: login?.['IsFrozen'],
    PermissionSetIds: permissionSetIds.join(';'),
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([field, value]) => (value == null || value === '' ? [] : [[field, value]])),
  );
}
