/** An org with an object and a field of one's own: what README.md shows, and a test runs. */
import assert from 'node:assert/strict';
import { customObject, field } from './schema/define.ts';
import { SimulatedOrg } from './simulatedOrg.ts';

// One line a field: type, name, label, length, then its properties as letters (schema/define.ts explains them).
const book = customObject('Book__c', ['Book', 'Books'], 'a00', [
  field('string', 'Isbn__c', 'ISBN', 13, 'CUXQIB'), // required, because N (nillable) is missing; unique external id
  field('double', 'Pages__c', 'Pages', 0, 'CUNP', { precision: 5 }),
  field('reference', 'Reader__c', 'Reader', 18, 'CUNPB', { to: 'Contact' }), // the way there is Reader__r
]);
const card = field('string', 'Card__c', 'Library Card', 10, 'CUNPQ');

const org = await SimulatedOrg.start({
  objects: [book],
  fields: { Contact: [card] },
  seed: ({ store, runningUserId }) => {
    store.insert('Contact', { LastName: 'Reader', Card__c: 'C-1', OwnerId: runningUserId });
  },
});

/** A call of the REST API, as any client makes it. */
async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${org.url}/services/data/v67.0${path}`, {
    method,
    headers: { authorization: `Bearer ${org.accessToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as T;
}

type Describe = { custom: boolean; fields: Array<{ name: string; nillable: boolean; unique: boolean }> };
type Saved = { id: string; success: boolean };
type Refused = Array<{ errorCode: string; message: string }>;
type Found = { records: Array<{ Name: string; Pages__c: number; Reader__r: { Card__c: string } }> };

const { custom, fields } = await call<Describe>('GET', '/sobjects/Book__c/describe');
const isbn = fields.find(({ name }) => name === 'Isbn__c');
assert.deepEqual([custom, isbn?.nillable, isbn?.unique], [true, false, true]);

const [reader] = org.store.find('Contact', { Card__c: 'C-1' });
const dune = { Name: 'Dune', Isbn__c: '9780441013593', Pages__c: 688, Reader__c: reader?.Id };
const saved = await call<Saved>('POST', '/sobjects/Book__c', dune);
assert.match(saved.id, /^a00/);

const soql = "SELECT Name, Pages__c, Reader__r.Card__c FROM Book__c WHERE Pages__c > 500 AND Reader__r.Card__c = 'C-1'";
const { records } = await call<Found>('GET', `/query?q=${encodeURIComponent(soql)}`);
assert.deepEqual([records[0]?.Name, records[0]?.Pages__c, records[0]?.Reader__r.Card__c], ['Dune', 688, 'C-1']);

// What a real org refuses is refused, in its words.
const [missing] = await call<Refused>('POST', '/sobjects/Book__c', { Name: 'Emma' });
assert.equal(missing?.message, 'Required fields are missing: [Isbn__c]');
const [twice] = await call<Refused>('POST', '/sobjects/Book__c', { ...dune, Name: 'Dune again' });
assert.equal(twice?.errorCode, 'DUPLICATE_VALUE');

await org.stop();
