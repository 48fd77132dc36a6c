/** Reads the org's own record: its name, kind, maintenance state and locale defaults. */
import type { OrgClient } from '../orgClient.js';
import { queryRows } from '../query.js';
import { firstRow, requiredText } from './rowReader.js';

export type Organization = {
  readonly id: string;
  readonly name: string;
  /** True for scratch orgs as well. */
  readonly isSandbox: boolean;
  /** True while Salesforce does maintenance. */
  readonly isReadOnly: boolean;
  readonly organizationType: string;
  readonly timeZoneSidKey: string;
  readonly defaultLocaleSidKey: string;
  readonly languageLocaleKey: string;
};

const fields = [
  'Id',
  'Name',
  'IsSandbox',
  'IsReadOnly',
  'OrganizationType',
  'TimeZoneSidKey',
  'DefaultLocaleSidKey',
  'LanguageLocaleKey',
];

/** @throws OrgError. Source: object reference "Organization". */
export async function readOrganization(client: OrgClient): Promise<Organization> {
  const rows = await queryRows(client, `SELECT ${fields.join(',')} FROM Organization`, fields);
  const row = firstRow(rows, 'Organization');
  return {
    id: requiredText(row, 'Id'),
    name: requiredText(row, 'Name'),
    isSandbox: row['IsSandbox'] === 'true',
    isReadOnly: row['IsReadOnly'] === 'true',
    organizationType: requiredText(row, 'OrganizationType'),
    timeZoneSidKey: requiredText(row, 'TimeZoneSidKey'),
    defaultLocaleSidKey: requiredText(row, 'DefaultLocaleSidKey'),
    languageLocaleKey: requiredText(row, 'LanguageLocaleKey'),
  };
}
