/** Whether there are partner accounts, as far as the running user sees. */
import { expect } from 'chai';
import { hasPartnerAccounts } from '../../../../lib/org/facts/partnerAccounts.js';
import { StubServer, type Reply } from '../stubServer.ts';

const page = (...records: object[]): Reply => ({ body: { totalSize: records.length, done: true, records } });

describe('partner accounts', () => {
  let server: StubServer;
  afterEach(() => server.stop());

  it('are there or not; not where the field is hidden', async () => {
    server = await StubServer.start(() => ({
      status: 400,
      body: [{ errorCode: 'INVALID_FIELD', message: 'IsPartner' }],
    }));
    const client = await server.client();
    expect(await hasPartnerAccounts(client)).to.equal(false);
    server.handle = () => page();
    expect(await hasPartnerAccounts(client)).to.equal(false);
    server.handle = () => page({ Id: '001000000000000' });
    expect(await hasPartnerAccounts(client)).to.equal(true);
  });
});
