/** After many users got roles: whether sharing calculation is still deferred. */
import { expect } from 'chai';
import { usersWithoutSharing } from '../../../lib/preflight/sharingAfterwards.js';
import { RunLab } from '../../scenarios/runLab.ts';
import { RunDb } from '../store/runDb.ts';

describe('usersWithoutSharing', () => {
  let lab: RunLab;
  let run: RunDb;
  before(async () => {
    lab = await RunLab.start({ world: { customerContacts: 2 } });
    run = await RunDb.with({});
  });
  after(async () => {
    run.close();
    await lab.stop();
  });

  /** A run that has made so many users with roles. */
  const made = (users: number): void => {
    run.db.exec(`DELETE FROM step;
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${String(users)})
      INSERT INTO step (subject, kind, stage, restsOn, target, fieldValues, seats, family, state)
        SELECT 1, 'createUser', 4, 0, '003', '{}', 1, 'roleBased', 'done' FROM number`);
  };
  const ask = async (...permissions: string[]): Promise<number | undefined> =>
    usersWithoutSharing(run.db, await lab.client(), new Set(permissions));

  it('asks the org after 5,000 users, and not after fewer', async () => {
    lab.org.switches.deferGroupMembership = true;
    made(4999);
    lab.org.ledger.clear();
    expect(await ask('ModifyAllData')).to.equal(undefined);
    expect(lab.org.ledger.find('POST', /Soap/)).to.deep.equal([]);
    made(5000);
    expect(await ask('ModifyAllData')).to.equal(5000);
  });

  it('says nothing where sharing is calculated again, or the org does not tell', async () => {
    made(5000);
    for (const [group, rules, expected] of [
      [false, false, undefined],
      [false, true, 5000],
      [true, false, 5000],
    ] as const) {
      Object.assign(lab.org.switches, { deferGroupMembership: group, deferSharingRules: rules });
      expect(await ask('ModifyMetadata')).to.equal(expected);
    }
    expect(await ask('ManageUsers')).to.equal(undefined);
  });
});
