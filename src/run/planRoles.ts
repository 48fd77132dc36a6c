/** Portal roles in the plan: which rows ask for a role that can't be, and which make Salesforce create roles. */
import type { DatabaseSync } from 'node:sqlite';
import type { OrgClient } from '../org/orgClient.js';
import { readPortalRoles, type PortalRole } from '../org/portalRoles.js';
import type { Profile } from '../plan/contactPlan.js';
import { externalType } from '../plan/licenseFamilies.js';
import { refuse, type Refusal, type UserValues } from '../plan/reasons.js';
import { changeDecision, isUnsent } from './planRecords.js';
import { valuesOf } from './recordRows.js';
import { numberOf, selectRows, textOf, transaction } from './sqlite.js';

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
  const condition = `${isUnsent} AND family = 'roleBased'`;
  const accounts = [...selectRows(db, `SELECT DISTINCT accountId FROM record WHERE ${condition}`)];
  if (accounts.length === 0) return;
  const roles = await readPortalRoles(
    client,
    accounts.map((row) => textOf(row['accountId'])),
  );
  if (roles === undefined) return;
  const byAccount = Map.groupBy(roles.filter(isOfAccount), (role) => `${role.accountId} ${role.portalType}`);
  const rows = [...selectRows(db, `SELECT * FROM record WHERE ${condition} ORDER BY n`)];
  const makesRoles = db.prepare('UPDATE record SET wave = 0 WHERE n = ?');
  const begun = new Set<string>();
  transaction(db, () => {
    db.exec(`UPDATE record SET wave = 1 WHERE ${condition} AND wave <> 1`);
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
  if (roleId !== undefined && !roles.some((role) => role.id.startsWith(roleId.slice(0, 15)))) {
    return refuse('ROLE_NOT_ALLOWED', [roleId, accountName], 'role');
  }
  if (level === undefined || roles.length === 0 || roles.some((role) => role.level === level)) return undefined;
  const levels = roles.map((role) => role.level).join(', ');
  return refuse('ROLE_NOT_ALLOWED', [level, accountName, levels]);
}
