/** A run of any operation begins the same way: the org is surveyed, then the plan is made in its folder. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { GracefulStop } from '../../../lib/engine/stop.js';
import type { RunEvent } from '../../../lib/model/events.js';
import type { Beginning, Draft } from '../../../lib/operations/operation.js';
import type { OrgFacts } from '../../../lib/preflight/orgFacts.js';
import { beginRun } from '../../../lib/run/begin.js';
import type { BegunRun } from '../../../lib/run/openRun.js';
import { readMeta, requireMeta } from '../../../lib/store/meta.js';
import { closeRunDatabase } from '../../../lib/store/runDatabase.js';
import { stubClient } from '../org/stubClient.ts';

describe('beginRun', () => {
  let home: string;
  let order: string[];
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'begin-'));
    order = [];
  });
  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  // What a plan without users is checked by.
  const facts = { isSandbox: true } as OrgFacts;
  const client = stubClient(() => '');
  const begin = (draft: Partial<Draft> = {}, survey?: Beginning['survey']): Promise<BegunRun> =>
    beginRun(
      {
        operation: 'create',
        request: {
          outputDir: join(home, 'run'),
          dryRun: true,
          maxUsers: 7,
          strict: false,
          allowWelcomeEmails: true,
          typed: [],
        },
        survey:
          survey ??
          (() => {
            order.push('survey');
            return Promise.resolve({
              facts,
              description: { keyColumn: 'ContactId' },
              fill: (db) => {
                order.push(`fill ${requireMeta(db, 'operation')} ${requireMeta(db, 'orgKind')}`);
                return Promise.resolve();
              },
              ...draft,
            });
          }),
      },
      () => {
        order.push('connect');
        return Promise.resolve(client);
      },
      (event: RunEvent) => order.push('stage' in event ? `stage ${event.stage}` : event.type),
      new GracefulStop(),
    );

  it('asks the org first, and writes down what resume needs before the plan is filled', async () => {
    const begun = await begin();
    expect(order).to.deep.equal(['stage check', 'connect', 'survey', 'fill create sandbox']);
    const { db, folder } = begun.run;
    expect(folder).to.equal(join(home, 'run'));
    const keys = [
      'orgId',
      'userId',
      'username',
      'apiVersion',
      'dryRun',
      'maxUsers',
      'strict',
      'allowWelcomeEmails',
    ] as const;
    expect(keys.map((key) => readMeta(db, key))).to.deep.equal([
      client.orgId,
      client.userId,
      client.username,
      '67.0',
      'true',
      '7',
      'false',
      'true',
    ]);
    expect(begun.dryRun).to.equal(true);
    expect(begun.guards).to.include({ maxUsers: 7, strict: false, allowWelcomeEmails: true });
    // What was surveyed is not asked for again.
    expect(
      await begun.prepare(
        () => undefined,
        () => undefined,
      ),
    ).to.deep.equal({ client, facts, checks: [] });
    closeRunDatabase(db);
  });

  it('makes no folder where the org forbids the plan', async () => {
    const failed: unknown = await begin({}, () => Promise.reject(new Error('no'))).catch((reason: unknown) => reason);
    expect(failed).to.have.property('message', 'no');
    expect(existsSync(join(home, 'run'))).to.equal(false);
  });

  it('leaves no folder where the plan can’t be filled', async () => {
    const draft = { fill: () => Promise.reject(new Error('no')) };
    const failed: unknown = await begin(draft).catch((reason: unknown) => reason);
    expect(failed).to.be.instanceOf(Error);
    expect(existsSync(join(home, 'run'))).to.equal(false);
  });
});
