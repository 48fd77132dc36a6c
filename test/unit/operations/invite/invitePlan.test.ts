/** Whom an email with a link to set a password helps. */
import { expect } from 'chai';
import type { Decision } from '../../../../lib/model/reasons.js';
import { planInvite, type InviteSettings, type InvitedUser } from '../../../../lib/operations/invite/invitePlan.js';

const id = '005000000000001AAA';
const settings: InviteSettings = {
  runningUserId: '005000000000009AAA',
  protectedBy: new Map(),
  includeLoggedIn: false,
  includeSso: false,
  resetSince: Date.parse('2026-11-20T00:00:00Z'),
};
const decide = (
  user: Record<string, string | null> = {},
  changes: Partial<InviteSettings> = {},
  facts: Partial<Omit<InvitedUser, 'user'>> = {},
): Decision =>
  planInvite(
    {
      user: { Id: id, Username: 'u', UserType: 'CspLitePortal', IsActive: 'true', ...user },
      ...{ login: undefined, sites: ['Help'], ...facts },
    },
    { ...settings, ...changes },
  );
const furtherOf = (decision: Decision): string[] =>
  decision.action === 'refused' ? (decision.further ?? []).map(({ key }) => key) : [];
const reasonOf = (decision: Decision): string => (decision.action === 'steps' ? 'steps' : decision.reason);

describe('planInvite', () => {
  it('invites who can get in nowhere yet', () => {
    expect(decide()).to.deep.equal({
      action: 'steps',
      steps: [{ kind: 'sendPasswordMail', stage: 1, target: id, values: {}, seats: 0, family: 'highVolume' }],
    });
  });

  it('refuses everybody else, for a reason', () => {
    const login = { id: '0Yw000000000001AAA', isFrozen: true };
    for (const [decision, reason] of [
      [decide({}, { runningUserId: id }), 'IS_RUNNING_USER'],
      [decide({ UserType: 'Standard' }), 'NOT_EXTERNAL'],
      [decide({}, { protectedBy: new Map([[id, 'x']]) }), 'PROTECTED'],
      [decide({ IsActive: 'false' }), 'IS_INACTIVE'],
      [decide({}, {}, { login }), 'IS_FROZEN'],
      [decide({ LastLoginDate: '2020-01-01T00:00:00.000Z' }), 'HAS_LOGGED_IN'],
      [decide({ LastLoginDate: '2020-01-01T00:00:00.000Z' }, { includeLoggedIn: true }), 'steps'],
      [decide({ FederationIdentifier: 'f' }), 'HAS_SSO'],
      [decide({ FederationIdentifier: 'f' }, { includeSso: true }), 'steps'],
      [decide({}, {}, { sites: [] }), 'NO_SITE'],
      // Not all sites can be seen.
      [decide({}, {}, { sites: undefined }), 'steps'],
      [decide({ LastPasswordChangeDate: '2026-11-20T00:00:00.000Z' }), 'ALREADY_INVITED'],
      [decide({ LastPasswordChangeDate: '2026-11-19T23:59:59.000Z' }), 'steps'],
    ] as const)
      expect(reasonOf(decision)).to.equal(reason);
  });

  it('names everything that is in the way of an email, but of those whom nothing makes a customer only that', () => {
    const login = { id: '0Yw000000000001AAA', isFrozen: true };
    const all = { IsActive: 'false', LastLoginDate: '2020-01-01T00:00:00.000Z', FederationIdentifier: 'f' };
    const protectedBy = new Map([[id, 'x']]);
    const refused = decide(all, { protectedBy }, { login, sites: [] });
    expect(reasonOf(refused)).to.equal('PROTECTED');
    expect(furtherOf(refused)).to.deep.equal([
      ...['IS_INACTIVE.detail', 'IS_FROZEN.detail', 'HAS_LOGGED_IN.detail', 'HAS_SSO.detail', 'NO_SITE.detail'],
    ]);
    const internal = decide({ ...all, UserType: 'Standard' }, {}, { login, sites: [] });
    expect([reasonOf(internal), furtherOf(internal)]).to.deep.equal(['NOT_EXTERNAL', []]);
  });
});
