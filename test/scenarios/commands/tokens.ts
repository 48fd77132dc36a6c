/** The tokens of an org, which may be in nothing that a command leaves. */
import { expect } from 'chai';
import type { SimulatedOrg } from '../../simulated-org/world/simulatedOrg.ts';

/** No token that the org has ever given, whole or in the form that a URL has. */
export function expectNoToken({ ledger, accessToken, refreshToken }: SimulatedOrg, text: string, where: string): void {
  const sent = ledger.entries.map(({ headers }) => headers['authorization']?.replace(/^Bearer /, '') ?? '');
  for (const token of new Set([...sent, accessToken, refreshToken])) {
    if (token === '') continue;
    expect(text.includes(token), `a token in ${where}`).to.equal(false);
    expect(text.includes(encodeURIComponent(token)), `a token in ${where}`).to.equal(false);
  }
}
