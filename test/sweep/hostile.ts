/**
 * Hostile answers: a clean run is recorded, then run again and again with one answer changed in one place. Whatever
 * comes, the run ends with the truth or a clear error, nothing is done twice, and the same command again finishes.
 */
import { expect } from 'chai';
import { toCliError } from '../../lib/report/faults.js';
import { existsSync } from 'node:fs';
import type { OrgAnswer, OrgCall, OrgClient } from '../../lib/org/orgClient.js';
import {
  among,
  expectChangeTrue,
  makeHolders,
  makeUsers,
  stateOf as recordsOf,
  type OrgState,
} from '../scenarios/changeLab.ts';
import { expectTrue, mainProfile, RunLab, type DriveChanges, type Run } from '../scenarios/runLab.ts';
import { hasSeveralKinds } from './checker.ts';
import { everyStep, leaveLicenses, prepareEveryStep, syncedRun } from './everyStep.ts';
import { hostileAnswers, type HostileAnswer } from './hostileAnswers.ts';
import { expectMailsTrue } from './inviteCell.ts';
import { expectStepsTrue } from './stepsTrue.ts';

export type Scenario = {
  readonly name: string;
  /** Brings a new org to where the run begins. */
  readonly prepare: (lab: RunLab) => Promise<Begin> | Begin;
};

/** @param outputDir of the run */
type Begin = (changes: DriveChanges, outputDir: string) => Promise<Run>;

// What is made hostile is the text of an answer, so nothing is lost if it isn't compressed on its way.
const small = { world: { customerContacts: 2 }, switches: { compressesAnswers: false } };

const create =
  (request: Parameters<RunLab['create']>[0]): Scenario['prepare'] =>
  (lab) =>
  (changes, outputDir) =>
    lab.create({ ...request, outputDir }, changes);

const changeIn =
  (lab: RunLab, request: Parameters<RunLab['change']>[0]): Begin =>
  (changes, outputDir) =>
    lab.change({ ...request, outputDir }, changes);

const disable =
  (mode: 'freeze' | 'deactivate' | 'disable-portal'): Scenario['prepare'] =>
  async (lab) => {
    await lab.create();
    return changeIn(lab, { mode, where: "UserType = 'CspLitePortal'", protect: ["LastName = 'Cher'"] });
  };

/** A plan that is made before the answers are hostile, and applied then. */
const resumed =
  (prepare: Scenario['prepare'], plan: (lab: RunLab) => Promise<Run>): Scenario['prepare'] =>
  async (lab) => {
    await prepare(lab);
    return async (changes) => lab.resume((await plan(lab)).folder, changes);
  };

const release = (lab: RunLab): Parameters<RunLab['change']>[0] => ({
  mode: 'deactivate',
  where: among(makeHolders(lab, mainProfile, 3)),
  releaseLicenses: true,
});

export const scenarios: readonly Scenario[] = [
  { name: 'create, with permission sets', prepare: create({ permissionSets: ['Portal_Documents'] }) },
  { name: 'create, role-based', prepare: create({ profile: 'Acme Customer Plus', portalRole: 'Worker' }) },
  { name: 'freeze', prepare: disable('freeze') },
  { name: 'deactivate', prepare: disable('deactivate') },
  { name: 'disable-portal', prepare: disable('disable-portal') },
  {
    name: 'activate',
    prepare: async (lab) => {
      const deactivate = await disable('deactivate')(lab);
      await deactivate({}, lab.newFolder());
      return changeIn(lab, { operation: 'enable', mode: 'activate', where: 'IsActive = false' });
    },
  },
  { name: 'release licenses', prepare: (lab) => changeIn(lab, release(lab)) },
  {
    name: 'give licenses back',
    prepare: async (lab) => changeIn(lab, { operation: 'enable', fromRun: (await lab.change(release(lab))).folder }),
  },
  {
    name: 'sync',
    prepare: (lab) => {
      const definitionFile = prepareEveryStep(lab).definitionFile(everyStep);
      leaveLicenses(lab, 100);
      return (changes, outputDir) => lab.sync({ definitionFile, outputDir }, changes);
    },
  },
  {
    name: 'what a sync took',
    prepare: async (lab) => changeIn(lab, { operation: 'enable', fromRun: await syncedRun(lab) }),
  },
  {
    name: 'what a sync gave',
    prepare: async (lab) => changeIn(lab, { mode: 'deactivate', fromRun: await syncedRun(lab) }),
  },
  {
    name: 'unfreeze',
    prepare: async (lab) => {
      const freeze = await disable('freeze')(lab);
      const { folder } = await freeze({}, lab.newFolder());
      return changeIn(lab, { operation: 'enable', fromRun: folder });
    },
  },
  {
    name: 'resume of a planned create',
    prepare: resumed(create({}), (lab) => lab.create({ permissionSets: ['Portal_Documents'], dryRun: true })),
  },
  {
    name: 'resume of a planned disable',
    prepare: resumed(disable('deactivate'), (lab) =>
      lab.change({ mode: 'deactivate', where: "UserType = 'CspLitePortal'", dryRun: true }),
    ),
  },
  {
    name: 'invite',
    prepare: (lab) => {
      const where = among(makeUsers(lab, mainProfile, 3));
      return (changes, outputDir) => lab.invite({ where, outputDir }, changes);
    },
  },
];

