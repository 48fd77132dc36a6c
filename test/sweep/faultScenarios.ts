/** The runs that the fault sweep repeats: each on an org of its own, which is the same every time. */
import { faultAnswers, type FaultMatch } from '../simulated-org/faults.ts';
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { among, csvFile, makeHolders, makeUsers } from '../scenarios/changeLab.ts';
import type { SyncRunRequest } from '../../lib/operations/sync/beginSync.js';
import { mainProfile, mainSegment, type DriveChanges, type Run, type RunLab } from '../scenarios/runLab.ts';
import { everyStep, leaveLicenses, prepareEveryStep, syncedRun } from './everyStep.ts';
import { afterOnce, inEachOrg, type Prepare } from './prepared.ts';

export type Scenario = {
  readonly name: string;
  readonly options: SimulatedOrgOptions;
  /** Makes what has to be there before. */
  readonly prepare: Prepare<Command>;
  /** Which calls are struck, by those before them; the others of so large a run are those of a smaller one too. */
  readonly concerns: (call: LedgerEntry, before: readonly LedgerEntry[]) => boolean;
  /** Takes too long for a sample. */
  readonly isLarge: boolean;
};

export type Command = {
  /** Where run.db will be. */
  readonly folder: string;
  readonly run: (changes: DriveChanges) => Promise<Run>;
};

const small: SimulatedOrgOptions = { world: { customerContacts: 2 } };

function scenario(name: string, prepare: Scenario['prepare'], more: Partial<Scenario> = {}): Scenario {
  return { name, options: small, prepare, concerns: () => true, isLarge: false, ...more };
}

/** Calls that write, and those by which the outcome is learnt. */
export const isWriting = ({ path }: LedgerEntry): boolean => /\/jobs\/ingest|\/composite\//.test(path);

const isReading: Scenario['concerns'] = (call) => !isWriting(call);

/** A resume reads people again, after the facts about the org that every command reads, and before it writes. */
const isLookingAgain: Scenario['concerns'] = (call, before) =>
  before.some(({ resource }) => resource === '/sobjects/PermissionSetAssignment/describe') &&
  ![call, ...before].some(isWriting);

const isBulkQuery = ({ path }: LedgerEntry): boolean => path.includes('/jobs/query');

const large: Partial<Scenario> = { concerns: isWriting, isLarge: true };

type CreateRequest = NonNullable<Parameters<RunLab['create']>[0]>;
type ChangeRequest = NonNullable<Parameters<RunLab['change']>[0]>;

function create(request: CreateRequest): Scenario['prepare'] {
  return inEachOrg((lab) => createIn(lab, request));
}

function createIn(lab: RunLab, request: CreateRequest): Promise<Command> {
  return commandOf(lab, (outputDir, changes) => lab.create({ ...request, outputDir }, changes));
}

function changeIn(lab: RunLab, request: ChangeRequest): Promise<Command> {
  return commandOf(lab, (outputDir, changes) => lab.change({ ...request, outputDir }, changes));
}

function change(request: ChangeRequest, users = 5): Scenario['prepare'] {
  return afterOnce(
    (lab) => among(makeUsers(lab, mainProfile, users)),
    (lab, where) => changeIn(lab, { ...request, where }),
  );
}

function commandOf(lab: RunLab, run: (outputDir: string, changes: DriveChanges) => Promise<Run>): Promise<Command> {
  const folder = lab.newFolder();
  return Promise.resolve({ folder, run: (changes) => run(folder, changes) });
}

/** Permission sets for users that another run has made. */
function assignOnly(): Scenario['prepare'] {
  return afterOnce(
    (lab) => lab.create({}),
    (lab) => createIn(lab, { permissionSets }),
  );
}

/** The way back of a disable run. */
function undo(mode: 'freeze' | 'deactivate'): Scenario['prepare'] {
  return afterOnce(
    (lab) => lab.change({ mode, where: among(makeUsers(lab, mainProfile, 5)) }),
    (lab, { folder: fromRun }) => changeIn(lab, { operation: 'enable', fromRun }),
  );
}

/** Users lose what they hold, too; one is inactive already. */
function releasing(): Scenario['prepare'] {
  return afterOnce(
    (lab) => among(makeHolders(lab, mainProfile, 4)),
    (lab, where) => changeIn(lab, { ...release, where }),
  );
}

