/** A sync that holds every kind of step that it has, and the people to whom that happens. */
import { builderOf, giveAssignments, loginOf } from '../scenarios/changeLab.ts';
import { mainProfile, mainSegment, type RunLab } from '../scenarios/runLab.ts';
import { day, SyncLab } from '../scenarios/sync/syncLab.ts';
import { slug } from '../simulated-org/world/names.ts';

const roleProfile = 'Acme Customer Plus';

export const everyStep = {
  groups: [
    { name: 'Customers', contacts: mainSegment, profile: mainProfile, permissionSets: ['Portal_Documents'] },
    {
      ...{ name: 'Plus', contacts: "Title = 'Plus'", profile: roleProfile },
      permissionSets: ['Portal_Analytics', 'Portal_Bundle'],
    },
  ],
  governs: `Profile.Name IN ('${mainProfile}', 'Acme Customer Login', '${roleProfile}')`,
  leavers: { action: 'freeze', deactivateAfterDays: 30, releaseLicenses: true },
  returners: 'activate',
  profile: 'upgrade',
  permissionSets: 'exact',
  limits: { takeAwayShare: 1 },
} as const;

/** Everybody exists so many times. @returns where the definition is written, and by whom */
export function prepareEveryStep(lab: RunLab, times = 1): SyncLab {
  const sync = SyncLab.of(lab);
  for (let n = 0; n < times; n++) prepareOnce(sync);
  return sync;
}

function prepareOnce(sync: SyncLab): void {
  const { lab } = sync;
  const { store, runningUserId } = lab.org;
  // They are frozen; deactivated, and what they hold released; only released; activated and unfrozen.
  const [leaver, overdue, off, returner] = [sync.person(), sync.person(), sync.person(), sync.person()];
  for (const { userId, contactId } of [leaver, overdue, off]) {
    giveAssignments(lab, userId);
    sync.leave(contactId);
  }
  for (const { userId } of [overdue, off, returner]) freezeBySync(sync, userId);
  for (const { userId } of [off, returner])
    store.update('User', userId, { IsActive: false, LastModifiedById: runningUserId });
  // One permission set stays, another one goes; and so with the profile of the same family.
  giveAssignments(lab, sync.person().userId);
  giveAssignments(lab, sync.person({}, 'Acme Customer Login').userId);
  // An upgrade, and a new user with a role.
  const ofPlus = { Title: 'Plus', Portal_Access__c: false };
  sync.person(ofPlus);
  const build = builderOf(lab);
  const LastName = `Newcomer ${String(store.find('Contact', {}, []).length)}`;
  build.contact(build.account(), { ...ofPlus, LastName, Email: `${slug(LastName)}@people.example` });
}

/** Long enough ago. */
function freezeBySync({ lab }: SyncLab, userId: string): void {
  const { store, clock, runningUserId } = lab.org;
  const LastModifiedDate = new Date(clock.now() - 40 * day).toISOString();
  store.update('UserLogin', loginOf(lab, userId).Id, {
    ...{ IsFrozen: true, LastModifiedById: runningUserId, LastModifiedDate },
  });
}

/** Of a permission set that some hold and others are to get. @param left 0: some lose theirs before others can get it */
export function leaveLicenses({ org: { store } }: RunLab, left: number): void {
  const [license] = store.find('PermissionSetLicense');
  if (license === undefined) throw new Error('this org has no license of permission sets');
  const used = store.find('PermissionSetLicenseAssign', { PermissionSetLicenseId: license.Id }).length;
  store.update('PermissionSetLicense', license.Id, { TotalLicenses: used + left });
}

/** Several of each have gone through it, and nobody is left for later. @returns the folder of the run */
export async function syncedRun(lab: RunLab): Promise<string> {
  const leavers = { ...everyStep.leavers, deactivateAfterDays: 0 };
  const definitionFile = prepareEveryStep(lab, 3).definitionFile({ ...everyStep, leavers });
  leaveLicenses(lab, 100);
  const { folder } = await lab.sync({ definitionFile });
  return folder;
}
