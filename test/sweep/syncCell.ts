/** A sync with every kind of step that it has, and one fault at one of its calls: what became of the org. */
import { expect } from 'chai';
import type { FaultAction } from '../simulated-org/faults.ts';
import { differences, loginOf, stateOf } from '../scenarios/changeLab.ts';
import { active, day, SyncLab } from '../scenarios/sync/syncLab.ts';
import type { Run } from '../scenarios/runLab.ts';

/** Somebody is created, given a permission set, frozen, deactivated, activated and unfrozen, and gets another profile. */
export const everyStep = {
  ...active,
  groups: [{ ...active.groups[0], permissionSets: ['Portal_Documents'] }],
  profile: 'change',
  governs: "Profile.Name IN ('Acme Customer Portal', 'Acme Customer Login')",
};

export const faults: Readonly<Record<string, FaultAction>> = {
  dropBefore: { kind: 'dropBefore' },
  dropAfter: { kind: 'dropAfter' },
  unavailable: { kind: 'answer', status: 503, body: [{ errorCode: 'SERVER_UNAVAILABLE', message: 'unavailable' }] },
  limit: {
    kind: 'answer',
    status: 403,
    body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
  },
  shorten: { kind: 'shorten', share: 0.5 },
};

export type SyncedOrg = { readonly changes: readonly string[]; readonly calls: number };

/** @param strike fault at the nth call; undefined: none @throws what is not as it must be */
export async function syncWithFault(strike?: {
  readonly fault: FaultAction;
  readonly nth: number;
}): Promise<SyncedOrg> {
  const sync = await SyncLab.start({ world: { customerContacts: 2 } });
  try {
    const { lab } = sync;
    prepareEveryStep(sync);
    const definitionFile = sync.definitionFile(everyStep);
    const before = stateOf(lab.org);
    const callsBefore = lab.org.ledger.entries.length;
    if (strike !== undefined) lab.org.faults.add({ nth: strike.nth }, strike.fault);
    const first = await attempt(() => lab.sync({ definitionFile }, { clock: lab.patientClock() }));
    const calls = lab.org.ledger.entries.length - callsBefore;
    lab.org.faults.clear();
    let run = first ?? (await lab.sync({ definitionFile }, { clock: lab.patientClock() }));
    for (let resumes = 0; run.result.counts.pending > 0 && resumes < 3; resumes++)
      run = await lab.resume(run.folder, { clock: lab.patientClock(), allowWelcomeEmails: true });
    expect(run.result.counts, JSON.stringify(run.end)).to.include({ failed: 0, unknown: 0, pending: 0 });
    const changes = differences(before, stateOf(lab.org));
    const again = await lab.sync({ definitionFile });
    expect(again.result.counts.planned, 'a second sync').to.equal(0);
    return { changes, calls };
  } finally {
    await sync.stop();
  }
}

/** Undefined where the plan could not be made: nothing was written then. */
async function attempt(run: () => Promise<Run>): Promise<Run | undefined> {
  return run().catch(() => undefined);
}

/** The people to whom that happens, each so many times. */
export function prepareEveryStep(sync: SyncLab, times = 1): void {
  for (let n = 0; n < times; n++) prepareOnce(sync);
}

function prepareOnce(sync: SyncLab): void {
  const { store, clock, runningUserId } = sync.lab.org;
  const [leaver, overdue, returner] = [sync.person(), sync.person(), sync.person()];
  sync.person();
  sync.person({}, 'Acme Customer Login');
  for (const { contactId } of [leaver, overdue]) sync.leave(contactId);
  const marked = new Date(clock.now() - 40 * day).toISOString().replace('Z', '+0000');
  for (const { userId } of [overdue, returner]) {
    const values = { IsFrozen: true, LastModifiedById: runningUserId, LastModifiedDate: marked };
    store.update('UserLogin', loginOf(sync.lab, userId).Id, values);
  }
  store.update('User', returner.userId, { IsActive: false });
}
