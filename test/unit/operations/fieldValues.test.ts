/** A value that Salesforce would refuse, or change, is refused before it is sent. */
import { expect } from 'chai';
import fc from 'fast-check';
import { checkFieldValue } from '../../../lib/operations/fieldValues.js';
import { isSalesforceId } from '../../../lib/model/ids.js';
import { fieldRule } from './planFacts.ts';

const timeZones = [
  { value: 'Europe/Paris', label: '(GMT+01:00) Central European Standard Time (Europe/Paris)' },
  { value: 'America/Chicago', label: '(GMT-06:00) Central Standard Time (America/Chicago)' },
  { value: 'de', label: 'Deutsch' },
];

function verdict(changes: Parameters<typeof fieldRule>[1], value: string): string {
  const refusal = checkFieldValue(fieldRule('Field__c', changes), value);
  return refusal === undefined ? 'ok' : `${refusal.reason}.${refusal.detail.text}`;
}

describe('checkFieldValue', () => {
  const types: Readonly<Record<string, { good: readonly string[]; bad: readonly string[]; verdict: string }>> = {
    email: { good: ['ada@acme.example'], bad: ['ada', 'ada@acme'], verdict: 'INVALID_EMAIL.detail' },
    boolean: {
      good: ['true', 'FALSE', 'True', '1', '0', 'Yes', 'n', 'ON'],
      bad: ['yess', 'x', '2', 'tru'],
      verdict: 'BAD_VALUE.boolean',
    },
    reference: {
      good: ['005000000000001', '005000000000001AAA'],
      bad: ['005', '005000000000001A', '00500000000000-', 'Paris'],
      verdict: 'BAD_VALUE.id',
    },
    int: { good: ['1', '-5', '1.5', '1e3'], bad: ['one', '1,5', '1x'], verdict: 'BAD_VALUE.number' },
    double: { good: ['1.25'], bad: ['Infinity', 'NaN'], verdict: 'BAD_VALUE.number' },
    currency: { good: ['10'], bad: ['10 €'], verdict: 'BAD_VALUE.number' },
    percent: { good: ['10'], bad: ['10%'], verdict: 'BAD_VALUE.number' },
    date: {
      good: ['2026-12-31', '2024-02-29', '2026-12-31T00:00:00Z'],
      bad: ['31.12.2026', '12/31/2026', '2026-02-30', '2026-12-31 00:00:00', '46022', 'today'],
      verdict: 'BAD_VALUE.date',
    },
    datetime: {
      good: ['2026-12-31T09:30:00Z', '2026-12-31T09:30:00.000+0100', '2026-12-31T09:30:00+01:00', '2026-12-31'],
      bad: ['2026-12-31T09:30:00', '2026-12-31 09:30', '2026-13-01T09:30:00Z', '31.12.2026 09:30'],
      verdict: 'BAD_VALUE.datetime',
    },
    string: {
      good: ['anything', '=1+1', 'a\nb', '😀', '#1', '#', 'C#', '#winning', 'Room #REF!'],
      bad: ['#REF!', '#NAME?', '#VALUE!', '#DIV/0!', '#NUM!', '#NV', '#BEZUG!', '#¡REF!', '########'],
      verdict: 'BAD_VALUE.spreadsheet',
    },
    phone: { good: ['+49 89 / 1'], bad: [], verdict: '' },
  };
  for (const [type, { good, bad, verdict: expected }] of Object.entries(types)) {
    it(`takes the right values for ${type}, and no others`, () => {
      for (const value of good) expect(verdict({ type }, value), value).to.equal('ok');
      for (const value of bad) expect(verdict({ type }, value), value).to.equal(expected);
    });
  }

  it('takes keys of a restricted picklist, and offers the key for the label that people see', () => {
    const rule = fieldRule('TimeZoneSidKey', { type: 'picklist', restrictedPicklist: true, picklistValues: timeZones });
    expect(checkFieldValue(rule, 'Europe/Paris')).to.equal(undefined);
    const suggestion = (value: string): unknown => checkFieldValue(rule, value)?.detail;
    expect(suggestion('Paris')).to.deep.equal({
      text: 'picklistNear',
      facts: { field: 'TimeZoneSidKey', value: 'Paris', near: 'Europe/Paris' },
    });
    expect(suggestion('europe/paris')).to.deep.equal({
      text: 'picklistNear',
      facts: { field: 'TimeZoneSidKey', value: 'europe/paris', near: 'Europe/Paris' },
    });
    expect(suggestion('Central')).to.have.deep.property('facts', {
      field: 'TimeZoneSidKey',
      value: 'Central',
      near: 'Europe/Paris, America/Chicago',
    });
    expect(suggestion('Europe/Pariss')).to.have.property('text', 'picklistNear');
    expect(suggestion('qqqqqq')).to.deep.equal({
      text: 'picklist',
      facts: { field: 'TimeZoneSidKey', value: 'qqqqqq' },
    });
  });

  it('offers the key of the label itself before those of labels that hold it', () => {
    const languages = ['de_AT', 'de', 'de_CH'].map((value) => ({
      value,
      label: value === 'de' ? 'German' : `German (${value})`,
    }));
    const rule = fieldRule('LanguageLocaleKey', {
      type: 'picklist',
      restrictedPicklist: true,
      picklistValues: languages,
    });
    expect(checkFieldValue(rule, 'german')?.detail.facts['near']).to.equal('de');
    expect(checkFieldValue(rule, 'germa')?.detail.facts['near']).to.equal('de_AT, de, de_CH');
  });

  it('looks at each of the values of a picklist of many', () => {
    const rule = { type: 'multipicklist', restrictedPicklist: true, picklistValues: timeZones };
    const [key = ''] = timeZones.map(({ value }) => value);
    expect(verdict(rule, `${key}; ${key}`)).to.equal('ok');
    expect(verdict(rule, `${key};qqqqqq`)).to.equal('BAD_VALUE.picklist');
  });

  it('takes any text for a picklist that is not restricted', () => {
    expect(verdict({ type: 'picklist', picklistValues: timeZones }, 'anything')).to.equal('ok');
  });

  it('takes exactly as many UTF-16 units as the field has, and not one more', () => {
    expect(verdict({ length: 8 }, 'x'.repeat(8))).to.equal('ok');
    expect(verdict({ length: 8 }, 'x'.repeat(9))).to.equal('VALUE_TOO_LONG.detail');
    expect(verdict({ length: 8 }, '😀'.repeat(4))).to.equal('ok');
    expect(verdict({ length: 8 }, `${'😀'.repeat(4)}x`)).to.equal('VALUE_TOO_LONG.detail');
    expect(verdict({ length: 0 }, 'x'.repeat(100_000))).to.equal('ok');
    const refusal = checkFieldValue(fieldRule('Alias', { length: 8 }), 'x'.repeat(9));
    expect(refusal?.detail.facts).to.deep.equal({ field: 'Alias', length: 9, most: 8 });
  });

  it('refuses what would break the upload, or clear the field, in a field of any type', () => {
    for (const type of Object.keys(types)) {
      expect(verdict({ type }, 'a\rb'), type).to.equal('BAD_VALUE.control');
      expect(verdict({ type }, 'a\0b'), type).to.equal('BAD_VALUE.control');
      expect(verdict({ type }, '#N/A'), type).to.equal('BAD_VALUE.notAvailable');
    }
    expect(verdict({}, 'not #N/A')).to.equal('ok');
  });

  it('takes every text of one field’s length that holds neither a carriage return nor a null', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const expected = /[\r\0]/.test(text) ? 'BAD_VALUE.control' : 'ok';
        expect(verdict({ length: text.length }, text)).to.equal(text === '#N/A' ? 'BAD_VALUE.notAvailable' : expected);
      }),
    );
  });

  it('refuses half of a surrogate pair, as another character would arrive', () => {
    for (const text of ['a\ud800', '\udc00b', '\udc00\ud800']) expect(verdict({}, text)).to.equal('BAD_VALUE.control');
    expect(verdict({}, '\ud83d\ude00')).to.equal('ok');
  });

  it('tells Ids by their length and signs alone', () => {
    expect(['003000000000001', '003000000000001AAA'].every(isSalesforceId)).to.equal(true);
    expect(
      ['', '003', '00300000000000', '003000000000001AA', '003000000000001AAAA', '003-00000000001'].some(isSalesforceId),
    ).to.equal(false);
  });
});
