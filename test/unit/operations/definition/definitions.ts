/** Definition files for the tests: texts that are sound, and their faults as lines. */
import { parseDefinition } from '../../../../lib/operations/definition/readDefinition.js';
import { DefinitionRejected } from '../../../../lib/model/definition/definitionFaults.js';
import type { Definition } from '../../../../lib/model/definition/definition.js';

/** The keys that a file can't do without. */
export const shortest = 'orgs: [sandboxes]\ngroups: [{ name: All, contacts: A__c = true, profile: Acme }]\n';

export function definitionOf(text: string): Definition {
  return parseDefinition(text, 'access.yaml');
}

/** `line:column key fact fact`, none where the text is a definition. */
export function faultsIn(text: string): string[] {
  try {
    definitionOf(text);
    return [];
  } catch (error) {
    if (!(error instanceof DefinitionRejected)) throw error;
    return error.faults.map(({ place: { line, column }, ...fault }) => {
      const words = 'ofFlag' in fault ? [fault.ofFlag.code] : [fault.key, ...Object.values(fault.facts)];
      return [`${String(line)}:${String(column)}`, ...words].join(' ');
    });
  }
}
