/** The conditions of a definition, and all of them that Salesforce does not accept, at once. */
import type { Definition, DefinitionFile } from '../../model/definition/definition.js';
import { ConditionRejected, type Condition } from '../../model/faults.js';
import { OrgError } from '../../model/orgError.js';
import type { OrgClient } from '../../org/orgClient.js';
import { isRefusal } from '../../org/orgErrors.js';
import { queryRows } from '../../org/query.js';
import { rowsWhere } from '../../selection/condition.js';
import { rejectedInFile } from './placesInFile.js';

/** @param place of the group in the definition */
export function groupCondition(place: number, { name, contacts }: { name: string; contacts: string }): Condition {
  return { flag: `contacts of "${name}"`, from: 'Contact', where: contacts, path: ['groups', place, 'contacts'] };
}

/** @param governs as the definition has it */
export function governsCondition(governs: string): Condition {
  return { flag: 'governs', from: 'User', where: governs, path: ['governs'] };
}

/** @param where of the definition, or of the command, which can add to those */
export function protectCondition({ protect }: Pick<Definition, 'protect'>, where: string): Condition {
  const at = protect.indexOf(where);
  const given = at < 0 ? { flag: '--protect' } : { flag: 'protect', path: ['protect', at] };
  return { ...given, from: 'User', where };
}

/**
 * Called where one was rejected: reading ends at the first, and each that is found in a round of its own costs a round.
 * @returns the error to throw, with the places of all; any other error as it is
 */
export async function allRejected(client: OrgClient, error: unknown, file: DefinitionFile): Promise<unknown> {
  if (!(error instanceof ConditionRejected) || error.condition.path === undefined) return error;
  const rejected = [error];
  for (const condition of definedConditions(file.definition)) {
    if (String(condition.path) === String(error.condition.path)) continue;
    const fault = await rejectionOf(client, condition);
    if (fault !== undefined) rejected.push(fault);
  }
  return rejectedInFile(rejected, file);
}

function definedConditions(definition: Definition): Condition[] {
  const { groups, governs, protect } = definition;
  return [
    ...groups.map((group, place) => groupCondition(place, group)),
    ...(governs === undefined ? [] : [governsCondition(governs)]),
    ...protect.map((where) => protectCondition(definition, where)),
  ];
}

/** @returns nothing where the org accepts it, or does not answer: what else is wrong is said in any case */
async function rejectionOf(client: OrgClient, condition: Condition): Promise<ConditionRejected | undefined> {
  try {
    await queryRows(client, { fields: ['Id'], from: condition.from, where: `${condition.where} LIMIT 1` });
    return undefined;
  } catch (error) {
    if (!(error instanceof OrgError)) throw error;
    return isRefusal(error) ? await asWritten(client, condition) : undefined;
  }
}

/** What is said of it alone: LIMIT, which nobody has written, can be what a parser points at. */
async function asWritten(client: OrgClient, condition: Condition): Promise<ConditionRejected | undefined> {
  try {
    await rowsWhere(client, ['Id'], condition).next();
    return undefined;
  } catch (error) {
    if (error instanceof ConditionRejected) return error;
    if (!(error instanceof OrgError)) throw error;
    return undefined;
  }
}
