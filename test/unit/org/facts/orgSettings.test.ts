/** The settings that only the Metadata API tells: read in two calls, by those alone whom it takes. */
import { expect } from 'chai';
import { readOrgSettings } from '../../../../lib/org/facts/orgSettings.js';
import { StubServer, token, type Reply, type Seen } from '../stubServer.ts';

const answer = (fields: string): Reply => ({
  headers: { 'content-type': 'text/xml' },
  body: `<Envelope><Body><readMetadataResponse><result><records>${fields}</records></result></readMetadataResponse></Body></Envelope>`,
});
const administrator = new Set(['ModifyMetadata']);

describe('org settings', () => {
  let server: StubServer;
  const start = async (handle: (seen: Seen) => Reply): Promise<void> => {
    server = await StubServer.start(handle);
  };
  afterEach(() => server.stop());

  it('are read with the session in the envelope', async () => {
    await start(({ body }) =>
      body.includes('CommunitiesSettings')
        ? answer(
            '<enableOotbProfExtUserOpsEnable>true</enableOotbProfExtUserOpsEnable><enableUsernameUniqForOrgPref>false</enableUsernameUniqForOrgPref>',
          )
        : answer('<deferGroupMembership>false</deferGroupMembership>'),
    );
    expect(await readOrgSettings(await server.client(), administrator)).to.deep.equal({
      standardProfilesOpen: true,
      partnerUsernamesUniquePerOrg: false,
      accountRoleOptimization: undefined,
      groupMembershipDeferred: false,
      sharingRulesDeferred: undefined,
    });
    expect(server.seen.map(({ path }) => path)).to.deep.equal(Array(2).fill('/services/Soap/m/67.0'));
    for (const { body, headers } of server.seen) {
      expect(body).to.contain(`<m:sessionId>${token}</m:sessionId>`);
      expect(headers['soapaction']).to.equal('readMetadata');
    }
  });

  it('are not asked for by users whom the Metadata API refuses', async () => {
    await start(() => ({ status: 500 }));
    expect(await readOrgSettings(await server.client(), new Set(['ManageUsers']))).to.deep.equal({});
    expect(server.seen).to.have.length(0);
  });

  for (const [what, reply] of [
    ['a fault', { status: 500, body: '<Fault><faultcode>sf:INSUFFICIENT_ACCESS</faultcode></Fault>' }],
    ['a page of an edge server', { status: 200, body: '<html>Down for maintenance</html>' }],
    ['another address', { status: 302, headers: { location: 'https://elsewhere.example' } }],
  ] as const) {
    it(`are unknown after ${what}, asked for once`, async () => {
      await start(() => reply);
      const settings = await readOrgSettings(await server.client(), administrator);
      expect(Object.values(settings).every((value) => value === undefined)).to.equal(true);
      expect(server.seen).to.have.length(2);
    });
  }
});
