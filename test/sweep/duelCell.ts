/** Two commands at once, each in a process of its own, on people who overlap: what became of the org, and what both say of it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'chai';
import type { Random } from '../simulated-org/random.ts';
import { among, differences, loginOf, stateOf } from '../scenarios/changeLab.ts';
import {
  changeRequest,
  createRequest,
  inviteRequest,
  mainSegment,
  select,
  syncRequest,
  type Run,
  type RunLab,
} from '../scenarios/runLab.ts';
import { active, SyncLab } from '../scenarios/sync/syncLab.ts';
import { attemptOf } from './checker.ts';
import { give, goOn } from './crashCell.ts';
import type { CrashCommand } from './crashWorker.ts';

export const duelists = ['create', 'disable', 'enable', 'sync', 'invite'] as const;
export type Duelist = (typeof duelists)[number];

/** How a duel ended: with what one command makes, or with work for both. */
export type DuelVerdict = 'one' | 'both';

const definition = { ...active, groups: [{ ...active.groups[0], permissionSets: ['Portal_Documents'] }] };

/** Milliseconds by which the second command may begin later, on top of what the start of a process takes. */
const headStart = 600;

/** @param random decides when the second one begins, how the org works, and what is asked for @throws what is not as it must be */
export async function duel(pair: readonly [Duelist, Duelist], random: Random): Promise<DuelVerdict> {
  const sync = await SyncLab.start({
    world: { customerContacts: 6 },
    switches: { bulk: { rowsPerChunk: random.pick([1, 2, 200]) } },
  });
  try {
    const { lab } = sync;
    const requestOf = prepare(sync, pair, random);
    const before = stateOf(lab.org);
    const commands = pair.map((name) => requestOf(name));
    await Promise.all(
      commands.map(async (command, n) => {
        await wait(n * random.below(headStart));
        await give(lab, command, 0, 'endsOrFails');
      }),
    );
    const runs = await Promise.all(commands.map((command) => untilEnded(lab, command)));
    expectOneUserEach(lab, runs, before);
    expectAsWritten(lab, runs);
    expectMailsTold(lab, runs);
    if (pair[0] === 'disable' && pair[1] === 'disable') await expectOneWayBack(lab, runs, before);
    return runs.every(({ result }) => result.counts.succeeded > 0) ? 'both' : 'one';
  } finally {
    await sync.stop();
  }
}

/** Some have no user yet, some keep theirs, some are to lose access, some are to get it back. */
function prepare(sync: SyncLab, pair: readonly [Duelist, Duelist], random: Random): (name: Duelist) => CrashCommand {
  const { lab } = sync;
  const people = Array.from({ length: 9 }, () => sync.person());
  // More than a call of each can reach, so that what is sent twice has a bound that can be passed.
  const alsoInvited = Array.from({ length: pair.every((name) => name === 'invite') ? 4 * usersOfOneCall : 0 }, () =>
    sync.person(),
  );
  const [staying, leaving, returning] = [people.slice(0, 3), people.slice(3, 6), people.slice(6)];
  for (const { contactId } of leaving) sync.leave(contactId);
  // As sync leaves it: frozen by its own user.
  for (const { userId } of returning) {
    const values = { IsFrozen: true, LastModifiedById: lab.org.runningUserId };
    lab.org.store.update('UserLogin', loginOf(lab, userId).Id, values);
  }
  const ids = (some: typeof people): string => among(some.map(({ userId }) => userId));
  const mode = random.pick(['freeze', 'deactivate'] as const);
  return (name) => {
    const outputDir = lab.newFolder();
    switch (name) {
      case 'create':
        return {
          kind: 'create',
          request: createRequest({ where: mainSegment, permissionSets: ['Portal_Documents'], outputDir }),
        };
      case 'disable':
        return { kind: 'change', request: changeRequest({ mode, where: ids([...staying, ...leaving]), outputDir }) };
      case 'enable': {
        const request = { operation: 'enable', mode: 'unfreeze', where: ids([...leaving, ...returning]) } as const;
        return { kind: 'change', request: changeRequest({ ...request, outputDir }) };
      }
      case 'sync':
        return {
          kind: 'sync',
          request: syncRequest({ definitionFile: sync.definitionFile(definition), outputDir }),
        };
      case 'invite':
        return {
          kind: 'invite',
          request: inviteRequest({ where: ids([...staying, ...leaving, ...alsoInvited]), outputDir }),
        };
    }
  };
}

/** Driven on as people are told to: a resume where there is a plan, otherwise the same command. */
async function untilEnded(lab: RunLab, command: CrashCommand): Promise<Run> {
  const folder = command.kind === 'resume' ? command.folder : (command.request.outputDir ?? '');
  let last: unknown = new Error(`${command.kind} did not begin`);
  for (let nth = 0; nth < 4; nth++) {
    const next: CrashCommand = existsSync(join(folder, 'users.csv')) ? { kind: 'resume', folder } : command;
    const attempt = await attemptOf(goOn(lab, next));
    if ('run' in attempt && attempt.run.end.end === 'done') return attempt.run;
    last = 'run' in attempt ? new Error(JSON.stringify(attempt.run.end)) : attempt.error;
  }
  throw last;
}

