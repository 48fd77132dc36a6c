/** Any text that a person or a file can hold arrives in the org as it was, or is refused with a reason. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import type { StoredRecord } from '../simulated-org/contracts.ts';
import { csvOf, expectDone, mainProfile, recordsOf, RunLab, type Run } from './runLab.ts';

/** What is known to be misread somewhere: by CSV, spreadsheets, SOQL, templates, terminals, or by counting characters. */
const awkward = [
  '"',
  '""',
  '","',
  "'",
  "\\'",
  '\\',
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '|',
  '%',
  '_',
  '{',
  '}}',
  '{Email}',
  '%s',
  '=1+1',
  '@SUM(A1)',
  '+1',
  '-1',
  '#N/A',
  'null',
  'true',
  '--',
  '/*',
  '\u001b[2J',
  '\u009b31m',
  '\ufeff',
  '\u200b',
  '\u202e',
  'עִבְרִית',
  'العربية',
  '李小龍',
  '👩‍💻',
  '🇫🇷',
  'é',
  'e\u0301',
  'ǆ',
  'İ',
  'ß',
  '\u{10ffff}',
  '\uffff',
  '\u2028',
  '../..',
  '<b>',
];

/** Around a value of a file they don't count (docs/create-from-a-csv.md), so that they would not come back by users.csv. */
const aroundValues =
  /^[\s\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]+|[\s\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]+$/gu;

/** As Salesforce holds it: trimmed, and not empty. SQLite, where the simulated org keeps it, ends a text at a null. */
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(fc.constantFrom(...awkward), fc.string({ unit: 'binary', maxLength: 5 }), fc.string({ maxLength: 12 })),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    .map((parts) => parts.join('').replaceAll('\0', '').slice(0, maxLength).toWellFormed().replace(aroundValues, ''))
    .filter((value) => value !== '');

const person = fc.record({
  FirstName: fc.option(text(50)),
  // One in many is too long for a user.
  LastName: fc.oneof({ weight: 9, arbitrary: text(60) }, { weight: 1, arbitrary: fc.constant('x'.repeat(81)) }),
  account: text(90),
  local: fc.option(text(12)),
});

/** Line breaks are sent as LF. */
function asSent<Value>(value: Value): Value | string {
  return typeof value === 'string' ? value.replaceAll(/\r\n?/g, '\n') : value;
}

