/** Reads whether accounts are enabled as partner accounts. */
import type { OrgClient } from '../orgClient.js';
import { OrgError } from '../../model/orgError.js';
import { queryRows } from '../query.js';

/**
 * Whether there is an account with `IsPartner` that the running user sees; false where the field is hidden.
 * @throws OrgError
 * Source: object reference "Account".
 */
export async function hasPartnerAccounts(client: OrgClient): Promise<boolean> {
  try {
    return (await queryRows(client, 'SELECT Id FROM Account WHERE IsPartner = true LIMIT 1', ['Id'])).length > 0;
  } catch (error) {
    if (error instanceof OrgError && error.kind === 'refused') return false;
    throw error;
  }
}
