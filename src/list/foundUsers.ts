/** The users that are listed, while they are read: the first of them, and counts of all. */
import type { StopRequest } from '../model/runEnd.js';
import type { Emit } from '../model/events.js';
import { mostPeople } from '../model/pageData.js';
import { externalType } from '../model/licenseFamilies.js';
import {
  canLogIn,
  idleDays,
  newDays,
  type AccessSummary,
  type ListedUser,
  type UnseenFact,
} from '../model/access/userList.js';
import { dayMilliseconds } from '../model/time/days.js';
import type { OrgClient } from '../org/orgClient.js';
import type { QueryRow } from '../org/query.js';
import { requiredValue } from '../org/queryRow.js';
import { soqlTime } from '../org/soql.js';
import { licensesOf } from '../preflight/checks.js';
import { rowsWhere } from '../selection/condition.js';
import type { HeldPermissionSets } from '../selection/heldPermissionSets.js';
import { amountOf, type Amount } from '../selection/lookup.js';
import { measured, watched } from '../selection/pages.js';
import { isInactiveSince } from '../selection/loginAge.js';
import { externalUsers } from '../selection/userSource.js';
import { AccessCounter } from './accessCounts.js';
import { listedUser, stateOf, type ListFacts } from './listFacts.js';
import { conditionsOf, isListed, isNarrow, type UserFilter } from './userFilter.js';

type ReadOptions = {
  /** Reads what they hold; undefined where it is not asked for. */
  readonly held: HeldPermissionSets | undefined;
  readonly emit: Emit;
  readonly stop: StopRequest;
};

export class FoundUsers {
  /** 20,000 at most. */
  public readonly first: ListedUser[] = [];
  /** Known before the first is asked for what it holds. */
  public readonly amount: Amount = amountOf(0);
  private readonly facts: ListFacts;
  private readonly filter: UserFilter;
  private readonly counter = new AccessCounter();
  private invitable = 0;
  private notPortalUsers = 0;
  private hasUnseenProfiles = false;

  public constructor(facts: ListFacts, filter: UserFilter) {
    this.facts = facts;
    this.filter = filter;
  }

  /** @param where a condition that is sent as written; the filters hold besides @throws ConditionRejected, RunFault interrupted, OrgError */
  public async *read(client: OrgClient, where: string | undefined, options: ReadOptions): AsyncGenerator<ListedUser[]> {
    const { held, emit, stop } = options;
    const { fields } = this.facts;
    const rows =
      where === undefined
        ? externalUsers(client, fields, conditionsOf(this.filter), { isSparing: true })
        : rowsWhere(client, fields, { flag: '--where', from: 'User', where }, { isSparing: true });
    const daysAgo = (days: number): string => soqlTime(client.now() - days * dayMilliseconds);
    const [idleSince, newSince] = [daysAgo(idleDays), daysAgo(newDays)];
    const pages = watched(rows, emit, stop);
    for await (const page of held === undefined ? pages : measured(pages, this.amount)) {
      const listed = page.filter((user) => this.isListed(user));
      const sets = await held?.of(listed.map((user) => requiredValue(user, 'Id')));
      yield listed.map((row) => {
        const holds =
          sets === undefined ? undefined : (sets.get(requiredValue(row, 'Id')) ?? { names: '', ids: '', ends: '' });
        const user = listedUser(row, stateOf(row, this.facts), this.facts, holds);
        this.keep(user, isInactiveSince(row, idleSince), isInactiveSince(row, newSince));
        return user;
      });
    }
  }

  /** @param isAll whether no condition has chosen them */
  public summary(client: OrgClient, isAll: boolean): AccessSummary {
    const { org } = this.facts;
    const unseen: UnseenFact[] = [...this.facts.unseen, ...(this.hasUnseenProfiles ? ['profiles' as const] : [])];
    const isEverybody = isAll && !isNarrow(this.filter);
    // What was bought and not given out is of interest where everybody is listed.
    const bought = new Set(isEverybody ? licensesOf(org, []).filter(({ total }) => total !== 0) : []);
    const licenses = org.licenses.map((license) => ({ ...license, isShown: bought.has(license) }));
    return {
      orgId: client.orgId,
      username: client.username,
      isSandbox: org.isSandbox,
      asOf: soqlTime(client.now()),
      ...this.counter.total(unseen),
      ...(isEverybody && !unseen.includes('lastLogin') ? { invitable: this.invitable } : {}),
      licenses: this.counter.licenses(licenses, unseen),
      notPortalUsers: this.notPortalUsers,
      unseen,
    };
  }

  private isListed(user: QueryRow): boolean {
    const isExternal = externalType(user['UserType'] ?? null) !== undefined;
    if (!isExternal) this.notPortalUsers += 1;
    return isExternal && isListed(this.filter, user, stateOf(user, this.facts));
  }

  private keep(user: ListedUser, isIdle: boolean, isOld: boolean): void {
    this.counter.add(user, isIdle);
    if (canLogIn(user) && user.lastLoginDate === undefined && isOld) this.invitable += 1;
    this.hasUnseenProfiles ||= user.license === undefined;
    // A copy: V8 takes a kind of object of which many stay for one that stays, and makes each of them in the old generation.
    if (this.first.length < mostPeople) this.first.push({ ...user });
  }
}
