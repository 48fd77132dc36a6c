/** How many users of each profile are active, counted while they are written: licenses ask with every chunk of rows. */
import type { DatabaseSync } from 'node:sqlite';

/** Keeps the table "ActiveUsers" right, no matter who writes users. */
export function countActiveUsers(db: DatabaseSync): void {
  const add = (row: 'OLD' | 'NEW', change: string): string =>
    `INSERT INTO "ActiveUsers" SELECT ${row}."ProfileId", ${change}
      WHERE ${row}."IsActive" = 1 AND ${row}."ProfileId" IS NOT NULL
      ON CONFLICT DO UPDATE SET "n" = "n" + excluded."n"`;
  db.exec(`
    CREATE TABLE IF NOT EXISTS "ActiveUsers" ("ProfileId" TEXT PRIMARY KEY NOT NULL, "n" INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TRIGGER IF NOT EXISTS "UserInserted" AFTER INSERT ON "User" BEGIN ${add('NEW', '1')}; END;
    CREATE TRIGGER IF NOT EXISTS "UserDeleted" AFTER DELETE ON "User" BEGIN ${add('OLD', '-1')}; END;
    CREATE TRIGGER IF NOT EXISTS "UserUpdated" AFTER UPDATE OF "IsActive", "ProfileId" ON "User"
      BEGIN ${add('OLD', '-1')}; ${add('NEW', '1')}; END`);
}

/** Active users by license; licenses without users are in it with 0. */
export const activeUsersByLicense = `
  SELECT "UserLicense"."Id" AS "id", "UserLicense"."UsedLicenses" AS "kept", COALESCE(SUM("ActiveUsers"."n"), 0) AS "used"
  FROM "UserLicense" LEFT JOIN "Profile" ON "Profile"."UserLicenseId" = "UserLicense"."Id"
  LEFT JOIN "ActiveUsers" ON "ActiveUsers"."ProfileId" = "Profile"."Id" GROUP BY "UserLicense"."Id"`;
