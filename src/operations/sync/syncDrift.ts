/**
 * Before a sync goes on: everybody is read again and decided about again, as when the plan was made. What is no longer needed is
 * dropped; nothing is ever added to a plan that somebody has agreed to.
 */
import { dayMilliseconds } from '../../model/time/days.js';
import type { DatabaseSync } from 'node:sqlite';
import { unlessInterrupted } from '../../engine/stop.js';
import { createUser } from '../../kinds/createUser.js';
import { RunFault } from '../../model/faults.js';
import type { UserId } from '../../model/ids.js';
import { leave, refuse, type Decision } from '../../model/reasons.js';
import type { PlannedStep } from '../../model/steps.js';
import { requireMeta, requireMetaList } from '../../store/meta.js';
import { openPeople, readSyncFacts, type OpenPerson, type OpenStep } from '../../store/queries/syncSteps.js';
import { folderOf, transaction } from '../../store/sqlite.js';
import { recordMade } from '../../store/steps.js';
import { continueWithUser, giveUpSubject, keepSteps, type PlannedSubject } from '../../store/subjects.js';
import { conditionInFile } from '../definition/placesInFile.js';
import { readDefinitionText } from '../definition/definitionText.js';
import { parseDefinition } from '../definition/readDefinition.js';
import { findMade, type SentSubject } from '../drift.js';
import type { LookAgain } from '../operation.js';
import { planRoles } from '../planRoles.js';
import { refuseTakenIdentities } from '../takenIdentities.js';
import { decidingBy, subjectOf } from './decidedPeople.js';
import { heldBySteps } from './heldByLeavers.js';
import { readSyncPeople, usersOfSync } from './readSyncPeople.js';
import { surveySync } from './surveySync.js';
import { keepSyncFacts } from './syncGuards.js';

/** Other people may be meant to have access by then. */
const oldestPlanDays = 7;

/** @throws OrgError, RunFault planTooOld, definitionChanged, definitionFile, interrupted */
export async function followSyncDrift(again: LookAgain): Promise<void> {
  const { client, db, facts, stop } = again;
  const text = requireMeta(db, 'definition');
  const file = requireMeta(db, 'definitionPath');
  await checkStillMeant(db, text, file, client.now());
  const source = { definition: parseDefinition(text, file), text, file };
  const survey = surveySync(client, source, requireMetaList(db, 'protect'), facts);
  const sync = await unlessInterrupted(survey, stop);
  const reading = readSyncPeople(client, db, sync).catch((error: unknown) => {
    throw conditionInFile(error, source);
  });
  const people = await unlessInterrupted(reading, stop);
  keepSyncFacts(client, db, sync, people);
  // Nothing is dropped by what somebody else sees, or while a group is empty by mistake.
  if (readSyncFacts(db).obstacles.length > 0) return;
  const deciding = decidingBy(sync, client.now());
  for (const rows of openPeople(db)) {
    const made = await findMade(again, rows.flatMap(sentUserOf));
    transaction(db, () => {
      for (const row of rows) {
        const person = people.find(row);
        const subject = person && subjectOf(person, deciding, heldBySteps(row));
        const madeId = made.get(row.n);
        if (row.userId === undefined && madeId === undefined) followNewcomer(db, row, subject);
        else follow(db, row, subject?.decision ?? noneOf(row), madeId);
      }
    });
  }
  await unlessInterrupted(refuseTakenIdentities(client, db, usersOfSync), stop);
  await planRoles(client, db, sync.settings.profiles, facts.settings);
}

/** @throws RunFault planTooOld, definitionChanged, definitionFile */
async function checkStillMeant(db: DatabaseSync, text: string, file: string, now: number): Promise<void> {
  const folder = folderOf(db);
  if (now - Date.parse(requireMeta(db, 'orgTime')) > oldestPlanDays * dayMilliseconds) {
    throw new RunFault('planTooOld', { folder, days: oldestPlanDays, file });
  }
  const current = await textIfThere(file);
  if (current !== undefined && current !== text) throw new RunFault('definitionChanged', { folder, file });
}

/** One that is gone says nothing else; one that stands there must say the same, also where it can't be read or is wrong now. */
async function textIfThere(file: string): Promise<string | undefined> {
  try {
    return await readDefinitionText(file);
  } catch (error) {
    if (error instanceof RunFault && error.key === 'definitionFile.missing') return undefined;
    throw error;
  }
}

/** A user that is to be made may have been made by an earlier job. */
function sentUserOf({ n, steps }: OpenPerson): SentSubject[] {
  const sent = steps.find(({ kind, wasSent }) => kind === createUser.name && wasSent);
  return sent === undefined ? [] : [{ n, step: sent.n, isAnswerLost: sent.isAnswerLost }];
}

/** @param madeId of the user that this run has made for the person */
function follow(db: DatabaseSync, person: OpenPerson, decision: Decision, madeId: UserId | undefined): void {
  const { n, steps } = person;
  const making = steps.find(({ kind }) => kind === createUser.name);
  if (making !== undefined && madeId !== undefined) recordMade(db, { n: making.n, subject: n }, madeId);
  const left = madeId === undefined ? steps : steps.filter((step) => step !== making);
  if (left.length === 0) return;
  if (decision.action !== 'steps') {
    giveUpSubject(db, n, decision);
    return;
  }
  const kept = left.filter((step) => decision.steps.some((wanted) => isSameStep(step, wanted)));
  if (kept.length === 0) giveUpSubject(db, n, refuse('CHANGED_SINCE.plan', { username: person.username ?? '' }));
  else if (kept.length < left.length)
    keepSteps(
      db,
      n,
      kept.map((step) => step.n),
    );
}

/** Of whom there was no user: one is made as its group wants it, and what is sent is as it was agreed to. */
function followNewcomer(db: DatabaseSync, person: OpenPerson, subject: PlannedSubject | undefined): void {
  const isInGroup = subject !== undefined && subject.groupName === person.groupName;
  const decision = isInGroup ? subject.decision : noneOf(person);
  if (subject?.userId === undefined) follow(db, person, decision, undefined);
  else followExisting(db, person, decision, { userId: subject.userId, username: subject.username });
}

/** Somebody else has made the user: it gets permission sets of the plan if that is all that its group wants of it. */
function followExisting(
  db: DatabaseSync,
  { n, steps, username = '' }: OpenPerson,
  decision: Decision,
  user: { readonly userId: UserId; readonly username: string | undefined },
): void {
  if (decision.action !== 'steps') {
    giveUpSubject(db, n, decision);
    return;
  }
  const isPlanned = decision.steps.every((wanted) => steps.some((step) => isSameStep(step, wanted)));
  if (!isPlanned) {
    giveUpSubject(db, n, {
      ...refuse('CHANGED_SINCE.plan', { username: user.username ?? username }),
      userId: user.userId,
    });
    return;
  }
  const targets = decision.steps.map(({ target }) => target);
  continueWithUser(db, n, user, targets);
}

/** Of somebody of whom there is nothing to say any more. */
function noneOf({ contactId, userId, username = '' }: OpenPerson): Decision {
  if (userId === undefined) return leave('LEFT_GROUP.detail', { contactId: contactId ?? '' });
  return leave('LEFT_GROUP.user', { username });
}

/** What is sent is as it was agreed to; a new user is known by its contact. */
function isSameStep(step: OpenStep, wanted: PlannedStep): boolean {
  if (step.kind !== wanted.kind || step.target !== wanted.target) return false;
  return step.kind === createUser.name || JSON.stringify(step.values) === JSON.stringify(wanted.values);
}
