/** A dry run, then the org goes on, then `resume`: what is applied, shown and written is what is true by then. */
import { expect } from 'chai';
import { contactsCsv, expectSound, mainProfile, PortalOrg, readCsv } from './portalOrg.ts';

describe('drift between a dry run and resume', function () {
  let portal: PortalOrg;

  before(async () => {
    portal = await PortalOrg.start();
  });

  after(() => portal.stop());

  it('rows are decided about anew, which a warning tells; the others are done as planned', async () => {
    const [deleted, homeless, taken, ...others] = portal.plainContacts(7);
    const all = [deleted, homeless, taken, ...others].flatMap((contact) => contact ?? []);
    portal.file('drift.csv', contactsCsv(all));
    const create = ['create', '--file', 'drift.csv', '--profile', mainProfile, '--output-dir', 'drift'];
    const { result: dry } = await portal.json([...create, '--dry-run']);
    expect(dry.counts).to.include({ selected: 7, planned: 7 });

    portal.org.store.remove('Contact', deleted?.Id ?? '');
    portal.org.store.update('Contact', homeless?.Id ?? '', { AccountId: null });
    const internal = portal.org.store.find('User', { UserType: 'Standard' }).at(-1);
    portal.org.store.update('User', internal?.Id ?? '', { Username: String(taken?.['Email']).toLowerCase() });

    const resumed = await portal.json(['resume', '--run-dir', 'drift']);
    const { result } = resumed;
    expectSound(result);
    expect(result.counts).to.include({ selected: 7, planned: 4, refused: 3, succeeded: 4 });
    expect(result.refusedByReason).to.deep.equal({ CONTACT_NOT_FOUND: 1, NO_ACCOUNT: 1, USERNAME_TAKEN: 1 });
    expect(JSON.stringify(resumed.warnings)).to.match(
      /3 records of the plan were decided again.*CONTACT_NOT_FOUND 1, NO_ACCOUNT 1/,
    );
    const refused = readCsv(result.files['refused'] ?? '');
    expect(refused.map((row) => row['ContactId'])).to.deep.equal([deleted?.Id, homeless?.Id, taken?.Id]);
    expect(refused.map((row) => row['Advice']).every((advice) => advice !== '')).to.equal(true);
    const users = readCsv(result.files['users'] ?? '').map((row) => row['ContactId']);
    expect(users).to.deep.equal(others.map(({ Id }) => Id));
    for (const { Id } of all) expect(portal.usersOf(Id)).to.have.length(users.includes(Id) ? 1 : 0);
  });

  it('the profile of all rows is gone: an error that names the way on, and nothing is written', async () => {
    const spare = portal.org.store.insert('Profile', {
      ...portal.org.store.get('Profile', portal.profileId(mainProfile)),
      Id: null,
      Name: 'Short Lived Portal',
    });
    portal.file('gone.csv', contactsCsv(portal.plainContacts(9).slice(-2)));
    const create = ['create', '--file', 'gone.csv', '--profile', 'Short Lived Portal', '--output-dir', 'gone'];
    await portal.json([...create, '--dry-run']);
    portal.org.store.remove('Profile', spare);
    const before = portal.digest();
    const failed = await portal.failure(['resume', '--run-dir', 'gone']);
    expect(failed).to.include({ name: 'ChecksFailedError', code: 1 });
    expect(failed.message).to.contain(spare);
    expect(failed.text).to.match(/Run the command that made the plan again, with another profile in --profile/);
    expect(portal.digest()).to.equal(before);
  });
});
