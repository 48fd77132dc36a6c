/**
 * The rules of sync: facts of one person in, a decision out. The first line that fits decides.
 *
 *     A contact of a group
 *       without a user                                    what create plans, or why it refuses
 *       its user is not governed, or protected            NOT_GOVERNED
 *       the group wants its users to exist, no more       as requested
 *       off (inactive or frozen), without sync's mark     OFF_BY_OTHERS
 *       inactive, and last changed by somebody else       OFF_BY_OTHERS: that may have been to deactivate the user
 *       with another profile than the group's             setProfile by `profile`, otherwise OTHER_PROFILE
 *       off, with sync's mark                             setActive, setFrozen by `returners`, otherwise RETURNER
 *       lacks permission sets, or holds too many          assignPermissionSet; removePermissionSet by `permissionSets`, unless
 *                                                         records may be hidden by which it would be in another group
 *       anything else                                     as requested
 *
 *     A governed user of whom no group has the contact
 *       frozen without sync's mark, or inactive           nothing: there is no access to take, and none was taken by sync
 *       inactive, with sync's mark, and holds licenses    removePermissionSet, removePermissionSetLicense, removePackageLicense
 *                                                         by `leavers`, unless one of the next four lines fits: then nothing
 *       without contact                                   NO_CONTACT
 *       with a profile of no group, nor a former one      OTHER_PROFILE
 *       whose contact can't be seen                       CONTACT_NOT_VISIBLE
 *       with the email address of a group's contact       SAME_EMAIL
 *       frozen, with sync's mark                          setActive after the days (and what it holds), until then LEAVER
 *       whom sync made or unfroze within 7 days           FLAPPING
 *       anything else                                     setFrozen (with 0 days also setActive) by `leavers`, otherwise LEAVER
 */
import { dayMilliseconds } from '../../model/time/days.js';
import { permissionSetSteps } from '../../kinds/assignPermissionSet.js';
import { profileWay, setProfile, setProfileStep } from '../../kinds/setProfile.js';
import { removeStep } from '../../kinds/removeAssignment.js';
import { userFieldStep } from '../../kinds/userFields.js';
import type { HeldAssignment } from '../../model/access/assignments.js';
import type { Definition } from '../../model/definition/definition.js';
import { sameId } from '../../model/ids.js';
import { externalType } from '../../model/licenseFamilies.js';
import { modeRule, type Mode } from '../../model/modes.js';
import type { Profile, SiteMember } from '../../model/orgFacts.js';
import { leave, refuse, type Decision, type NothingDone, type WantedPermissionSet } from '../../model/reasons.js';
import type { PlannedStep } from '../../model/steps.js';
import type { QueryRow } from '../../org/query.js';
import { liveSitesOf } from '../../preflight/welcomeEmails.js';
import { checkEligible, type ContactPlan } from '../contactPlan.js';
import type { Member, Stranger, SyncedUser } from './person.js';
import { setsAwaySteps, surplusSets } from './setsAway.js';
import { staged, stagedRelease } from './stages.js';

export type SyncRules = Pick<Definition, 'leavers' | 'returners' | 'profile' | 'permissionSets'> & {
  readonly groups: readonly GroupRules[];
  /** All of the org, by Id. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Ids: those of the groups, and former ones. */
  readonly leavingProfileIds: readonly string[];
  /** Every permission set and group that the definition names, by Id. */
  readonly namedSets: ReadonlyMap<string, WantedPermissionSet>;
  /** Objects of which the running user may not see all records. Sharing must not lock people out. */
  readonly hiddenObjects: readonly string[];
  readonly siteMembers: readonly SiteMember[];
  /** The org's clock, milliseconds. */
  readonly now: number;
};

export type GroupRules = {
  readonly profile: Profile;
  readonly inactive: boolean;
  readonly permissionSets: readonly WantedPermissionSet[];
};

/** Two definitions, or a condition that swings, would lock people out and in again. */
const flappingDays = 7;

/** @param create plans for a contact without a user */
export function decideMember(member: Member, rules: SyncRules, create: () => ContactPlan): ContactPlan {
  const { user } = member;
  const group = rules.groups[member.group];
  if (group === undefined) throw new Error(`no group ${String(member.group)}`);
  if (user === undefined) return create();
  const known = { userId: user.id, username: user.username, profileId: user.profileId };
  const decision = decideMembersUser(user, member.contact, group, rules);
  const isChanged = decision.action === 'steps' && decision.steps.some(({ kind }) => kind === setProfile.name);
  if (isChanged) return { ...known, profileId: group.profile.id, decision };
  return { ...known, decision: decision.action === 'steps' ? decision : { ...decision, userId: user.id } };
}

