/** The custom fields of the world, by object. */
import { field } from '../schema/define.ts';
import type { OwnSchema } from '../schema/ownObjects.ts';

// prettier-ignore
export const customFields: NonNullable<OwnSchema['fields']> = {
  Account: [
    field('picklist', 'Tier__c', 'Tier', 255, 'CUNP', { values: ['Gold', 'Silver', 'Bronze'] }),
  ],
  Contact: [
    field('string', 'External_Key__c', 'External Key', 40, 'CUNIXQPB'),
    // An Id of another system, where "a" and "A" are two.
    field('string', 'Legacy_Id__c', 'Legacy Id', 40, 'CUNIXQSPB'),
    field('double', 'Member_Number__c', 'Member Number', 0, 'CUNIXQP', { precision: 18, scale: 0 }),
    // The main segment asks for it and for the account's type.
    field('boolean', 'Portal_Access__c', 'Portal Access', 0, 'CUDP', { joinsIndexOf: 'AccountId' }),
    field('string', 'Portal_Language__c', 'Portal Language', 10, 'CUNP'),
    field('email', 'Second_Email__c', 'Second Email', 80, 'CUNP'),
  ],
  User: [
    field('string', 'Badge_Number__c', 'Badge Number', 20, 'CUNP'),
    field('string', 'Employee_Ref__c', 'Employee Ref', 40, 'CUNIXQPB'),
    field('date', 'Contract_End__c', 'Contract End', 0, 'CUNP'),
    field('datetime', 'Trained_At__c', 'Trained At', 0, 'CUNP'),
    field('currency', 'Budget__c', 'Budget', 0, 'CUNP', { precision: 18, scale: 2 }),
  ],
};
