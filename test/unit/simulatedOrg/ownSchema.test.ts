/** Objects and fields that a project hands in behave as Salesforce's own do; README.md's example of it works. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { customObject, field } from '../../simulated-org/schema/define.ts';
import { objectsWith, type OwnSchema } from '../../simulated-org/schema/ownObjects.ts';
import { SimulatedOrg } from '../../simulated-org/simulatedOrg.ts';
import { readText, root } from '../contracts/project.ts';
import { ask, call, query, refusal, type Answer } from './orgClient.ts';

const api = '/services/data/v67.0';
const example = 'test/simulated-org/example.ts';

const shelf = customObject('Shelf__c', ['Shelf', 'Shelves'], 'a01', [
  field('string', 'Code__c', 'Code', 8, 'CUXQIB'),
  field('picklist', 'Wood__c', 'Wood', 255, 'CUNRP', { values: ['Oak', 'Pine'], initially: 'Oak' }),
  field('reference', 'Keeper__c', 'Keeper', 18, 'CUNPB', { to: 'Contact' }),
]);
/** A shelf that goes is let go of by a box that need not stand anywhere, and is kept by one that must. */
const box = customObject('Box__c', ['Box', 'Boxes'], 'a02', [
  field('reference', 'Stands__c', 'Stands', 18, 'CUNB', { to: 'Shelf__c' }),
  field('reference', 'Owned__c', 'Owned', 18, 'CUB', { to: 'Contact' }),
]);
const badge = field('string', 'Badge__c', 'Badge', 5, 'CUNPQ');
const own: OwnSchema = { objects: [shelf, box], fields: { Contact: [badge] } };

