/** Asks the org what is true of new users whose answer is unknown or says "already exists". */
import type { OthersUser } from '../model/orgFacts.js';
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { queryIn, type QueryRow } from '../org/query.js';
import type { UserValues } from '../model/reasons.js';
import { readMakers, recordedJobIds } from '../store/jobRecords.js';
import { recordsOf, valuesOf } from '../store/recordRows.js';
import { readRivalClaims, type ClaimedUser, type RivalClaim, type RivalContext } from './rivalJobs.js';
import { numberOf } from '../store/sqlite.js';
import type { SentRow } from '../engine/work.js';

/** A new user under way. */
export type SentUser = SentRow & { readonly nickname: string; readonly nicknameIsGiven: boolean };

export type Truth =
  /** A user with every value as sent, made by us since the run's first job: ours, though no answer says so. */
  | { readonly truth: 'ours'; readonly userId: string }
  /**
   * Such a user, while another run had the same contact and was refused: one of the two made it, by a batch that the server
   * repeated. It counts as that of the first of them, unless Salesforce has answered ours.
   */
  | { readonly truth: 'contested'; readonly user: OthersUser }
  /** The contact has a user that is not ours. */
  | { readonly truth: 'someoneElses'; readonly user: OthersUser }
  /** The contact has no user that we can see. */
  | { readonly truth: 'none' };

/** Rows whose values are in memory at a time. */
const rowsPerPage = 2_000;

/**
 * Looks the contacts of all rows up.
 * @param jobId that sent them; undefined: none, they wait to be sent again
 * @returns the truth by row number; undefined when the run is to stop before it can be known
 * @throws OrgError
 */
export async function askOrg(
  context: RivalContext,
  db: DatabaseSync,
  rows: ReadonlyArray<Pick<SentRow, 'n'>>,
  jobId: string | undefined,
): Promise<ReadonlyMap<number, Truth> | undefined> {
  const truths = new Map<number, Truth>();
  const makers = readMakers(db);
  const claimed: Array<ClaimedUser & { readonly n: number; readonly user: OthersUser }> = [];
  for (let start = 0; start < rows.length; start += rowsPerPage) {
    const page = rows.slice(start, start + rowsPerPage);
    const sent = new Map(
      recordsOf(db, page, 'fieldValues, nickname').map((row) => [numberOf(row['n']), valuesOf(row)]),
    );
    const users = await readUsers(context.client, sent);
    for (const { n } of page) {
      const row = users.get(n);
      if (row === undefined) truths.set(n, { truth: 'none' });
      else if (!isOurs(row, sent.get(n) ?? {}, makers)) truths.set(n, { truth: 'someoneElses', user: othersUser(row) });
      else claimed.push({ n, ...claimedUser(row), user: othersUser(row) });
    }
  }
  // Whoever made one of them had begun before it was read.
  const claims = await readRivalClaims(context, { jobId, ownJobIds: recordedJobIds(db) }, claimed);
  if (claims === undefined) return undefined;
  for (const { n, id, user } of claimed) truths.set(n, ourTruth(user, claims.get(id)));
  return truths;
}

function ourTruth(user: OthersUser, claim: RivalClaim | undefined): Truth {
  if (claim === 'made') return { truth: 'someoneElses', user };
  return claim === 'refusedBefore' ? { truth: 'contested', user } : { truth: 'ours', userId: user.id };
}

function claimedUser(user: QueryRow): ClaimedUser {
  return {
    id: user['Id'] ?? '',
    contactId: user['ContactId'] ?? '',
    createdById: user['CreatedById'] ?? '',
    createdDate: user['CreatedDate'] ?? '',
  };
}

/** The users of the rows' contacts, by row number. @param sent values by row number */
async function readUsers(client: OrgClient, sent: ReadonlyMap<number, UserValues>): Promise<Map<number, QueryRow>> {
  const byContact = new Map([...sent].map(([n, values]) => [values['ContactId'] ?? '', n]));
  const fields = [...new Set([...always, ...[...sent.values()].flatMap((values) => Object.keys(values))])];
  const values = [...byContact.keys()];
  const users = new Map<number, QueryRow>();
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

/** @param makers since when jobs of this run have made users, by who made the jobs; all dates are the org's clock */
function isOurs(user: QueryRow, values: UserValues, makers: ReadonlyMap<string, string>): boolean {
  const since = makers.get(user['CreatedById'] ?? '');
  // What is no date says nothing, and is not ours.
  if (since === undefined || !(Date.parse(user['CreatedDate'] ?? '') >= Date.parse(since))) return false;
  return Object.entries(values).every(([field, sent]) => notReadBack.has(field) || isSame(user[field] ?? '', sent));
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
