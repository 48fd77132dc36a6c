/** What becomes of a plan whose people change before it is carried out: nobody gets what only the plan wants. */
import { expect } from 'chai';
import { builderOf } from '../changeLab.ts';
import { mainProfile, type DriveChanges } from '../runLab.ts';
import { active, decisionsOf, expectSynced, SyncLab } from './syncLab.ts';

const groupOf = (title: string, more: object = {}): object => ({
  name: title,
  contacts: `Title = '${title}'`,
  profile: mainProfile,
  mayBeEmpty: true,
  ...more,
});

/** What the contacts of B get, by what differs from A. */
const others: ReadonlyArray<readonly [what: string, a: object, b: object]> = [
  ['no access', {}, { inactive: true }],
  ['another profile', { profile: 'Acme Customer Plus' }, {}],
  ['another permission set', { permissionSets: ['Portal_Documents'] }, { permissionSets: ['Portal_Orders'] }],
];

describe('a contact that changes groups after the plan of a sync', () => {
  let sync: SyncLab;
  beforeEach(async () => {
    sync = await SyncLab.start();
  });
  afterEach(() => sync.stop());

  function setTitle(contactId: string, Title: string): void {
    sync.lab.org.store.update('Contact', contactId, { Title });
  }

  /** Contacts of A who have no user. */
  function newcomers(): [moves: string, stays: string] {
    const [moves, stays] = sync.lab.freeContacts();
    if (moves === undefined || stays === undefined) throw new Error('all contacts have users');
    for (const { Id } of [moves, stays]) setTitle(Id, 'A');
    return [moves.Id, stays.Id];
  }

  const profilesOf = (contactId: string): unknown[] =>
    sync.lab
      .usersOf(contactId)
      .map((user) => [sync.lab.org.store.get('Profile', String(user['ProfileId']))?.['Name'], user['IsActive']]);

  const setsOf = (contactId: string): number =>
    sync.lab
      .usersOf(contactId)
      .flatMap(({ Id }) => sync.lab.org.store.find('PermissionSetAssignment', { AssigneeId: Id })).length;

  const beforeApply = (change: () => void): DriveChanges => ({
    onEvent: (event) => {
      if (event.type === 'stage' && event.stage === 'apply') change();
    },
  });

  for (const [what, a, b] of others) {
    describe(`to one that wants ${what}`, () => {
      const definition = { ...active, groups: [groupOf('A', a), groupOf('B', b)] };

      it('gets no user when the plan is resumed', async () => {
        const [moves, stays] = newcomers();
        const definitionFile = sync.definitionFile(definition);
        const planned = await sync.lab.sync({ definitionFile, dryRun: true });
        setTitle(moves, 'B');
        const run = await sync.lab.resume(planned.folder);
        expect(run.end).to.deep.equal({ end: 'done' });
        expect(profilesOf(moves)).to.deep.equal([]);
        expect(profilesOf(stays)).to.have.length(1);
        expect(decisionsOf(run).get(moves)).to.equal('LEFT_GROUP.detail');
      });

      it('gets no user in the run that has planned it', async () => {
        const [moves, stays] = newcomers();
        const run = await sync.sync(
          definition,
          {},
          beforeApply(() => setTitle(moves, 'B')),
        );
        expect(profilesOf(moves)).to.deep.equal([]);
        expect(profilesOf(stays)).to.have.length(1);
        expect(decisionsOf(run).get(moves)).to.equal('LEFT_GROUP.detail');
        // The next run makes the user that the new group wants, and the one after it finds nothing to do.
        expectSynced(await sync.sync(definition));
        const profile = 'profile' in b ? b.profile : mainProfile;
        expect(profilesOf(moves)).to.deep.equal([[profile, !('inactive' in b)]]);
        expect(setsOf(moves)).to.equal('permissionSets' in b ? 1 : 0);
        expect((await sync.sync(definition)).result.counts.planned).to.equal(0);
      });
    });
  }

  it('gets no permission set of the old group', async () => {
    const definition = {
      ...active,
      groups: [groupOf('A', { permissionSets: ['Portal_Documents'] }), groupOf('B')],
    };
    const [moves, stays] = [sync.person({ Title: 'A' }), sync.person({ Title: 'A' })];
    const change = beforeApply(() => setTitle(moves.contactId, 'B'));
    const run = await sync.sync(definition, {}, change);
    expect([setsOf(moves.contactId), setsOf(stays.contactId)]).to.deep.equal([0, 1]);
    expect(decisionsOf(run).get(moves.userId)).to.equal('LEFT_GROUP.user');
  });

  it('is not let in again where the new group wants its users inactive', async () => {
    const definition = { ...active, groups: [groupOf('A'), groupOf('B', { inactive: true })] };
    const { contactId, userId } = sync.person({ Title: 'none' });
    sync.person({ Title: 'A' });
    expectSynced(await sync.sync(definition));
    expect(sync.access(userId)).to.equal('frozen');
    setTitle(contactId, 'A');
    const change = beforeApply(() => setTitle(contactId, 'B'));
    await sync.sync(definition, {}, change);
    expect(sync.access(userId)).to.equal('frozen');
  });

  it('goes on with a user whom somebody else has made, and gives what the plan gives', async () => {
    const definition = { ...active, groups: [groupOf('A', { permissionSets: ['Portal_Orders'] })] };
    const [found, made] = newcomers();
    const planned = await sync.sync(definition, { dryRun: true });
    const userId = builderOf(sync.lab).portalUser(found, mainProfile);
    const run = await sync.lab.resume(planned.folder);
    expect(run.end).to.deep.equal({ end: 'done' });
    expect(sync.lab.usersOf(found).map(({ Id }) => Id)).to.deep.equal([userId]);
    expect([found, made].map(setsOf)).to.deep.equal([1, 1]);
    expect((await sync.sync(definition)).result.counts.planned).to.equal(0);
  });

  it('leaves a user alone whom somebody else has made, and who needs more than the plan has', async () => {
    const definition = { ...active, profile: 'change', groups: [groupOf('A', { permissionSets: ['Portal_Orders'] })] };
    const [found, made] = newcomers();
    const planned = await sync.sync(definition, { dryRun: true });
    builderOf(sync.lab).portalUser(found, 'Acme Customer Login');
    const run = await sync.lab.resume(planned.folder);
    expect(run.end).to.deep.equal({ end: 'done' });
    expect(profilesOf(found)).to.deep.equal([['Acme Customer Login', true]]);
    expect([found, made].map(setsOf)).to.deep.equal([0, 1]);
  });
});
