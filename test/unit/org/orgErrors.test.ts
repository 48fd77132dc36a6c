/** Tests the translation of foreign errors: their kinds, and what must not come through. */
import { expect } from 'chai';
import { errorOfAnswer, maskAddresses, OrgError, toOrgError } from '../../../lib/org/orgErrors.js';

const withCode = (message: string, code: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code });

describe('orgErrors', () => {
  it('translates what undici throws, and keeps no TypeError', () => {
    const reset = new TypeError('fetch failed', {
      cause: withCode('other side closed', 'UND_ERR_SOCKET', withCode('read', 'ECONNRESET')),
    });
    const error = toOrgError(reset);
    expect(error).to.include({ kind: 'network', code: 'ECONNRESET', lost: true });
    expect(error.cause).to.equal(undefined);
    expect(`${error.message}${error.stack ?? ''}`).not.to.include('TypeError');
  });

  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']) {
    it(`knows that nothing was sent: ${code}`, () => {
      const error = toOrgError(new TypeError('fetch failed', { cause: withCode('x', code) }));
      expect(error).to.include({ kind: 'network', code, lost: false });
    });
  }

  const sessions: Record<string, Error> = {
    'a refused refresh': new Error('Unable to refresh session due to: expired access/refresh token'),
    'core’s own error': Object.assign(new Error('x'), { name: 'RefreshTokenAuthError' }),
    'an OAuth error': Object.assign(new Error('expired'), { name: 'invalid_grant', errorCode: 'invalid_grant' }),
  };
  for (const [name, error] of Object.entries(sessions)) {
    it(`takes ${name} for the end of the session`, () => {
      expect(toOrgError(error)).to.include({ kind: 'session', lost: false });
    });
  }

  it('takes a refresh that did not get through for the network', () => {
    const error = toOrgError(new Error('Unable to refresh session due to: fetch failed'));
    expect(error).to.include({ kind: 'network', lost: false });
  });

  it('translates jsforce’s errors by their code', () => {
    const jsforce = (message: string, errorCode: string): Error => Object.assign(new Error(message), { errorCode });
    expect(toOrgError(jsforce('gone', 'NOT_FOUND'))).to.include({ kind: 'gone' });
    expect(toOrgError(jsforce('<html>ada@acme.example</html>', 'ERROR_HTTP_503'))).to.include({
      kind: 'busy',
      status: 503,
      message: 'HTTP 503',
    });
    expect(toOrgError(jsforce('no', 'MALFORMED_QUERY'))).to.include({ kind: 'refused', code: 'MALFORMED_QUERY' });
  });

  it('leaves its own errors as they are, and takes what is no error at all', () => {
    const own = new OrgError({ kind: 'limit', code: 'X', message: 'm' });
    expect(toOrgError(own)).to.equal(own);
    expect(toOrgError('text')).to.include({ kind: 'network' });
  });

  it('reads both forms of Retry-After', () => {
    expect(errorOfAnswer(429, { 'retry-after': '12' }, '').retryAfterSeconds).to.equal(12);
    const date = new Date(Date.now() + 60_000).toUTCString();
    expect(errorOfAnswer(503, { 'retry-after': date }, '').retryAfterSeconds).to.be.within(50, 61);
    expect(errorOfAnswer(503, { 'retry-after': 'soon' }, '').retryAfterSeconds).to.equal(undefined);
  });

  it('masks addresses and nothing else', () => {
    expect(maskAddresses("Name = 'o.neil+x@acme.example' AND x@y, <ada@acme.co.uk>.")).to.equal(
      "Name = '<address>' AND <address>, <<address>>.",
    );
    const soql = '\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8';
    expect(maskAddresses(soql)).to.equal(soql);
  });
});
