/** The outcome of the checks in words. */
import { StandardColors } from '@salesforce/sf-plugins-core';
import type { CheckOutcome, CheckStatus } from '../model/checkOutcome.js';
import { checkAdvice, checkMessage } from './texts.js';

export type DescribedCheck = { name: string; status: CheckStatus; message: string; advice: string };

/** @param targetOrg for the commands in the advice */
export function describeChecks(outcomes: readonly CheckOutcome[], targetOrg: string): DescribedCheck[] {
  return outcomes.map((outcome) => ({
    name: outcome.name,
    status: outcome.status,
    message: checkMessage(outcome),
    advice: checkAdvice(outcome).replaceAll('<org>', targetOrg),
  }));
}

/** One line per check, what to do below it: readable in a terminal and in the log of a pipeline. */
export function checkLines(checks: readonly DescribedCheck[]): string[] {
  return [
    '',
    ...checks.flatMap(({ status, message, advice }) => [
      `${colors[status](status)}  ${message}`,
      ...(advice === '' ? [] : [`      ${advice}`]),
    ]),
    '',
  ];
}

const colors = { pass: StandardColors.success, warn: StandardColors.warning, fail: StandardColors.error };
