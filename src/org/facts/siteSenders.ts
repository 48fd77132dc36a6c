/** Reads who sends the emails of the sites, with which template, and whether Salesforce will deliver them. */
import type { SiteSender } from '../../model/orgFacts.js';
import type { OrgClient } from '../orgClient.js';
import { unlessHidden } from '../orgErrors.js';
import { allRows, queryIn, queryRows, type QueryRow } from '../query.js';
import { requiredValue } from '../queryRow.js';
import { sideBySide } from '../sideBySide.js';

/** The emails that are asked about: those to new members of sites, or those that resets of passwords send. */
export type SiteEmails = 'welcome' | 'passwordReset';

/** Fields of Network: the email templates for new members, and "when notifying users that their password has been reset". */
const templateFields = { welcome: 'WelcomeEmailTemplateId', passwordReset: 'ChangePasswordEmailTemplateId' } as const;

/**
 * By three calls, by one where there is no such site; of the live sites that the running user can see. Not all send welcome
 * emails.
 * @returns none where the org doesn't show its sites
 * @throws OrgError
 * Source: object reference "Network", "EmailDomainKey", "EmailTemplate".
 */
export async function readSiteSenders(client: OrgClient, emails: SiteEmails): Promise<SiteSender[]> {
  const templateField = templateFields[emails];
  const fields = ['Name', 'EmailSenderAddress', templateField];
  const where = `Status = 'Live'${emails === 'welcome' ? ' AND OptionsSendWelcomeEmail = true' : ''}`;
  const sites = await unlessHidden(queryRows(client, { fields, from: 'Network', where }), []);
  if (sites.length === 0) return [];
  const [templates, keys] = await sideBySide([
    readMailTemplates(
      client,
      sites.flatMap((site) => site[templateField] ?? []),
    ),
    unlessHidden(
      queryRows(client, { fields: ['Domain', 'DomainMatch', 'IsActive'], from: 'EmailDomainKey' }),
      undefined,
    ),
  ]);
  return sites.map((site) => {
    const address = site['EmailSenderAddress'] ?? undefined;
    return {
      siteName: requiredValue(site, 'Name'),
      address,
      template: templates.get(site[templateField] ?? null),
      hasDomainKey: address === undefined ? undefined : keys?.some((key) => signs(key, address)),
    };
  });
}

/** Names of the templates by Id. */
async function readMailTemplates(client: OrgClient, values: readonly string[]): Promise<Map<string | null, string>> {
  if (values.length === 0) return new Map();
  const query = { fields: ['Id', 'Name'], from: 'EmailTemplate', field: 'Id', values };
  const rows = await unlessHidden(allRows(queryIn(client, query)), []);
  return new Map(rows.map((row) => [requiredValue(row, 'Id'), requiredValue(row, 'Name')]));
}

/** Of an email address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Whether a DKIM key stands for the domain of an address, as its DomainMatch says. */
function signs(key: QueryRow, address: string): boolean {
  const domain = key['Domain']?.toLowerCase();
  const sender = domainOf(address).toLowerCase();
  if (domain === undefined || key['IsActive'] !== 'true') return false;
  const isSame = sender === domain;
  const isBelow = sender.endsWith(`.${domain}`);
  switch (key['DomainMatch']) {
    case 'SubdomainsOnly':
      return isBelow;
    case 'DomainAndSubdomains':
      return isSame || isBelow;
    default:
      return isSame;
  }
}
