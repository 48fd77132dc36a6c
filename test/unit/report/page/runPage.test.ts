/** report.html of real runs: its numbers are those of the JSON, its people those of the files. */
import { readFileSync, statSync } from 'node:fs';
import { expect } from 'chai';
import { mainProfile, RunLab, type Run } from '../../../scenarios/runLab.ts';

type Data = { columns: Array<{ key: string; isName: boolean }>; rows: string[][] };

describe('report.html of a run', () => {
  let lab: RunLab;
  before(async () => {
    lab = await RunLab.start({ world: { customerContacts: 12 } });
  });
  after(() => lab.stop());

  const pageOf = ({ result }: Run): string => readFileSync(result.files.report, 'utf8');
  const dataOf = (page: string): Data =>
    JSON.parse(/<script type="application\/json" id="data">([^<]*)<\/script>/u.exec(page)?.[1] ?? '') as Data;

  /** Each state has as many rows as the result counts. */
  function expectCounts(run: Run): Data {
    const data = dataOf(pageOf(run));
    const { counts } = run.result;
    for (const state of ['succeeded', 'failed', 'unknown', 'refused', 'unchanged', 'pending'] as const) {
      expect(data.rows.filter(([each]) => each === state).length, state).to.equal(counts[state]);
    }
    expect(data.rows).to.have.length(counts.selected);
    return data;
  }

  it('shows a plan, a run and what was refused, those with trouble first, in a file of its owner', async () => {
    const plan = await lab.create({ dryRun: true, allowWelcomeEmails: true });
    expectCounts(plan);
    expect(pageOf(plan)).to.contain('Nothing was written yet.');
    const run = await lab.create({ allowWelcomeEmails: true });
    const data = expectCounts(run);
    expect(run.result.counts.refused).to.be.above(0);
    expect(data.rows[0]?.[0]).to.equal('refused');
    expect(statSync(run.result.files.report).mode & 0o777).to.equal(0o600);
    const page = pageOf(run);
    expect(page).to.contain(run.result.orgId).and.to.contain('1 job over time');
    expect(page).to.not.contain(lab.org.accessToken);
    expect(page.slice(0, page.indexOf('<script'))).to.not.match(/%\{|undefined|\[object/u);
  });

  it('shows people who were changed, and licenses before and after', async () => {
    const where = `Profile.Name = '${mainProfile}' AND IsActive = true`;
    const run = await lab.change({ operation: 'disable', mode: 'deactivate', where });
    const data = expectCounts(run);
    expect(data.columns.map(({ key }) => key)).to.include.members(['name', 'username', 'userId']);
    expect(pageOf(run))
      .to.contain('Deactivate portal users')
      .and.to.contain(`${String(run.result.counts.succeeded)} users deactivated`);
  });
});
