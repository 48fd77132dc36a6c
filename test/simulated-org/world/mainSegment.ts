/** What most tests ask for: these contacts, with this profile. */

export const mainSegment = "Portal_Access__c = true AND Account.Type = 'Customer'";
export const mainProfile = 'Acme Customer Portal';
