/** What seeding needs of the org, and the ways to ask for another world. */
import type { FieldValue } from '../contracts.ts';
import type { Org } from '../org.ts';
import type { LargeWorldOptions } from './largeOptions.ts';

export type WorldOrg = Pick<
  Org,
  'store' | 'schema' | 'switches' | 'clock' | 'rules' | 'hasPermission' | 'runningUserId' | 'orgId'
>;

export type WorldOptions = {
  /**
   * What the running user is: an administrator by default. The others lack Manage Users
   * (docs/salesforce-facts.md#permissions).
   */
  readonly runningUser?: 'administrator' | 'portalManager' | 'customerService';
  /** Customer contacts with `Portal_Access__c` that are fit for a user; 200 by default. */
  readonly customerContacts?: number;
  /** The live site sends welcome mails; true by default. */
  readonly welcomeEmails?: boolean;
  /** The sender domain of the sites has an active DKIM key; true by default. */
  readonly dkim?: boolean;
  /** `Organization.IsSandbox`; false by default. */
  readonly sandbox?: boolean;
  readonly seed?: number;
  /** Contacts, accounts and users by the thousand instead of the small world's; without its awkward cases. */
  readonly large?: LargeWorldOptions;
};

/** The org's bootstrap has made the least an org consists of already: those records are completed, not doubled. */
export function putRecord(org: WorldOrg, sobject: string, key: string, values: Record<string, FieldValue>): string {
  const known = org.store.find(sobject, { [key]: values[key] ?? null })[0];
  if (known === undefined) return org.store.insert(sobject, values);
  org.store.update(sobject, known.Id, values);
  return known.Id;
}
