/** What only all subjects together can tell: repeated contacts, users and values, and values that are taken. */
import { expect } from 'chai';
import fc from 'fast-check';
import { refuse } from '../../../../lib/model/reasons.js';
import { CopyTable } from '../../../../lib/store/copyTable.js';
import {
  countWantedValues,
  refuseRepeatedContacts,
  refuseRepeatedGiven,
  refuseRepeatedUsernames,
  refuseRepeatedUsers,
  TakenValues,
  wantedValues,
} from '../../../../lib/store/queries/planRules.js';
import { contactIdOf, paintStep, RunDb, userIdOf } from '../runDb.ts';

describe('the plan in run.db', () => {
  let run: RunDb;
  afterEach(() => {
    run.close();
  });

  const factsOf = (index: number): string => String(run.subjects('detailFacts')[index]);

  it('keeps the first subject of a contact and refuses the later ones, with the row that counts', async () => {
    const same = { contactId: contactIdOf(1) };
    const nobody = { contactId: null, decision: refuse('NO_ACCOUNT.detail') };
    run = await RunDb.with(same, {}, { ...same, permissionSets: ['0PS1'] }, same, nobody, nobody);
    refuseRepeatedContacts(run.db);
    expect(run.subjects('reason')).to.deep.equal([
      null,
      null,
      'DUPLICATE_CONTACT',
      'DUPLICATE_CONTACT',
      'NO_ACCOUNT',
      'NO_ACCOUNT',
    ]);
    expect(factsOf(2)).to.include('"1"');
    expect(factsOf(3)).to.include('"1"');
    expect(run.subjects('state')).to.deep.equal(['open', 'open', null, null, null, null]);
    expect(run.steps('state')).to.deep.equal(['planned', 'planned']);
  });

  it('names the line of the file, where there is one', async () => {
    const same = { contactId: contactIdOf(1) };
    run = await RunDb.with({ ...same, line: 17 }, { ...same, line: 18 });
    refuseRepeatedContacts(run.db);
    expect(factsOf(1)).to.include('"17"');
  });

  it('lets a later subject of a contact stand when the earlier one is refused', async () => {
    const same = { contactId: contactIdOf(1) };
    run = await RunDb.with({ ...same, decision: refuse('BAD_VALUE.noProfile') }, same, same);
    refuseRepeatedContacts(run.db);
    expect(run.subjects('reason')).to.deep.equal(['BAD_VALUE', null, 'DUPLICATE_CONTACT']);
  });

  it('keeps the first subject of a user, too', async () => {
    const user = (n: number): { userId: string; steps: Array<ReturnType<typeof paintStep>> } => ({
      userId: userIdOf(7),
      steps: [paintStep(n)],
    });
    run = await RunDb.with(user(1), user(2), {});
    refuseRepeatedUsers(run.db);
    expect(run.subjects('reason')).to.deep.equal([null, 'DUPLICATE_USER', null]);
    expect(run.steps('state')).to.deep.equal(['planned', 'planned']);
  });

  it('gives a username to the first contact that wants it, and tells the others who that is', async () => {
    const twin = { values: { Username: 'twin@acme.example' } };
    run = await RunDb.with({}, twin, twin, twin);
    refuseRepeatedUsernames(run.db);
    expect(run.subjects('reason')).to.deep.equal([
      null,
      null,
      'DUPLICATE_USERNAME_IN_PLAN',
      'DUPLICATE_USERNAME_IN_PLAN',
    ]);
    expect(factsOf(3)).to.include('twin@acme.example').and.include(contactIdOf(2));
    expect(run.subjects('state')).to.deep.equal(['open', 'open', null, null]);
  });

  it('leaves the username of a refused contact to the next one', async () => {
    const twin = { values: { Username: 'twin@acme.example' } };
    run = await RunDb.with(twin, twin, twin);
    run.setStep(1, "state = 'dropped'");
    refuseRepeatedUsernames(run.db);
    expect(run.subjects('reason')).to.deep.equal([null, null, 'DUPLICATE_USERNAME_IN_PLAN']);
    expect(factsOf(2)).to.include(contactIdOf(2));
  });

  it('refuses nicknames and federation ids that two rows ask for, and never those that were made up', async () => {
    run = await RunDb.with(
      { givenNickname: 'a', givenFederationId: 'f' },
      { givenNickname: 'a' },
      { givenFederationId: 'f' },
      {},
      {},
    );
    refuseRepeatedGiven(run.db);
    expect(run.subjects('reason')).to.deep.equal([null, 'NICKNAME_TAKEN', 'FEDERATION_ID_TAKEN', null, null]);
    expect(run.subjects('detailText')).to.deep.equal([null, 'inPlan', 'inPlan', null, null]);
  });

  it('refuses every subject that wants what a user of the org has', async () => {
    const twin = { values: { Username: 'twin@acme.example' } };
    run = await RunDb.with(twin, {}, twin);
    expect(wantedValues(run.db, 'username').sort()).to.deep.equal(['twin@acme.example', 'u2@acme.example']);
    const taken = new TakenValues(run.db, 'Username');
    taken.add([
      ['Twin@Acme.example', { userId: '005x' }],
      ['twin@acme.example', { userId: '005y' }],
    ]);
    taken.refuse('username');
    expect(run.subjects('reason')).to.deep.equal(['USERNAME_TAKEN', null, 'USERNAME_TAKEN']);
    expect(factsOf(0)).to.include('twin@acme.example').and.include('005x');
    expect(wantedValues(run.db, 'username')).to.deep.equal(['u2@acme.example']);
    expect(countWantedValues(run.db)).to.deep.equal({ username: 1, givenNickname: 0, givenFederationId: 0 });
  });

  it('compares federation ids without regard to case, and takes usernames of a copy of the org', async () => {
    run = await RunDb.with({ givenFederationId: 'Fed-Ä' }, {});
    const ids = new TakenValues(run.db, 'FederationIdentifier');
    ids.add([['FED-ä', { userId: '005x' }]]);
    ids.refuse('givenFederationId');
    const copy = new CopyTable(run.db, ['Username', 'Id']);
    copy.add([{ Username: 'U2@Acme.Example', Id: '005z' }], () => null);
    const usernames = new TakenValues(run.db, 'Username');
    usernames.addUsernamesOf(copy.name);
    usernames.refuse('username');
    expect(run.subjects('reason')).to.deep.equal(['FEDERATION_ID_TAKEN', 'USERNAME_TAKEN']);
    // Made anew, it holds nothing of before.
    new TakenValues(run.db, 'Username');
    expect(run.db.prepare('SELECT count(*) AS n FROM temp.takenUsername').get()).to.deep.include({ n: 0 });
  });

  it('knows the old user of a contact by nickname or address, and takes nobody else for one', async () => {
    const wanting = (id: string) => ({ givenFederationId: id, values: { Email: `${id}@acme.example` } });
    run = await RunDb.with(wanting('a'), wanting('b'), wanting('c'), wanting('d'));
    const ids = new TakenValues(run.db, 'FederationIdentifier');
    const former = (nickname: string, email: string) => ({ userId: '005x', former: { nickname, email } });
    ids.add([
      ['A', former(`User-${contactIdOf(1).toLowerCase()}-2`, 'new@acme.example')],
      ['b', former('bea', 'B@acme.example')],
      ['c', former(`user-${contactIdOf(1).toLowerCase()}`, '')],
      ['d', { userId: '005y' }],
    ]);
    ids.refuseOfFormerUsers();
    expect(run.subjects('detailText')).to.deep.equal(['formerUser', 'formerUser', null, null]);
    ids.refuse('givenFederationId');
    expect(run.subjects('detailText')).to.deep.equal(['formerUser', 'formerUser', 'detail', 'detail']);
  });

  it('lets no value be wanted twice, and refuses nobody without need', async () => {
    const wanted = fc.array(fc.constantFrom('a@acme.example', 'b@acme.example', 'c@acme.example'), { maxLength: 7 });
    await fc.assert(
      fc.asyncProperty(wanted, async (usernames) => {
        run = await RunDb.with(...usernames.map((Username) => ({ values: { Username } })));
        refuseRepeatedUsernames(run.db);
        const left = run.table('step').filter((step) => step['state'] === 'planned');
        expect(left.map((step) => step['username'])).to.deep.equal([...new Set(usernames)]);
        run.close();
      }),
      { numRuns: 25 },
    );
  });
});