function decideMembersUser(user: SyncedUser, contact: QueryRow, group: GroupRules, rules: SyncRules): Decision {
  const { username, isActive, login } = user;
  if (user.protectedBy !== undefined) return leave('NOT_GOVERNED.protected', { username, condition: user.protectedBy });
  if (!user.isGoverned) return leave('NOT_GOVERNED.detail', { username });
  const asWanted = leave(isActive ? 'ALREADY_HAS_USER.detail' : 'ALREADY_HAS_USER.inactive', { username });
  if (group.inactive) return asWanted;
  const isOff = !isActive || login?.isFrozen === true;
  if (isOff && !hasMark(user)) return leave(isActive ? 'OFF_BY_OTHERS.frozen' : 'OFF_BY_OTHERS.inactive', { username });
  if (!isActive && !user.isLastChangedBySync) return leave('OFF_BY_OTHERS.changed', { username });
  const change = sameId(user.profileId, group.profile.id) ? [] : changeProfile(user, contact, group, rules);
  if ('action' in change) return change;
  if (isOff && rules.returners === 'report') return leave('RETURNER.report', { username });
  const surplus = rules.permissionSets === 'exact' ? surplusSets(user, group.permissionSets) : [];
  const isHidden = rules.hiddenObjects.length > 0;
  const steps = [
    ...(isOff ? stepsBack(user) : []),
    ...change.map(staged),
    ...setSteps(user, group),
    ...(isHidden ? [] : setsAwaySteps(user, surplus, group.profile, rules.namedSets)),
  ];
  if (steps.length > 0) return { action: 'steps', steps };
  if (surplus.length === 0) return asWanted;
  const permissionSets = surplus.map(({ label }) => label).join(', ');
  return leave('ALREADY_HAS_USER.surplus', { username, permissionSets, objects: rules.hiddenObjects.join(', ') });
}

/** @returns undefined for a user that there is nothing to say about */
export function decideStranger(stranger: Stranger, rules: SyncRules): Decision | undefined {
  const { user } = stranger;
  if (!user.isGoverned || (user.login?.isFrozen === true && !hasMark(user))) return undefined;
  if (!user.isActive) return decideRest(stranger, rules);
  const decision = reported(stranger, rules) ?? decideLeaver(stranger, rules);
  return decision.action === 'steps' ? decision : { ...decision, userId: user.id };
}

/** Why somebody is not even a leaver. */
function reported({ user, ...stranger }: Stranger, rules: SyncRules): NothingDone | undefined {
  const { username, profileId, contactId } = user;
  if (contactId === undefined) return leave('NO_CONTACT.detail', { username });
  if (!rules.leavingProfileIds.some((id) => sameId(id, profileId))) {
    return leave('OTHER_PROFILE.ofNone', { username, profile: rules.profiles.get(profileId)?.name ?? profileId });
  }
  if (!stranger.isContactVisible) return leave('CONTACT_NOT_VISIBLE.detail', { username, contactId });
  if (stranger.hasMembersEmail) return leave('SAME_EMAIL.detail', { username });
  return undefined;
}

function decideLeaver({ user, held }: Stranger, { leavers, hiddenObjects, now }: SyncRules): Decision {
  const { username, login, madeBySync } = user;
  const { action, deactivateAfterDays: days } = leavers;
  const isMarked = login?.isFrozen === true;
  const isRecent = (time: number | undefined): boolean =>
    time !== undefined && now - time < flappingDays * dayMilliseconds;
  if (!isMarked && (isRecent(madeBySync) || isRecent(login?.changedBySync)))
    return leave('FLAPPING.detail', { username });
  if (action === 'report') return leave('LEAVER.report', { username });
  if (hiddenObjects.length > 0) return leave('LEAVER.hidden', { username, objects: hiddenObjects.join(', ') });
  if (login === undefined) return refuse('LOGIN_HIDDEN.detail', { username });
  const off = [step('deactivate', user), ...(leavers.releaseLicenses ? releaseSteps(user, held) : [])];
  if (!isMarked) return { action: 'steps', steps: [step('freeze', user), ...(days === 0 ? off : [])] };
  if (days === undefined) return leave('ALREADY_DISABLED.freeze', { username });
  // The org's clock is known to the second: a freeze of just now may seem to come.
  const passed = Math.max(0, now - (login.changedBySync ?? now));
  const left = days - Math.floor(passed / dayMilliseconds);
  if (left > 0) return leave('LEAVER.waiting', { username, days: left });
  return { action: 'steps', steps: off };
}

