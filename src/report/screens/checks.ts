/** The checks of an org on a screen. */
import type { CheckName, CheckStatus } from '../../model/checkOutcome.js';
import type { OrgKind } from '../../model/result.js';
import type { DescribedCheck } from '../checkReport.js';
import { sharedText } from '../texts.js';
import { adviceLines } from './layout.js';
import { bad, caution, good, strong } from './paint.js';
import { orgName } from './runView.js';

/** Which org was checked, and as whom. */
type CheckedOrg = { readonly targetOrg: string; readonly orgKind: OrgKind; readonly username: string };

const marks: Readonly<Record<CheckStatus, string>> = { pass: good('✔'), warn: caution('!'), fail: bad('✖') };

/** What people want to know although it is all right; that the rest is, too, takes one line. */
const shown: ReadonlySet<string> = new Set<CheckName>([
  'permission',
  'profile',
  'permissionSet',
  'licenses',
  'monthlyLogins',
  'sites',
  'emailSender',
  'apiCalls',
]);

/**
 * One line for each check, what to do below it, and at the end whether users can be created. What failed comes last, as a long
 * list leaves its end on the screen.
 * @param isVerbose each check that passed is shown
 */
export function checkLines(
  checks: readonly DescribedCheck[],
  { targetOrg, orgKind, username }: CheckedOrg,
  isVerbose: boolean,
): string[] {
  const org = orgName(orgKind, targetOrg);
  const isOk = checks.every(({ status }) => status !== 'fail');
  const isGrouped = ({ status, name }: DescribedCheck): boolean => !isVerbose && status === 'pass' && !shown.has(name);
  const grouped = checks.filter(isGrouped).length;
  const textsOf = (status: CheckStatus): string[] =>
    checks.filter((check) => check.status === status && !isGrouped(check)).flatMap(checkText);
  return [
    '',
    strong(sharedText('check.title', org, username)),
    '',
    ...textsOf('pass'),
    ...(grouped === 0 ? [] : [`  ${marks.pass} ${sharedText('check.others', grouped)}`]),
    ...textsOf('warn'),
    ...textsOf('fail'),
    '',
    isOk ? good(sharedText('check.ok', org)) : bad(sharedText('check.notOk', org)),
  ];
}

function checkText({ status, message, advice }: DescribedCheck): string[] {
  return [`  ${marks[status]} ${message}`, ...(advice === '' ? [] : adviceLines(advice, 4))];
}
