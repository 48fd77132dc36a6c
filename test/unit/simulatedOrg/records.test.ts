/** Single records, collections and composite calls: statuses and bodies. */
import { expect } from 'chai';
import { idSuffix, toId18 } from '../../simulated-org/ids.ts';
import { SimulatedOrg } from '../../simulated-org/world/simulatedOrg.ts';
import { call, refusal } from './orgClient.ts';

const root = '/services/data/v67.0';

describe('simulated org: records', () => {
  let org: SimulatedOrg;

  beforeEach(async () => {
    org = await SimulatedOrg.start({ world: 'none' });
  });

  afterEach(async () => {
    await org.stop();
  });

  it('makes the checksum of recorded Ids', () => {
    for (const id of ['0053h000002xQ5sAAE', '00E3h000001JaqUEAS', '01gB000003OCxSPIA1', '0053h000003de7AAAQ']) {
      expect(idSuffix(id.slice(0, 15))).to.equal(id.slice(15));
      expect(toId18(id.slice(0, 15))).to.equal(id);
    }
    expect(toId18('0053h000002xQ5sAAF')).to.equal(undefined);
  });

  it('creates, reads, changes and deletes', async () => {
    const created = await call(org, 'POST', `${root}/sobjects/Account`, { body: { Name: 'Acme' } });
    expect(created.status).to.equal(201);
    const { id } = created.body as { id: string };
    expect(created.body).to.deep.equal({ id, success: true, errors: [] });
    expect(
      (await call(org, 'PATCH', `${root}/sobjects/Account/${id.slice(0, 15)}`, { body: { phone: '5' } })).status,
    ).to.equal(204);
    const read = await call(org, 'GET', `${root}/sobjects/Account/${id}?fields=Id,Phone,Type`);
    expect(read.body).to.deep.equal({
      attributes: { type: 'Account', url: `${root}/sobjects/Account/${id}` },
      Id: id,
      Phone: '5',
      Type: null,
    });
    expect((await call(org, 'DELETE', `${root}/sobjects/Account/${id}`)).status).to.equal(204);
    expect((await call(org, 'GET', `${root}/sobjects/Account/${id}`)).status).to.equal(404);
    const repeated = await call(org, 'DELETE', `${root}/sobjects/Account/${id}`);
    expect(repeated.status).to.equal(404);
    expect(refusal(repeated)).to.deep.equal({
      message: 'entity is deleted',
      errorCode: 'ENTITY_IS_DELETED',
      fields: [],
    });
  });

  it('refuses as recorded', async () => {
    const unknown = await call(org, 'POST', `${root}/sobjects/Account`, {
      body: { Name: 'Acme', FavoritePet__c: 'Dog' },
    });
    expect(unknown.status).to.equal(400);
    expect(refusal(unknown)).to.include({
      message: "No such column 'FavoritePet__c' on sobject of type Account",
      errorCode: 'INVALID_FIELD',
    });
    const missing = await call(org, 'POST', `${root}/sobjects/Account`, { body: {} });
    expect(refusal(missing)).to.deep.equal({
      message: 'Required fields are missing: [Name]',
      errorCode: 'REQUIRED_FIELD_MISSING',
      fields: ['Name'],
    });
    expect((await call(org, 'POST', `${root}/sobjects/PlayingCard__c`, { body: { Name: 'Ace' } })).status).to.equal(
      404,
    );
  });

  it('reads by external id', async () => {
    const id = org.store.insert('Contact', { LastName: 'x', External_Key__c: 'K 1/2', OwnerId: org.runningUserId });
    const found = await call(org, 'GET', `${root}/sobjects/Contact/External_Key__c/${encodeURIComponent('K 1/2')}`);
    expect(found.body).to.include({ Id: id });
  });

  it('writes collections row by row, or all or none', async () => {
    const records = [{ attributes: { type: 'Account' }, Name: 'One' }, { attributes: { type: 'Account' } }];
    const some = await call(org, 'POST', `${root}/composite/sobjects`, { body: { allOrNone: false, records } });
    const [good, bad] = some.body as Array<{ id: string }>;
    expect(good).to.deep.equal({ id: good?.id, success: true, errors: [] });
    expect(bad).to.deep.equal({
      success: false,
      errors: [
        { statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] },
      ],
    });
    const none = await call(org, 'POST', `${root}/composite/sobjects`, { body: { allOrNone: true, records } });
    expect(none.body).to.have.nested.property('[0].errors[0].statusCode', 'ALL_OR_NONE_OPERATION_ROLLED_BACK');
    expect(org.store.find('Account')).to.have.length(1);
    const many = Array.from({ length: 201 }, () => records[0]);
    expect((await call(org, 'POST', `${root}/composite/sobjects`, { body: { records: many } })).status).to.equal(400);
  });

  it('answers the parts of a composite call one by one', async () => {
    const part = (referenceId: string, url: string): unknown => ({ method: 'GET', url: root + url, referenceId });
    const answer = await call(org, 'POST', `${root}/composite`, {
      body: { compositeRequest: [part('users', '/query/?q=select count() from User'), part('foo', '/sobjects/Foo')] },
    });
    expect(answer.body).to.deep.equal({
      compositeResponse: [
        { body: { totalSize: 1, done: true, records: [] }, httpHeaders: {}, httpStatusCode: 200, referenceId: 'users' },
        {
          body: [{ message: 'The requested resource does not exist', errorCode: 'NOT_FOUND' }],
          httpHeaders: {},
          httpStatusCode: 404,
          referenceId: 'foo',
        },
      ],
    });
  });

  it('resets a password, and counts records', async () => {
    const reset = await call(org, 'DELETE', `${root}/sobjects/User/${org.runningUserId}/password`);
    expect(reset.body).to.have.property('NewPassword').that.is.a('string');
    const counts = await call(org, 'GET', `${root}/limits/recordCount?sObjects=User,Contact`);
    expect(counts.body).to.deep.equal({ sObjects: [{ count: 1, name: 'User' }] });
  });
});
