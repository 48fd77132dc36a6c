/** Cases of docs/cases.md: contacts whose users were cut off from them, or have another profile. */
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { outcomeLines } from '../../../lib/report/screens/outcome.js';
import { csvFile, expectChangeDone } from '../changeLab.ts';
import { RunLab, csvOf, expectDone, inPipe, type Run } from '../runLab.ts';

describe('contacts who have, or had, a user', () => {
  let lab: RunLab;
  let ids: string[];
  beforeEach(async () => {
    lab = await RunLab.start();
    ids = lab.freeContacts().map(({ Id }) => Id);
  });
  afterEach(() => lab.stop());

  const create = (request = {}, contacts = ids.slice(0, 2)): Promise<Run> =>
    lab.create({ file: csvFile(lab, [['ContactId'], ...contacts.map((id) => [id])]), ...request });
  const cutOff = (run: Run): Promise<Run> =>
    lab.change({ mode: 'disable-portal', fromRun: run.folder, file: undefined });
  const nicknames = (): unknown[] => ids.slice(0, 2).map((id) => lab.usersOf(id)[0]?.['CommunityNickname']);

  it('2: finds a made-up nickname that cut-off users keep before it is sent, time and again, by one job', async () => {
    for (let time = 1; time <= 10; time++) {
      const run = await create();
      expectDone(lab, run);
      expect(run.result.counts).to.include({ succeeded: 2, created: 2 });
      expect(run.result.jobs, `time ${String(time)}`).to.have.length(1);
      const ending = time === 1 ? '' : `-${String(time)}`;
      expect(nicknames()).to.deep.equal(ids.slice(0, 2).map((id) => `user-${id.toLowerCase()}${ending}`));
      expectChangeDone(lab, await cutOff(run));
    }
  });

  it('2: goes on from the ending that the plan has found, where Salesforce knows another one that is taken', async () => {
    expectChangeDone(lab, await cutOff(await create()));
    const taken = `user-${(ids[0] ?? '').toLowerCase()}-2`;
    // Of a user with a contact: the lookup before does not ask for these.
    const other = lab.giveUser(ids[3] ?? '');
    lab.org.store.update('User', other, { CommunityNickname: taken });
    const run = await create();
    expectDone(lab, run);
    expect(nicknames()[0]).to.equal(`user-${(ids[0] ?? '').toLowerCase()}-3`);
    expect(run.result.jobs).to.have.length(2);
  });

  it('9: counts users with another profile apart, and says so', async () => {
    expectDone(lab, await create());
    const run = await create({ profile: 'Acme Customer Plus' }, ids.slice(0, 3));
    expect(run.result.unchangedByReason).to.deep.equal({ OTHER_PROFILE: 2 });
    expect(run.result.counts).to.include({ unchanged: 2, created: 1 });
    expect(csvOf(run.folder, 'unchanged').map((row) => row['Reason'])).to.deep.equal([
      'OTHER_PROFILE',
      'OTHER_PROFILE',
    ]);
    expect(screenOf(run))
      .to.match(/! 2 contacts have a user with another profile/)
      .and.not.match(/already/);
    const again = await create({ profile: 'Acme Customer Plus' }, ids.slice(0, 3));
    expect(screenOf(again)).to.match(/= 1 contact already has a user/);
  });

  const federated = { set: ['FederationIdentifier={External_Key__c}'] };

  it('20: says whose user still holds the federation ID, before and after it is asked for again', async () => {
    const off = await cutOff(await create(federated));
    expect(off.events.filter(({ type }) => type === 'federationIdsKept')).to.deep.equal([
      { type: 'federationIdsKept', users: 2 },
    ]);
    const old = off.result.files.createAgain ?? '';
    expect((await create({ file: old, profile: undefined, dryRun: true })).result.counts).to.include({ planned: 2 });
    const refused = await create(federated);
    expect(refused.result.guards.map(({ code }) => code)).to.include('federationIdsHeld');
    const [row] = csvOf(refused.folder, 'refused');
    expect(row?.['Reason']).to.equal('FEDERATION_ID_TAKEN');
    expect(row?.['Detail']).to.match(/cut off/);
    for (const user of lab.org.store.find('User', { IsPortalEnabled: false, ContactId: null }))
      if (user['FederationIdentifier'] !== null) lab.org.store.update('User', user.Id, { FederationIdentifier: null });
    expectDone(lab, await create(federated));
  });

  it('20: frees nothing to say where the cut-off user gives its federation ID up', async () => {
    lab.org.switches.users.disabledKeepsIdentities = false;
    const off = await cutOff(await create(federated));
    expect(off.events.filter(({ type }) => type === 'federationIdsKept')).to.deep.equal([]);
    const run = await create(federated);
    expectDone(lab, run);
    expect(run.result.counts.created).to.equal(2);
  });

  const screenOf = ({ result, detail }: Run): string => {
    const view = { result, detail, screen: { ...inPipe, targetOrg: 'acme' } };
    return stripVTControlCharacters(outcomeLines(view, false).join('\n'));
  };
});
