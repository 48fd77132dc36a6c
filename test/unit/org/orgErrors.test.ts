/** Tests the translation of foreign errors: their kinds, and what must not come through. */
import { expect } from 'chai';
import { errorOfAnswer, renewalError, toOrgError } from '../../../lib/org/orgErrors.js';
import { OrgError } from '../../../lib/model/orgError.js';
import { maskAddresses } from '../../../lib/model/privacy/maskedText.js';

const withCode = (message: string, code: string, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), { code });
const fetchFailed = (cause: unknown): Error => new TypeError('fetch failed', { cause });
/** As AuthInfo throws it: jsforce's error of the token server, by what it calls it, in one of its own. */
const refused = (name: string, message: string): Error =>
  Object.assign(
    new Error(`Error authenticating with the refresh token due to: ${message}`, {
      cause: Object.assign(new Error(message), { name }),
    }),
    { name: 'RefreshTokenAuthError', code: 'RefreshTokenAuthError' },
  );
const jwtRefused = (message: string): Error =>
  Object.assign(new Error(`Error authenticating with JWT.\nErrors encountered:\n${message}`), { name: 'JwtAuthError' });

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

  for (const code of ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']) {
    it(`knows that nothing was sent: ${code}`, () => {
      expect(toOrgError(fetchFailed(withCode('x', code)))).to.include({ kind: 'network', code, lost: false });
    });
  }

  it('knows that nothing was sent: none of several addresses, a time-out of connecting, a proxy, a certificate', () => {
    const connect = (code: string): Error => Object.assign(withCode(`connect ${code}`, code), { syscall: 'connect' });
    const tried = Object.assign(new AggregateError([connect('ETIMEDOUT'), connect('ENETUNREACH')]), {
      code: 'ETIMEDOUT',
    });
    const error = toOrgError(fetchFailed(tried));
    expect(error).to.include({ code: 'ETIMEDOUT', lost: false, message: 'fetch failed: connect ETIMEDOUT' });
    const proxies = [
      withCode('Proxy response (407) !== 200 when HTTP Tunneling', 'UND_ERR_ABORTED'),
      withCode('Proxy Connection failed', 'UND_ERR_PRX_CONN', withCode('other side closed', 'UND_ERR_SOCKET')),
      withCode('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'),
    ];
    for (const proxy of proxies) expect(toOrgError(fetchFailed(proxy)).lost, proxy.message).to.equal(false);
  });

  it('does not know it of a connection that was established', () => {
    const reading = Object.assign(withCode('read EHOSTUNREACH', 'EHOSTUNREACH'), { syscall: 'read' });
    for (const cause of [reading, withCode('x', 'ETIMEDOUT'), withCode('x', 'UND_ERR_ABORTED'), undefined]) {
      expect(toOrgError(fetchFailed(cause))).to.include({ kind: 'network', lost: true });
    }
    expect(
      toOrgError(new TypeError('terminated', { cause: withCode('other side closed', 'UND_ERR_SOCKET') })),
    ).to.include({
      code: 'UND_ERR_SOCKET',
      lost: true,
    });
  });

  const sessions: Record<string, Error> = {
    'a refused refresh': refused('invalid_grant', 'expired access/refresh token'),
    'an OAuth error without a description': Object.assign(new Error('x'), { name: 'inactive_user' }),
    'a refused JWT': jwtRefused("user hasn't approved this consumer"),
    'an org that is gone': Object.assign(new Error('The org does not appear to exist.'), {
      name: 'OrgDataNotAvailableError',
      cause: refused('invalid_grant', 'Data Not Available'),
    }),
    'a key that cannot be read': withCode("ENOENT: no such file or directory, open 'server.key'", 'ENOENT'),
  };
  for (const [name, error] of Object.entries(sessions)) {
    it(`takes ${name} for the end of the session`, () => {
      expect(renewalError(error)).to.include({ kind: 'session', code: 'INVALID_SESSION_ID', lost: false });
    });
  }

  const troubles: Record<string, Error> = {
    'a page': refused('ERROR_HTTP_403', ' <html>504 Gateway Time-out</html>'),
    'a page for a JWT': jwtRefused('invalid audience\n<html>down</html>'),
    'nothing at all': refused('ERROR_HTTP_500', ''),
    'plain text': refused('ERROR_HTTP_503', 'upstream connect error'),
    'a JSON that is not of OAuth': refused('undefined', ''),
    'a request to try again': refused('unknown_error', 'x'),
  };
  for (const [name, error] of Object.entries(troubles)) {
    it(`takes no answer of the token server for a verdict: ${name}`, () => {
      expect(renewalError(error)).to.include({ kind: 'busy', code: 'SESSION_NOT_RENEWED', lost: false });
    });
  }

  it('takes a refresh that did not get through for the network', () => {
    const reset = fetchFailed(withCode('other side closed', 'UND_ERR_SOCKET', withCode('read', 'ECONNRESET')));
    const wrapped = new Error('Error authenticating with the refresh token due to: fetch failed', { cause: reset });
    expect(renewalError(wrapped)).to.include({ kind: 'network', code: 'ECONNRESET', lost: false });
    expect(renewalError(jwtRefused('fetch failed\nfetch failed'))).to.include({ kind: 'network', lost: false });
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
