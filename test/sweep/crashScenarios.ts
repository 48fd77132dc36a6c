/** The commands that the crash sweep kills: each on an org of its own, which is the same every time. */
import type { ChangeRunRequest } from '../../lib/operations/change.js';
import type { CreateRunRequest } from '../../lib/operations/beginCreate.js';
import type { SimulatedOrgOptions } from '../simulated-org/world/simulatedOrg.ts';
import { among, makeHolders, makeUsers } from '../scenarios/changeLab.ts';
import { changeRequest, createRequest, mainProfile, syncRequest, type RunLab } from '../scenarios/runLab.ts';
import type { CrashCommand } from './crashWorker.ts';
import { everyStep, leaveLicenses, prepareEveryStep, syncedRun } from './everyStep.ts';
import { fileOfTwoFamilies, makeInactiveUsers, makeManySets } from './faultScenarios.ts';

export type CrashScenario = {
  readonly name: string;
  readonly options: SimulatedOrgOptions;
  /** Makes what has to be there before. @param folder of the run to be */
  readonly prepare: (lab: RunLab, folder: string) => Promise<CrashCommand>;
};

function create(given: Partial<CreateRunRequest>): CrashScenario['prepare'] {
  return (_, outputDir) => Promise.resolve({ kind: 'create', request: createRequest({ ...given, outputDir }) });
}

const users = 5;

function change(given: Partial<ChangeRunRequest>): CrashScenario['prepare'] {
  return (lab, outputDir) => {
    const chosen = given.fromRun ?? given.where;
    const where = chosen === undefined ? among(makeUsers(lab, mainProfile, users)) : undefined;
    return Promise.resolve({ kind: 'change', request: changeRequest({ where, ...given, outputDir }) });
  };
}

/** More users than collections are good for. */
function freezeByJob(): CrashScenario['prepare'] {
  return (lab, folder) =>
    change({ mode: 'freeze', maxUsers: 3000, where: among(makeUsers(lab, mainProfile, 2001)) })(lab, folder);
}

/** The way back of a disable run. */
function undo(mode: 'freeze' | 'deactivate'): CrashScenario['prepare'] {
  return async (lab, outputDir) => {
    const { folder: fromRun } = await lab.change({ mode, where: among(makeUsers(lab, mainProfile, users)) });
    return change({ operation: 'enable', fromRun })(lab, outputDir);
  };
}

/** Users lose what they hold, too; one is inactive already. */
function releasing(): CrashScenario['prepare'] {
  return (lab, folder) =>
    change({ mode: 'deactivate', releaseLicenses: true, where: among(makeHolders(lab, mainProfile, users)) })(
      lab,
      folder,
    );
}

/** The way back of that. */
function undoRelease(): CrashScenario['prepare'] {
  return async (lab, outputDir) => {
    const where = among(makeHolders(lab, mainProfile, users));
    const { folder: fromRun } = await lab.change({ mode: 'deactivate', releaseLicenses: true, where });
    return change({ operation: 'enable', fromRun })(lab, outputDir);
  };
}

/** A plan that was made before, and is applied now. */
function resumed(request: Partial<CreateRunRequest>): CrashScenario['prepare'] {
  return async (lab, folder) => {
    await lab.create({ ...request, outputDir: folder, dryRun: true });
    return { kind: 'resume', folder };
  };
}

/** Every kind of step that a sync has. */
function sync(): CrashScenario['prepare'] {
  return (lab, outputDir) => {
    const people = prepareEveryStep(lab);
    leaveLicenses(lab, 0);
    const request = syncRequest({ definitionFile: people.definitionFile(everyStep), outputDir });
    return Promise.resolve({ kind: 'sync', request });
  };
}

/** The way back of what a sync took, or of what it gave. */
function undoSync(operation: 'enable' | 'disable'): CrashScenario['prepare'] {
  return async (lab, outputDir) => {
    const fromRun = await syncedRun(lab);
    return change({ operation, fromRun, ...(operation === 'disable' ? { mode: 'deactivate' } : {}) })(lab, outputDir);
  };
}

const permissionSets = ['Portal_Documents', 'Portal_Bundle'];
const roleBased = { profile: 'Acme Customer Plus', permissionSets };
const small: SimulatedOrgOptions = { world: { customerContacts: 2 } };
/** Jobs end in the middle, so that rows are sent in more than one. */
const troubled: SimulatedOrgOptions = { ...small, switches: { bulk: { failNextJobAfterRows: 4, rowsPerChunk: 2 } } };

export const crashScenarios: readonly CrashScenario[] = [
  { name: 'create, high-volume', options: small, prepare: create({ permissionSets }) },
  { name: 'create, role-based', options: small, prepare: create(roleBased) },
  {
    name: 'create, two jobs side by side',
    options: small,
    prepare: (lab, folder) => create({ file: fileOfTwoFamilies(lab) })(lab, folder),
  },
  {
    name: 'create, permission sets by a job',
    options: small,
    prepare: (lab, folder) => create({ permissionSets: makeManySets(lab) })(lab, folder),
  },
  { name: 'create, a job fails', options: troubled, prepare: create({}) },
  { name: 'create, canary', options: { world: { customerContacts: 200 } }, prepare: create({}) },
  { name: 'resume of a planned create', options: small, prepare: resumed(roleBased) },
  { name: 'disable, freeze', options: small, prepare: change({ mode: 'freeze' }) },
  { name: 'disable, freeze by a job', options: small, prepare: freezeByJob() },
  { name: 'disable, deactivate', options: small, prepare: change({ mode: 'deactivate' }) },
  { name: 'disable, disable-portal', options: small, prepare: change({ mode: 'disable-portal' }) },
  { name: 'disable, release licenses', options: small, prepare: releasing() },
  { name: 'enable, unfreeze a run', options: small, prepare: undo('freeze') },
  { name: 'enable, activate a run', options: small, prepare: undo('deactivate') },
  { name: 'enable, give licenses back', options: small, prepare: undoRelease() },
  {
    name: 'enable, activate',
    options: small,
    prepare: (lab, folder) =>
      change({ operation: 'enable', mode: 'activate', where: among(makeInactiveUsers(lab)) })(lab, folder),
  },
  { name: 'sync, every kind of step', options: small, prepare: sync() },
  { name: 'enable, what a sync took', options: small, prepare: undoSync('enable') },
  { name: 'disable, what a sync gave', options: small, prepare: undoSync('disable') },
];
