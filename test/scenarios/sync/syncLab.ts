/** What the scenarios of sync share: definitions, the org's people in few words, and what a run has decided. */
import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'yaml';
import type { StoredRecord } from '../../simulated-org/contracts.ts';
import type { SimulatedOrgOptions } from '../../simulated-org/world/simulatedOrg.ts';
import type { SyncRunRequest } from '../../../lib/operations/sync/beginSync.js';
import { builderOf, loginOf } from '../changeLab.ts';
import { mainProfile, mainSegment, RunLab, type DriveChanges, type Run } from '../runLab.ts';

export const day = 86_400_000;

/** The main segment with its profile: everything is reported, nothing taken away. */
export const report = {
  groups: [{ name: 'Customers', contacts: mainSegment, profile: mainProfile }],
};

/** The same with every action; limits that nothing here reaches. */
export const active = {
  ...report,
  leavers: { action: 'freeze', deactivateAfterDays: 30 },
  returners: 'activate',
  limits: { takeAwayShare: 1 },
};

export class SyncLab {
  public readonly lab: RunLab;

  private constructor(lab: RunLab) {
    this.lab = lab;
  }

  /** An org whose contacts of the main segment can all get users, and where nobody else has access. */
  public static async start(options?: SimulatedOrgOptions): Promise<SyncLab> {
    return SyncLab.of(await RunLab.start(options));
  }

  /** The same in an existing org. */
  public static of(lab: RunLab): SyncLab {
    const sync = new SyncLab(lab);
    const plain = new Set(lab.plainContacts().map(({ Id }) => Id));
    for (const { Id } of lab.segment()) {
      if (!plain.has(Id)) lab.org.store.update('Contact', Id, { Portal_Access__c: false });
    }
    const members = new Set(lab.plainContacts().map(({ Id }) => Id));
    for (const { Id, ContactId } of lab.org.store.find('User', {}, ['ContactId'])) {
      if (typeof ContactId === 'string' && !members.has(ContactId))
        lab.org.store.update('User', Id, { IsActive: false });
    }
    return sync;
  }

  /** With all people as they are. */
  public static ofAll(lab: RunLab): SyncLab {
    return new SyncLab(lab);
  }

  public stop(): Promise<void> {
    return this.lab.stop();
  }

  /** @param definition by default for this org, and for the running user */
  public definitionFile(definition: object): string {
    const path = `${this.lab.newFolder()}.yaml`;
    writeFileSync(path, stringify({ orgs: [this.lab.org.orgId], syncUser: this.username, ...definition }));
    return path;
  }

  public get username(): string {
    const { store, runningUserId } = this.lab.org;
    return String(store.get('User', runningUserId)?.['Username']);
  }

  public async sync(
    definition: object,
    request: Partial<SyncRunRequest> = {},
    changes: DriveChanges = {},
  ): Promise<Run> {
    return this.lab.sync({ definitionFile: this.definitionFile(definition), ...request }, changes);
  }

  /** A contact of the main segment with an active user of its profile. */
  public person(
    values: Record<string, string | boolean> = {},
    profile = mainProfile,
  ): { contactId: string; userId: string } {
    const build = builderOf(this.lab);
    const account = build.account({ Type: 'Customer' });
    const n = this.lab.org.store.find('User', {}, []).length;
    const contactId = build.contact(account, {
      LastName: `Person ${String(n)}`,
      Portal_Access__c: true,
      Email: `person.${String(n)}@people.example`,
      ...values,
    });
    const userId = build.portalUser(contactId, profile);
    this.lab.org.store.update('User', userId, { CreatedById: this.somebodyElse });
    this.changeLogin(userId, {});
    return { contactId, userId };
  }

  /** As another administrator does it. */
  public changeLogin(userId: string, values: Record<string, boolean>): void {
    const { Id } = loginOf(this.lab, userId);
    this.lab.org.store.update('UserLogin', Id, { ...values, LastModifiedById: this.somebodyElse });
  }

  public get somebodyElse(): string {
    const id = this.lab.org.world?.internalUsers.get('anton.account');
    if (id === undefined) throw new Error('the world has no Anton');
    return id;
  }

  public user(id: string): StoredRecord {
    const user = this.lab.org.store.get('User', id);
    if (user === undefined) throw new Error(`${id} is no user`);
    return user;
  }

  /** `active`, `frozen`, `inactive` or `inactive and frozen`. */
  public access(userId: string): string {
    const words = [
      ...(this.user(userId)['IsActive'] === true ? [] : ['inactive']),
      ...(loginOf(this.lab, userId)['IsFrozen'] === true ? ['frozen'] : []),
    ];
    return words.length === 0 ? 'active' : words.join(' and ');
  }

  public leave(contactId: string): void {
    this.lab.org.store.update('Contact', contactId, { Portal_Access__c: false });
  }

  public comeBack(contactId: string): void {
    this.lab.org.store.update('Contact', contactId, { Portal_Access__c: true });
  }
}

/** By user or contact Id: `LEAVER.report`, or the kinds of its steps with what they write. */
export function decisionsOf({ folder }: Pick<Run, 'folder'>): Map<string, string> {
  const db = new DatabaseSync(join(folder, 'run.db'));
  try {
    const rows = db
      .prepare(
        `SELECT coalesce(userId, contactId) AS who, verdict, reason, detailText,
          (SELECT group_concat(kind || ' ' || coalesce(fieldValues ->> '$.IsFrozen', fieldValues ->> '$.IsActive', label, ''), ', ')
            FROM (SELECT * FROM step WHERE subject = subject.n AND state <> 'dropped' ORDER BY stage, n)) AS steps
         FROM subject ORDER BY n`,
      )
      .all();
    return new Map(
      rows.map(({ who, verdict, reason, detailText, steps }) => [
        String(who),
        verdict === 'steps' ? String(steps) : `${String(reason)}.${String(detailText)}`,
      ]),
    );
  } finally {
    db.close();
  }
}

/** The end of a run of which nothing is left to be done, and nothing has failed. */
export function expectSynced({ end, result }: Run): void {
  expect(end).to.deep.equal({ end: 'done' });
  const { selected, planned, unchanged, refused, succeeded } = result.counts;
  expect(result.counts).to.include({ failed: 0, unknown: 0, pending: 0 });
  expect(planned).to.equal(succeeded);
  expect(selected).to.equal(planned + unchanged + refused);
}
