/** New users whose portal roles matter: their accounts page by page, and who goes first. */
import { expect } from 'chai';
import { accountPages, beginWaves, roleRows, setFirstWave } from '../../../../lib/store/queries/roleRows.js';
import { contactIdOf, profileId, RunDb, type Wanted } from '../runDb.ts';

describe('the accounts of role-based users', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  it('come in order, page by page, each once, although steps go to the first wave in between', async () => {
    const count = 1_201;
    run = await RunDb.with(
      ...Array.from({ length: count }, (_, index) => ({
        accountId: `A${String((index * 7) % count).padStart(5, '0')}`,
        family: 'roleBased' as const,
      })),
      { accountId: 'A99999' },
    );
    expect(beginWaves(run.db)).to.equal(count);
    const seen: string[] = [];
    const sizes: number[] = [];
    for (const page of accountPages(run.db)) {
      sizes.push(page.length);
      seen.push(...page);
      setFirstWave(
        run.db,
        roleRows(run.db, page).map(({ n }) => n),
      );
    }
    expect(sizes).to.deep.equal([500, 500, 201]);
    expect(seen).to.deep.equal([...new Set(seen)].sort());
    expect(new Set(run.steps('wave').slice(0, count))).to.deep.equal(new Set([0]));
    // The next look begins anew.
    expect(beginWaves(run.db)).to.equal(count);
    expect(new Set(run.steps('wave'))).to.deep.equal(new Set([1]));
  });

  it('give the rows of a page in the order of the plan', async () => {
    const of = (accountId: string, PortalRole = 'Worker'): Wanted => ({
      accountId,
      family: 'roleBased',
      values: { PortalRole },
    });
    run = await RunDb.with(of('B'), of('A', 'Manager'), of('C'), of('A'));
    run.setStep(4, "state = 'dropped'");
    beginWaves(run.db);
    expect(roleRows(run.db, ['A', 'B']).map(({ n, subject, accountId }) => [n, subject, accountId])).to.deep.equal([
      [1, 1, 'B'],
      [2, 2, 'A'],
    ]);
    expect(roleRows(run.db, ['A'])[0]).to.deep.include({ accountName: 'Acme', profileId });
    expect(roleRows(run.db, ['A'])[0]?.values).to.include({ ContactId: contactIdOf(2), PortalRole: 'Manager' });
    expect(roleRows(run.db, [])).to.deep.equal([]);
  });
});
