/** Emails that can't be taken back: each call of an invite run struck by each fault, and each moment at which it can die. */
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import { createRandom } from '../simulated-org/random.ts';
import { firstLooks } from './faultCell.ts';
import { faultKinds, type FaultKind } from './faultKinds.ts';
import { inviteCalls, inviteKilled, inviteWithFault, type InviteOrg } from './inviteCell.ts';
import { inTime } from './patience.ts';
import { textOfFailure, type Sweep, type Table } from './table.ts';

const orgs: readonly InviteOrg[] = [
  { resetMovesDate: true, compositeResets: true },
  { resetMovesDate: false, compositeResets: true },
  { resetMovesDate: true, compositeResets: false },
];

/** What is tried, and what it is called. */
type Trial = { readonly name: string; readonly run: () => Promise<unknown> };

/** The whole sweep. One after the other: faults that strike a process must not meet. */
export const sweepInvites: Sweep = async (tell) => {
  for (const org of orgs) {
    tell(await tryAll(`Invite sweep: faults, ${JSON.stringify(org)}`, await faultTrials(org)));
    tell(await tryAll(`Invite sweep: crashes, ${JSON.stringify(org)}`, await crashTrials(org)));
  }
};

/** Some of them, drawn by lot. */
export async function sampleInvites(faults: number, crashes: number, seed: number): Promise<Table> {
  const random = createRandom(seed);
  const org = random.pick(orgs);
  const draw = (trials: readonly Trial[], count: number): Trial[] =>
    Array.from({ length: count }, () => random.pick(trials));
  const isOfMails = ({ name }: Trial): boolean => /composite|password/.test(name);
  const struck = await faultTrials(org);
  const drawn = [...draw(struck.filter(isOfMails), faults), ...draw(struck, faults)];
  return tryAll('Invite sweep', [...drawn, ...draw(await crashTrials(org), crashes)]);
}

async function faultTrials(org: InviteOrg): Promise<Trial[]> {
  const calls = await inviteCalls(org);
  const isFirst = firstLooks();
  const trial = (call: LedgerEntry, nth: number, fault: FaultKind): Trial => ({
    name: `call ${String(nth)} (${call.method} ${call.path}), ${fault.name}, ${JSON.stringify(org)}`,
    run: () => inviteWithFault(org, fault, calls, nth),
  });
  return calls.flatMap((call, index) => {
    const faults = isFirst(call) ? faultKinds.filter((fault) => fault.strikes(call)) : [];
    return faults.map((fault) => trial(call, index + 1, fault));
  });
}

async function crashTrials(org: InviteOrg): Promise<Trial[]> {
  const points = await inviteKilled(org, 0);
  return points.map((point, index) => ({
    name: `killed at point ${String(index + 1)} (${point}), ${JSON.stringify(org)}`,
    run: () => inviteKilled(org, index + 1),
  }));
}

async function tryAll(title: string, trials: readonly Trial[]): Promise<Table> {
  const failures: string[] = [];
  for (const { name, run } of trials) {
    try {
      await inTime(run());
    } catch (error) {
      failures.push(`${name}\n${textOfFailure(error)}`);
    }
  }
  const rows = [[String(trials.length), String(failures.length)]];
  return { title, header: ['runs', 'differences'], rows, runs: trials.length, failures };
}
