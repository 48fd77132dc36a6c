/** What stands in for names, addresses and Ids in a support bundle. */
import { expect } from 'chai';
import { Pseudonyms } from '../../../lib/run/pseudonyms.js';

const masks = new Pseudonyms(Buffer.from('test'), ['LastName', 'External_Key__c']);

describe('pseudonyms', () => {
  it('are the same for the same value: of Ids in both lengths, of others in any case', () => {
    expect(masks.of('003A0000012abcD'))
      .to.equal(masks.of('003A0000012abcDIAQ'))
      .and.match(/^003~[0-9a-f]{12}$/);
    expect(masks.of('003A0000012abcD')).not.to.equal(masks.of('003A0000012ABCD'));
    expect(masks.of('Jo@x.example'))
      .to.equal(masks.of('jo@X.example '))
      .and.match(/^~[0-9a-f]{12}$/);
    expect(masks.of('')).to.equal('');
  });

  it('can not be made without the secret', () => {
    expect(new Pseudonyms(Buffer.from('other'), []).of('Jo')).not.to.equal(masks.of('Jo'));
  });

  const texts: ReadonlyArray<readonly [text: string, masked: RegExp]> = [
    ['Required fields are missing: [LastName]', /^Required fields are missing: \[LastName\]$/],
    ['unable to obtain exclusive access to this record or 1 records: 001A00000123456', / 1 records: 001~[0-9a-f]{12}$/],
    ['duplicate value found: External_Key__c duplicates', /^duplicate value found: External_Key__c duplicates$/],
    ['ask Jane McDonald at 0301234567 (jane@x.example)', /^ask … … at # \(~[0-9a-f]{12}\)$/],
    ["it isn't 'Max, Moritz' but “Erna”", /^it isn't '~[0-9a-f]{12}' but '~[0-9a-f]{12}'$/],
    ['田中さん is 田中', /^… is …$/],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION, see Apex', /^FIELD_CUSTOM_VALIDATION_EXCEPTION, see Apex$/],
  ];
  for (const [text, masked] of texts) {
    it(`mask ${text}`, () => {
      expect(masks.inText(text)).to.match(masked);
    });
  }

  it('mask what the row is known by, in any case', () => {
    expect(masks.inText('sorry, jane (doe) is out', ['Jane (Doe)'])).to.match(/^sorry, ~[0-9a-f]{12} is out$/);
  });
});
