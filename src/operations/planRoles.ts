/** Portal roles in the plan: which rows ask for a role that can't be, and which make Salesforce create roles. */
import type { DatabaseSync } from 'node:sqlite';
import { sameId, type ProfileId } from '../model/ids.js';
import { externalType } from '../model/licenseFamilies.js';
import type { OrgSettings, Profile } from '../model/orgFacts.js';
import { refuse, type Refusal } from '../model/reasons.js';
import type { OrgClient } from '../org/orgClient.js';
import { portalRoleQuery, readPortalRoles, type PortalRole } from '../org/facts/portalRoles.js';
import { amountOf, Lookup } from '../selection/lookup.js';
import { accountPages, beginWaves, roleRows, setFirstWave, type RoleRow } from '../store/queries/roleRows.js';
import { transaction } from '../store/sqlite.js';
import { giveUpSubject } from '../store/subjects.js';

/**
 * Refuses rows with ROLE_NOT_ALLOWED and marks the first row of each account without roles as the one that makes them
 * (docs/salesforce-facts.md#portal-roles, #locks): those are sent first, under Salesforce's group-membership lock.
 * Roles are resolved by account, type and level, never by name. Called again, it looks at what is still to be sent.
 * @throws OrgError
 */
export async function planRoles(
  client: OrgClient,
  db: DatabaseSync,
  profiles: ReadonlyMap<ProfileId, Profile>,
  { accountRoleOptimization }: OrgSettings,
): Promise<void> {
  // With Account Role Optimization the second user of an account makes its roles, not the first.
  const makers = accountRoleOptimization === true ? 2 : 1;
  const lookup = new Lookup(client, db, portalRoleQuery, amountOf(beginWaves(db)));
  for (const accountIds of accountPages(db)) {
    const roles = await readPortalRoles(lookup.find, accountIds);
    if (roles === undefined) return;
    // Account Role Optimization gives the first user of an account a role that it shares with others; the account's own
    // roles are still to be made (docs/salesforce-facts.md#portal-roles).
    const own = roles.filter(({ level }) => level !== 'PersonAccount');
    const byAccount = Map.groupBy(own, (role) => `${role.accountId} ${role.portalType}`);
    const seen = new Map<string, number>();
    const first: number[] = [];
    transaction(db, () => {
      for (const row of roleRows(db, accountIds)) {
        const type = externalType(profiles.get(row.profileId)?.userType ?? null)?.portalType;
        const account = `${row.accountId} ${String(type)}`;
        const existing = byAccount.get(account);
        const refusal = checkRole(row, existing ?? []);
        if (refusal !== undefined) {
          giveUpSubject(db, row.subject, refusal);
          continue;
        }
        const before = seen.get(account) ?? 0;
        if (existing === undefined && before < makers) first.push(row.n);
        seen.set(account, before + 1);
      }
      setFirstWave(db, first);
    });
  }
}

/** An account without roles gets as many levels as the org's setting says, which can't be read: Salesforce decides. */
function checkRole({ values, accountName = '' }: RoleRow, roles: readonly PortalRole[]): Refusal | undefined {
  const { UserRoleId: roleId, PortalRole: level } = values;
  if (roleId !== undefined && !roles.some((role) => sameId(role.id, roleId))) {
    return refuse('ROLE_NOT_ALLOWED.role', { role: roleId, account: accountName });
  }
  if (level === undefined || roles.length === 0 || roles.some((role) => role.level === level)) return undefined;
  const levels = roles.map((role) => role.level).join(', ');
  return refuse('ROLE_NOT_ALLOWED.detail', { level, account: accountName, levels });
}
