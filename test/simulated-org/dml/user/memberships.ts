/** Site membership and the welcome mails that come with it (docs/salesforce-facts.md#sites-emails-and-passwords). */
import type { Chunk } from '../orgForDml.ts';
import { statement } from '../../statements.ts';

/** Sites whose groups hold the user's profile or one of the user's permission sets, and that the user is not in yet. */
function sitesToJoin(chunk: Chunk, user: Member): string[] {
  const sql =
    'SELECT DISTINCT "NetworkId" AS "id" FROM "NetworkMemberGroup" WHERE "AssignmentStatus" = \'Added\' AND ("ParentId" = ?2 OR "ParentId" IN ' +
    '(SELECT "PermissionSetId" FROM "PermissionSetAssignment" WHERE "AssigneeId" = ?1 UNION SELECT "c"."PermissionSetId" FROM "PermissionSetAssignment" "a" ' +
    'JOIN "PermissionSetGroupComponent" "c" ON "c"."PermissionSetGroupId" = "a"."PermissionSetGroupId" WHERE "a"."AssigneeId" = ?1)) ' +
    'AND "NetworkId" NOT IN (SELECT "NetworkId" FROM "NetworkMember" WHERE "MemberId" = ?1) ORDER BY 1';
  return statement(chunk.org.store.db, sql)
    .all(text(user['Id']), text(user['ProfileId']))
    .map((row) => String(row['id']));
}

/** A few columns of the user: asked for with every row written. */
type Member = Record<string, unknown>;

function readMember(chunk: Chunk, userId: string): Member | undefined {
  return statement(chunk.org.store.db, 'SELECT "Id", "Email", "ProfileId", "IsActive" FROM "User" WHERE "Id" = ?').get(
    userId,
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Members are active users: called after an insert, an activation, or an assignment of a permission set. */
export function joinSites(chunk: Chunk, userId: string): void {
  const user = readMember(chunk, userId);
  if (user?.['IsActive'] !== 1) return;
  const joined = sitesToJoin(chunk, user);
  for (const networkId of joined) chunk.org.store.insert('NetworkMember', { NetworkId: networkId, MemberId: userId });
  sendWelcomeMails(chunk, user, joined);
}

/** A reactivated user is a member already; whether the sites write again is a switch. */
export function welcomeBack(chunk: Chunk, userId: string): void {
  const user = readMember(chunk, userId);
  if (user === undefined || !chunk.org.switches.mail.onReactivation) return;
  const sites = chunk.org.store.find('NetworkMember', { MemberId: userId }).map((member) => text(member['NetworkId']));
  sendWelcomeMails(chunk, user, sites);
}

export function leaveSites(chunk: Chunk, userId: string): void {
  statement(chunk.org.store.db, 'DELETE FROM "NetworkMember" WHERE "MemberId" = ?').run(userId);
}

/** Only with the site live, its option on, and deliverability "All email". */
function sendWelcomeMails(chunk: Chunk, user: Member, networkIds: readonly string[]): void {
  const { mail } = chunk.org.switches;
  if (mail.deliverability !== 'all') return;
  const writing = networkIds.filter((id) => writes(chunk, id));
  for (const networkId of mail.perSite ? writing : writing.slice(0, 1)) {
    const sentAt = chunk.org.clock.timestamp();
    chunk.org.rules.outbox.mails.push({
      kind: 'welcome',
      to: text(user['Email']),
      userId: text(user['Id']),
      networkId,
      sentAt,
    });
  }
}

function writes(chunk: Chunk, networkId: string): boolean {
  const { writingSites } = chunk.kept;
  const known = writingSites.get(networkId);
  if (known !== undefined) return known;
  const site = chunk.org.store.get('Network', networkId);
  const does = site?.['Status'] === 'Live' && site['OptionsSendWelcomeEmail'] === true;
  writingSites.set(networkId, does);
  return does;
}
