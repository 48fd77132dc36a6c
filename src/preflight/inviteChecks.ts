/** The preflight of `invite` (docs/salesforce-facts.md#sites-emails-and-passwords). */
import { outcome, type CheckOutcome } from '../model/checkOutcome.js';
import { newDays } from '../model/access/userList.js';
import type { PasswordEmails } from '../model/result.js';
import { timeInZone } from '../model/time/timeInZone.js';
import { checkBasics, checkLimits } from './checks.js';
import type { OrgFacts } from './orgFacts.js';
import { checkSenders } from './settingChecks.js';

/** @param emails of the plan; without sites before it is made */
export function checkInvite(facts: OrgFacts, emails: PasswordEmails): CheckOutcome[] {
  const sites = emails.sites.map(({ name }) => name);
  return [
    ...checkBasics(facts),
    checkPasswordReset(facts),
    ...checkFrozenSeen(facts),
    ...checkSenders(facts.senders, sites).filter(({ name }) => name === 'emailSender'),
    ...(facts.isSandbox ? [outcome('warn', 'deliverability.sandbox')] : []),
    ...checkWelcomeLinks(emails),
    ...checkSendingTime(emails, facts.readAt),
    ...checkLimits(facts).filter(({ name }) => name === 'apiCalls'),
  ];
}

/** "Reset User Passwords and Unlock Users", or Manage Users (Help, User Permissions); the others are not documented for it. */
function checkPasswordReset({ permissions, username }: OrgFacts): CheckOutcome {
  if (permissions.has('ManageUsers') || permissions.has('ResetPasswords')) return outcome('pass', 'passwordReset.pass');
  const some = ['ManagePartners', 'ManageCssUsers', 'ManageMyExternalUsers'].some((each) => permissions.has(each));
  return some ? outcome('warn', 'passwordReset.uncertain') : outcome('fail', 'passwordReset.missing', { username });
}

/** The object UserLogin can only be read with Manage Users (Object Reference). */
function checkFrozenSeen({ permissions, username }: OrgFacts): CheckOutcome[] {
  return permissions.has('ManageUsers') ? [] : [outcome('warn', 'passwordReset.frozenUnseen', { username })];
}

/** A reset ends the link of a welcome email that many have not opened yet. */
function checkWelcomeLinks({ recentlyWelcomed: users }: PasswordEmails): CheckOutcome[] {
  return users === 0 ? [] : [outcome('warn', 'welcomeLink.void', { users, days: newDays })];
}

/**
 * A link lasts 24 hours: what comes in the evening, or before a weekend, is found too late by many.
 * @param now milliseconds
 */
function checkSendingTime({ timeZone }: PasswordEmails, now: number): CheckOutcome[] {
  const local = timeZone && timeInZone(timeZone.name, now);
  if (timeZone === undefined || local === undefined) return [];
  const { day, hour, time } = local;
  const facts = { day, time, timeZone: timeZone.name };
  const isWeekend = day === 'Saturday' || (day === 'Friday' && hour >= noon);
  if (isWeekend) return [outcome('warn', 'sendingTime.weekend', facts)];
  // What comes on a Sunday still works on Monday, for some hours.
  return day === 'Sunday' || hour >= evening ? [outcome('warn', 'sendingTime.late', facts)] : [];
}

const noon = 12;
const evening = 17;