/** Somebody whom sync has deactivated before: what is left to be taken is taken, and nothing is said of anybody else. */
function decideRest(stranger: Stranger, rules: SyncRules): Decision | undefined {
  const { user, held } = stranger;
  const isMeant = mayBeReleased(user, rules) && held.length > 0 && rules.hiddenObjects.length === 0;
  if (!isMeant || reported(stranger, rules) !== undefined) return undefined;
  return { action: 'steps', steps: releaseSteps(user, held) };
}

/** Whether it has to be known what a user of whom no group has the contact holds. */
export function mayBeReleased(user: SyncedUser, { leavers }: Pick<SyncRules, 'leavers'>): boolean {
  const { action, deactivateAfterDays, releaseLicenses } = leavers;
  if (action === 'report' || !releaseLicenses || !user.isGoverned || user.contactId === undefined) return false;
  // Somebody else who has changed an inactive user since may have been the one who switched it off.
  if (!user.isActive) return hasMark(user) && user.isLastChangedBySync;
  return hasMark(user) || deactivateAfterDays === 0;
}

function releaseSteps({ id }: SyncedUser, held: readonly HeldAssignment[]): PlannedStep[] {
  return held.map((each) => stagedRelease(removeStep(each, id)));
}

/** Sync always freezes first, and leaves it: frozen, and last changed by `syncUser`. */
function hasMark({ login }: SyncedUser): boolean {
  return login?.isFrozen === true && login.changedBySync !== undefined;
}

/** A user keeps its way into every site, and its account has to have what the license asks for. */
function changeProfile(
  user: SyncedUser,
  contact: QueryRow,
  { profile: wanted, permissionSets }: GroupRules,
  rules: SyncRules,
): NothingDone | readonly PlannedStep[] {
  const { username } = user;
  const current = rules.profiles.get(user.profileId);
  const way = current && profileWay(current, wanted);
  const isAllowed = way === 'family' ? rules.profile !== 'report' : rules.profile === 'upgrade';
  if (current === undefined || way === undefined || !isAllowed) {
    const profile = current?.name ?? user.profileId;
    return leave('OTHER_PROFILE.ofGroup', { username, profile, wanted: wanted.name });
  }
  // A hidden record could put the contact into an earlier group, and there is no way back.
  if (way === 'upgrade' && rules.hiddenObjects.length > 0) {
    const objects = rules.hiddenObjects.join(', ');
    return leave('OTHER_PROFILE.hidden', { username, profile: current.name, wanted: wanted.name, objects });
  }
  const setIds = permissionSets.map(({ id }) => id);
  const sites = liveSitesOf(rules.siteMembers, [wanted.id, ...setIds, ...user.namedSets.keys()]);
  const lost = liveSitesOf(rules.siteMembers, [current.id]).filter((site) => !sites.includes(site));
  if (lost.length > 0) return refuse('NO_SITE.profile', { username, profile: wanted.name, sites: lost.join(', ') });
  const eligible = checkEligible(contact, wanted.id, permissionSets, rules.profiles);
  return 'reason' in eligible ? eligible : [setProfileStep(user, current, wanted, way)];
}

function stepsBack(user: SyncedUser): PlannedStep[] {
  // The mark goes last: without it, what is left of the way back would not be sync's any more.
  return [...(user.isActive ? [] : [step('activate', user)]), step('unfreeze', user)];
}

function setSteps(user: SyncedUser, { permissionSets }: GroupRules): PlannedStep[] {
  const lacking = permissionSets.filter(({ id }) => !user.namedSets.has(id));
  return permissionSetSteps(lacking, user.contactId ?? user.id).map(staged);
}

function step(mode: Mode, { id, login, userType, accountId, isActive }: SyncedUser): PlannedStep {
  const rule = modeRule(mode);
  const recordId = rule.kind.object === 'UserLogin' ? login?.id : id;
  const external = externalType(userType);
  if (recordId === undefined || external === undefined) throw new Error(`user ${id} is not to be changed`);
  return staged(userFieldStep(rule, recordId, { accountId, family: external.family, isActive }));
}
