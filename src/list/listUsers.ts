/** `portal users list`: reads the portal users page by page into users.csv; nothing is written to the org. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { StopRequest } from '../model/runEnd.js';
import { unlessInterrupted } from '../engine/stop.js';
import type { Emit } from '../model/events.js';
import { RunFault } from '../model/faults.js';
import type { ListedUser, ListResult, ListTexts } from '../model/access/userList.js';
import type { OrgClient } from '../org/orgClient.js';
import { requireProfile } from '../preflight/names.js';
import { readOrgFacts, type OrgFacts } from '../preflight/orgFacts.js';
import { HeldPermissionSets } from '../selection/heldPermissionSets.js';
import { loginAgeOf, loginFlag, type LoginDays } from '../selection/loginAge.js';
import { folderFault } from '../store/diskFault.js';
import { replacePrivateFile } from '../store/privateFile.js';
import { exportNames, makeRunFolder } from '../store/runFolder.js';
import { withScratchDatabase } from '../store/scratchDatabase.js';
import { AccessToDefine } from './accessToDefine.js';
import { FoundUsers } from './foundUsers.js';
import { readListFacts, type ListFacts } from './listFacts.js';
import { assertHasFolder, assertIsNew, writeNewFile } from './newFile.js';
import type { UserFilter } from './userFilter.js';
import { usersCsv } from './usersCsv.js';

type ListRequest = Pick<UserFilter, 'frozen' | 'status'> &
  LoginDays & {
    /** A condition on User. */
    readonly where: string | undefined;
    /** Name or Id. */
    readonly profile: string | undefined;
    /** Whether the permission sets of the users are read, too. */
    readonly permissionSets: boolean;
    readonly outputDir: string | undefined;
    /** Where to write a first definition file for `sync`; permission sets are read for it, too. */
    readonly definitionFile: string | undefined;
  };

type ListContext = { readonly texts: ListTexts; readonly emit: Emit; readonly stop: StopRequest };

/** As many as a document of --json holds. */
const mostInResult = 2000;

/** The files of a list. */
const listNames = ['users', 'summary', 'report'] as const;

/**
 * @throws RunFault whereEmpty, unknownProfile, lastLoginHidden, frozenHidden, conditionRejected, interrupted, folderNotEmpty,
 * folderInRun, folderNotWritable, noRoomForPlan, definitionExists, definitionNotWritable; OrgError. No folder is left then.
 */
export async function listUsers(request: ListRequest, client: OrgClient, context: ListContext): Promise<ListResult> {
  if (request.where?.trim() === '') throw new RunFault('whereEmpty.users', { flag: '--where' });
  const { definitionFile } = request;
  if (definitionFile !== undefined) await assertIsNew(definitionFile);
  const org = await unlessInterrupted(readOrgFacts(client, { permissionSets: readsSets(request) }), context.stop);
  const filter = filterOf(request, org, client);
  const facts = await unlessInterrupted(readListFacts(client, org), context.stop);
  checkVisible(request, facts);
  const folder = await makeRunFolder(request.outputDir, 'list', new Date()).catch((error: unknown) => {
    throw listFault(error);
  });
  try {
    // It may be in the folder that was just made.
    if (definitionFile !== undefined) await assertHasFolder(definitionFile);
    return await writeList(request, client, new FoundUsers(facts, filter), { ...context, folder: folder.path });
  } catch (error) {
    for (const name of listNames) await rm(path.join(folder.path, exportNames[name]), { force: true });
    await folder.discard();
    throw listFault(folderFault(error, folder.path));
  }
}

/** A list is nothing that resume could go on with, and continues no other run. */
function listFault(fault: unknown): unknown {
  if (!(fault instanceof RunFault)) return fault;
  const folder = fault.facts['folder'] ?? '';
  if (fault.key === 'diskFull') return new RunFault('noRoomForPlan.list', { folder });
  return fault.key === 'folderNotEmpty.run' ? new RunFault('folderNotEmpty', { folder }) : fault;
}

function readsSets({ permissionSets, definitionFile }: ListRequest): boolean {
  return permissionSets || definitionFile !== undefined;
}

function filterOf(request: ListRequest, org: OrgFacts, client: OrgClient): UserFilter {
  const { profile, frozen, status } = request;
  return {
    ...loginAgeOf(request, client),
    profileId: profile === undefined ? undefined : requireProfile(profile, org.profiles).id,
    frozen,
    status,
  };
}

/** What can't be seen can't be asked for. */
function checkVisible(request: ListRequest, { unseen, org }: ListFacts): void {
  const flag = loginFlag(request);
  if (flag !== undefined && unseen.includes('lastLogin')) throw new RunFault('lastLoginHidden', { flag });
  if (request.frozen && unseen.includes('frozen')) throw new RunFault('frozenHidden', { username: org.username });
}

/** Writes users.csv while the users are read, then what is made of their numbers. */
async function writeList(
  request: ListRequest,
  client: OrgClient,
  found: FoundUsers,
  { texts, emit, stop, folder }: ListContext & { readonly folder: string },
): Promise<ListResult> {
  const { where, definitionFile } = request;
  const withSets = readsSets(request);
  const access = new AccessToDefine();
  const write = async (held?: HeldPermissionSets): Promise<void> => {
    const pages = access.countedOf(found.read(client, where, { held, emit, stop }));
    await replacePrivateFile(path.join(folder, exportNames.users), usersCsv(pages, withSets));
  };
  if (!withSets) await write();
  // Whoever asks for everybody's asks for many.
  else await withScratchDatabase(folder, (db) => write(new HeldPermissionSets(client, db, found.amount, false)));
  const result = resultOf(found, client, folder, request);
  await replacePrivateFile(result.files.summary, [texts.summary(result)]);
  await replacePrivateFile(result.files.report, texts.page(result, found.first));
  if (definitionFile !== undefined) {
    const { orgId, isSandbox, asOf } = result.summary;
    const orgKind = isSandbox ? 'sandbox' : 'production';
    const first = { file: definitionFile, orgId, orgKind, asOf, profiles: access.profilesOf(result.summary) } as const;
    await writeNewFile(definitionFile, texts.definition(first));
  }
  return result;
}

function resultOf(found: FoundUsers, client: OrgClient, folder: string, request: ListRequest): ListResult {
  const users: readonly ListedUser[] = found.first.slice(0, mostInResult);
  const isAll = request.where === undefined;
  const summary = found.summary(client, isAll);
  return {
    summary,
    users,
    truncated: summary.users > users.length,
    outputDir: folder,
    files: {
      users: path.join(folder, exportNames.users),
      summary: path.join(folder, exportNames.summary),
      report: path.join(folder, exportNames.report),
      ...(request.definitionFile === undefined ? {} : { definition: request.definitionFile }),
    },
  };
}