const release: ChangeRequest = { mode: 'deactivate', releaseLicenses: true };

/** The way back of that. */
function undoRelease(): Scenario['prepare'] {
  return afterOnce(
    (lab) => lab.change({ ...release, where: among(makeHolders(lab, mainProfile, 4)) }),
    (lab, { folder: fromRun }) => changeIn(lab, { operation: 'enable', fromRun }),
  );
}

/** `resume` of a dry run. */
function resumed(dryRun: Scenario['prepare']): Scenario['prepare'] {
  return async (options) => {
    const { lab, command } = await dryRun(options);
    const { folder, run } = command;
    await run({});
    return { lab, command: { folder, run: (changes) => lab.resume(folder, changes) } };
  };
}

/** What is wrong with the org while a run begins, so that it leaves work under way. */
type Trouble = (lab: RunLab) => void;

/** `resume` of a run that was stopped in the middle; what had stopped it is over. */
function underWay(begin: Scenario['prepare'], trouble: Trouble): Scenario['prepare'] {
  return async (options) => {
    const { lab, command } = await begin(options);
    const { folder, run } = command;
    trouble(lab);
    const wait = lab.org.switches.bulk.stuck ? { wait: 0 } : {};
    const { end } = await run({ clock: lab.patientClock(), ...wait });
    if (end.end !== 'call' && end.end !== 'wait') throw new Error(`the run has not left work: ${JSON.stringify(end)}`);
    lab.org.faults.clear();
    lab.org.switches.bulk.stuck = false;
    return { lab, command: { folder, run: (changes) => lab.resume(folder, changes) } };
  };
}

/** No job can be closed: it has all its rows, and is Open. */
const leavesOpenJob: Trouble = ({ org }) =>
  void org.faults.add({ method: 'PATCH', path: /^\/jobs\/ingest/, times: Infinity }, faultAnswers.dailyLimit());

/** The job is closed, and Salesforce does not get to it. */
const leavesClosedJob: Trouble = ({ org }) => {
  org.switches.bulk.stuck = true;
};

/** A collection is processed or not, its answer does not come, and nobody can be asked. */
function leavesUnsureCall(kind: 'dropBefore' | 'dropAfter'): Trouble {
  const collection: FaultMatch = { path: /^\/composite\/sobjects/ };
  return ({ org }) => {
    const run = (): void => void org.faults.add({ times: Infinity }, faultAnswers.dailyLimit());
    org.faults.add(collection, { kind: 'meanwhile', run });
    org.faults.add(collection, { kind });
  };
}

/** Users that are not active, to be let in again. */
function activate(): Scenario['prepare'] {
  return afterOnce(
    (lab) => among(makeInactiveUsers(lab)),
    (lab, where) => changeIn(lab, { operation: 'enable', mode: 'activate', where }),
  );
}

export function makeInactiveUsers(lab: RunLab): string[] {
  const ids = makeUsers(lab, mainProfile, 5);
  for (const id of ids) lab.org.store.update('User', id, { IsActive: false });
  return ids;
}

/** Every kind of step that a sync has. */
function sync(request: Partial<SyncRunRequest> = {}): Scenario['prepare'] {
  return afterOnce(
    (lab) => {
      const definitionFile = prepareEveryStep(lab).definitionFile(everyStep);
      leaveLicenses(lab, 0);
      return definitionFile;
    },
    (lab, definitionFile) =>
      commandOf(lab, (outputDir, changes) => lab.sync({ ...request, definitionFile, outputDir }, changes)),
  );
}

/** The way back of what a sync took, or of what it gave. */
function undoSync(request: ChangeRequest): Scenario['prepare'] {
  return afterOnce(syncedRun, (lab, fromRun) => changeIn(lab, { ...request, fromRun }));
}

/** Users of a create run lose their access. */
function undoCreate(): Scenario['prepare'] {
  return afterOnce(
    (lab) => lab.create({}),
    (lab, { folder: fromRun }) => changeIn(lab, { mode: 'freeze', fromRun }),
  );
}

function createWithManySets(): Scenario['prepare'] {
  return afterOnce(makeManySets, (lab, sets) => createIn(lab, { permissionSets: sets }));
}

