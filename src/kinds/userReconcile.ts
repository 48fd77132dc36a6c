/** Asks the org what is true of new users whose answer is unknown or says "already exists". */
import type { AskContext } from '../engine/kind.js';
import { sameId, type JobId, type UserId } from '../model/ids.js';
import type { UserValues } from '../model/reasons.js';
import type { Step } from '../model/steps.js';
import type { OrgClient } from '../org/orgClient.js';
import { requiredValue } from '../org/queryRow.js';
import { allRows, queryIn, type QueryRow } from '../org/query.js';
import { readMakers, recordedJobIds } from '../store/sends.js';
import { valuesOfSteps } from '../store/steps.js';
import { readRivalClaims, type ClaimedUser, type RivalClaim, type RivalContext } from './rivalJobs.js';

export type OthersUser = {
  readonly id: string;
  readonly username: string;
  readonly isActive: boolean;
  readonly hasWantedProfile: boolean;
};

export type UserTruth =
  /** A user with every value as sent, made by us since the run's first job: ours, though no answer says so. */
  | { readonly truth: 'ours'; readonly userId: UserId }
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
 * Looks the contacts of all steps up.
 * @param jobId that sent them; undefined: none, they wait to be sent again
 * @returns the truth by step number; undefined when the run is to stop before it can be known
 * @throws OrgError
 */
export async function askForUsers(
  context: RivalContext & Pick<AskContext, 'db'>,
  steps: ReadonlyArray<Pick<Step, 'n'>>,
  jobId: JobId | undefined,
): Promise<ReadonlyMap<number, UserTruth> | undefined> {
  const { client, db } = context;
  const truths = new Map<number, UserTruth>();
  const makers = readMakers(db, 'createUser');
  const claimed: Array<ClaimedUser & OthersUser & { readonly n: number }> = [];
  for (let start = 0; start < steps.length; start += rowsPerPage) {
    const sent = valuesOfSteps(db, steps.slice(start, start + rowsPerPage));
    const users = await readUsersOfContacts(client, sent);
    for (const [n, values] of sent) {
      const row = users.get(n);
      if (row === undefined) truths.set(n, { truth: 'none' });
      else if (isOurs(row, values, makers)) claimed.push({ n, ...claimedUser(row, values) });
      else truths.set(n, { truth: 'someoneElses', user: othersUser(row, values) });
    }
  }
  // The run that made one of them had begun before it was read.
  const claims = await readRivalClaims(context, { jobId, ownJobIds: recordedJobIds(db) }, claimed);
  if (claims === undefined) return undefined;
  for (const { n, ...user } of claimed) truths.set(n, ourTruth(user, claims.get(user.id)));
  return truths;
}

function ourTruth(user: OthersUser, claim: RivalClaim | undefined): UserTruth {
  if (claim === 'made') return { truth: 'someoneElses', user };
  return claim === 'refusedBefore' ? { truth: 'contested', user } : { truth: 'ours', userId: user.id };
}

/** The users of the steps' contacts, by step number. @param sent values by step number */
async function readUsersOfContacts(
  client: OrgClient,
  sent: ReadonlyMap<number, UserValues>,
): Promise<Map<number, QueryRow>> {
  const byContact = new Map(
    [...sent].flatMap(([n, { ContactId }]) => (ContactId === undefined ? [] : [[ContactId, n]])),
  );
  const fields = [...new Set([...always, ...[...sent.values()].flatMap((values) => Object.keys(values))])];
  const values = [...byContact.keys()];
  const users = await allRows(queryIn(client, { fields, from: 'User', field: 'ContactId', values }));
  return new Map(
    users.flatMap((user) => {
      const n = byContact.get(requiredValue(user, 'ContactId'));
      return n === undefined ? [] : [[n, user]];
    }),
  );
}

function claimedUser(user: QueryRow, sent: UserValues): ClaimedUser & OthersUser {
  return {
    ...othersUser(user, sent),
    contactId: requiredValue(user, 'ContactId'),
    createdById: requiredValue(user, 'CreatedById'),
    createdDate: requiredValue(user, 'CreatedDate'),
  };
}

function othersUser(user: QueryRow, sent: UserValues): OthersUser {
  return {
    id: requiredValue(user, 'Id'),
    username: requiredValue(user, 'Username'),
    isActive: user['IsActive'] === 'true',
    hasWantedProfile: sameId(user['ProfileId'] ?? undefined, sent['ProfileId']),
  };
}

/** What is read of every user. */
const always = ['Id', 'ContactId', 'Username', 'IsActive', 'ProfileId', 'CreatedById', 'CreatedDate'];

/** @param makers since when jobs of this run have made users, by who made the jobs; all dates are the org's clock */
function isOurs(user: QueryRow, values: UserValues, makers: ReadonlyMap<UserId, string>): boolean {
  const since = makers.get(requiredValue(user, 'CreatedById'));
  const created = user['CreatedDate'] ?? undefined;
  // What is no date says nothing, and is not ours.
  if (since === undefined || created === undefined || !(Date.parse(created) >= Date.parse(since))) return false;
  return Object.entries(values).every(([field, sent]) => notReadBack.has(field) || isSame(user[field] ?? '', sent));
}

/** PortalRole reads null although the role was given (docs/salesforce-facts.md#portal-roles). */
const notReadBack: ReadonlySet<string> = new Set(['PortalRole']);

/** Whether Salesforce holds what was sent: it trims texts, may end lines in CRLF, and writes Ids, booleans, numbers and times its own way. */
function isSame(stored: string, sent: string): boolean {
  const wanted = sent.toWellFormed().trim();
  if (stored.replaceAll('\r\n', '\n').toLowerCase() === wanted.toLowerCase()) return true;
  if (stored === 'true' || stored === 'false') return (stored === 'true') === /^(true|1)$/i.test(wanted);
  if (isNumber(stored) && isNumber(wanted)) return Number(stored) === Number(wanted);
  if (isTime(stored) && isTime(wanted)) return Date.parse(stored) === Date.parse(wanted);
  return wanted.length === 15 && stored.length === 18 && stored.startsWith(wanted);
}

const isNumber = (text: string): boolean => /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
const isTime = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text));
