/** Emails that can't be taken back: each call of an invite run struck by each fault, and each moment at which it can die. */
import type { LedgerEntry } from '../simulated-org/ledger.ts';
import { createRandom } from '../simulated-org/random.ts';
import { sweepElsewhere } from './elsewhere.ts';
import { firstLooks } from './faultCell.ts';
import { faultKinds, type FaultKind } from './faultKinds.ts';
import { inviteCalls, inviteKilled, inviteWithFault, type InviteOrg } from './inviteCell.ts';
import { inTime } from './patience.ts';
import { textOfFailure, type Sweep, type Table } from './table.ts';

export const orgs: readonly InviteOrg[] = [
  { resetMovesDate: true, compositeResets: true },
  { resetMovesDate: false, compositeResets: true },
  { resetMovesDate: true, compositeResets: false },
];

export function nameOfOrg(org: InviteOrg): string {
  return JSON.stringify(org);
}

/** What is tried, and what it is called. */
type Trial = { readonly name: string; readonly run: () => Promise<unknown> };

/** The whole sweep, a process a kind of org. */
export const sweepInvites: Sweep = sweepElsewhere('inviteWorker.ts', orgs.map(nameOfOrg), 'Invite sweep');

/** @param tell gets the name of what is tried */
export async function sweepOrg(org: InviteOrg, tell: (name: string) => void): Promise<Table> {
  const kinds = [
    { kind: 'faults', trials: await faultTrials(org) },
    { kind: 'crashes', trials: await crashTrials(org) },
  ];
  return tryAll(`Invite sweep: ${nameOfOrg(org)}`, kinds, tell);
}

/** Some of them, drawn by lot. */
export async function sampleInvites(faults: number, crashes: number, seed: number): Promise<Table> {
  const random = createRandom(seed);
  const org = random.pick(orgs);
  const draw = (trials: readonly Trial[], count: number): Trial[] =>
    Array.from({ length: count }, () => random.pick(trials));
  const isOfMails = ({ name }: Trial): boolean => /composite|password/.test(name);
  const struck = await faultTrials(org);
  const kinds = [
    { kind: 'faults', trials: [...draw(struck.filter(isOfMails), faults), ...draw(struck, faults)] },
    { kind: 'crashes', trials: draw(await crashTrials(org), crashes) },
  ];
  return tryAll(`Invite sweep: ${nameOfOrg(org)}`, kinds);
}

async function faultTrials(org: InviteOrg): Promise<Trial[]> {
  const calls = await inviteCalls(org);
  const isFirst = firstLooks();
  const trial = (call: LedgerEntry, nth: number, fault: FaultKind): Trial => ({
    name: `call ${String(nth)} (${call.method} ${call.path}), ${fault.name}, ${nameOfOrg(org)}`,
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
    name: `killed at point ${String(index + 1)} (${point}), ${nameOfOrg(org)}`,
    run: () => inviteKilled(org, index + 1),
  }));
}

/** One after the other. */
async function tryAll(
  title: string,
  kinds: ReadonlyArray<{ readonly kind: string; readonly trials: readonly Trial[] }>,
  tell: (name: string) => void = () => undefined,
): Promise<Table> {
  const failures: string[] = [];
  const rows: string[][] = [];
  for (const { kind, trials } of kinds) {
    const before = failures.length;
    for (const { name, run } of trials) {
      tell(name);
      try {
        await inTime(run());
      } catch (error) {
        failures.push(`${name}\n${textOfFailure(error)}`);
      }
    }
    rows.push([kind, String(trials.length), String(failures.length - before)]);
  }
  const runs = kinds.reduce((sum, { trials }) => sum + trials.length, 0);
  return { title, header: ['', 'runs', 'differences'], rows, runs, failures };
}
