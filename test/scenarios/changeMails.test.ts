/** Nobody who is let in again is written to by Salesforce unless somebody said so. */
import { expect } from 'chai';
import type { SwitchChanges } from '../simulated-org/switches.ts';
import { among, differences, expectChangeDone, expectChangeTrue, makeUsers, stateOf } from './changeLab.ts';
import { expectDone, mainProfile, RunLab, type Run } from './runLab.ts';

describe('welcome mails of enable', () => {
  let lab: RunLab;
  let ids: string[];
  afterEach(() => lab.stop());

  const mails = (): typeof lab.org.rules.outbox.mails => lab.org.rules.outbox.mails;
  const site = (name: string): string => lab.org.store.find('Network', { Name: name })[0]?.Id ?? '';
  const activate = (allowWelcomeEmails: boolean): Promise<Run> =>
    lab.change({ operation: 'enable', mode: 'activate', where: among(ids), allowWelcomeEmails });

  /** Three users of a profile, who hold permission sets, in an org with two live sites; then they are deactivated. */
  async function start(
    profile: string,
    permissionSets: readonly string[],
    switches: SwitchChanges = {},
  ): Promise<void> {
    lab = await RunLab.start({ switches });
    lab.org.store.update('Network', site('Acme Partner Central'), { Status: 'Live' });
    lab.org.store.insert('PermissionSetGroupComponent', {
      PermissionSetGroupId: lab.org.world?.permissionSets.get('Portal_Bundle') ?? null,
      PermissionSetId: lab.org.world?.permissionSets.get('Portal_Partner_Site') ?? null,
    });
    ids = makeUsers(lab, profile, 3);
    if (permissionSets.length > 0) {
      const contacts = ids.map((id) => String(lab.org.store.get('User', id)?.['ContactId']));
      expectDone(lab, await lab.create({ where: among(contacts), profile, permissionSets }));
    }
    expectChangeDone(lab, await lab.change({ mode: 'deactivate', where: among(ids) }));
    mails().length = 0;
  }

  const outsider = 'Acme Identity';
  const ways: ReadonlyArray<
    readonly [way: string, profile: string, permissionSets: string[], sites: readonly string[]]
  > = [
    ['its profile', mainProfile, [], ['Acme Help Center']],
    ['a permission set', outsider, ['Portal_Partner_Site'], ['Acme Partner Central']],
    ['a group of permission sets', outsider, ['Portal_Bundle'], ['Acme Partner Central']],
    ['both, of two sites', mainProfile, ['Portal_Partner_Site'], ['Acme Help Center', 'Acme Partner Central']],
    ['several of one site', 'Acme Partner', ['Portal_Partner_Site', 'Portal_Bundle'], ['Acme Partner Central']],
    ['nothing', outsider, ['Portal_Documents'], []],
  ];
  for (const [way, profile, permissionSets, sites] of ways) {
    const possible = 3 * sites.length;

    for (const onReactivation of [true, false]) {
      it(`members by ${way}: ${onReactivation ? 'as many as foretold' : 'none, in an org that sends none again'}`, async () => {
        await start(profile, permissionSets, { mail: { onReactivation } });
        const before = stateOf(lab.org);
        const held = await activate(false);
        expect(held.result.welcomeEmails).to.deep.equal({
          possible,
          // Without emails there is nothing to decide, and the run is over.
          ...(possible === 0 && { done: 0 }),
          atLeast: false,
          sites,
          senders: sites.map((site) => ({
            site,
            address: 'portal@acme.example',
            template: 'Communities: New Member Welcome Email',
          })),
        });
        expect(mails()).to.deep.equal([]);
        if (possible === 0) return expectChangeDone(lab, held);
        expect(held.end).to.deep.equal({
          end: 'guards',
          failures: [
            {
              guard: 'welcomeEmails.seenFrom',
              facts: {
                mails: possible,
                sites: sites.join(', '),
                senders: sites
                  .map((site) => `${site} (acme.example), "Communities: New Member Welcome Email"`)
                  .join('; '),
              },
            },
          ],
        });
        expectChangeTrue(lab, held);
        expect(differences(before, stateOf(lab.org))).to.deep.equal([]);

        expectChangeDone(lab, await lab.resume(held.folder, { allowWelcomeEmails: true }));
        const expected = onReactivation ? ids.flatMap((id) => sites.map((name) => `${id} ${site(name)}`)) : [];
        expect(mails().map((mail) => `${mail.userId} ${mail.networkId ?? ''}`)).to.have.members(expected);
        expect(mails().every(({ kind }) => kind === 'welcome')).to.equal(true);
      });
    }
  }

  it('are foretold as the most there may be, where the org sends one for each user', async () => {
    await start(mainProfile, ['Portal_Partner_Site'], { mail: { perSite: false } });
    const run = await activate(true);
    expectChangeDone(lab, run);
    expect(run.result.welcomeEmails.possible).to.equal(6);
    expect(mails().map(({ userId }) => userId)).to.have.members(ids);
  });

  it('come from a site that took the profile in meanwhile, even where nobody is written to again', async () => {
    await start(mainProfile, [], { mail: { onReactivation: false } });
    lab.org.store.insert('NetworkMemberGroup', {
      NetworkId: site('Acme Partner Central'),
      ParentId: lab.org.world?.profiles.get(mainProfile) ?? null,
      AssignmentStatus: 'Added',
    });
    const run = await activate(true);
    expectChangeDone(lab, run);
    expect(run.result.welcomeEmails.sites).to.deep.equal(['Acme Help Center', 'Acme Partner Central']);
    expect(mails().map(({ networkId }) => networkId)).to.deep.equal(ids.map(() => site('Acme Partner Central')));
  });

  it('hold up only who is to be activated: not who is active, and nobody who is let in by unfreezing', async () => {
    await start(mainProfile, []);
    lab.org.store.update('User', ids[0] ?? '', { IsActive: true });
    const held = await activate(false);
    expect(held.result.counts).to.include({ planned: 2, unchanged: 1 });
    expect(held.result.welcomeEmails.possible).to.equal(2);
    lab.org.store.update('User', ids[1] ?? '', { IsActive: true });
    // The rest of the plan, after somebody has been let in by hand.
    const allowed = await lab.resume(held.folder, { allowWelcomeEmails: true });
    expectChangeDone(lab, allowed);
    expect(allowed.result.counts).to.include({ succeeded: 1, unchanged: 2 });
    expect(allowed.result.welcomeEmails.possible).to.equal(1);
    expect(mails()).to.have.length(1);

    for (const mode of ['freeze', 'unfreeze'] as const) {
      const operation = mode === 'freeze' ? 'disable' : 'enable';
      const run = await lab.change({ operation, mode, where: among(ids), allowWelcomeEmails: false });
      expectChangeDone(lab, run);
      expect(run.result.counts.succeeded).to.equal(3);
    }
    expect(mails()).to.have.length(1);
  });

  it('hold nothing up any more when no site sends them', async () => {
    await start(mainProfile, []);
    const held = await activate(false);
    expect(held.end.end).to.equal('guards');
    lab.org.store.update('Network', site('Acme Help Center'), { OptionsSendWelcomeEmail: false });
    const run = await lab.resume(held.folder);
    expectChangeDone(lab, run);
    expect(run.result.welcomeEmails.possible).to.equal(0);
    expect(mails()).to.deep.equal([]);
  });

  it('are at least as many as the running user can see, and can’t be ruled out by who sees no site', async () => {
    await start(mainProfile, []);
    const profileId = String(lab.org.store.get('User', lab.org.runningUserId)?.['ProfileId']);
    const blind = { PermissionsModifyAllData: false, PermissionsViewAllData: false, PermissionsManageNetworks: false };
    lab.org.store.update('Profile', profileId, blind);
    for (const { Id } of lab.org.store.find('PermissionSet', { ProfileId: profileId }))
      lab.org.store.update('PermissionSet', Id, blind);
    // A member of the help center, but of no other site.
    const NetworkId = site('Acme Help Center');
    lab.org.store.insert('NetworkMember', { NetworkId, MemberId: lab.org.runningUserId });
    const seen = await activate(false);
    expect(seen.result.welcomeEmails).to.deep.equal({
      possible: 3,
      atLeast: true,
      sites: ['Acme Help Center'],
      senders: [
        { site: 'Acme Help Center', address: 'portal@acme.example', template: 'Communities: New Member Welcome Email' },
      ],
    });
    expect(seen.end).to.have.nested.property('failures[0].guard', 'welcomeEmails.atLeastFrom');
    for (const { Id } of lab.org.store.find('NetworkMember', { MemberId: lab.org.runningUserId }))
      lab.org.store.remove('NetworkMember', Id);
    const unseen = await activate(false);
    expect(unseen.result.welcomeEmails).to.deep.equal({ possible: 0, atLeast: true, sites: [], senders: [] });
    expect(unseen.end).to.have.nested.property('failures[0].guard', 'welcomeEmails.unseen');
    expect(mails()).to.deep.equal([]);
    expectChangeDone(lab, await activate(true));
    expect(mails()).to.have.length(3);
  });
});