type Recorded = { readonly call: OrgCall; readonly answer: OrgAnswer };

/** One place of one answer in a scenario. */
export type HostileCase = {
  readonly scenario: Scenario;
  /** Of the call, from 0. */
  readonly at: number;
  readonly call: OrgCall;
  readonly hostile: HostileAnswer;
};

/**
 * All that could be wrong with the answers of a scenario.
 * @param met see `freshCalls`
 */
export async function casesOf(scenario: Scenario, met: Set<string>): Promise<HostileCase[]> {
  const fresh = await freshCalls(scenario, met);
  return fresh.flatMap(({ call, answer, at }) =>
    hostileAnswers(answer).map((hostile) => ({ scenario, at, call, hostile })),
  );
}

/**
 * Runs a scenario as it should be.
 * @param met calls of which another scenario has seen all; those of this one are added
 * @returns the calls that weren't met, `at` is their number from 0
 */
export async function freshCalls(
  scenario: Scenario,
  met: Set<string>,
): Promise<ReadonlyArray<Recorded & { readonly at: number }>> {
  const lab = await RunLab.start(small);
  try {
    const begin = await scenario.prepare(lab);
    const recorded: Recorded[] = [];
    const client = changing(await lab.client(), (at, call, answer) => {
      recorded[at] = { call, answer };
      return answer;
    });
    const run = await begin({ client }, lab.newFolder());
    expect(run.end.end).to.equal('done');
    expect(run.result.counts).to.include({ failed: 0, pending: 0 });
    expect(run.result.counts.succeeded, scenario.name).to.be.above(0);
    return recorded
      .map((each, at) => ({ ...each, at }))
      .filter(({ call }) => met.size < met.add(kindOf(call, scenario)).size);
  } finally {
    await lab.stop();
  }
}

/** Calls of one kind are read by one reader: they differ in the Ids and names that they ask for; jobs are read by their work. */
function kindOf({ method, path, body = '' }: OrgCall, { name }: Scenario): string {
  const what = decodeURIComponent(path)
    .replace(/\bIN\+\(.*?\)/, 'IN (…)')
    .replace(/sobjects\/\w+\/describe/, 'describe');
  return what.includes('/query') || method === 'GET'
    ? `${method} ${what.replace(/\b7\d0\w{12,15}\b/, name)}`
    : `${method} ${name} ${body.slice(0, 80)}`;
}

/** For the table: `GET query Contact`, `PATCH /jobs/ingest/…`. */
export function nameOf({ call: { method, path } }: HostileCase): string {
  const from = /\bFROM\+(\w+)/.exec(path)?.[1];
  return `${method} ${from === undefined ? path.replace(/\b7\d0\w{12,15}\b/, '…') : `query ${from}`}`;
}

/** A client whose answers pass through `change`, with the number of their call. */
function changing(client: OrgClient, change: (at: number, call: OrgCall, answer: OrgAnswer) => OrgAnswer): OrgClient {
  let calls = 0;
  return {
    ...client,
    get callsMade(): number {
      return client.callsMade;
    },
    call: async (call) => {
      const at = calls++;
      const answer = await client.call(call);
      const changed = change(at, call, answer);
      // What is changed is the text, so the text is what is read.
      return changed === answer ? answer : { ...changed, chunks: undefined };
    },
  };
}