/** So many permission sets that a job assigns them (more than 2,000 assignments) although the users are few. */
export function makeManySets(lab: RunLab): string[] {
  const names = Array.from({ length: 90 }, (_, n) => `Portal_Extra_${String(n)}`);
  for (const Name of names)
    lab.org.store.insert('PermissionSet', { Name, Label: Name, LicenseId: null, IsCustom: true, Type: 'Regular' });
  return names;
}

/** A job for each family of licenses, at the same time. */
function createSideBySide(): Scenario['prepare'] {
  return afterOnce(fileOfTwoFamilies, (lab, file) => createIn(lab, { file }));
}

/** So many rows are locked that they are sent again by two jobs at the same time. */
function createAgain(): Scenario['prepare'] {
  return inEachOrg((lab) => {
    lab.org.switches.locks.rowLockStorm = 232;
    return createIn(lab, {});
  });
}

/** From when the first of the two has been made (after the test row, twice, and the job that was locked) until one is made after them. */
const isOfTheseTwo: Scenario['concerns'] = (call, before) => {
  const jobs = before.filter(({ method, path }) => method === 'POST' && path.endsWith('/jobs/ingest')).length;
  return isWriting(call) && jobs >= 4 && jobs <= 5;
};

/** The contacts of the main segment; every other one is to get a role. */
export function fileOfTwoFamilies(lab: RunLab): string {
  const rows = lab.segment().map(({ Id }, n) => [Id, n % 2 === 0 ? mainProfile : roleBased.profile]);
  return csvFile(lab, [['ContactId', 'Profile'], ...rows]);
}

/** A condition that is too long for the address of a REST query. */
const longSegment = `${mainSegment} AND Name NOT IN (${Array.from({ length: 1_000 }, (_, n) => `'Nobody ${String(n)}'`).join(',')})`;

const permissionSets = ['Portal_Documents', 'Portal_Bundle'];
const roleBased = { profile: 'Acme Customer Plus', permissionSets };

export const scenarios: readonly Scenario[] = [
  scenario('create, high-volume', create({ permissionSets })),
  scenario('create, role-based', create(roleBased)),
  scenario('create, two jobs side by side', createSideBySide()),
  scenario('create, two jobs of one family', createAgain(), {
    concerns: isOfTheseTwo,
    isLarge: true,
    options: { world: { customerContacts: 210 } },
  }),
  scenario('create, contacts by a bulk query', create({ where: longSegment }), { concerns: isBulkQuery }),
  scenario('create, permission sets by a job', createWithManySets(), large),
  scenario('create, canary', create({}), { ...large, options: { world: { customerContacts: 200 } } }),
  scenario('resume of a planned create', resumed(create({ ...roleBased, dryRun: true }))),
  scenario('resume that finds a job open', underWay(create({ permissionSets }), leavesOpenJob)),
  scenario('resume that finds a job closed', underWay(create({ permissionSets }), leavesClosedJob)),
  scenario(
    'resume that finds permission sets without an answer',
    underWay(assignOnly(), leavesUnsureCall('dropBefore')),
  ),
  scenario('disable, freeze', change({ mode: 'freeze' })),
  scenario('disable, freeze by a job', change({ mode: 'freeze', maxUsers: 3000 }, 2001), large),
  scenario('disable, deactivate', change({ mode: 'deactivate' })),
  scenario('disable, disable-portal', change({ mode: 'disable-portal' })),
  scenario('disable, release licenses', releasing()),
  scenario('resume of a planned disable', resumed(change({ mode: 'disable-portal', dryRun: true }))),
  scenario(
    'resume that finds users being frozen without an answer',
    underWay(change({ mode: 'freeze' }), leavesUnsureCall('dropAfter')),
  ),
  scenario('resume that finds a job of users closed', underWay(change({ mode: 'disable-portal' }), leavesClosedJob)),
  scenario('enable, unfreeze a run', undo('freeze')),
  scenario('enable, activate a run', undo('deactivate')),
  scenario('enable, give licenses back', undoRelease()),
  scenario('enable, activate', activate()),
  scenario('sync, what it reads', sync(), { concerns: isReading }),
  scenario('sync, what it writes', sync(), { concerns: isWriting }),
  scenario('resume of a planned sync', resumed(sync({ dryRun: true })), { concerns: isLookingAgain }),
  scenario('enable, what a sync took', undoSync({ operation: 'enable' })),
  scenario('disable, what a sync gave', undoSync({ mode: 'deactivate' })),
  scenario('disable, what a create run gave', undoCreate()),
];
