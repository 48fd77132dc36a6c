/** Tests how the client learns who is calling where the usual service is closed to it. */
import { expect } from 'chai';
import { readIdentity } from '../../../../lib/org/facts/identity.js';
import { OrgError } from '../../../../lib/model/orgError.js';
import type { OrgAnswer, OrgCall } from '../../../../lib/org/orgClient.js';
import { failure, StubServer } from '../stubServer.ts';

describe('readIdentity', () => {
  let server: StubServer;
  beforeEach(async () => {
    server = await StubServer.start(() => ({}));
  });
  afterEach(() => server.stop());

  const answer = (body: object): OrgAnswer => ({ status: 200, headers: {}, body: JSON.stringify(body) });
  const refused = new OrgError({ kind: 'refused', code: 'BAD_OAUTH_TOKEN', message: 'm', status: 403 });

  it('asks the API where the token may not use OpenID', async () => {
    const paths: string[] = [];
    const call = ({ path }: OrgCall): Promise<OrgAnswer> => {
      paths.push(path);
      if (path.includes('userinfo')) return Promise.reject(refused);
      const identity = 'https://login.salesforce.com/id/00D000000000001EAA/005000000000001AAA';
      return Promise.resolve(answer(path === '/' ? { identity } : { Username: 'admin@sim.example' }));
    };
    expect(await readIdentity(await server.connection(), call)).to.deep.equal({
      orgId: '00D000000000001EAA',
      userId: '005000000000001AAA',
      username: 'admin@sim.example',
    });
    expect(paths.at(-1)).to.equal('/sobjects/User/005000000000001AAA?fields=Username');
  });

  it('passes on that the session is dead', async () => {
    const dead = new OrgError({ kind: 'session', code: 'INVALID_SESSION_ID', message: 'm', status: 401 });
    const connection = await server.connection();
    expect(await failure(readIdentity(connection, () => Promise.reject(dead)))).to.equal(dead);
  });
});