/** `refused`: by an error before there was a run; `done`: at once; `resumed`: stopped, and finished by `resume`. */
export type HostileEnd = 'refused' | 'done' | 'resumed';

/** Labs are used again as long as no run has written to their org. */
export class HostileLab {
  readonly #scenario: Scenario;
  #ready: ReadyLab | undefined;
  #wanted: string | undefined;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
  }

  async stop(): Promise<void> {
    await this.#ready?.lab.stop();
    this.#ready = undefined;
  }

  /** Meets the scenario with one hostile answer. @returns how it ended @throws when something is lost, done twice or unclear */
  async meet({ at, hostile }: HostileCase): Promise<HostileEnd> {
    this.#wanted ??= await this.#cleanEnd();
    const { lab, begin, state, records } = (this.#ready ??= await this.#newLab());
    const client = changing(await lab.client(), (n, _call, answer) => (n === at ? hostile.answer : answer));
    const folder = lab.newFolder();
    let run: Run;
    try {
      run = await begin({ client }, folder);
    } catch (error) {
      expectClear(error);
      expect(existsSync(folder), 'a run folder is left').to.equal(false);
      expect(stateOf(lab), 'something was written').to.equal(state);
      return 'refused';
    }
    this.#ready = undefined;
    try {
      expectAllTrue(lab, run, records);
      if (run.end.end === 'call') expectClear(run.end.fault);
      const end = run.end.end === 'done' ? 'done' : 'resumed';
      if (end === 'resumed') {
        run = await lab.resume(run.folder);
        expect(run.end.end, 'resume').to.equal('done');
        expectAllTrue(lab, run, records);
      }
      const between = recordsOf(lab.org);
      const again = await begin({}, lab.newFolder());
      expect(again.end.end, 'again').to.equal('done');
      expectAllTrue(lab, again, between);
      expect(stateOf(lab), 'the org in the end').to.equal(this.#wanted);
      return end;
    } finally {
      await lab.stop();
    }
  }

  async #newLab(): Promise<ReadyLab> {
    const lab = await RunLab.start(small);
    const begin = await this.#scenario.prepare(lab);
    return { lab, begin, state: stateOf(lab), records: recordsOf(lab.org) };
  }

  async #cleanEnd(): Promise<string> {
    const { lab, begin } = await this.#newLab();
    await begin({}, lab.newFolder());
    const state = stateOf(lab);
    await lab.stop();
    return state;
  }
}

type ReadyLab = {
  readonly lab: RunLab;
  readonly begin: Begin;
  /** Of the org before the run, as of `records`. */
  readonly state: string;
  readonly records: OrgState;
};

/** @param before every record of the org before the run */
function expectAllTrue(lab: RunLab, run: Run, before: OrgState): void {
  const { operation } = run.result;
  if (operation === 'create') expectTrue(lab, run);
  else if (operation === 'invite') expectMailsTrue(lab, run);
  else if (hasSeveralKinds(run)) expectStepsTrue(lab, run, before);
  else expectChangeTrue(lab, run);
}

/** The users with a login, of which kind, and what they hold. */
function stateOf({ org: { store } }: RunLab): string {
  const users = store.find('User').map((user) => {
    const frozen = store.find('UserLogin', { UserId: user.Id }).map((login) => login['IsFrozen']);
    const held = store.find('PermissionSetAssignment', { AssigneeId: user.Id }).map((each) => each['PermissionSetId']);
    const contact = user['ContactId'] ?? user['Username'];
    return JSON.stringify([contact, user['ProfileId'], user['IsActive'], user['IsPortalEnabled'], frozen, held.sort()]);
  });
  return users.sort().join('\n');
}

/** It says what happened and what to do, in our words. */
function expectClear(thrown: unknown): void {
  const error = toCliError(thrown, 'lab');
  const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  expect(told).to.match(/^\w+Error: \S/);
  const facts = error as { exitCode?: unknown; actions?: unknown };
  expect(facts.exitCode, told).to.be.oneOf([1, 69]);
  expect(facts.actions, told).to.be.an('array').that.is.not.empty;
  expect(told).not.to.match(/undefined|\[object|%s|NaN|[\0-\x08\x0b-\x1f]/);
}
