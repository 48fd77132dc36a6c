/** One invite run that is struck or killed: nobody has two emails, and everybody who may have one is told. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import type { OrgClient } from '../../lib/org/orgClient.js';
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import { among, makeUsers } from '../scenarios/changeLab.ts';
import { csvOf, inviteRequest, mainProfile, RunLab, type DriveChanges, type Run } from '../scenarios/runLab.ts';
import { attemptOf, callsSince, markOf } from './checker.ts';
import { give } from './crashCell.ts';
import type { CrashCommand } from './crashWorker.ts';
import { placeOf } from './faultCell.ts';
import type { FaultKind } from './faultKinds.ts';
import { hastenTimeouts } from './hastyTimeouts.ts';

/** What only a real org can prove, both ways. */
export type InviteOrg = { readonly resetMovesDate: boolean; readonly compositeResets: boolean };

/** Two calls together; fewer users where each has a call of its own. */
function usersOf({ compositeResets }: InviteOrg): number {
  return compositeResets ? 30 : 4;
}

async function labOf(org: InviteOrg): Promise<RunLab> {
  const lab = await RunLab.start({ world: { customerContacts: 2 } });
  Object.assign(lab.org.switches.mail, org);
  return lab;
}

/** The calls of a run that meets with no fault. */
export async function inviteCalls(org: InviteOrg): Promise<readonly LedgerEntry[]> {
  const lab = await labOf(org);
  try {
    const where = among(makeUsers(lab, mainProfile, usersOf(org)));
    const mark = markOf(lab);
    const run = await lab.invite({ where });
    expect(run.result.counts).to.include({ succeeded: usersOf(org), unknown: 0 });
    expectMailsTrue(lab, run);
    return callsSince(lab, mark);
  } finally {
    await lab.stop();
  }
}

/** @param nth the call that is struck, of those of a clean run. @throws what is not as it must be */
export async function inviteWithFault(
  org: InviteOrg,
  fault: FaultKind,
  calls: readonly LedgerEntry[],
  nth: number,
): Promise<void> {
  const lab = await labOf(org);
  const timeouts = hastenTimeouts();
  try {
    const [where, outputDir] = [among(makeUsers(lab, mainProfile, usersOf(org))), lab.newFolder()];
    fault.arm(lab.org, placeOf(calls, nth), timeouts.strike);
    const connect = (): Promise<OrgClient> => (fault.renewable ? lab.refreshableClient() : lab.client());
    const first = await attemptOf(lab.invite({ where, outputDir }, { connect, clock: lab.patientClock() }));
    if ('run' in first) expectMailsTrue(lab, first.run);
    else expect(mailsOf(lab).size, 'emails of a run that never began').to.equal(0);
    lab.org.faults.clear();
    await expectEnded(lab, outputDir, (changes) => lab.invite({ where, outputDir }, changes));
  } finally {
    timeouts.restore();
    await lab.stop();
  }
}

/** @param killAt the point to die at; 0: it lives @returns the points that it passed @throws what is not as it must be */
export async function inviteKilled(org: InviteOrg, killAt: number): Promise<readonly string[]> {
  const lab = await labOf(org);
  try {
    const [where, outputDir] = [among(makeUsers(lab, mainProfile, usersOf(org))), lab.newFolder()];
    const command: CrashCommand = { kind: 'invite', request: inviteRequest({ where, outputDir }) };
    const { points } = await give(lab, command, killAt);
    await expectEnded(lab, outputDir, (changes) => lab.invite({ where, outputDir }, changes));
    return points;
  } finally {
    await lab.stop();
  }
}

/** What is left is driven on, or begun again where there is no plan. */
async function expectEnded(lab: RunLab, folder: string, begin: (changes: DriveChanges) => Promise<Run>): Promise<void> {
  const token = lab.org.session.login(lab.org.runningUserId);
  const resumed = await attemptOf(
    existsSync(join(folder, 'run.db')) ? lab.resume(folder, { token }) : begin({ token }),
  );
  const run = 'run' in resumed ? resumed.run : await begin({ token });
  expect(run.end, JSON.stringify(run.end)).to.deep.equal({ end: 'done' });
  expect(run.result.counts).to.include({ pending: 0, failed: 0 });
  expectMailsTrue(lab, run);
}

/** How many emails each user has. */
function mailsOf({ org }: RunLab): ReadonlyMap<string, number> {
  const ids = org.rules.outbox.mails.filter(({ kind }) => kind === 'passwordReset').map(({ userId }) => userId);
  return new Map([...Map.groupBy(ids, (id) => id)].map(([id, all]) => [id, all.length]));
}

export function expectMailsTrue(lab: RunLab, { result, folder }: Run): void {
  const db = new DatabaseSync(join(folder, 'run.db'));
  const rows = db
    .prepare('SELECT userId, step.state FROM step JOIN subject ON subject.n = step.subject')
    .all()
    .map((row) => ({ userId: String(row['userId']), state: String(row['state']) }));
  db.close();
  const mails = mailsOf(lab);
  for (const [userId, count] of mails) expect(count, `emails of ${userId}`).to.equal(1);
  for (const { userId, state } of rows) {
    const has = mails.has(userId);
    if (state === 'done') expect(has, `${userId} is done`).to.equal(true);
    // Under way, or nobody knows: both are told.
    else if (state !== 'unknown' && state !== 'sending') expect(has, `${userId} is ${state}`).to.equal(false);
  }
  const count = (wanted: string): number => rows.filter(({ state }) => state === wanted).length;
  expect(result.counts).to.include({ succeeded: count('done'), unknown: count('unknown'), failed: count('failed') });
  const unknown = rows.filter(({ state }) => state === 'unknown').map(({ userId }) => userId);
  if (result.files.unknown !== undefined) {
    expect(csvOf(folder, 'unknown').map(({ UserId }) => UserId)).to.have.members(unknown);
  }
}
