/** The rules that decide what happens with one contact: facts in, decision out. */
import { roleColumns } from '../files/userColumns.js';
import { permissionSetSteps } from '../kinds/assignPermissionSet.js';
import { createUserStep, makesActive } from '../kinds/createUser.js';
import { makeNickname } from '../kinds/nicknames.js';
import { sameId, type ProfileId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import type { ExistingUser, OrgSettings, Profile } from '../model/orgFacts.js';
import {
  decideExisting,
  leave,
  refuse,
  refuseForAll,
  type NothingDone,
  type Refusal,
  type Unchanged,
  type UserValues,
  type WantedPermissionSet,
} from '../model/reasons.js';
import type { LicenseFamily } from '../model/steps.js';
import { requiredValue } from '../org/queryRow.js';
import { allowsLicense } from '../preflight/names.js';
import type { PlannedSubject } from '../store/subjects.js';
import type { ValueRules } from './fieldValues.js';
import { isEmailForm, makeAlias, normalizeUsername } from './identities.js';
import { renderTemplate, type Template } from './templates.js';

/** One selected contact with everything that the org and the file say of it. */
export type ContactFacts = {
  /** Contact field path → value, as queried. */
  readonly contact: Readonly<Record<string, string | null>>;
  /** User field → value from the row of the file; empty cells are absent. */
  readonly overrides: UserValues;
  readonly user: ExistingUser | undefined;
  /** From the row of the file; undefined: those of the run. */
  readonly permissionSets: readonly WantedPermissionSet[] | undefined;
  /** Names in the row that name nothing. */
  readonly faults: readonly Refusal[];
};

/** What is the same for all contacts of a run. */
export type PlanSettings = {
  readonly profiles: ReadonlyMap<ProfileId, Profile>;
  /** The profile of rows that name none. */
  readonly profileId: ProfileId | undefined;
  /** Values that Salesforce requires and does not default itself: time zone, locale, language, encoding. */
  readonly defaults: UserValues;
  /** User field → template, from --username. */
  readonly templates: ReadonlyMap<string, Template>;
  readonly valueRules: ValueRules;
  /** Custom fields of User that need a value, as Salesforce spells them. */
  readonly required: readonly string[];
  /** What every user is to have whose row names none. */
  readonly permissionSets: readonly WantedPermissionSet[];
  readonly orgSettings: OrgSettings;
};

/** What is planned for a contact, and what is kept of its user. */
export type ContactPlan = Pick<PlannedSubject, 'decision' | 'profileId' | 'userId' | 'username'>;

/** Plans for a contact that was found exactly once. Uniqueness within the plan and the org is checked afterwards. */
export function planContact(facts: ContactFacts, settings: PlanSettings): ContactPlan {
  const { contact, overrides, user, faults } = facts;
  const { profiles } = settings;
  const profileId = overrides['ProfileId'] ?? settings.profileId;
  const permissionSets = facts.permissionSets ?? settings.permissionSets;
  const fault = refuseForAll(faults);
  if (user !== undefined) {
    if (fault !== undefined) return { decision: fault };
    const isActive = makesActive(wantedValue('IsActive', facts, settings));
    return planForUser(user, { profile: profileById(profiles, profileId), isActive, permissionSets }, profiles);
  }
  // A profile that is named wrong is not missing.
  const eligible =
    fault !== undefined && profileId === undefined
      ? fault
      : checkEligible(contact, profileId, permissionSets, profiles);
  const refused = 'reason' in eligible ? [...faults, ...(eligible === fault ? [] : [eligible])] : faults;
  const profile = profileById(profiles, profileId);
  const row = makeUserRow(facts, profile, settings);
  const refusal = refuseForAll([...refused, ...row.faults]);
  if (refusal !== undefined) return { decision: refusal };
  if ('reason' in eligible) return { decision: eligible };
  return planNewUser(facts, eligible, row.values, settings);
}

/** What a new user is made by. */
type Eligible = {
  readonly profile: Profile;
  readonly family: LicenseFamily;
  readonly permissionSets: readonly WantedPermissionSet[];
};

/**
 * Whether a contact without a user can get one with this profile and these permission sets. These are the rules whose
 * facts may change between the plan and its being applied.
 */
export function checkEligible(
  contact: ContactFacts['contact'],
  profileId: ProfileId | undefined,
  permissionSets: readonly WantedPermissionSet[],
  profiles: PlanSettings['profiles'],
): Refusal | Eligible {
  if (profileId === undefined) return refuse('BAD_VALUE.noProfile');
  const profile = profileById(profiles, profileId);
  const external = profile && externalType(profile.userType);
  if (profile === undefined || external === undefined) {
    return refuse('BAD_VALUE.profile', { profile: profile?.name ?? profileId });
  }
  const account = checkAccount(contact, external.portalType);
  const refusals = [...(account === undefined ? [] : [account]), ...checkPermissionSets(permissionSets, profile)];
  return refuseForAll(refusals) ?? { profile, family: external.family, permissionSets };
}

/** What the user of a contact is to be, as far as one that exists is compared with it. */
type WantedUser = {
  /** Undefined: not there any more, or not said. */
  readonly profile: Profile | undefined;
  readonly isActive: boolean;
  readonly permissionSets: readonly WantedPermissionSet[];
};

/** A user with the profile asked for gets what it lacks; nothing else of an existing user is ever changed. */
export function planForUser(
  user: ExistingUser,
  { profile, isActive, permissionSets }: WantedUser,
  profiles: PlanSettings['profiles'],
): ContactPlan {
  const { id: userId, contactId, profileId, username } = user;
  const nothing = (decision: NothingDone): ContactPlan => ({ userId, decision: { ...decision, userId } });
  const existing = decideExisting(user);
  // `--inactive` again finds what it has made.
  if (!user.isActive) return nothing(isActive ? existing : leave('ALREADY_HAS_USER.inactive', { username }));
  const lacking = permissionSets.filter((set) => !user.permissionSetIds.has(set.id));
  if (lacking.length === 0 || profile?.id !== profileId) {
    return nothing(describeExisting(user, profile, profiles, lacking));
  }
  const refusal = refuseForAll(checkPermissionSets(permissionSets, profile));
  if (refusal !== undefined) return nothing(refusal);
  return { userId, username, profileId, decision: { action: 'steps', steps: permissionSetSteps(lacking, contactId) } };
}

function describeExisting(
  user: ExistingUser,
  wanted: Profile | undefined,
  profiles: PlanSettings['profiles'],
  lacking: readonly WantedPermissionSet[],
): Unchanged {
  const { username, isFrozen } = user;
  const profile = profiles.get(user.profileId)?.name ?? user.profileId;
  const permissionSets = lacking.map((set) => set.name).join(', ');
  if (wanted !== undefined && wanted.id !== user.profileId) {
    const facts = { username, profile, wanted: wanted.name };
    return lacking.length > 0
      ? leave(isFrozen ? 'OTHER_PROFILE.frozenLacking' : 'OTHER_PROFILE.lacking', { ...facts, permissionSets })
      : leave(isFrozen ? 'OTHER_PROFILE.frozen' : 'OTHER_PROFILE.detail', facts);
  }
  if (lacking.length > 0) {
    const key = isFrozen ? 'ALREADY_HAS_USER.frozenLacking' : 'ALREADY_HAS_USER.lacking';
    return leave(key, { username, profile, permissionSets });
  }
  return leave(isFrozen ? 'ALREADY_HAS_USER.frozen' : 'ALREADY_HAS_USER.detail', { username });
}

/** The contact's account and its owner (KB 000389462, 000385901; License Limitations for person accounts). */
function checkAccount(contact: ContactFacts['contact'], portalType: 'CustomerPortal' | 'Partner'): Refusal | undefined {
  if (contact['AccountId'] == null) return refuse('NO_ACCOUNT.detail');
  if (contact['Account.Owner.UserRoleId'] == null) {
    const { 'Account.Owner.Name': owner, 'Account.Name': account } = contact;
    return refuse('OWNER_WITHOUT_ROLE.detail', { owner: owner ?? '', account: account ?? '' });
  }
  if (portalType === 'Partner' && contact['IsPersonAccount'] === 'true') return refuse('PERSON_ACCOUNT_PARTNER.detail');
  return undefined;
}

/** Salesforce would make the user and then refuse the assignment (docs/salesforce-facts.md#permission-sets). */
function checkPermissionSets(wanted: readonly WantedPermissionSet[], profile: Profile): Refusal[] {
  const wrong = wanted.filter((set) => !allowsLicense(set, profile.userLicenseId));
  const { name, userLicenseName: license } = profile;
  return wrong.map((set) =>
    refuse('BAD_VALUE.permissionSetLicense', { permissionSet: set.name, profile: name, license }),
  );
}

/**
 * The row that will be uploaded: file before template before default; each value checked against its field.
 * @param profile undefined where there is none that is known
 * @returns the values, and everything that is wrong with them
 */
function makeUserRow(
  facts: ContactFacts,
  profile: Profile | undefined,
  settings: PlanSettings,
): { values: UserValues; faults: Refusal[] } {
  const { contact, overrides } = facts;
  const values: Record<string, string> = {};
  const emptyFields: Array<{ refusal: Refusal; emptyField: string }> = [];
  const hasRoles = externalType(profile?.userType ?? null)?.family !== 'highVolume';
  const put = (field: string, value: string | null | undefined): void => {
    const isSent = hasRoles || !roleColumns.includes(field);
    if (isSent && value != null && value !== '') values[field] = settings.valueRules.spell(field, value);
  };
  for (const [field, value] of Object.entries(settings.defaults)) put(field, value);
  for (const field of personFields) put(field, contact[field]);
  put('CommunityNickname', makeNickname(requiredValue(contact, 'Id')));
  for (const [field, template] of settings.templates) {
    if (overrides[field] !== undefined) continue;
    const rendered = renderTemplate(template, (path) => personValue(path, facts));
    if ('value' in rendered) put(field, rendered.value);
    else {
      const refusal = refuse('EMPTY_TEMPLATE_FIELD.detail', { field, template: template.source, ...rendered });
      emptyFields.push({ refusal, emptyField: rendered.emptyField });
    }
  }
  for (const [field, value] of Object.entries(overrides)) put(field, value);
  put('ContactId', contact['Id']);
  put('ProfileId', profile?.id);
  if (values['Alias'] === undefined) put('Alias', makeAlias(values['FirstName'], values['LastName']));
  if (values['Username'] !== undefined) values['Username'] = normalizeUsername(values['Username']);
  const hasEmail = values['Email'] !== undefined;
  const noEmail = hasEmail ? [] : [refuse('NO_EMAIL.detail')];
  // One missing address is told once.
  const empty = emptyFields.filter(({ emptyField }) => hasEmail || emptyField !== 'Email');
  const noRoles = hasRoles || profile === undefined ? [] : refuseRoles(overrides, profile);
  return {
    values,
    faults: [...noEmail, ...empty.map(({ refusal }) => refusal), ...noRoles, ...checkValues(values, settings)],
  };
}

/** Users of this profile's license have no role: what the file asks for would be dropped without a word. */
function refuseRoles(overrides: UserValues, { name: profile, userLicenseName: license }: Profile): Refusal[] {
  const asked = roleColumns.filter((field) => overrides[field] !== undefined);
  return asked.map((field) => refuse('ROLE_NOT_ALLOWED.noRoles', { field, profile, license }));
}

function planNewUser(
  { contact, overrides }: ContactFacts,
  { profile, family, permissionSets }: Eligible,
  values: UserValues,
  settings: PlanSettings,
): ContactPlan {
  const contactId = requiredValue(contact, 'Id');
  // A value that somebody asked for is refused when it is taken; only one that we made up may be replaced.
  const given = (field: string): string | undefined =>
    overrides[field] !== undefined || settings.templates.has(field) ? values[field] : undefined;
  const identity = {
    username: values['Username'],
    nickname: values['CommunityNickname'],
    givenNickname: given('CommunityNickname')?.toLowerCase(),
    givenFederationId: given('FederationIdentifier'),
  };
  const user = createUserStep(values, { contactId, accountId: contact['AccountId'] ?? undefined, family }, identity);
  const steps = [user, ...permissionSetSteps(permissionSets, contactId)];
  return { profileId: profile.id, decision: { action: 'steps', steps } };
}

/** What is asked for: by the file, a template, or for all. */
function wantedValue(field: string, facts: ContactFacts, { templates, defaults }: PlanSettings): string | undefined {
  const template = templates.get(field);
  const rendered = template && renderTemplate(template, (path) => personValue(path, facts));
  const templated = rendered && 'value' in rendered ? rendered.value : undefined;
  return facts.overrides[field] ?? templated ?? defaults[field];
}

/** What a file says of the person is truer than the contact: our own advice is to correct an address there. */
function personValue(path: string, { contact, overrides }: ContactFacts): string | null {
  const corrected = personFields.includes(path) ? overrides[path] : undefined;
  return corrected ?? contact[path] ?? null;
}

/** Fields that Contact and User both have, with the same meaning. */
const personFields: readonly string[] = ['FirstName', 'LastName', 'Email'];

/** The address first: most usernames are made from it, and one fault must not be reported as another. */
function checkValues(values: UserValues, { valueRules, required, templates }: PlanSettings): Refusal[] {
  const check = (field: string): Refusal[] => {
    const value = values[field];
    const refusal = value === undefined ? undefined : valueRules.check(field, value);
    return refusal === undefined ? [] : [refusal];
  };
  const address = check('Email');
  const { Username: username = '', Email: email } = values;
  const isBadName = username !== '' && username.length <= 80 && !isEmailForm(username);
  const isOfBadAddress = address.length > 0 && username.includes(email?.toLowerCase() ?? username);
  const name = isBadName && !isOfBadAddress ? [refuse('INVALID_USERNAME.detail', { username })] : [];
  const others = Object.keys(values).filter((field) => field !== 'Email');
  // A template that gives nothing is told as that.
  const missing = required.filter((field) => values[field] === undefined && !templates.has(field));
  return [
    ...address,
    ...name,
    ...others.flatMap(check),
    ...missing.map((field) => refuse('BAD_VALUE.required', { field })),
  ];
}

function profileById(profiles: PlanSettings['profiles'], id: ProfileId | undefined): Profile | undefined {
  if (id === undefined) return undefined;
  // Files hold Ids of 15 characters as well as of 18.
  return profiles.get(id) ?? [...profiles.values()].find((profile) => sameId(profile.id, id));
}
