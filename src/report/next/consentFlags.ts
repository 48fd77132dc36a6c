/** What a printed command has to say yes to. */
import { operationRules, type OperationName } from '../../model/result.js';

export const mayEmail = '--allow-welcome-emails';

/**
 * As many as this run has changed are agreed to; where nobody is asked, the printed command has to say so.
 * @param welcomes it may send welcome emails, which only the next plan counts
 */
export function consentFlags(operation: OperationName, users: number, asks: boolean, welcomes = false): string[] {
  const { maxUsers, needsConsent } = operationRules[operation];
  return [
    ...(users > maxUsers ? [`--max-users ${String(users)}`] : []),
    ...(welcomes && !asks ? [mayEmail] : []),
    ...(needsConsent && !asks ? ['--no-prompt'] : []),
  ];
}
