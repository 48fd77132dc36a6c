/** A key of a file finds the contact that holds exactly it, in a small file and in one of more rows than IN lists are good for. */
import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { stringify } from 'csv-stringify/sync';
import { mainProfile, recordsOf, RunLab } from './runLab.ts';

describe('a key of a file', () => {
  let lab: RunLab;

  before(async () => {
    lab = await RunLab.start();
  });

  after(() => lab.stop());

  const contacts = (): string[] => lab.segment().map(({ Id }) => Id);

  /** @returns what became of the rows, as `action` and the contact found. `others`: rows that name nobody */
  async function find(field: string, keys: readonly string[], others: number): Promise<string[]> {
    const file = `${lab.newFolder()}.csv`;
    const rows = [...keys, ...Array.from({ length: others }, (_, n) => String(7_000_000 + n))];
    writeFileSync(file, stringify([[field], ...rows.map((key) => [key])]));
    const { folder } = await lab.create({ file, profile: mainProfile, dryRun: true });
    return recordsOf(folder)
      .slice(0, keys.length)
      .map(({ reason, contactId }) => String(contactId ?? reason));
  }

  for (const [size, others] of [
    ['a small file', 0],
    ['a file of many rows', 10_001],
  ] as const) {
    it(`is told apart by its case where the field is (${size})`, async () => {
      const [upper = '', lower = ''] = contacts();
      lab.org.store.update('Contact', upper, { Legacy_Id__c: '0019ABC' });
      lab.org.store.update('Contact', lower, { Legacy_Id__c: '0019abc' });
      expect(await find('Legacy_Id__c', ['0019ABC', '0019abc', '0019Abc'], others)).to.deep.equal([
        upper,
        lower,
        'CONTACT_NOT_FOUND',
      ]);
    });

    it(`that is a number finds the same number only, and what is none finds nobody (${size})`, async () => {
      const [large = '', small = ''] = contacts();
      lab.org.store.update('Contact', large, { Member_Number__c: 9_007_199_254_740_992 });
      lab.org.store.update('Contact', small, { Member_Number__c: 16 });
      const found = ['16', '16.0', '+016'];
      const strange = [
        '9007199254740993',
        '0x10',
        '0b10000',
        '1e300',
        '1e-7',
        '1000000000000000000000',
        '1_6',
        'Infinity',
        '.',
      ];
      expect(await find('Member_Number__c', [...found, ...strange], others)).to.deep.equal([
        small,
        // The second and third row of one contact.
        small,
        small,
        ...strange.map(() => 'CONTACT_NOT_FOUND'),
      ]);
    });
  }
});
