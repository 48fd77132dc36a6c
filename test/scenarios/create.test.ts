/** A whole create run against the simulated org: the plan is the org's truth, and each planned contact gets one user. */
import { statSync } from 'node:fs';
import { expect } from 'chai';
import { csvOf, expectDone, expectTrue, recordsOf, RunLab, type Run } from './runLab.ts';

describe('a create run', () => {
  let lab: RunLab;
  let first: Run;
  const caseOf = (code: string): string[] =>
    (lab.org.world?.awkwardCases ?? []).filter((it) => it.code === code).map((it) => it.contactId);

  before(async () => {
    lab = await RunLab.start();
    first = await lab.create();
  });
  after(() => lab.stop());

  it('decides about each selected contact as the org is', () => {
    const reasons = new Map(recordsOf(first.folder).map((record) => [record['contactId'], record['reason']]));
    expect([...reasons.keys()].sort()).to.deep.equal(
      lab
        .segment()
        .map((contact) => contact.Id)
        .sort(),
    );
    const inSegment = (lab.org.world?.awkwardCases ?? []).filter(
      (it) => it.inMainSegment && it.how.startsWith('main segment'),
    );
    for (const { code, contactId, how } of inSegment) {
      const works = code.startsWith('NAME_') || code === 'OWNER_INACTIVE_OK' || code === 'DUPLICATE_USERNAME_IN_PLAN';
      if (!works) expect(reasons.get(contactId), how).to.equal(code);
      else if (code !== 'DUPLICATE_USERNAME_IN_PLAN') expect(reasons.get(contactId), code).to.equal(null);
    }
    expect(caseOf('DUPLICATE_USERNAME_IN_PLAN').map((id) => reasons.get(id))).to.deep.equal([
      null,
      'DUPLICATE_USERNAME_IN_PLAN',
    ]);
    expect(first.result.refusedByReason).to.deep.equal({
      DUPLICATE_USERNAME_IN_PLAN: 1,
      HAS_INACTIVE_USER: 1,
      INVALID_EMAIL: 1,
      NO_EMAIL: 1,
      OWNER_WITHOUT_ROLE: 1,
      USERNAME_TAKEN: 1,
    });
    expect(first.result.unchangedByReason).to.deep.equal({ ALREADY_HAS_USER: 2, OTHER_PROFILE: 1 });
  });

  it('gives every planned contact exactly one user, and says so in numbers and files', () => {
    expectDone(lab, first);
    expect(first.result).to.include({ state: 'complete', dryRun: false, failedByCode: first.result.failedByCode });
    expect(first.result.failedByCode).to.deep.equal({});
    expect(first.result.counts.created).to.equal(first.result.counts.planned);
    expect(first.result.counts.planned).to.be.above(20);
  });

  it('makes users with the values that users.csv shows', () => {
    const rows = csvOf(first.folder, 'users');
    expect(rows).to.have.length(first.result.counts.planned);
    for (const row of rows) {
      const [user] = lab.usersOf(row['ContactId'] ?? '');
      for (const [field, value] of Object.entries(row)) {
        // Salesforce takes the edges off; UserRoleId stays empty for users without a role.
        expect(String(user?.[field] ?? ''), field).to.equal(value.trim());
      }
    }
  });

  it('keeps odd names whole, and refuses none of them', () => {
    const names = (lab.org.world?.awkwardCases ?? []).filter((it) => it.code.startsWith('NAME_'));
    expect(names.length).to.be.above(8);
    for (const { contactId, code } of names) {
      const contact = lab.org.store.get('Contact', contactId);
      const [user] = lab.usersOf(contactId);
      expect([user?.['FirstName'], user?.['LastName']], code).to.deep.equal([
        contact?.['FirstName'],
        contact?.['LastName'],
      ]);
    }
  });

  it('explains an unchanged contact whose user is frozen, or has another profile', () => {
    const details = csvOf(first.folder, 'unchanged').map((row) => row['Detail'] ?? '');
    expect(details.filter((detail) => detail.includes('frozen'))).to.have.length(1);
    expect(details.filter((detail) => detail.includes('Acme Customer Login'))).to.have.length(1);
  });

  it('gives advice with the Ids of the row for each refused contact', () => {
    for (const row of csvOf(first.folder, 'refused')) {
      expect(row['Advice']).to.match(/\S/);
      expect(row['Advice']).not.to.match(/<(ContactId|AccountId|UserId|org)>/);
    }
    const inactive = csvOf(first.folder, 'refused').find((row) => row['Reason'] === 'HAS_INACTIVE_USER');
    expect(inactive?.['UserId']).to.match(/^005/);
    expect(inactive?.['Advice']).to.include(`--file ${first.folder}/refused.csv`);
  });

  it('sends neither too many calls nor a canary for a small plan', () => {
    expect(first.result.jobs).to.have.length(1);
    expect(first.result.apiCalls).to.equal(
      lab.org.ledger.entries.filter((call) => call.headers['sforce-call-options'] === 'client=portal-users').length,
    );
  });

  it('keeps folder and files private', function () {
    if (process.platform === 'win32') this.skip();
    expect(statSync(first.folder).mode & 0o777).to.equal(0o700);
    for (const name of Object.values(first.result.files).filter((file) => file.endsWith('.csv')))
      expect(statSync(name).mode & 0o777, name).to.equal(0o600);
  });

  it('finds nothing to do the second time, and writes nothing', async () => {
    const posts = lab.count('POST', /^\/jobs\/ingest/);
    const second = await lab.create();
    expectDone(lab, second);
    expect(second.result.counts).to.include({ planned: 0, succeeded: 0, failed: 0 });
    expect(second.result.state).to.equal('complete');
    expect(second.result.counts.unchanged).to.equal(first.result.counts.planned + first.result.counts.unchanged);
    expect(lab.count('POST', /^\/jobs\/ingest/)).to.equal(posts);
  });

  it('is reported again when it is finished, without a call that is about contacts', async () => {
    const calls = lab.org.ledger.entries.length;
    const again = await lab.resume(first.folder);
    expectDone(lab, again);
    expect(again.result.counts).to.deep.equal(first.result.counts);
    expect(lab.org.ledger.entries.slice(calls).filter((call) => call.soql !== undefined)).to.deep.equal([]);
  });
});

describe('a dry run', () => {
  let lab: RunLab;
  before(async () => {
    lab = await RunLab.start();
  });
  after(() => lab.stop());

  it('writes nothing to the org, and resume applies its plan', async () => {
    const dry = await lab.create({ dryRun: true });
    expect(dry.end).to.deep.equal({ end: 'planned' });
    expect(dry.result).to.include({ state: 'planned', dryRun: true });
    expect(dry.result.counts).to.include({ succeeded: 0, pending: dry.result.counts.planned });
    expect(
      lab.org.ledger.entries.filter((call) => call.method !== 'GET' && call.resource.startsWith('/jobs/ingest')),
    ).to.deep.equal([]);
    expectTrue(lab, dry);
    const [drifted] = csvOf(dry.folder, 'users');
    lab.giveUser(drifted?.['ContactId'] ?? '');

    const applied = await lab.resume(dry.folder);
    expectDone(lab, applied);
    expect(applied.result).to.include({ state: 'complete', dryRun: false });
    expect(applied.result.counts).to.include({
      planned: dry.result.counts.planned - 1,
      unchanged: dry.result.counts.unchanged + 1,
    });
  });
});