describe('free text', () => {
  let lab: RunLab;
  let people: StoredRecord[];
  before(async () => {
    lab = await RunLab.start({ world: { customerContacts: 110 } });
    people = lab.freeContacts();
    expect(people).to.have.length.above(75);
  });
  after(() => lab.stop());

  it('of names, addresses, accounts and --set arrives by a plan, its users.csv, and a job, or is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 20, maxLength: 20 }), text(80), async (given, title) => {
        const contacts = people.splice(0, given.length);
        given.forEach(({ account, local, FirstName, LastName }, n) => {
          const contact: StoredRecord = contacts[n] ?? { Id: '' };
          const AccountId = lab.org.store.insert('Account', {
            Name: account,
            Type: 'Customer',
            OwnerId: lab.org.store.get('Account', String(contact['AccountId']))?.['OwnerId'] ?? null,
          });
          const Email = `${local ?? `p${String(n)}`}@${contact.Id.toLowerCase()}.example`;
          lab.org.store.update('Contact', contact.Id, { FirstName, LastName, AccountId, Email });
        });
        const where = `Id IN (${contacts.map(({ Id }) => `'${Id}'`).join(',')})`;
        const set = ['Department={Account.Name}', `Title=${title.replace(/[{}]/g, '$&$&')}`];
        const plan = await lab.create({ where, set, dryRun: true }).catch((error: unknown) => error);
        // A constant that no user can have is refused at once, in words.
        if (plan instanceof Error) {
          expect(plan).to.include({ code: 'badSetValue' });
          expect(title).to.match(/^#N\/A$/);
          return;
        }
        const planned = plan as Run;
        if (planned.result.counts.planned === 0) return;
        const run = await lab.create({ file: join(planned.folder, 'users.csv'), profile: undefined });
        expectDone(lab, run);
        expect(run.result.counts).to.include({ selected: planned.result.counts.planned, refused: 0, failed: 0 });
        expectArrived(planned, run, contacts);
      }),
      // Each run uses contacts up: there are none to make a failure smaller with.
      { numRuns: 3, endOnFailure: true },
    );
  });

  /** The values of the plan are those of the contacts, and are the same in the second plan, in the org, and in its report. */
  function expectArrived(planned: Run, run: Run, contacts: readonly StoredRecord[]): void {
    const plans = new Map(recordsOf(planned.folder).map((record) => [record['contactId'], record]));
    const again = new Map(recordsOf(run.folder).map((record) => [record['contactId'], record]));
    const succeeded = new Map(csvOf(run.folder, 'succeeded').map((row) => [row['ContactId'], row]));
    for (const { Id } of contacts) {
      const plan = plans.get(Id);
      const [user] = lab.usersOf(Id);
      if (plan?.['action'] === 'refused') {
        expect(plan['reason'], Id).to.be.oneOf(['VALUE_TOO_LONG', 'BAD_VALUE', 'INVALID_EMAIL', 'INVALID_USERNAME']);
        expect(user, Id).to.equal(undefined);
        continue;
      }
      const contact = lab.org.store.get('Contact', Id);
      const account = lab.org.store.get('Account', String(contact?.['AccountId']));
      const values = JSON.parse(String(plan?.['fieldValues'])) as Record<string, string>;
      expect(JSON.parse(String(again.get(Id)?.['fieldValues']))).to.deep.equal(values);
      expect(values['LastName']).to.equal(asSent(contact?.['LastName']));
      expect(values['FirstName'] ?? null).to.equal(asSent(contact?.['FirstName']));
      expect(values['Department']).to.equal(asSent(account?.['Name']));
      for (const field of ['FirstName', 'LastName', 'Email', 'Username', 'Alias', 'Department', 'Title']) {
        expect(user?.[field] ?? '', `${field} in the org`).to.equal(values[field] ?? '');
        expect(succeeded.get(Id)?.[field] ?? '', `${field} in succeeded.csv`).to.equal(values[field] ?? '');
      }
    }
  }

  it('of a file’s cells arrives in every dialect', async () => {
    const dialects = [',', ';', '\t'].flatMap((delimiter) =>
      ['\n', '\r\n'].map((record_delimiter) => ({ delimiter, record_delimiter })),
    );
    const seed = fc.sample(text(80), { numRuns: 2 * dialects.length });
    for (const [n, dialect] of dialects.entries()) {
      const contacts = [people.pop(), people.pop()];
      const rows = contacts.map((contact, place) => [contact?.Id ?? '', seed[2 * n + place] ?? '', `t${String(n)}`]);
      const file = `${lab.newFolder()}.csv`;
      const csv = stringify([['ContactId', 'LastName', 'Title'], ...rows], {
        ...dialect,
        quoted: true,
        bom: n % 2 === 0,
      });
      writeFileSync(file, csv);
      const run = await lab.create({ file });
      expectDone(lab, run);
      for (const [id = '', lastName] of rows) {
        const [user] = lab.usersOf(id);
        const record = recordsOf(run.folder).find((each) => each['contactId'] === id);
        if (record?.['action'] === 'refused') expect(record['reason']).to.equal('BAD_VALUE');
        else expect(user?.['LastName'], JSON.stringify(dialect)).to.equal(asSent(lastName));
      }
    }
  });

  it('of permission sets finds the set of that name, or says that there is none', async () => {
    const [set] = lab.org.store.find('PermissionSet', { Name: 'Portal_Documents' });
    for (const label of fc.sample(text(60), { numRuns: 4 })) {
      lab.org.store.update('PermissionSet', set?.Id ?? '', { Label: label });
      const where = `Id = '${people[0]?.Id ?? ''}'`;
      const run = await lab.create({ where, profile: mainProfile, permissionSets: [label], dryRun: true });
      expect(run.result.permissionSets.planned.map(({ users }) => users)).to.deep.equal([1]);
    }
  });

  it('of keys finds exactly the contacts that hold them', async () => {
    const keys = fc.uniqueArray(text(60), { minLength: 8, maxLength: 8, selector: (value) => value.toLowerCase() });
    await fc.assert(
      fc.asyncProperty(keys, async (values) => {
        const holders = lab.segment().slice(0, values.length - 1);
        holders.forEach(({ Id }, n) => {
          lab.org.store.update('Contact', Id, { External_Key__c: values[n] ?? null });
        });
        const file = `${lab.newFolder()}.csv`;
        writeFileSync(file, stringify([['External_Key__c'], ...values.map((value) => [value])], { quoted: true }));
        const run = await lab.create({ file, dryRun: true, maxUsers: 100 });
        const found = recordsOf(run.folder).map((record) => record['contactId']);
        expect(found).to.deep.equal([...holders.map(({ Id }) => Id), null]);
      }),
      { numRuns: 4 },
    );
  });
});