describe('simulated org: objects and fields of a project', () => {
  let org: SimulatedOrg;

  beforeEach(async () => {
    org = await SimulatedOrg.start(own);
  });

  afterEach(async () => {
    await org.stop();
  });

  const insert = (values: Record<string, unknown>): Promise<Answer> =>
    call(org, 'POST', `${api}/sobjects/Shelf__c`, { body: values });
  const inserted = async (values: Record<string, unknown>): Promise<string> => {
    const answer = await insert(values);
    expect(answer.status, answer.text).to.equal(201);
    return (answer.body as { id: string }).id;
  };
  const contact = (values: Parameters<typeof org.store.insert>[1] = {}): string =>
    org.store.insert('Contact', { LastName: 'Keeper', OwnerId: org.runningUserId, ...values });

  it("README.md shows the example as it is in its file, and the example's own checks hold", async () => {
    const shown = /^```ts\n(\/\*\* An org with an object[^]*?)^```$/m.exec(
      readText('test/simulated-org/README.md'),
    )?.[1];
    expect(shown, `copy ${example} into README.md`).to.equal(readText(example));
    await promisify(execFile)(process.execPath, [join(root, example)]);
  });

  it('are described among the others', async () => {
    const { sobjects } = (await call(org, 'GET', `${api}/sobjects`)).body as {
      sobjects: Array<{ name: string; custom: boolean; keyPrefix: string }>;
    };
    const listed = sobjects.map(({ name }) => name);
    expect(listed).to.deep.equal([...listed].sort());
    expect(sobjects.filter(({ custom }) => custom)).to.have.length(2);
    expect(sobjects.find(({ name }) => name === 'Shelf__c')).to.include({ custom: true, keyPrefix: 'a01' });
    const described = (await call(org, 'GET', `${api}/sobjects/Shelf__c/describe`)).body as {
      custom: boolean;
      fields: Array<{ name: string; custom: boolean; relationshipName: string | null }>;
    };
    expect(described.custom).to.equal(true);
    expect(described.fields.filter(({ custom }) => custom).map(({ name }) => name)).to.deep.equal([
      'Code__c',
      'Wood__c',
      'Keeper__c',
    ]);
    expect(described.fields.find(({ name }) => name === 'Keeper__c')).to.include({ relationshipName: 'Keeper__r' });
    const parent = (await call(org, 'GET', `${api}/sobjects/Contact/describe`)).body as {
      childRelationships: Array<{ childSObject: string; field: string }>;
    };
    expect(parent.childRelationships.map((child) => `${child.childSObject}.${child.field}`)).to.include(
      'Shelf__c.Keeper__c',
    );
  });

  it('take defaults, an owner, and the Id for a name', async () => {
    const id = await inserted({ Code__c: 'A1' });
    const oak = { Name: id, Wood__c: 'Oak', OwnerId: org.runningUserId, CreatedById: org.runningUserId };
    expect(org.store.get('Shelf__c', id)).to.include(oak);
    expect(org.store.get('Shelf__c', await inserted({ Code__c: 'A2', Name: 'Attic' }))).to.include({ Name: 'Attic' });
  });

  it('are found by SOQL, over relations both ways and by FIELDS(CUSTOM)', async () => {
    const keeper = contact({ Badge__c: 'B1' });
    const id = await inserted({ Code__c: 'A1', Keeper__c: keeper });
    await inserted({ Code__c: 'A2' });
    const soql = "SELECT Id, Keeper__r.Badge__c, Owner.Name FROM Shelf__c WHERE Keeper__r.Badge__c = 'b1'";
    const { records } = await query(org, soql);
    expect(records).to.have.length(1);
    expect(records[0]).to.deep.include({ Id: id });
    expect(records[0]).to.have.nested.property('Keeper__r.attributes.type', 'Contact');
    expect(records[0]).to.have.nested.property('Owner.attributes.type', 'User');
    const kept = await query(org, 'SELECT Id FROM Contact WHERE Id IN (SELECT Keeper__c FROM Shelf__c)');
    expect(kept.records.map((record) => record['Id'])).to.deep.equal([keeper]);
    const custom = await query(org, 'SELECT FIELDS(CUSTOM) FROM Contact LIMIT 1');
    expect(Object.keys(custom.records[0] ?? {})).to.deep.equal(['attributes', 'Badge__c']);
    expect(refusal(await ask(org, 'SELECT Owner.Username FROM Shelf__c')).errorCode).to.equal('INVALID_FIELD');
  });

  const refused: ReadonlyArray<readonly [what: string, values: () => Record<string, unknown>, code: string]> = [
    ['a required field that is missing', () => ({ Name: 'x' }), 'REQUIRED_FIELD_MISSING'],
    ['a value that another record has', () => ({ Code__c: 'taken' }), 'DUPLICATE_VALUE'],
    ['a text that is too long', () => ({ Code__c: '123456789' }), 'STRING_TOO_LONG'],
    [
      'a value that is not on the list',
      () => ({ Code__c: 'A', Wood__c: 'Ash' }),
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    ],
    ['an Id of another object', () => ({ Code__c: 'A', Keeper__c: org.runningUserId }), 'MALFORMED_ID'],
    ['a field that it does not have', () => ({ Code__c: 'A', Badge__c: 'x' }), 'INVALID_FIELD'],
    ['a field that nobody writes', () => ({ Code__c: 'A', IsDeleted: true }), 'INVALID_FIELD_FOR_INSERT_UPDATE'],
    ['an owner who has left', () => ({ Code__c: 'A', OwnerId: leaver() }), 'INACTIVE_OWNER_OR_USER'],
  ];
  const leaver = (): string => org.store.insert('User', { Username: 'left@sim.example', LastName: 'Left' });
  for (const [what, values, code] of refused) {
    it(`refuse ${what}`, async () => {
      await inserted({ Code__c: 'TAKEN' });
      expect(refusal(await insert(values())).errorCode).to.equal(code);
      expect(org.store.find('Shelf__c')).to.have.length(1);
    });
  }

  it('are updated, upserted by an external id, and deleted', async () => {
    const keeper = contact();
    const path = `${api}/sobjects/Shelf__c`;
    expect((await call(org, 'PATCH', `${path}/Code__c/A1`, { body: { Wood__c: 'Pine' } })).status).to.equal(201);
    const [made] = org.store.find('Shelf__c', { Code__c: 'A1' });
    const id = made?.Id ?? '';
    expect((await call(org, 'PATCH', `${path}/Code__c/A1`, { body: { Keeper__c: keeper } })).status).to.equal(200);
    expect(org.store.get('Shelf__c', id)).to.include({ Wood__c: 'Pine', Keeper__c: keeper });
    const left = await call(org, 'PATCH', `${path}/${id}`, { body: { OwnerId: leaver() } });
    expect(refusal(left).errorCode).to.equal('INACTIVE_OWNER_OR_USER');
    expect((await call(org, 'DELETE', `${path}/${id}`)).status).to.equal(204);
    expect(org.store.find('Shelf__c')).to.deep.equal([]);
  });

  it('let go of a record that is deleted, or keep it where they need it', async () => {
    const account = org.store.insert('Account', { Name: 'Warehouse', OwnerId: org.runningUserId });
    const owner = contact({ AccountId: account });
    const id = await inserted({ Code__c: 'A1' });
    const held = org.store.insert('Box__c', { Stands__c: id, Owned__c: owner });
    expect((await call(org, 'DELETE', `${api}/sobjects/Shelf__c/${id}`)).status).to.equal(204);
    expect(org.store.get('Box__c', held)).to.include({ Stands__c: null, Owned__c: owner });
    for (const path of [`Contact/${owner}`, `Account/${account}`])
      expect(refusal(await call(org, 'DELETE', `${api}/sobjects/${path}`)).errorCode).to.equal('DELETE_FAILED');
    org.store.remove('Box__c', held);
    const kept = await inserted({ Code__c: 'A2', Keeper__c: owner });
    expect((await call(org, 'DELETE', `${api}/sobjects/Account/${account}`)).status).to.equal(204);
    expect(org.store.find('Contact')).to.deep.equal([]);
    expect(org.store.get('Shelf__c', kept)).to.include({ Keeper__c: null });
  });

  it('are written by Bulk', async () => {
    const jobs = `${api}/jobs/ingest`;
    const job = { object: 'Shelf__c', operation: 'insert', lineEnding: 'LF' };
    const { id } = (await call(org, 'POST', jobs, { body: job })).body as { id: string };
    const headers = { 'content-type': 'text/csv' };
    await call(org, 'PUT', `${jobs}/${id}/batches`, { body: 'Code__c,Wood__c\nB1,Oak\nB1,Pine\n', headers });
    await call(org, 'PATCH', `${jobs}/${id}`, { body: { state: 'UploadComplete' } });
    const state = async (): Promise<string> =>
      ((await call(org, 'GET', `${jobs}/${id}`)).body as { state: string }).state;
    while ((await state()) !== 'JobComplete') expect(await state()).to.not.equal('Failed');
    expect(org.store.find('Shelf__c').map((record) => record['Code__c'])).to.deep.equal(['B1']);
    expect((await call(org, 'GET', `${jobs}/${id}/failedResults`)).text).to.include('DUPLICATE_VALUE');
  });

  it('a file that holds an org already is not seeded again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulated-org-'));
    const file = join(folder, 'org.sqlite');
    const seed = ({ store }: SimulatedOrg): void => {
      store.insert('Shelf__c', { Code__c: 'S' });
    };
    try {
      for (const time of ['new', 'again']) {
        const kept = await SimulatedOrg.start({ ...own, file, seed });
        expect(kept.store.find('Shelf__c'), time).to.have.length(1);
        await kept.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const impossible: ReadonlyArray<readonly [what: string, schema: OwnSchema, words: string]> = [
    ['fields of an object that is not there', { fields: { Contct: [badge] } }, 'No standard object Contct'],
    ['a field that is no custom one', { fields: { Contact: [field('string', 'Nick', 'Nick', 9, 'CUN')] } }, '__c'],
    ['a field twice', { fields: { Contact: [badge, { ...badge, name: 'BADGE__c' }] } }, 'two of the field of Contact'],
    ['a custom integer', { fields: { Contact: [field('int', 'Age__c', 'Age', 0, 'CUN')] } }, 'double'],
    ['an object twice', { objects: [shelf, { ...shelf, keyPrefix: 'a02' }] }, 'two of the object shelf__c'],
    ['a key prefix twice', { objects: [shelf, { ...shelf, name: 'Rack__c' }] }, 'two of the key prefix a01'],
    ['a key prefix of Salesforce', { objects: [{ ...shelf, keyPrefix: '003' }] }, 'two of the key prefix 003'],
    ['a key prefix of another length', { objects: [{ ...shelf, keyPrefix: 'a1' }] }, 'three characters'],
    ['an object without an Id', { objects: [{ ...shelf, fields: [badge] }] }, 'no field Id'],
    [
      'a column for an index that is not there',
      { fields: { Contact: [{ ...badge, joinsIndexOf: 'Title' }] } },
      'joins the index of Title',
    ],
  ];
  for (const [what, schema, words] of impossible) {
    it(`no org starts with ${what}`, () => {
      expect(() => objectsWith(schema)).to.throw(words);
    });
  }
});