type StepRow = {
  readonly kind: string;
  readonly userId: string;
  readonly state: string;
  readonly created: string;
  readonly value: string;
};

function stepsOf({ folder }: Run): StepRow[] {
  const rows = select(
    folder,
    `SELECT kind, subject.userId, step.state, created,
      coalesce(fieldValues ->> '$.IsFrozen', fieldValues ->> '$.IsActive') AS value
     FROM step JOIN subject ON subject.n = step.subject`,
  );
  return rows.map(({ kind, userId, state, created, value }) => ({
    kind: String(kind),
    userId: String(userId),
    state: String(state),
    created: String(created),
    value: String(value),
  }));
}

/** No contact has two users, and each new one is claimed: for sure by one run at most. */
function expectOneUserEach(lab: RunLab, runs: readonly Run[], before: ReturnType<typeof stateOf>): void {
  const users = lab.org.store.find('User').filter(({ ContactId }) => typeof ContactId === 'string');
  const byContact = Map.groupBy(users, ({ ContactId }) => ContactId);
  for (const [contactId, all] of byContact) expect(all.length, `users of ${String(contactId)}`).to.equal(1);
  const claims = runs.flatMap(stepsOf).filter(({ kind, state }) => kind === 'createUser' && state === 'done');
  for (const { Id } of users.filter((user) => !before.has(`User ${user.Id}`))) {
    const mine = claims.filter(({ userId }) => userId === Id);
    expect(mine.length, `runs that tell of ${Id}`).to.be.above(0);
    expect(mine.filter(({ created }) => created === 'yes').length, `runs that made ${Id}`).to.be.at.most(1);
    if (mine.length > 1) for (const { created } of mine) expect(created, Id).to.equal('unknown');
  }
}

/** What a run says it has written is so, or the other one has written the contrary. */
function expectAsWritten(lab: RunLab, runs: readonly Run[]): void {
  const done = runs.flatMap(stepsOf).filter(({ state }) => state === 'done');
  const written = done.filter(({ kind }) => kind === 'setFrozen' || kind === 'setActive');
  for (const [key, all] of Map.groupBy(written, ({ kind, userId }) => `${kind} ${userId}`)) {
    const { kind, userId } = all[0] ?? { kind: '', userId: '' };
    const now =
      kind === 'setFrozen' ? loginOf(lab, userId)['IsFrozen'] : lab.org.store.get('User', userId)?.['IsActive'];
    const values = all
      .map(({ value }) => value)
      .map((value) => (value === '1' ? 'true' : value === '0' ? 'false' : value));
    expect(values, key).to.include(String(now));
  }
  const sets = done.filter(({ kind }) => kind === 'assignPermissionSet');
  for (const { userId } of sets) {
    expect(lab.org.store.find('PermissionSetAssignment', { AssigneeId: userId }).length, userId).to.be.above(0);
  }
}

/** An email can't be taken back: the run names its recipients, and only calls that were under way together send a second one. */
function expectMailsTold(lab: RunLab, runs: readonly Run[]): void {
  const mails = lab.org.rules.outbox.mails.filter(({ kind }) => kind === 'passwordReset');
  const told = runs.flatMap(stepsOf).filter(({ kind }) => kind === 'sendPasswordMail');
  const perUser = Map.groupBy(mails, ({ userId }) => userId);
  for (const [userId, all] of perUser) {
    const mine = told.filter((step) => step.userId === userId && ['done', 'unknown'].includes(step.state));
    expect(mine.length, `runs that tell of the email of ${userId}`).to.be.at.least(all.length);
  }
  const twice = [...perUser.values()].filter((all) => all.length > 1).length;
  expect(twice, 'users with two emails').to.be.at.most(2 * usersOfOneCall);
  for (const run of runs) {
    const doneHere = stepsOf(run).filter(({ kind, state }) => kind === 'sendPasswordMail' && state === 'done');
    for (const { userId } of doneHere) expect(perUser.has(userId), `email of ${userId}`).to.equal(true);
  }
}

const usersOfOneCall = 25;

/** Both may have done the same; everybody gets back what they had, once. */
async function expectOneWayBack(lab: RunLab, runs: readonly Run[], before: ReturnType<typeof stateOf>): Promise<void> {
  const back: Run[] = [];
  for (const { folder, result } of runs)
    if (result.counts.succeeded > 0) back.push(await lab.change({ operation: 'enable', fromRun: folder }));
  expect(differences(before, stateOf(lab.org))).to.deep.equal([]);
  const users = back.flatMap(stepsOf).filter(({ state }) => state === 'done');
  expect(new Set(users.map(({ userId }) => userId)).size, 'users that were taken back once').to.equal(users.length);
}
