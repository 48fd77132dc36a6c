/** What the guards of a plan found, in words. */
import { guardFigures, type GuardFinding } from '../model/guards.js';
import type { Guard } from '../model/result.js';
import { forOrg } from './faults.js';
import { checkAdvice, checkMessage, fill, fillList, plain } from './texts.js';

/** @param targetOrg for the commands in the advice @param isSync flags of create stand in a definition */
export function guardsInWords(findings: readonly GuardFinding[], targetOrg: string, isSync: boolean): Guard[] {
  return findings.map((finding) => {
    const [message, advice = ''] =
      'check' in finding
        ? [checkMessage(finding.check), checkAdvice(finding.check, isSync)]
        : [
            fill('guards', finding.guard, finding.facts),
            ...fillList('guards', `${finding.guard}.advice`, plain(finding.facts)),
          ];
    const [inOrg = ''] = forOrg([advice], targetOrg);
    return { ...guardFigures(finding), message, ...(inOrg === '' ? {} : { advice: inOrg }) };
  });
}
