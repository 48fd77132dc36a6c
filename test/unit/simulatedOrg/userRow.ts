/** A User row that the org accepts, to be spoiled by tests. */
import type { Row, RuleOrg } from './ruleOrg.ts';

export type Fixture = {
  readonly accountId: string;
  readonly contactId: string;
  readonly row: Row;
};

/** A new contact (and account) owned by someone with a role, and the row for its user. */
export function userRow(
  rules: RuleOrg,
  profile = 'Acme Customer Portal',
  account: Row = {},
  inAccount?: string,
): Fixture {
  const { store } = rules.org;
  const owner = rules.world.internalUsers.get('anton.account') ?? null;
  const accountId =
    inAccount ?? store.insert('Account', { Name: 'Test Works', Type: 'Customer', OwnerId: owner, ...account });
  const contactId = store.insert('Contact', {
    FirstName: 'Test',
    LastName: 'Person',
    AccountId: accountId,
    OwnerId: owner,
  });
  const name = contactId.toLowerCase();
  return {
    accountId,
    contactId,
    row: {
      FirstName: 'Test',
      LastName: 'Person',
      ContactId: contactId,
      ProfileId: rules.world.profiles.get(profile) ?? null,
      Username: `${name}@test.example`,
      Email: `${name}@test.example`,
      Alias: 'tperson',
      CommunityNickname: `user-${name}`,
      TimeZoneSidKey: 'Europe/Berlin',
      LocaleSidKey: 'en_US',
      EmailEncodingKey: 'UTF-8',
      LanguageLocaleKey: 'en_US',
    },
  };
}

/** A portal user made through the rules; its Id. */
export function makeUser(
  rules: RuleOrg,
  profile = 'Acme Customer Portal',
  own: Row = {},
  inAccount?: string,
): Fixture & { readonly userId: string } {
  const fixture = userRow(rules, profile, {}, inAccount);
  const result = rules.one('User', 'insert', { ...fixture.row, ...own });
  if (!result.success) throw new Error(`${result.error.code}: ${result.error.message}`);
  return { ...fixture, userId: result.id };
}
