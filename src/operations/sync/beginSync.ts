/** Begins a `sync`: reads the definition, and decides about everybody whom it concerns. */
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { faultsOfCondition } from '../../model/definition/bareCondition.js';
import type { DefinitionFile } from '../../model/definition/definition.js';
import { RunFault } from '../../model/faults.js';
import type { OrgClient } from '../../org/orgClient.js';
import { judgeChecks } from '../../preflight/planChecks.js';
import { amountOf } from '../../selection/lookup.js';
import { refuseRepeatedGiven, refuseRepeatedUsernames } from '../../store/queries/planRules.js';
import type { PlannedSubject } from '../../store/subjects.js';
import { rejectUnfit } from '../definition/placesInFile.js';
import { readDefinition } from '../definition/readDefinition.js';
import { allRejected } from '../definition/rejectedConditions.js';
import { fillPlan, type PlanMaker } from '../fillPlan.js';
import type { Beginning, Draft, RunRequest } from '../operation.js';
import { planRoles } from '../planRoles.js';
import { refuseTakenIdentities } from '../takenIdentities.js';
import { decidingBy, subjectOf } from './decidedPeople.js';
import { removeEarlyWhereShort } from './earlyRemovals.js';
import { HeldByLeavers } from './heldByLeavers.js';
import { readSyncPeople, usersOfSync } from './readSyncPeople.js';
import { surveySync, type SyncSurvey } from './surveySync.js';
import { keepSyncFacts } from './syncGuards.js';
import { unfitTemplates } from './unfitValues.js';

export type SyncRunRequest = RunRequest & {
  readonly definitionFile: string;
  /** Conditions on User, besides those of the definition. */
  readonly protect: readonly string[];
  /** Can only lower the definition's limit. */
  readonly maxTakeAway: number | undefined;
};

/** @throws RunFault definitionFile, protectNotBare; DefinitionRejected */
export async function beginSync(request: SyncRunRequest): Promise<Beginning> {
  const file = await readDefinition(request.definitionFile);
  // It is asked again with the Ids of users, as those of the definition are.
  const condition = request.protect.find((each) => each.trim() === '' || faultsOfCondition(each).length > 0);
  if (condition !== undefined) throw new RunFault('protectNotBare', { condition });
  return { operation: 'sync', request, survey: (client) => surveyDefinition(request, file, client) };
}

async function surveyDefinition(request: SyncRunRequest, file: DefinitionFile, client: OrgClient): Promise<Draft> {
  const protect = [...file.definition.protect, ...request.protect];
  const sync = await surveySync(client, file, protect);
  const { facts, settings } = sync;
  judgeChecks(settings.checks);
  rejectUnfit(await unfitTemplates(client, file.definition, settings, facts), file);
  return {
    facts,
    description: {
      columns: JSON.stringify(settings.columns),
      givenColumns: '[]',
      keyColumn: 'Id',
      selectedBy: 'definition',
      definition: file.text,
      definitionPath: path.resolve(request.definitionFile),
      protect: JSON.stringify(protect),
      orgTime: new Date(client.now()).toISOString(),
      ...(request.maxTakeAway === undefined ? {} : { maxTakeAway: String(request.maxTakeAway) }),
    },
    fill: async (db, emit, stop) => {
      try {
        await fillPlan(db, planOfPeople(client, db, sync), emit, stop);
      } catch (error) {
        throw await allRejected(client, error, file);
      }
    },
  };
}

function planOfPeople(client: OrgClient, db: DatabaseSync, sync: SyncSurvey): PlanMaker<PlannedSubject> {
  const { facts, settings } = sync;
  return {
    pages: subjectsOfSync(client, db, sync),
    amount: amountOf(0),
    decide: (subjects) => Promise.resolve([...subjects]),
    async complete() {
      await refuseTakenIdentities(client, db, usersOfSync);
      refuseRepeatedGiven(db);
      refuseRepeatedUsernames(db);
      await planRoles(client, db, settings.profiles, facts.settings);
      await removeEarlyWhereShort(facts.assignable, db, settings.namedSets.values());
    },
  };
}

async function* subjectsOfSync(
  client: OrgClient,
  db: DatabaseSync,
  sync: SyncSurvey,
): AsyncGenerator<readonly PlannedSubject[]> {
  const people = await readSyncPeople(client, db, sync);
  keepSyncFacts(client, db, sync, people);
  const deciding = decidingBy(sync, client.now());
  for (const page of people.members()) yield page.flatMap((person) => subjectOf(person, deciding) ?? []);
  // Somebody of whom there is nothing to say is no subject.
  const leavers = new HeldByLeavers(client, db, people, deciding, sync.facts);
  for (const page of people.strangers()) {
    const heldOf = await leavers.of(page);
    yield page.flatMap((person) => subjectOf(person, deciding, heldOf(person)) ?? []);
  }
}
