/** The checks of an org on a screen. */
import type { CheckStatus } from '../../model/checkOutcome.js';
import type { OrgKind } from '../../model/result.js';
import type { DescribedCheck } from '../checkReport.js';
import { sharedText } from '../texts.js';
import { adviceLines } from './layout.js';
import { bad, caution, good, strong } from './paint.js';
import { orgName } from './runView.js';

/** Which org was checked, and as whom. */
type CheckedOrg = { readonly targetOrg: string; readonly orgKind: OrgKind; readonly username: string };

/** In this order, as a long list leaves its end on the screen. */
const marks: ReadonlyArray<readonly [status: CheckStatus, mark: string]> = [
  ['pass', good('✔')],
  ['warn', caution('!')],
  ['fail', bad('✖')],
];

/** One line for each check, what to do below it, and at the end whether users can be created. */
export function checkLines(checks: readonly DescribedCheck[], { targetOrg, orgKind, username }: CheckedOrg): string[] {
  const org = orgName(orgKind, targetOrg);
  const isOk = checks.every(({ status }) => status !== 'fail');
  return [
    '',
    strong(sharedText('check.title', org, username)),
    '',
    ...marks.flatMap(([status, mark]) => checks.filter((check) => check.status === status).flatMap(checkText(mark))),
    '',
    isOk ? good(sharedText('check.ok', org)) : bad(sharedText('check.notOk', org)),
  ];
}

function checkText(mark: string) {
  return ({ message, advice }: DescribedCheck): string[] => [
    `  ${mark} ${message}`,
    ...(advice === '' ? [] : adviceLines(advice, 4)),
  ];
}
