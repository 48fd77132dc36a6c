/** The outcome of the checks in words. */
import type { CheckOutcome, CheckStatus } from '../model/checkOutcome.js';
import { inOrg } from './next/printedCommand.js';
import { checkAdvice, checkMessage } from './texts.js';

export type DescribedCheck = { name: string; status: CheckStatus; message: string; advice: string };

/** @param targetOrg for the commands in the advice */
export function describeChecks(outcomes: readonly CheckOutcome[], targetOrg: string): DescribedCheck[] {
  return outcomes.map((outcome) => ({
    name: outcome.name,
    status: outcome.status,
    message: checkMessage(outcome),
    advice: inOrg(checkAdvice(outcome), targetOrg),
  }));
}
