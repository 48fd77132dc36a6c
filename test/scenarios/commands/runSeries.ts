/** Runs of a few contacts each, one after the other in one org: for tests that stop a run and drive it on. */
import { expect } from 'chai';
import {
  contactsCsv,
  expectSound,
  mainProfile,
  PortalOrg,
  printedArguments,
  readCsv,
  type RunResult,
} from './portalOrg.ts';

const contactsOfRun = 6;

export type SmallRun = {
  readonly dir: string;
  readonly ids: readonly string[];
  /** The command that begins it. */
  readonly create: readonly string[];
};

type Stopped = { readonly result: RunResult; readonly warnings?: readonly unknown[] };

export class RunSeries {
  /** Contacts of each run. */
  readonly size = contactsOfRun;
  readonly portal: PortalOrg;
  private readonly free: string[];
  private runs = 0;

  private constructor(portal: PortalOrg) {
    this.portal = portal;
    this.free = portal.plainContacts(120).map(({ Id }) => Id);
  }

  static async start(): Promise<RunSeries> {
    return new RunSeries(await PortalOrg.start());
  }

  /** A run with contacts and a folder of its own, in an org without troubles. */
  next(): SmallRun {
    const { portal } = this;
    portal.org.faults.clear();
    portal.org.ledger.clear();
    portal.org.switches.bulk.msInQueue = 0;
    this.runs += 1;
    const ids = this.contacts(this.size);
    const file = portal.file(`contacts-${String(this.runs)}.csv`, contactsCsv(ids.map((Id) => ({ Id }))));
    const dir = `run-${String(this.runs)}`;
    return { dir, ids, create: ['create', '--file', file, '--profile', mainProfile, '--output-dir', dir] };
  }

  /** Contacts that no run has had. */
  contacts(count: number): string[] {
    return this.free.splice(0, count);
  }

  /** The stopped run prints one command, the same in `next` and in its warning, and that finishes it. */
  async expectGoesOn(run: SmallRun, { result, warnings }: Stopped): Promise<void> {
    expect(result.next).to.have.length(1);
    const [command = ''] = result.next;
    const warned = (warnings ?? []) as ReadonlyArray<{ actions?: readonly string[] }>;
    expect(warned.flatMap(({ actions = [] }) => actions)).to.include(command);
    const args = printedArguments(command);
    expect(args).to.include.members(['resume', '--run-dir', result.runDir]);
    await this.expectAllDone(run, args);
  }

  /** One user a contact, all of them in succeeded.csv, and counts that add up. */
  async expectAllDone(run: SmallRun, args = ['resume', '--run-dir', run.dir], isChange = false): Promise<void> {
    const { portal, size } = this;
    const { result } = await portal.json(args);
    expectSound(result);
    expect(result.counts).to.include({ planned: size, succeeded: size, failed: 0, pending: 0 });
    const succeeded = readCsv(result.files['succeeded'] ?? '');
    for (const contactId of run.ids) {
      const users = portal.usersOf(contactId);
      expect(users, contactId).to.have.length(1);
      expect(succeeded.filter((row) => row['ContactId'] === contactId)).to.have.length(1);
      expect(succeeded.find((row) => row['ContactId'] === contactId)).to.include({ UserId: users[0]?.Id });
      const [login] = portal.org.store.find('UserLogin', { UserId: users[0]?.Id ?? '' });
      expect(login).to.include({ IsFrozen: isChange });
    }
  }
}
