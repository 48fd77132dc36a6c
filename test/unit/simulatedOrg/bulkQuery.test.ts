/** Bulk query jobs: bodies, pages, refusals (docs/salesforce-facts.md#bulk-query-jobs). */
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { createRuleOrg } from './ruleOrg.ts';
import type { Answer, RuleOrg } from './ruleOrg.ts';

type Body = Record<string, unknown>;

const create = (rules: RuleOrg, query: string): Promise<Answer> =>
  rules.call('POST', '/jobs/query', { operation: 'query', query });
const pathOf = (answer: Answer): string => `/jobs/query/${String((answer.body as Body)['id'])}`;

const createdKeys =
  'apiVersion columnDelimiter concurrencyMode contentType createdById createdDate id lineEnding object operation state systemModstamp';

describe('simulated org: bulk query', () => {
  it('has the bodies of the recording', async () => {
    const rules = createRuleOrg();
    const job = await create(rules, 'SELECT Id FROM Account');
    expect(Object.keys(job.body as Body).sort()).to.deep.equal(createdKeys.split(' '));
    expect(job.body).to.include({ state: 'UploadComplete', object: 'Account' });
    const done = (await rules.call('GET', pathOf(job))).body as Body;
    expect(done).to.include({
      state: 'JobComplete',
      jobType: 'V2Query',
      numberRecordsProcessed: rules.org.store.find('Account').length,
      retries: 0,
    });
    expect(done).to.not.have.property('numberRecordsFailed');
  });

  it('gives pages by locator, each with the header, all cells quoted', async () => {
    const rules = createRuleOrg();
    const job = await create(
      rules,
      'SELECT Id, FirstName, Account.Owner.UserRoleId, Portal_Access__c FROM Contact ORDER BY Id',
    );
    await rules.call('GET', pathOf(job));
    const rows: string[][] = [];
    const sizes: string[] = [];
    for (let locator: string | undefined = ''; locator !== 'null';) {
      const page: Answer = await rules.call(
        'GET',
        `${pathOf(job)}/results?maxRecords=150${locator === '' ? '' : `&locator=${locator}`}`,
      );
      const [header, ...cells] = parse(String(page.body));
      expect(header).to.deep.equal(['Id', 'FirstName', 'Account.Owner.UserRoleId', 'Portal_Access__c']);
      rows.push(...cells);
      sizes.push(page.headers['Sforce-NumberOfRecords'] ?? '');
      locator = page.headers['Sforce-Locator'];
    }
    const contacts = rules.org.store.find('Contact');
    expect(rows.map(([id]) => id)).to.deep.equal(contacts.map((contact) => contact.Id));
    expect(rows[0]?.slice(1)).to.deep.equal(['Nadja', '', 'true']);
    expect(sizes.slice(0, 2)).to.deep.equal(['150', '150']);
  });

  it('gives parallel pages', async () => {
    const rules = createRuleOrg();
    rules.org.switches.bulk.queryPageRows = 50;
    const job = await create(rules, 'SELECT Id FROM Contact');
    await rules.call('GET', pathOf(job));
    const first = (await rules.call('GET', `${pathOf(job)}/resultPages`)).body as {
      resultPages: unknown[];
      done: boolean;
      nextRecordsUrl: string;
    };
    expect(first.resultPages).to.have.length(5);
    expect(first.done).to.equal(false);
    const next = await rules.call('GET', first.nextRecordsUrl.replace('/services/data/v67.0', ''));
    expect((next.body as { done: boolean }).done).to.equal(true);
  });

  const refused: ReadonlyArray<readonly [soql: string, message: RegExp]> = [
    ['SELECT Type, COUNT(Id) FROM Account GROUP BY Type', /GROUP BY/],
    ['SELECT COUNT() FROM Account', /./],
    ['SELECT Id FROM Account LIMIT 5 OFFSET 5', /OFFSET/],
    ['SELECT Id, (SELECT Id FROM Contacts) FROM Account', /^Aggregate Relationships not supported in Bulk Query$/],
    ['SELECT BillingAddress FROM Account', /^Selecting compound data not supported in Bulk Query$/],
    ['SELECT Id FROM NetworkMemberGroup', /^Entity 'NetworkMemberGroup' is not supported by the Bulk API\.$/],
    ['SELECT Bacon__c FROM Account', /No such column 'Bacon__c'/],
  ];
  for (const [soql, message] of refused) {
    it(`refuses ${soql}`, async () => {
      const answer = await create(createRuleOrg(), soql);
      expect(answer.status).to.equal(400);
      expect((answer.body as Body[])[0]?.['message']).to.match(message);
    });
  }

  it('does not take words in quotes for clauses', async () => {
    expect(
      (await create(createRuleOrg(), "SELECT Id FROM Account WHERE Name = 'Group by \\' offset'")).status,
    ).to.equal(200);
  });

  it('runs for its time, has no results before, can be aborted', async () => {
    const rules = createRuleOrg();
    rules.org.switches.bulk.queryMs = 1000;
    const job = await create(rules, 'SELECT Id FROM Account');
    expect((await rules.call('GET', pathOf(job))).body).to.include({ state: 'InProgress', numberRecordsProcessed: 0 });
    expect((await rules.call('GET', `${pathOf(job)}/results`)).status).to.equal(400);
    expect((await rules.call('PATCH', pathOf(job), { state: 'Aborted' })).body).to.include({ state: 'Aborted' });
  });

  it('refuses when the jobs of the day are used up', async () => {
    const rules = createRuleOrg();
    rules.org.switches.dailyBulkQueryJobs = 1;
    await create(rules, 'SELECT Id FROM Account');
    expect((await create(rules, 'SELECT Id FROM Account')).body).to.have.nested.property(
      '[0].errorCode',
      'EXCEEDEDQUOTA',
    );
  });
});
