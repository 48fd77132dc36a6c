/** A user's effective rights: those of the profile, of the permission sets, and of the permission set groups. */
import type { DatabaseSync } from 'node:sqlite';
import { permissionNames } from './schema/permissionNames.ts';
import { statement } from './statements.ts';

const known = new Set(permissionNames);

/** Permission sets of a user, directly or through groups. */
const setsOfUser = `
  SELECT "PermissionSetId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = :user AND "PermissionSetId" IS NOT NULL
  UNION
  SELECT c."PermissionSetId" FROM "PermissionSetAssignment" a
    JOIN "PermissionSetGroupComponent" c ON c."PermissionSetGroupId" = a."PermissionSetGroupId"
    WHERE a."AssigneeId" = :user`;

/** `name` without the `Permissions` in front. */
export function hasPermission(db: DatabaseSync, userId: string, name: string): boolean {
  if (!known.has(name)) throw new Error(`There is no permission ${name}`);
  const column = `"Permissions${name}"`;
  const sql = `SELECT
    EXISTS (SELECT 1 FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId" WHERE u."Id" = :user AND p.${column} = 1)
    OR EXISTS (SELECT 1 FROM "PermissionSet" s WHERE s.${column} = 1 AND s."Id" IN (${setsOfUser})) AS granted`;
  const row = statement(db, sql).get({ user: userId });
  return row?.['granted'] === 1;
}

/** Puts the one row of UserPermissionAccess in place that this user is to see. */
export function refreshUserPermissionAccess(db: DatabaseSync, id: string, userId: string): void {
  const columns = permissionNames.map((name) => `"Permissions${name}"`);
  const granted = columns.map((column) => `COALESCE(MAX(${column}), 0)`).join(', ');
  db.exec('DELETE FROM "UserPermissionAccess"');
  const sql = `INSERT INTO "UserPermissionAccess" ("Id", ${columns.join(', ')})
    SELECT :id, ${granted} FROM (
      SELECT ${columns.join(', ')} FROM "Profile" WHERE "Id" = (SELECT "ProfileId" FROM "User" WHERE "Id" = :user)
      UNION ALL
      SELECT ${columns.join(', ')} FROM "PermissionSet" WHERE "Id" IN (${setsOfUser}))`;
  statement(db, sql).run({ id, user: userId });
}
