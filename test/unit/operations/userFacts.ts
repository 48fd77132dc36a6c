/** Builds the facts of a user for plan tests; only what matters to a test is said. */
import type { UserFacts, UserPlanSettings } from '../../../lib/operations/userPlan.js';
import { contactId, customer } from './planFacts.ts';

export const userId = '005000000000001AAA';
export const loginId = '0Yw000000000001AAA';
export const runningUserId = '005000000000009AAA';

/** An active customer user who is not frozen. */
export function userFacts(
  user: Record<string, string | null> = {},
  rest: Partial<Omit<UserFacts, 'user'>> = {},
): UserFacts {
  return {
    user: {
      Id: userId,
      Username: 'ada@acme.example',
      UserType: 'CspLitePortal',
      IsActive: 'true',
      IsPortalEnabled: 'true',
      ContactId: contactId,
      ProfileId: customer.id,
      ...user,
    },
    login: { id: loginId, isFrozen: false },
    expected: undefined,
    held: [],
    ...rest,
  };
}

export function userSettings(changes: Partial<UserPlanSettings> = {}): UserPlanSettings {
  return {
    mode: 'deactivate',
    runningUserId,
    protectedBy: new Map(),
    now: Date.parse('2026-11-29T12:00:00Z'),
    ...changes,
  };
}
