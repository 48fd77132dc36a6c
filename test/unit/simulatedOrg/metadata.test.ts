/** The Metadata API of the simulated org, read by Salesforce's own library. */
import { expect } from 'chai';
import { SimulatedOrg } from '../../simulated-org/world/simulatedOrg.ts';
import { takeOwnHome } from '../../ownHome.ts';

takeOwnHome('portal-users-metadata-');
const { AuthInfo, Connection } = await import('@salesforce/core');

describe('simulated org: metadata', () => {
  let org: SimulatedOrg;
  beforeEach(async () => {
    org = await SimulatedOrg.start({ switches: { deferGroupMembership: true } });
  });
  afterEach(() => org.stop());

  const connect = async (token: string): Promise<InstanceType<typeof Connection>> => {
    process.env['SF_ORG_INSTANCE_URL'] = org.url;
    const authInfo = await AuthInfo.create({ username: token });
    return Connection.create({ authInfo, connectionOptions: { version: '67.0' } });
  };

  it('tells the settings', async () => {
    const { metadata } = await connect(org.accessToken);
    const before = org.limits.used('DailyApiRequests');
    const sharing = (await metadata.read('SharingSettings', 'Sharing')) as unknown as Record<string, unknown>;
    expect(sharing).to.include({ fullName: 'Sharing', deferSharingRules: 'false', deferGroupMembership: 'true' });
    const communities = (await metadata.read('CommunitiesSettings', 'Communities')) as unknown as Record<
      string,
      unknown
    >;
    expect(communities['enableOotbProfExtUserOpsEnable']).to.equal(false);
    expect(org.limits.used('DailyApiRequests') - before).to.equal(2);
  });

  it('refuses users without the right, in the words of Salesforce', async () => {
    org.store.update('Profile', org.store.get('User', org.runningUserId)?.['ProfileId'] as string, {
      PermissionsModifyAllData: false,
      PermissionsModifyMetadata: false,
    });
    const { metadata } = await connect(org.accessToken);
    const error: unknown = await metadata.read('SharingSettings', 'Sharing').catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain('requires a user with the ModifyAllData or ModifyMetadata permissions');
  });

  it('refuses a dead session', async () => {
    const { metadata } = await connect(org.accessToken);
    org.session.expire(org.accessToken);
    const error: unknown = await metadata.read('SharingSettings', 'Sharing').catch((thrown: unknown) => thrown);
    expect(String(error)).to.contain('INVALID_SESSION_ID');
  });
});
