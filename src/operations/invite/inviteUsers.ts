/** Reads what is to be known of users before they get an email with a link, and decides about them by it. */
import type { DatabaseSync } from 'node:sqlite';
import { newDays } from '../../model/access/userList.js';
import type { UserId } from '../../model/ids.js';
import type { SiteMember } from '../../model/orgFacts.js';
import { dayMilliseconds } from '../../model/time/days.js';
import type { UserValues } from '../../model/reasons.js';
import { loginQuery, readLogins, type Login } from '../../org/facts/userLogins.js';
import { assignmentQuery, readAssignments } from '../../org/facts/permissionSets.js';
import type { OrgClient } from '../../org/orgClient.js';
import { unlessHidden } from '../../org/orgErrors.js';
import type { QueryRow } from '../../org/query.js';
import { requiredValue } from '../../org/queryRow.js';
import type { OrgFacts } from '../../preflight/orgFacts.js';
import { canSeeAllSites, liveSitesOf } from '../../preflight/welcomeEmails.js';
import { Lookup, type Amount } from '../../selection/lookup.js';
import { userFieldsOf } from '../../selection/portalUsers.js';
import type { DecidedUser } from '../fillUserPlan.js';
import { planInvite, type InviteSettings } from './invitePlan.js';

/** What the decision, the files and the question need of a user. */
const inviteFields = [
  ...['Id', 'Username', 'Name', 'IsActive', 'UserType', 'ContactId', 'AccountId', 'Account.Name', 'ProfileId'],
  ...['CreatedDate', 'LastLoginDate', 'FederationIdentifier', 'LastPasswordChangeDate', 'TimeZoneSidKey'],
] as const;

export function inviteFieldsOf(facts: OrgFacts): string[] {
  return userFieldsOf(facts, inviteFields);
}

/** Without these it can't be known who needs no email. @returns those that can't be seen */
export function hiddenInviteFields({ userFields }: OrgFacts): string[] {
  const needed = ['IsActive', 'LastLoginDate', 'FederationIdentifier', 'LastPasswordChangeDate'];
  return needed.filter((field) => !userFields.has(field.toLowerCase()));
}

export class InviteUsers {
  private readonly facts: OrgFacts;
  private readonly logins: Lookup;
  private readonly assignments: Lookup;

  /** @param db where copies may lie @param amount of the users that will be asked for */
  public constructor(client: OrgClient, db: DatabaseSync, facts: OrgFacts, amount: Amount) {
    this.facts = facts;
    this.logins = new Lookup(client, db, loginQuery, amount);
    this.assignments = new Lookup(client, db, assignmentQuery, amount);
  }

  /** One decision for each user, by Id. @throws OrgError */
  public async decide(users: readonly QueryRow[], settings: InviteSettings): Promise<ReadonlyMap<UserId, DecidedUser>> {
    const ids = users.map((user) => requiredValue(user, 'Id'));
    const logins = await unlessHidden(readLogins(this.logins.find, ids), new Map<UserId, Login>());
    const sites = await this.sitesOf(users);
    return new Map(
      users.map((user, index) => {
        const id = requiredValue(user, 'Id');
        const mine = sites[index] ?? [];
        const known = canSeeAllSites(this.facts.permissions) || mine.length > 0 ? mine : undefined;
        const decision = planInvite({ user, login: logins.get(id), sites: known }, settings);
        return [id, { decision, snapshot: snapshotOfInvited(user, mine, this.mayBeWelcomed(user, known)) }];
      }),
    );
  }

  /** Whether a user is so new that the link of a welcome email still works, and a site may have sent one. @param sites undefined: not all can be seen */
  private mayBeWelcomed(user: QueryRow, sites: readonly string[] | undefined): boolean {
    const { siteMembers, readAt } = this.facts;
    const isNew = Date.parse(user['CreatedDate'] ?? '') >= readAt - newDays * dayMilliseconds;
    const sends = ({ siteName, sendsWelcomeEmail }: SiteMember): boolean =>
      sendsWelcomeEmail && sites?.includes(siteName) === true;
    return isNew && (sites === undefined || siteMembers.some(sends));
  }

  /** Names of the live sites that each is in, by profile or by a permission set; where no set leads into one, none is asked for. */
  private async sitesOf(users: readonly QueryRow[]): Promise<string[][]> {
    const { siteMembers } = this.facts;
    const bySets = siteMembers.some(({ parentId }) => !parentId.startsWith('00e'));
    const ids = users.map((user) => requiredValue(user, 'Id'));
    const held = bySets ? await readAssignments(this.assignments.find, ids) : undefined;
    return users.map((user) => {
      const sets = held?.get(requiredValue(user, 'Id'))?.keys() ?? [];
      return liveSitesOf(siteMembers, [...[user['ProfileId']].filter((id) => id != null), ...sets]);
    });
  }
}

/** What the question says of the emails. Names of sites can hold anything but line feeds. */
function snapshotOfInvited(user: QueryRow, sites: readonly string[], mayBeWelcomed: boolean): UserValues {
  const timeZone = user['TimeZoneSidKey'];
  return {
    Sites: sites.join('\n'),
    ...(timeZone == null ? {} : { TimeZoneSidKey: timeZone }),
    ...(mayBeWelcomed ? { MayBeWelcomed: 'true' } : {}),
  };
}
