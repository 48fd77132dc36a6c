/** Reads the record of the user whose session the calls use. */
import type { OrgClient } from '../orgClient.js';
import { queryRows } from '../query.js';
import { firstRow, requiredText } from './rowReader.js';
import { quoteSoql } from '../soql.js';

export type RunningUser = {
  readonly id: string;
  readonly username: string;
  readonly emailEncodingKey: string;
  /** Null for a user without a role. */
  readonly userRoleId: string | null;
  readonly profileId: string;
  /** Null in an org with one currency. */
  readonly currencyIsoCode: string | null;
};

const always = ['Id', 'Username', 'EmailEncodingKey', 'UserRoleId', 'ProfileId'];

/**
 * @param isMultiCurrency whether User has the field CurrencyIsoCode
 * @throws OrgError
 * Source: object reference "User".
 */
export async function readRunningUser(client: OrgClient, isMultiCurrency: boolean): Promise<RunningUser> {
  const fields = isMultiCurrency ? [...always, 'CurrencyIsoCode'] : always;
  const soql = `SELECT ${fields.join(',')} FROM User WHERE Id = ${quoteSoql(client.userId)}`;
  const row = firstRow(await queryRows(client, soql, fields), 'running user');
  return {
    id: requiredText(row, 'Id'),
    username: requiredText(row, 'Username'),
    emailEncodingKey: requiredText(row, 'EmailEncodingKey'),
    userRoleId: row['UserRoleId'] ?? null,
    profileId: requiredText(row, 'ProfileId'),
    currencyIsoCode: row['CurrencyIsoCode'] ?? null,
  };
}
