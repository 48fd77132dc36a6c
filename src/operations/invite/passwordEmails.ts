/** What is known of the emails of a plan before they are sent: the sites of the users, and the time zone that most of them have. */
import type { DatabaseSync } from 'node:sqlite';
import type { PasswordEmails } from '../../model/result.js';
import type { OrgFacts } from '../../preflight/orgFacts.js';
import { writeMeta } from '../../store/meta.js';
import { countPlannedBy } from '../../store/queries/plannedUsers.js';

/** Keeps it for the question and the result. */
export function notePasswordEmails(db: DatabaseSync, { senders }: Pick<OrgFacts, 'senders'>): void {
  const users = new Map<string, number>();
  for (const { value, users: count } of countPlannedBy(db, 'Sites')) {
    for (const site of value.split('\n').filter(Boolean)) users.set(site, (users.get(site) ?? 0) + count);
  }
  const sites = [...users]
    .map(([name, count]) => {
      const sender = senders.find(({ siteName }) => siteName === name)?.address;
      return { name, users: count, ...(sender === undefined ? {} : { sender }) };
    })
    .toSorted((a, b) => b.users - a.users || (a.name < b.name ? -1 : 1));
  const [most] = countPlannedBy(db, 'TimeZoneSidKey');
  const timeZone = most === undefined ? {} : { timeZone: { name: most.value, users: most.users } };
  const emails: PasswordEmails = { sites, ...timeZone };
  writeMeta(db, { passwordEmails: JSON.stringify(emails) });
}
