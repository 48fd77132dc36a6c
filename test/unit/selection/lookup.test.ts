/** Many values are looked up in as few calls as the org allows: by lists, or in a copy of a small object. */
import { expect } from 'chai';
import { allRows } from '../../../lib/org/query.js';
import { amountOf, Lookup } from '../../../lib/selection/lookup.js';
import { queryAnswer, soqlOf, stubClient, type StubClient } from '../org/stubClient.ts';
import { contactIdOf, RunDb, userIdOf } from '../store/runDb.ts';

describe('Lookup', () => {
  let run: RunDb;
  before(async () => {
    run = await RunDb.with();
  });
  after(() => {
    run.close();
  });

  /** An org with one user for each of the first contacts. @param counted rows that it says the object has */
  function orgWith(users: number, counted: number): StubClient {
    const records = Array.from({ length: users }, (_, n) => ({ Id: userIdOf(n), ContactId: contactIdOf(n) }));
    return stubClient((call) => {
      const soql = soqlOf(call) ?? '';
      if (soql.startsWith('SELECT COUNT()')) return { totalSize: counted, done: true, records: [] };
      return queryAnswer(records.filter(({ ContactId }) => !soql.includes(' IN ') || soql.includes(ContactId)));
    });
  }

  const contacts = (many: number): string[] => Array.from({ length: many }, (_, n) => contactIdOf(n));

  async function usersOf(client: StubClient, values: readonly string[]): Promise<Array<string | null | undefined>> {
    const query = { fields: ['Id', 'ContactId'], from: 'User', field: 'ContactId', where: 'IsActive = true' };
    const lookup = new Lookup(client, run.db, query, amountOf(values.length));
    return (await allRows(lookup.find(values))).map((row) => row['Id']);
  }

  it('asks by lists, without a count, for some thousand values', async () => {
    const client = orgWith(3, 3);
    expect(await usersOf(client, contacts(2000))).to.have.members([0, 1, 2].map(userIdOf));
    expect(client.calls.map(soqlOf).every((soql) => soql?.includes(' IN '))).to.equal(true);
  });

  it('reads a small object whole in place of many lists', async () => {
    const client = orgWith(3, 14_000);
    expect(await usersOf(client, contacts(9000))).to.have.members([0, 1, 2].map(userIdOf));
    expect(client.calls.map(soqlOf)).to.deep.equal([
      'SELECT COUNT() FROM User WHERE IsActive = true',
      'SELECT Id,ContactId FROM User WHERE IsActive = true',
    ]);
  });

  it('keeps to lists where the object is large', async () => {
    const client = orgWith(3, 1_000_000);
    expect(await usersOf(client, contacts(9000))).to.have.members([0, 1, 2].map(userIdOf));
    expect(client.calls.filter((call) => soqlOf(call)?.includes(' IN ')).length).to.equal(client.calls.length - 1);
  });
});
