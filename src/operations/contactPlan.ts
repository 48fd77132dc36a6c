/** The rules that decide what happens with one contact: facts in, decision out. */
import { requiredValue } from '../org/facts/rowReader.js';
import type { FieldRules, Profile } from '../model/orgFacts.js';
import { checkFieldValue } from './fieldValues.js';
import { decideExisting, type ExistingUser } from '../model/existingUser.js';
import { isEmailForm, makeAlias, makeNickname, normalizeUsername } from './identities.js';
import { sameId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import { allowsLicense } from '../preflight/names.js';
import {
  leave,
  refuse,
  type Decision,
  type Refusal,
  type Unchanged,
  type UserValues,
  type WantedPermissionSet,
} from '../model/reasons.js';
import type { LicenseFamily } from '../model/steps.js';
import { renderTemplate, type Template } from './templates.js';
import { roleColumns } from '../files/userColumns.js';

/** One selected contact with everything that the org and the file say of it. */
export type ContactFacts = {
  /** Contact field path → value, as queried. */
  readonly contact: Readonly<Record<string, string | null>>;
  /** User field → value from the row of the file; empty cells are absent. */
  readonly overrides: UserValues;
  readonly user: ExistingUser | undefined;
  /** From the row of the file; undefined: those of the run. */
  readonly permissionSets: readonly WantedPermissionSet[] | undefined;
};

/** What is the same for all contacts of a run. */
export type PlanSettings = {
  readonly profiles: ReadonlyMap<string, Profile>;
  /** The profile of rows that name none. */
  readonly profileId: string | undefined;
  /** Values that Salesforce requires and does not default itself: time zone, locale, language, encoding. */
  readonly defaults: UserValues;
  /** User field → template, from --username. */
  readonly templates: ReadonlyMap<string, Template>;
  readonly fieldRules: FieldRules;
  /** What every user is to have whose row names none. */
  readonly permissionSets: readonly WantedPermissionSet[];
};

/** Decides about a contact that was found exactly once. Uniqueness within the plan and the org is checked afterwards. */
export function planContact(facts: ContactFacts, settings: PlanSettings): Decision {
  const { contact, user } = facts;
  const contactId = requiredValue(contact, 'Id');
  const profileId = facts.overrides['ProfileId'] ?? settings.profileId;
  if (user !== undefined) return decideAboutUser(user, wantedUser(facts, settings, profileId), settings.profiles);
  const permissionSets = facts.permissionSets ?? settings.permissionSets;
  const eligible = checkEligible(contact, profileId, permissionSets, settings.profiles);
  if ('reason' in eligible) return eligible;
  return decideValues({ ...facts, ...eligible, contactId }, settings);
}

/**
 * Whether a contact without a user can get one with this profile and these permission sets. These are the rules whose
 * facts may change between the plan and its being applied.
 */
export function checkEligible(
  contact: ContactFacts['contact'],
  profileId: string | undefined,
  permissionSets: readonly WantedPermissionSet[],
  profiles: PlanSettings['profiles'],
): Refusal | { readonly profile: Profile; readonly family: LicenseFamily } {
  if (profileId === undefined) return refuse('BAD_VALUE.noProfile');
  const profile = profileById(profiles, profileId);
  const external = profile && externalType(profile.userType);
  if (profile === undefined || external === undefined) {
    return refuse('BAD_VALUE.profile', { profile: profile?.name ?? profileId });
  }
  return (
    checkAccount(contact, external.portalType) ??
    checkPermissionSets(permissionSets, profile) ?? { profile, family: external.family }
  );
}

/** What the user of a contact is to be, as far as one that exists is compared with it. */
export type WantedUser = {
  /** Undefined: not there any more. */
  readonly profile: Profile | undefined;
  readonly isActive: boolean;
  readonly permissionSets: readonly WantedPermissionSet[];
};

/** A user with the profile asked for gets what it lacks; nothing else of an existing user is ever changed. */
export function decideAboutUser(
  user: ExistingUser,
  { profile, isActive, permissionSets }: WantedUser,
  profiles: PlanSettings['profiles'],
): Exclude<Decision, { action: 'create' }> {
  const decision = decideExisting(user);
  // `--inactive` again finds what it has made.
  if (decision.action === 'refused') return isActive ? decision : inactiveAsWanted(user);
  const lacking = permissionSets.filter((set) => !user.permissionSetIds.has(set.id));
  if (lacking.length > 0 && profile?.id === user.profileId) {
    const refusal = checkPermissionSets(permissionSets, profile);
    if (refusal !== undefined) return { ...refusal, userId: user.id };
    const values = { ContactId: user.contactId, ProfileId: user.profileId, Username: user.username };
    return { action: 'assign', userId: user.id, values, permissionSets: lacking };
  }
  return { ...describeExisting(user, profile, profiles, lacking), userId: user.id };
}

function wantedUser(facts: ContactFacts, settings: PlanSettings, profileId: string | undefined): WantedUser {
  return {
    profile: profileId === undefined ? undefined : profileById(settings.profiles, profileId),
    isActive: !/^(false|0)$/i.test(facts.overrides['IsActive'] ?? settings.defaults['IsActive'] ?? 'true'),
    permissionSets: facts.permissionSets ?? settings.permissionSets,
  };
}

function inactiveAsWanted(user: ExistingUser): Extract<Decision, { action: 'unchanged' }> {
  return { ...leave('ALREADY_HAS_USER.inactive', { username: user.username }), userId: user.id };
}

function describeExisting(
  user: ExistingUser,
  wanted: Profile | undefined,
  profiles: ReadonlyMap<string, Profile>,
  lacking: readonly WantedPermissionSet[],
): Unchanged {
  const { username, isFrozen } = user;
  const profile = profiles.get(user.profileId)?.name ?? user.profileId;
  if (lacking.length > 0) {
    const permissionSets = lacking.map((set) => set.name).join(', ');
    const key = isFrozen ? 'ALREADY_HAS_USER.frozenLacking' : 'ALREADY_HAS_USER.lacking';
    return leave(key, { username, profile, permissionSets });
  }
  if (wanted !== undefined && wanted.id !== user.profileId) {
    const key = isFrozen ? 'ALREADY_HAS_USER.frozenOtherProfile' : 'ALREADY_HAS_USER.otherProfile';
    return leave(key, { username, profile, wanted: wanted.name });
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

/** Salesforce would make the user and then refuse the assignment (salesforce-wire §8). */
function checkPermissionSets(wanted: readonly WantedPermissionSet[], profile: Profile): Refusal | undefined {
  const wrong = wanted.find((set) => !allowsLicense(set, profile.userLicenseId));
  const { name, userLicenseName: license } = profile;
  return wrong && refuse('BAD_VALUE.permissionSetLicense', { permissionSet: wrong.name, profile: name, license });
}

type ValueFacts = ContactFacts & {
  readonly contactId: string;
  readonly profile: Profile;
  readonly family: LicenseFamily;
};

/** The row that will be uploaded: file before template before default; each value checked against its field. */
function decideValues(facts: ValueFacts, settings: PlanSettings): Decision {
  const { contact, contactId, profile, overrides } = facts;
  const values: Record<string, string> = {};
  const put = (field: string, value: string | null | undefined): void => {
    const isSent = facts.family === 'roleBased' || !roleColumns.includes(field);
    if (isSent && value != null && value !== '') values[field] = value;
  };
  for (const [field, value] of Object.entries(settings.defaults)) put(field, value);
  put('FirstName', contact['FirstName']);
  put('LastName', contact['LastName']);
  put('Email', contact['Email']);
  put('CommunityNickname', makeNickname(contactId));
  let emptyField: Refusal | undefined;
  for (const [field, template] of settings.templates) {
    if (overrides[field] !== undefined) continue;
    const rendered = renderTemplate(template, (path) => personValue(path, facts));
    if ('value' in rendered) put(field, rendered.value);
    else
      emptyField ??= refuse('EMPTY_TEMPLATE_FIELD.detail', {
        field,
        template: template.source,
        emptyField: rendered.emptyField,
      });
  }
  for (const [field, value] of Object.entries(overrides)) put(field, value);
  put('ContactId', contactId);
  put('ProfileId', profile.id);
  if (values['Alias'] === undefined) put('Alias', makeAlias(values['FirstName'], values['LastName']));
  if (values['Email'] === undefined) return refuse('NO_EMAIL.detail');
  if (emptyField !== undefined) return emptyField;
  if (values['Username'] !== undefined) values['Username'] = normalizeUsername(values['Username']);
  const permissionSets = facts.permissionSets ?? settings.permissionSets;
  return checkValues(values, settings.fieldRules) ?? { action: 'create', values, family: facts.family, permissionSets };
}

/** What a file says of the person is truer than the contact: our own advice is to correct an address there. */
function personValue(path: string, { contact, overrides }: ContactFacts): string | null {
  const corrected = personFields.has(path) ? overrides[path] : undefined;
  return corrected ?? contact[path] ?? null;
}

/** Fields that Contact and User both have, with the same meaning. */
const personFields: ReadonlySet<string> = new Set(['Email', 'FirstName', 'LastName']);

/** The address first: most usernames are made from it, and one fault shall not be told as another. */
function checkValues(values: UserValues, rules: FieldRules): Refusal | undefined {
  const check = (field: string, value: string): Refusal | undefined => {
    const rule = rules.get(field.toLowerCase());
    return rule === undefined ? undefined : checkFieldValue(rule, value);
  };
  const { Email: email, Username: username = '' } = values;
  const emailRefusal = email === undefined ? undefined : check('Email', email);
  if (emailRefusal !== undefined) return emailRefusal;
  if (username.length <= 80 && !isEmailForm(username)) return refuse('INVALID_USERNAME.detail', { username });
  for (const [field, value] of Object.entries(values)) {
    const refusal = check(field, value);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function profileById(profiles: ReadonlyMap<string, Profile>, id: string): Profile | undefined {
  // Files hold Ids of 15 characters as well as of 18.
  return profiles.get(id) ?? [...profiles.values()].find((profile) => sameId(profile.id, id));
}
