/** Builds the facts of plan tests; only what matters to a test is said. */
import type { ExistingUser, FieldRule, FieldRules, Profile } from '../../../lib/model/orgFacts.js';
import type { ContactFacts, PlanSettings } from '../../../lib/operations/contactPlan.js';
import { ValueRules } from '../../../lib/operations/fieldValues.js';
import { parseTemplate, type Template } from '../../../lib/operations/templates.js';

export function fieldRule(name: string, changes: Partial<FieldRule> = {}): FieldRule {
  return {
    name,
    label: name,
    type: 'string',
    length: 0,
    createable: true,
    isRequired: false,
    restrictedPicklist: false,
    picklistValues: [],
    ...changes,
  };
}

export function fieldRules(...rules: readonly FieldRule[]): FieldRules {
  return new Map(rules.map((rule) => [rule.name.toLowerCase(), rule]));
}

export function valueRules(...rules: readonly FieldRule[]): ValueRules {
  return new ValueRules(fieldRules(...rules));
}

export const customer: Profile = {
  id: '00e000000000001AAA',
  name: 'Portal',
  userType: 'CspLitePortal',
  userLicenseId: '100000000000001AAA',
  userLicenseName: 'Customer Community',
};
export const plus: Profile = {
  ...customer,
  id: '00e000000000002AAA',
  name: 'Plus',
  userType: 'PowerCustomerSuccess',
};
export const partner: Profile = {
  ...customer,
  id: '00e000000000003AAA',
  name: 'Partner',
  userType: 'PowerPartner',
};
export const internal: Profile = {
  ...customer,
  id: '00e000000000004AAA',
  name: 'Staff',
  userType: 'Standard',
};

export const contactId = '003000000000001AAA';

export function existingUser(changes: Partial<ExistingUser> = {}): ExistingUser {
  return {
    id: '005000000000001AAA',
    contactId,
    username: 'ada@acme.example',
    isActive: true,
    isFrozen: false,
    profileId: customer.id,
    permissionSetIds: new Set(),
    ...changes,
  };
}

/** A contact that is fit for a user. */
export function contactFacts(
  contact: Record<string, string | null> = {},
  rest: Partial<Omit<ContactFacts, 'contact'>> = {},
): ContactFacts {
  return {
    contact: {
      Id: contactId,
      FirstName: 'Ada',
      LastName: 'Lovelace',
      Email: 'ada@acme.example',
      AccountId: '001000000000001AAA',
      'Account.Name': 'Acme',
      'Account.Owner.Name': 'Otto Owner',
      'Account.Owner.UserRoleId': '00E000000000001AAA',
      ...contact,
    },
    overrides: {},
    permissionSets: undefined,
    faults: [],
    user: undefined,
    ...rest,
  };
}

export function template(source: string): Template {
  return parseTemplate('--username', source);
}

export function planSettings(changes: Partial<PlanSettings> = {}): PlanSettings {
  const profiles = [customer, plus, partner, internal];
  return {
    profiles: new Map(profiles.map((profile) => [profile.id, profile])),
    profileId: customer.id,
    defaults: {},
    orgSettings: {},
    permissionSets: [],
    templates: new Map([['Username', template('{Email}')]]),
    valueRules: valueRules(
      fieldRule('Email', { type: 'email', length: 128 }),
      fieldRule('Username', { length: 80 }),
      fieldRule('FirstName', { length: 40 }),
      fieldRule('LastName', { length: 80 }),
      fieldRule('Title', { length: 10 }),
      fieldRule('IsActive', { type: 'boolean' }),
    ),
    required: [],
    ...changes,
  };
}
