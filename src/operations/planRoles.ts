/** Portal roles in the plan: which rows ask for a role that can't be, and which make Salesforce create roles. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { portalRoleQuery, readPortalRoles, type PortalRole } from '../org/portalRoles.js';
import type { Profile } from '../model/orgFacts.js';
import { sameId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import { refuse, type Refusal, type UserValues } from '../model/reasons.js';
import { Lookup, mostByLists } from '../selection/lookup.js';
import { changeDecision } from '../store/planRecords.js';
import { valuesOf } from '../store/recordRows.js';
import { numberOf, selectNumber, selectRows, textOf, transaction } from '../store/sqlite.js';

/**
 * Refuses rows with ROLE_NOT_ALLOWED and marks the first row of each account without roles as the one that makes them
 * (portal-users §6, §13): those are sent first, under Salesforce's group-membership lock.
 * Roles are resolved by account, type and level, never by name. Called again, it looks at what is still to be sent.
 * @throws OrgError
 */
export async function planRoles(
  client: OrgClient,
  db: DatabaseSync,
  profiles: ReadonlyMap<string, Profile>,
): Promise<void> {
  db.exec(`UPDATE record SET wave = 1 WHERE ${isConcerned} AND wave <> 1`);
  const accounts = selectNumber(db, `SELECT count(DISTINCT accountId) FROM record WHERE ${isConcerned}`);
  const lookup = new Lookup(client, db, portalRoleQuery, accounts > mostByLists);
  for (const accountIds of accountPages(db)) {
    const roles = await readPortalRoles(lookup.find, accountIds);
    if (roles === undefined) return;
    planRolesOf(db, accountIds, roles, profiles);
  }
}

/** SQL: the rows whose roles matter; `planRolesOf` takes rows out of wave 1. */
const isConcerned = "state = 'planned' AND family = 'roleBased' AND action = 'create'";
const accountsPerPage = 500;

/** The accounts of the rows, in the order of their Ids. */
function* accountPages(db: DatabaseSync): Generator<string[]> {
  const sql = `SELECT DISTINCT accountId FROM record WHERE ${isConcerned} AND wave = 1 AND accountId > ?
    ORDER BY accountId LIMIT ${String(accountsPerPage)}`;
  for (let last = ''; ;) {
    const page = Array.from(selectRows(db, sql, last), (row) => textOf(row['accountId']));
    if (page.length === 0) return;
    yield page;
    last = page.at(-1) ?? '';
  }
}

/** @param accountIds in order */
function planRolesOf(
  db: DatabaseSync,
  accountIds: readonly string[],
  roles: readonly PortalRole[],
  profiles: ReadonlyMap<string, Profile>,
): void {
  const byAccount = Map.groupBy(roles.filter(isOfAccount), (role) => `${role.accountId} ${role.portalType}`);
  const sql = `SELECT n, accountId, accountName, profileId, fieldValues, nickname FROM record
    WHERE ${isConcerned} AND wave = 1 AND accountId BETWEEN ? AND ? ORDER BY n`;
  const rows = [...selectRows(db, sql, accountIds[0] ?? '', accountIds.at(-1) ?? '')];
  const makesRoles = db.prepare('UPDATE record SET wave = 0 WHERE n = ?');
  const begun = new Set<string>();
  transaction(db, () => {
    for (const row of rows) {
      const type = externalType(profiles.get(textOf(row['profileId']))?.userType ?? null)?.portalType ?? '';
      const account = `${textOf(row['accountId'])} ${type}`;
      const existing = byAccount.get(account);
      const refusal = checkRole(valuesOf(row), textOf(row['accountName']), existing ?? []);
      if (refusal !== undefined) {
        changeDecision(db, numberOf(row['n']), refusal);
        continue;
      }
      if (existing === undefined && !begun.has(account)) makesRoles.run(numberOf(row['n']));
      begun.add(account);
    }
  });
}

/**
 * Account Role Optimization gives the first user of an account a role that it shares with others; the account's own roles
 * are still to be made (portal-users §6).
 */
function isOfAccount({ level }: PortalRole): boolean {
  return level !== 'PersonAccount';
}

/** An account without roles gets as many levels as the org's setting says, which can't be read: Salesforce decides. */
function checkRole(values: UserValues, accountName: string, roles: readonly PortalRole[]): Refusal | undefined {
  const { UserRoleId: roleId, PortalRole: level } = values;
  if (roleId !== undefined && !roles.some((role) => sameId(role.id, roleId))) {
    return refuse('ROLE_NOT_ALLOWED.role', { role: roleId, account: accountName });
  }
  if (level === undefined || roles.length === 0 || roles.some((role) => role.level === level)) return undefined;
  const levels = roles.map((role) => role.level).join(', ');
  return refuse('ROLE_NOT_ALLOWED.detail', { level, account: accountName, levels });
}
