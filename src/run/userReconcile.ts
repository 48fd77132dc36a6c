/** Asks the org what is true of new users whose answer is unknown or says "already exists". */
import type { OrgClient } from '../org/orgClient.js';
import { queryIn, type QueryRow } from '../org/query.js';
import type { UserValues } from '../plan/reasons.js';
import type { Job } from './jobRecords.js';
import { mayBeMadeBy, readRivals } from './rivalJobs.js';
import type { SentRow } from './work.js';

/** A new user under way, with the values as they were sent. */
export type SentUser = SentRow & {
  readonly nickname: string;
  readonly nicknameIsGiven: boolean;
  readonly values: UserValues;
};

export type OthersUser = {
  readonly id: string;
  readonly username: string;
  readonly isActive: boolean;
  readonly profileId: string;
};

export type Truth =
  /** A user with every value as sent, made by us since the job began: ours, though no answer says so. */
  | { readonly truth: 'ours'; readonly userId: string }
  /** Such a user, made while another run did the same: Salesforce's answer to our row decides. */
  | { readonly truth: 'contested'; readonly user: OthersUser }
  /** The contact has a user that is not ours. */
  | { readonly truth: 'someoneElses'; readonly user: OthersUser }
  /** The contact has no user that we can see. */
  | { readonly truth: 'none' };

/**
 * Looks the contacts of all rows up together.
 * @param job that sent them
 * @param ownJobIds of all jobs of this run
 * @returns the truth by row number
 * @throws OrgError
 */
export async function askOrg(
  client: OrgClient,
  rows: readonly SentUser[],
  job: Job,
  ownJobIds: ReadonlySet<string>,
): Promise<ReadonlyMap<number, Truth>> {
  const users = await readUsers(client, rows);
  const seemOurs = new Set(rows.filter((row) => isOurs(users.get(row.n) ?? {}, row, job)));
  const rivals = seemOurs.size === 0 ? [] : await readRivals(client, job, ownJobIds);
  return new Map(
    rows.map((row): [number, Truth] => {
      const user = users.get(row.n);
      if (user === undefined) return [row.n, { truth: 'none' }];
      if (!seemOurs.has(row)) return [row.n, { truth: 'someoneElses', user: othersUser(user) }];
      const isContested = mayBeMadeBy(rivals, user['CreatedDate'] ?? '');
      if (isContested) return [row.n, { truth: 'contested', user: othersUser(user) }];
      return [row.n, { truth: 'ours', userId: user['Id'] ?? '' }];
    }),
  );
}

/** The users of the rows' contacts, by row number. */
async function readUsers(client: OrgClient, rows: readonly SentUser[]): Promise<Map<number, QueryRow>> {
  const users = new Map<number, QueryRow>();
  if (rows.length === 0) return users;
  const byContact = new Map(rows.map((row) => [row.values['ContactId'] ?? '', row.n]));
  const fields = [...new Set([...always, ...rows.flatMap((row) => Object.keys(row.values))])];
  const values = [...byContact.keys()];
  for await (const page of queryIn(client, { fields, from: 'User', field: 'ContactId', values })) {
    for (const user of page) {
      const n = byContact.get(user['ContactId'] ?? '');
      if (n !== undefined) users.set(n, user);
    }
  }
  return users;
}

function othersUser(user: QueryRow): OthersUser {
  return {
    id: user['Id'] ?? '',
    username: user['Username'] ?? '',
    isActive: user['IsActive'] === 'true',
    profileId: user['ProfileId'] ?? '',
  };
}

/** What is read of every user. */
const always = ['Id', 'ContactId', 'Username', 'IsActive', 'ProfileId', 'CreatedById', 'CreatedDate'];

/** Both dates are the org's clock. */
function isOurs(user: QueryRow, row: SentUser, { createdById, createdDate }: Job): boolean {
  if (createdDate === undefined || user['CreatedById'] !== createdById) return false;
  // What is no date says nothing, and is not ours.
  if (!(Date.parse(user['CreatedDate'] ?? '') >= Date.parse(createdDate))) return false;
  return Object.entries(row.values).every(([field, sent]) => notReadBack.has(field) || isSame(user[field] ?? '', sent));
}

/** PortalRole reads null although the role was given (fixtures, portal-user-record.json). */
const notReadBack: ReadonlySet<string> = new Set(['PortalRole']);

/** Whether Salesforce holds what was sent: it trims texts, and writes Ids, booleans, numbers and times its own way. */
function isSame(stored: string, sent: string): boolean {
  const wanted = sent.toWellFormed().trim();
  if (stored.toLowerCase() === wanted.toLowerCase()) return true;
  if (stored === 'true' || stored === 'false') return (stored === 'true') === /^(true|1)$/i.test(wanted);
  if (isNumber(stored) && isNumber(wanted)) return Number(stored) === Number(wanted);
  if (isTime(stored) && isTime(wanted)) return Date.parse(stored) === Date.parse(wanted);
  return wanted.length === 15 && stored.length === 18 && stored.startsWith(wanted);
}

function isNumber(text: string): boolean {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));
}
