/** refused.csv and failed.csv, corrected by hand, are given back to the command that wrote them, whatever the key was. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { validationRule } from '../simulated-org/dml/automation.ts';
import type { StoredRecord } from '../simulated-org/contracts.ts';
import { builderOf, csvFile, expectChangeTrue, makeUsers } from './changeLab.ts';
import { csvOf, mainProfile, RunLab, type Run } from './runLab.ts';

type Cells = Record<string, string>;

describe('what a run could not do is given back', () => {
  let lab: RunLab;
  beforeEach(async () => {
    lab = await RunLab.start();
  });
  afterEach(() => lab.stop());

  /** A file of a run with other values; its columns stay as they are. @param correct called with every row */
  const corrected = ({ folder }: Run, name: string, correct: (row: Cells, index: number) => Cells): string => {
    const [header = [], ...rows] = parse(readFileSync(join(folder, `${name}.csv`), 'utf8'));
    expect(new Set(header.map((column) => column.toLowerCase())), 'a column stands twice').to.have.lengthOf(
      header.length,
    );
    const changed = rows.map((row, index) => {
      const cells = Object.fromEntries(header.map((column, at) => [column, row[at] ?? '']));
      const values = { ...cells, ...correct(cells, index) };
      return Object.values(values);
    });
    const added = Object.keys(correct(Object.fromEntries(header.map((column) => [column, ''])), 0));
    return csvFile(lab, [[...new Set([...header, ...added])], ...changed]);
  };

  const reasons = ({ folder }: Run): Array<string | undefined> => csvOf(folder, 'refused').map((row) => row['Reason']);

  describe('to create', () => {
    const keys: ReadonlyArray<readonly [column: string, field: string]> = [
      ['ContactId', 'Id'],
      ['contactid', 'Id'],
      ['Id', 'Id'],
      ['Legacy_Id__c', 'Legacy_Id__c'],
      ['Email', 'Email'],
    ];
    const wrongKeys: Readonly<Record<string, string>> = {
      Id: '0030000000000zzAAA',
      Legacy_Id__c: 'none',
      Email: 'no@acme.example',
    };

    const contacts = (): StoredRecord[] => {
      const build = builderOf(lab);
      return [0, 1, 2].map((n) => {
        const values = { LastName: `Back ${n}`, Email: `back.${n}@made.example`, Legacy_Id__c: `L-${n}` };
        const contact = build.contact(build.account({ Type: 'Made' }), values);
        return lab.org.store.get('Contact', contact) ?? expect.fail('no contact');
      });
    };
    const titles = (of: readonly StoredRecord[]): unknown[] => of.map(({ Id }) => lab.usersOf(Id)[0]?.['Title']);

    for (const [column, field] of keys) {
      it(`refused.csv by ${column}: a wrong key, a taken username, a bad value`, async () => {
        const three = contacts();
        const key = (n: number): string => String(three[n]?.[field]);
        const taken = String(lab.org.store.find('User')[0]?.['Username']);
        const file = csvFile(lab, [
          [column, 'Title', 'Username', 'TimeZoneSidKey', 'Status'],
          [wrongKeys[field] ?? '', 'First', 'one@portal.example', '', 'for the reader'],
          [key(1), 'Second', taken, '', ''],
          [key(2), 'Third', 'three@portal.example', 'Paris', ''],
        ]);
        const refused = await lab.create({ file });
        expect(reasons(refused)).to.deep.equal(['CONTACT_NOT_FOUND', 'USERNAME_TAKEN', 'BAD_VALUE']);
        expect(csvOf(refused.folder, 'refused')[0]).to.include({ [column]: wrongKeys[field], Title: 'First' });
        const again = corrected(refused, 'refused', (row, n) => ({
          ...(n === 0 ? { [column]: key(0) } : {}),
          ...(n === 1 ? { Username: 'two@portal.example' } : {}),
          ...(row['TimeZoneSidKey'] === 'Paris' ? { TimeZoneSidKey: 'Europe/Paris' } : {}),
        }));
        const { result } = await lab.create({ file: again });
        expect(result.counts).to.include({ selected: 3, planned: 3, succeeded: 3 });
        expect(titles(three)).to.deep.equal(['First', 'Second', 'Third']);
        const usernames = three.map(({ Id }) => lab.usersOf(Id)[0]?.['Username']);
        expect(usernames).to.deep.equal(['one', 'two', 'three'].map((name) => `${name}@portal.example`));
      });

      it(`refused.csv by ${column} twice: it begins with that key, and has it`, async () => {
        const wrong = wrongKeys[field] ?? '';
        const refused = await lab.create({
          file: csvFile(lab, [
            ['Title', column],
            ['First', wrong],
          ]),
        });
        const again = await lab.create({ file: corrected(refused, 'refused', () => ({})) });
        const [header = [], row = []] = parse(readFileSync(join(again.folder, 'refused.csv'), 'utf8'));
        expect([header[0], row[0]]).to.deep.equal([column, wrong]);
        const [{ Detail = '', Advice = '' } = {}] = csvOf(again.folder, 'refused');
        expect(Detail).to.include(wrong);
        expect(Advice).to.include('(Detail names it)');
      });

      it(`failed.csv by ${column}, with permission sets and the key`, async () => {
        const [contact = expect.fail('no contact')] = contacts();
        const [set = expect.fail('no set')] = lab.org.store.find('PermissionSet', { Name: 'Portal_Documents' });
        const key = String(contact[field]);
        const remove = lab.org.rules.automation.add(validationRule('User', () => true, 'Not today.'));
        const file = csvFile(lab, [
          [column, 'Title', 'PermissionSets'],
          [key, 'First', 'Portal_Documents'],
        ]);
        const failed = await lab.create({ file });
        const [row = {}] = csvOf(failed.folder, 'failed');
        expect(row).to.include({ Error: 'Not today.', ContactId: contact.Id, PermissionSets: 'Portal_Documents' });
        expect(row).to.include({ [column === 'contactid' ? 'ContactId' : column]: key });
        expect(row['Name']).to.include(String(contact['LastName']));
        remove();
        const { result } = await lab.create({ file: corrected(failed, 'failed', () => ({})) });
        expect(result.counts).to.include({ selected: 1, succeeded: 1 });
        expect(titles([contact])).to.deep.equal(['First']);
        const [user] = lab.usersOf(contact.Id);
        const held = lab.org.store.find('PermissionSetAssignment', { AssigneeId: user?.Id ?? '' });
        expect(held.map((each) => each['PermissionSetId'])).to.include(set.Id);
      });
    }

    it('a file that begins with Email, and has a wrong ContactId or no key at all', async () => {
      const file = csvFile(lab, [
        ['Email', 'ContactId', 'Title'],
        ['back.0@made.example', '0030000000000zzAAA', ''],
        ['', '', 'Without a key'],
      ]);
      const { folder } = await lab.create({ file });
      const [wrong, empty] = csvOf(folder, 'refused');
      expect(Object.entries(wrong ?? {}).slice(0, 2)).to.deep.equal([
        ['Email', 'back.0@made.example'],
        ['ContactId', '0030000000000zzAAA'],
      ]);
      expect(empty?.['Detail']).to.match(/^The column Email is empty/);
    });

    it('a row that was known by its second key keeps that, and gets no other', async () => {
      const [first = expect.fail('no contact'), second = expect.fail('no contact')] = contacts();
      const file = csvFile(lab, [
        ['ContactId', 'Legacy_Id__c', 'Title'],
        ['', 'none', 'First'],
        [second.Id, '', 'Second'],
      ]);
      const refused = await lab.create({ file });
      expect(csvOf(refused.folder, 'refused')).to.have.length(1);
      expect(csvOf(refused.folder, 'refused')[0]).to.include({ ContactId: '', Legacy_Id__c: 'none', Title: 'First' });
      const again = corrected(refused, 'refused', () => ({ Legacy_Id__c: 'L-0' }));
      expect((await lab.create({ file: again })).result.counts).to.include({ selected: 1, succeeded: 1 });
      expect(titles([first])).to.deep.equal(['First']);
    });
  });

  describe('to disable and enable', () => {
    let ids: string[];
    beforeEach(() => {
      ids = makeUsers(lab, mainProfile, 3);
      for (const [n, id] of ids.entries())
        lab.org.store.update('User', id, { FederationIdentifier: `fed-${String(n)}` });
    });

    const frozen = (): unknown[] =>
      lab.org.store
        .find('UserLogin')
        .flatMap(({ IsFrozen, UserId }) => (IsFrozen === true && ids.includes(String(UserId)) ? [UserId] : []));
    const user = (n: number): StoredRecord => lab.org.store.get('User', ids[n] ?? '') ?? expect.fail('no user');
    const internal = (): StoredRecord =>
      lab.org.store.get('User', lab.org.world?.internalUsers.get('sue.support') ?? '') ?? expect.fail('no user');
    const keys: ReadonlyArray<readonly [column: string, field: string, wrong: string]> = [
      ['Id', 'Id', '0050000000000zzAAA'],
      ['UserId', 'Id', '0050000000000zzAAA'],
      ['username', 'Username', 'nobody@acme.example'],
      ['FederationIdentifier', 'FederationIdentifier', 'fed-none'],
      ['ContactId', 'ContactId', '0030000000000zzAAA'],
      ['Email', 'Email', 'nobody@acme.example'],
    ];
    const modes = [
      ['disable', 'deactivate', true],
      ['enable', 'activate', false],
    ] as const;

    for (const [column, field, wrong] of keys) {
      for (const [operation, mode, before] of modes) {
        it(`refused.csv of ${operation} by ${column}: a key that found nobody, or somebody else`, async () => {
          for (const id of ids) lab.org.store.update('User', id, { IsActive: before });
          // An internal user has no contact, and none has a federation id.
          const other = String(internal()[field] ?? wrong);
          const file = csvFile(lab, [[column], [String(user(0)[field])], [wrong], [other === 'null' ? wrong : other]]);
          const refused = await lab.change({ operation, mode, file });
          // The key is what the row has for a UserId, then.
          if (column !== 'UserId') expectChangeTrue(lab, refused);
          expect(reasons(refused)[0]).to.equal('USER_NOT_FOUND');
          expect(csvOf(refused.folder, 'refused')[0]).to.include({ [column]: wrong });
          // The UserId is that of somebody else, who was found.
          const again = corrected(refused, 'refused', (_, n) => ({ UserId: '', [column]: String(user(n + 1)[field]) }));
          const done = await lab.change({ operation, mode, file: again });
          expectChangeTrue(lab, done);
          expect(done.result.counts).to.include({ selected: 2, succeeded: 2 });
          expect(ids.map((_, n) => user(n)['IsActive'])).to.deep.equal([!before, !before, !before]);
        });
      }

      it(`failed.csv of disable by ${column}`, async () => {
        const remove = lab.org.rules.automation.add(validationRule('User', () => true, 'Not today.'));
        const failed = await lab.change({
          mode: 'deactivate',
          file: csvFile(lab, [[column], [String(user(0)[field])]]),
        });
        expect(csvOf(failed.folder, 'failed')[0]).to.include({ Error: 'Not today.', UserId: ids[0] });
        if (column !== 'Id')
          expect(csvOf(failed.folder, 'failed')[0]).to.have.property(
            column === 'username' ? 'Username' : column,
            String(user(0)[field]),
          );
        remove();
        const done = await lab.change({ mode: 'deactivate', file: corrected(failed, 'failed', () => ({})) });
        expect(done.result.counts).to.include({ selected: 1, succeeded: 1 });
        expect(user(0)['IsActive']).to.equal(false);
      });
    }

    it('contacts without a user, from refused.csv of create: still named, so that the rows go back to create', async () => {
      const build = builderOf(lab);
      const contact = build.contact(build.account({ Name: 'Nomail Ltd' }), { LastName: 'Nomail', Email: null });
      const [inactive = ''] = ids;
      lab.org.store.update('User', inactive, { IsActive: false });
      const rows = [['ContactId'], [contact], [String(user(0)['ContactId'])]];
      const notCreated = await lab.create({ file: csvFile(lab, rows) });
      expect(reasons(notCreated)).to.deep.equal(['NO_EMAIL', 'HAS_INACTIVE_USER']);
      const file = join(notCreated.folder, 'refused.csv');
      const activated = await lab.change({ operation: 'enable', mode: 'activate', file });
      expect(user(0)['IsActive']).to.equal(true);
      const named = { UserId: '', ContactId: contact, AccountName: 'Nomail Ltd', Reason: 'USER_NOT_FOUND' };
      expect(csvOf(activated.folder, 'refused')).to.have.length(1);
      expect(csvOf(activated.folder, 'refused')[0]).to.include(named);
      const again = corrected(activated, 'refused', () => ({ Email: 'now@acme.example' }));
      expect((await lab.create({ file: again })).result.counts).to.include({ selected: 1, succeeded: 1 });
    });

    it('an Email of several users: the Id of the one that is meant in a column Id, twice', async () => {
      for (const id of ids) lab.org.store.update('User', id, { Email: 'shared@acme.example' });
      const file = csvFile(lab, [['Email'], ['shared@acme.example'], ['nobody@acme.example']]);
      const refused = await lab.change({ mode: 'deactivate', file });
      expect(reasons(refused)).to.deep.equal(['AMBIGUOUS_KEY', 'USER_NOT_FOUND']);
      const again = await lab.change({
        mode: 'deactivate',
        file: corrected(refused, 'refused', (_, n) => ({ Id: n === 0 ? (ids[1] ?? '') : '' })),
      });
      expect(again.result.counts).to.include({ selected: 2, succeeded: 1, refused: 1 });
      expect(ids.map((_, n) => user(n)['IsActive'])).to.deep.equal([true, false, true]);
      expect(csvOf(again.folder, 'refused')[0]).to.include({ Email: 'nobody@acme.example', Id: '' });
      const last = await lab.change({
        mode: 'deactivate',
        file: corrected(again, 'refused', () => ({ Id: ids[2] ?? '' })),
      });
      expect(last.result.counts).to.include({ selected: 1, succeeded: 1 });
    });

    it('a key of several users, and one of nobody: the user that is meant in the empty column UserId', async () => {
      for (const id of ids) lab.org.store.update('User', id, { Email: 'shared@acme.example' });
      const file = csvFile(lab, [['Email'], ['shared@acme.example'], ['nobody@acme.example']]);
      const refused = await lab.change({ mode: 'deactivate', file });
      const filled = corrected(refused, 'refused', (_, n) => ({ UserId: ids[n + 1] ?? '' }));
      const again = await lab.change({ mode: 'deactivate', file: filled });
      expect(again.result.counts).to.include({ selected: 2, succeeded: 2, refused: 0 });
      expect(ids.map((_, n) => user(n)['IsActive'])).to.deep.equal([true, false, false]);
    });

    it('a corrected key beside the UserId that the wrong one found names two users, in any order of the columns', async () => {
      const [meant = '', wrong = ''] = ids;
      const file = csvFile(lab, [['Email'], [String(user(1)['Email'])]]);
      const refused = await lab.change({ mode: 'deactivate', file, protect: [`Id = '${wrong}'`] });
      const [row = {}] = csvOf(refused.folder, 'refused');
      expect(row).to.include({ UserId: wrong, Reason: 'PROTECTED' });
      const named: Cells = { ...row, AccountId: '', Email: String(user(0)['Email']) };
      const typedOver: Cells = { ...row, AccountId: '', UserId: meant };
      const orders = [Object.keys(row), Object.keys(row).toSorted(), Object.keys(row).toReversed()];
      for (const cells of [named, typedOver]) {
        for (const order of orders) {
          const arranged = csvFile(lab, [order, order.map((column) => cells[column] ?? '')]);
          const two = await lab.change({ mode: 'deactivate', file: arranged });
          expect(reasons(two), order.join()).to.deep.equal(['AMBIGUOUS_KEY']);
          expect(csvOf(two.folder, 'refused')[0]).to.include({ Email: cells['Email'], UserId: cells['UserId'] });
          const again = await lab.change({ mode: 'deactivate', file: join(two.folder, 'refused.csv') });
          expect(reasons(again)).to.deep.equal(['AMBIGUOUS_KEY']);
        }
      }
      expect([meant, wrong].map((id) => lab.org.store.get('User', id)?.['IsActive'])).to.deep.equal([true, true]);
      for (const [n, order] of orders.entries()) {
        const cells: Cells = n === 0 ? { ...named, UserId: '' } : { ...typedOver, Email: '' };
        const arranged = csvFile(lab, [order, order.map((column) => cells[column] ?? '')]);
        const done = await lab.change({ mode: 'deactivate', file: arranged, dryRun: true });
        expect(
          csvOf(done.folder, 'users').map(({ UserId }) => UserId),
          order.join(),
        ).to.deep.equal([meant]);
      }
    });

    it('a UserId that was filled in beside the key of others names two users: neither is touched, however often', async () => {
      const [meant = '', other = '', third = ''] = ids;
      for (const id of [meant, other]) lab.org.store.update('User', id, { Email: 'shared@acme.example' });
      const file = csvFile(lab, [['Email'], ['shared@acme.example'], ['nobody@acme.example']]);
      const refused = await lab.change({ mode: 'freeze', file });
      const mixedUp = corrected(refused, 'refused', (_, n) =>
        n === 0 ? { UserId: third } : { UserId: third, Email: String(user(0)['Email']) },
      );
      const wrong = await lab.change({ mode: 'freeze', file: mixedUp });
      expect(reasons(wrong)).to.deep.equal(['AMBIGUOUS_KEY', 'AMBIGUOUS_KEY']);
      const again = await lab.change({ mode: 'freeze', file: join(wrong.folder, 'refused.csv') });
      expect(reasons(again)).to.deep.equal(['AMBIGUOUS_KEY', 'AMBIGUOUS_KEY']);
      expect(frozen()).to.deep.equal([]);
    });

    it('a wrong UserId that was filled in is corrected in the second round, with the key or without it', async () => {
      const [meant = '', other = '', wrong = ''] = ids;
      for (const id of [meant, other]) lab.org.store.update('User', id, { Email: 'shared@acme.example' });
      const file = csvFile(lab, [['Email'], ['shared@acme.example']]);
      const refused = await lab.change({ mode: 'freeze', file });
      const two = await lab.change({ mode: 'freeze', file: corrected(refused, 'refused', () => ({ UserId: wrong })) });
      for (const key of ['shared@acme.example', '']) {
        const cells = { UserId: meant, Email: key };
        const done = await lab.change({ mode: 'freeze', file: corrected(two, 'refused', () => cells), dryRun: true });
        expect(done.result.counts, key).to.include({ planned: 1 });
        expect(csvOf(done.folder, 'users')[0]).to.include({ UserId: meant });
      }
      const withId = corrected(two, 'refused', () => ({ UserId: meant, Id: wrong }));
      expect(reasons(await lab.change({ mode: 'freeze', file: withId }))).to.deep.equal(['AMBIGUOUS_KEY']);
    });

    it('a UserId that was filled in, whose address somebody else has by the second time, names two users', async () => {
      for (const id of ids) lab.org.store.update('User', id, { Email: 'shared@acme.example' });
      const [meant = ''] = ids;
      const file = csvFile(lab, [['Email'], ['shared@acme.example']]);
      const refused = await lab.change({ mode: 'freeze', file });
      const filled = corrected(refused, 'refused', () => ({ UserId: meant }));
      const guarded = await lab.change({ mode: 'freeze', file: filled, protect: [`Id = '${meant}'`] });
      expect(csvOf(guarded.folder, 'refused')[0]).to.include({ UserId: meant, Reason: 'PROTECTED' });
      lab.org.store.update('User', meant, { Email: 'new@acme.example' });
      const again = await lab.change({ mode: 'freeze', file: join(guarded.folder, 'refused.csv') });
      expect(reasons(again)).to.deep.equal(['AMBIGUOUS_KEY']);
      expect(frozen()).to.deep.equal([]);
    });
  });
});
