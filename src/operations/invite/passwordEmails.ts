/** What is known of the emails of a plan before they are sent: the sites of the users, the time zone that most of them have, and who is new. */
import type { DatabaseSync } from 'node:sqlite';
import type { PasswordEmails } from '../../model/result.js';
import type { OrgFacts } from '../../preflight/orgFacts.js';
import { writeMeta } from '../../store/meta.js';
import { countPlannedBy } from '../../store/queries/plannedUsers.js';

/** Keeps it for the question and the result, with the time that it is in the org. */
export function notePasswordEmails(db: DatabaseSync, { senders, readAt }: Pick<OrgFacts, 'senders' | 'readAt'>): void {
  const users = new Map<string, number>();
  for (const { value, users: count } of countPlannedBy(db, 'Sites')) {
    for (const site of value.split('\n').filter(Boolean)) users.set(site, (users.get(site) ?? 0) + count);
  }
  const sites = [...users]
    .map(([name, count]) => {
      const { address: sender, template } = senders.find(({ siteName }) => siteName === name) ?? {};
      const seen = { ...(sender === undefined ? {} : { sender }), ...(template === undefined ? {} : { template }) };
      return { name, users: count, ...seen };
    })
    .toSorted((a, b) => b.users - a.users || (a.name < b.name ? -1 : 1));
  const [most] = countPlannedBy(db, 'TimeZoneSidKey');
  const timeZone = most === undefined ? {} : { timeZone: { name: most.value, users: most.users } };
  const [welcomed] = countPlannedBy(db, 'MayBeWelcomed');
  const emails: PasswordEmails = { sites, recentlyWelcomed: welcomed?.users ?? 0, ...timeZone };
  writeMeta(db, { passwordEmails: JSON.stringify(emails), orgTime: new Date(readAt).toISOString() });
}
