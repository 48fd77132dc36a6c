/** The benchmarks work, at sizes that take seconds; how fast anything is, is not judged here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { repository } from '../scenarios/commands/sfCall.ts';
import { keptFigures } from './figures.ts';
import { measureFloor } from './floor.ts';
import { measureApply, measureList, measurePlan } from './growth.ts';
import { startOrgProcess } from './orgProcess.ts';
import { simulate } from './schedule.ts';
import { schedulePicture } from './schedulePicture.ts';
import { pageWith, tablesOf } from './tables.ts';

const contacts = 300;

describe('benchmarks', () => {
  it('a plan and a run have their rows in the tables, and keep the budget of calls', async () => {
    const [plan, apply, list] = await Promise.all([
      measurePlan(contacts),
      measureApply(contacts),
      measureList(contacts, true),
    ]);
    expect(plan.calls).to.be.at.most(40);
    expect(apply.reads).to.be.at.most(40);
    expect(apply.jobs).to.equal(2);
    expect(apply.calls - apply.reads - apply.polls).to.be.at.most(6 * apply.jobs);
    expect(list.reads).to.be.at.most(40);
    for (const { seconds, cpuSeconds, peakBytes, folderBytes } of [plan, apply, list]) {
      expect(seconds).to.be.above(0);
      expect(cpuSeconds).to.be.above(0);
      // A process of Node is larger than that, and a run of so few contacts far smaller.
      expect(peakBytes).to.be.within(30e6, 2e9);
      expect(folderBytes).to.be.within(1000, 50e6);
    }
    expect(apply.applySeconds).to.be.within(0, apply.seconds);
    const tables = tablesOf({
      machine: 'm',
      plan: { [contacts]: plan },
      apply: { [contacts]: apply },
      list: { [contacts]: list },
    });
    for (const name of ['plan', 'apply', 'list']) expect(tables[name]).to.match(/\| 300 \| \d+\.\d s \|/);
  });

  it('the floor downloads the results of a query', async () => {
    const org = await startOrgProcess({ world: { large: { contacts } } });
    const { seconds } = await measureFloor(org, ['SELECT Id, Email FROM Contact', 'SELECT Id FROM Account']);
    expect(seconds).to.be.above(0);
    expect((await org.calls())['GET /jobs/query/{id}/results']).to.equal(2);
    await org.stop();
  });

  it('a schedule ends with all users made, on the time that the org says it took', async () => {
    for (const way of ['this plugin', 'one job'] as const) {
      const outcome = await simulate('Zipf', 'roleBased', way, contacts);
      expect(outcome, way).to.include({ lockFailures: 0, first: contacts });
      // The rows alone take that long.
      expect(outcome.minutes, way).to.be.within((contacts * 9) / 60_000, 5);
    }
  });

  it('docs/performance.md and its picture show the figures that are kept', () => {
    const figures = keptFigures();
    if (figures?.schedule === undefined) throw new Error('no figures are kept: npm run bench');
    const page = readFileSync(join(repository, 'docs', 'performance.md'), 'utf8');
    expect(page).to.equal(pageWith(page, tablesOf(figures)));
    const picture = readFileSync(join(repository, 'docs', 'schedule.svg'), 'utf8');
    expect(picture).to.equal(schedulePicture(figures.schedule));
  });
});
