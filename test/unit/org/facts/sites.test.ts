/** The members of each site: read at once, apart where the relation has another name, and through groups. */
import { expect } from 'chai';
import { readSiteMemberships } from '../../../../lib/org/facts/sites.js';
import { StubServer, type Reply, type Seen } from '../stubServer.ts';

const page = (...records: object[]): Reply => ({ body: { totalSize: records.length, done: true, records } });
const refusal = (errorCode: string): Reply => ({ status: 400, body: [{ errorCode, message: errorCode }] });

describe('sites', () => {
  let server: StubServer;
  const start = async (handle: (soql: string) => Reply): Promise<void> => {
    server = await StubServer.start((seen: Seen) => handle(seen.query.get('q') ?? ''));
  };
  afterEach(() => server.stop());

  const network = { Name: 'Help', Status: 'Live', OptionsSendWelcomeEmail: true };
  const member = { siteName: 'Help', siteStatus: 'Live', sendsWelcomeEmail: true, assignmentStatus: 'Added' };

  it('are read with one query', async () => {
    await start(() => page({ ParentId: '00e000000000001', AssignmentStatus: 'Added', Network: network }));
    expect(await readSiteMemberships(await server.client(), false)).to.deep.equal([
      { ...member, parentId: '00e000000000001' },
    ]);
    expect(server.seen).to.have.length(1);
  });

  it('are read apart where the relation to the site has another name', async () => {
    await start((soql) => {
      if (soql.includes('Network.')) return refusal('INVALID_FIELD');
      return soql.includes('FROM Network') && !soql.includes('MemberGroup')
        ? page({ Id: '0DB000000000001', ...network })
        : page({ NetworkId: '0DB000000000001', ParentId: '0PS000000000001', AssignmentStatus: 'Added' });
    });
    expect(await readSiteMemberships(await server.client(), false)).to.deep.equal([
      { ...member, parentId: '0PS000000000001' },
    ]);
  });

  it('are none in an org without them', async () => {
    await start(() => refusal('INVALID_TYPE'));
    expect(await readSiteMemberships(await server.client(), true)).to.deep.equal([]);
  });

  it('have the groups of permission sets that hold a member, asked for by the sets alone', async () => {
    await start((soql) =>
      soql.includes('FROM PermissionSetGroupComponent')
        ? page({ PermissionSetGroupId: '0PG000000000001', PermissionSetId: '0PS000000000001' })
        : page(
            { ParentId: '00e000000000001', AssignmentStatus: 'Added', Network: network },
            { ParentId: '0PS000000000001', AssignmentStatus: 'Added', Network: network },
          ),
    );
    const members = await readSiteMemberships(await server.client(), true);
    expect(members.map(({ parentId }) => parentId)).to.deep.equal([
      '00e000000000001',
      '0PS000000000001',
      '0PG000000000001',
    ]);
    expect(server.seen[1]?.query.get('q')).to.match(/PermissionSetId IN \('0PS000000000001'\)$/);
  });
});
