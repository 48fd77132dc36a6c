/** Nobody is written to by Salesforce unless somebody said so. */
import { expect } from 'chai';
import { expectDone, expectTrue, RunLab } from './runLab.ts';

describe('welcome mails', () => {
  let lab: RunLab;
  const mails = (): number => lab.org.rules.outbox.mails.length;
  afterEach(() => lab.stop());

  it('hold a run up until they are allowed, and are as many as foretold', async () => {
    lab = await RunLab.start();
    const run = await lab.create({ allowWelcomeEmails: false });
    expect(run.end).to.have.nested.property('failures[0].guard', 'welcomeEmails.seenFrom');
    expectTrue(lab, run);
    expect(mails()).to.equal(0);
    expect((await lab.resume(run.folder)).end.end).to.equal('guards');
    lab.org.switches.bulk.stuck = true;
    const allowed = await lab.resume(run.folder, { allowWelcomeEmails: true, wait: 0 });
    expect(allowed.end.end).to.equal('wait');
    lab.org.switches.bulk.stuck = false;
    // Consent that was given is not asked for again.
    const done = await lab.resume(run.folder);
    expectDone(lab, done);
    expect(mails()).to.equal(run.result.welcomeEmails.possible);
    expect(run.result.welcomeEmails).to.deep.equal({
      possible: run.result.counts.planned,
      atLeast: false,
      sites: ['Acme Help Center'],
      senders: [
        { site: 'Acme Help Center', address: 'portal@acme.example', template: 'Communities: New Member Welcome Email' },
      ],
    });
  });

  it('do not come up where no live site sends them', async () => {
    lab = await RunLab.start({ world: { customerContacts: 2, welcomeEmails: false } });
    const run = await lab.create({ allowWelcomeEmails: false });
    expectDone(lab, run);
    expect(run.result.welcomeEmails).to.deep.equal({ possible: 0, done: 0, atLeast: false, sites: [], senders: [] });
    expect(mails()).to.equal(0);
  });

  it('do not come up for inactive users, nor for profiles that are members of no live site', async () => {
    lab = await RunLab.start({ world: { customerContacts: 2 } });
    expectDone(lab, await lab.create({ allowWelcomeEmails: false, inactive: true, where: "LastName = 'Cher'" }));
    expectDone(
      lab,
      await lab.create({ allowWelcomeEmails: false, profile: 'Acme Identity', where: "LastName = '山田'" }),
    );
    expect(mails()).to.equal(0);
  });

  it('can’t be ruled out by who does not see all sites, but hold up nothing when there is nothing to do', async () => {
    lab = await RunLab.start({
      world: { customerContacts: 2, runningUser: 'customerService', welcomeEmails: false },
      switches: { users: { manageCustomerUsersSuffices: true } },
    });
    const run = await lab.create({ allowWelcomeEmails: false });
    expect(run.end).to.have.nested.property('failures[0].guard', 'welcomeEmails.unseen');
    const idle = await lab.create({ allowWelcomeEmails: false, where: "LastName = 'Nobody'" });
    expectDone(lab, idle);
  });
});
