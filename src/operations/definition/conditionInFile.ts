/** A condition of a definition that Salesforce does not accept: where in the file it is wrong. */
import { conditionLines, ConditionRejected } from '../../model/faults.js';
import { readYaml } from './definitionYaml.js';

/**
 * @param text of the definition file
 * @returns the error with its place in the file, if it is about a condition of it; any other error as it is
 */
export function conditionInFile(error: unknown, text: string, file: string): unknown {
  if (!(error instanceof ConditionRejected)) return error;
  const { condition, refusal } = error;
  const value = readYaml(text).tree?.values.find(({ path }) => isSamePath(path, condition.path ?? []));
  if (condition.path === undefined || value === undefined) return error;
  const { line, index } = refusal.place ?? { line: 0, index: 0 };
  // A line break in a text of the file is one character.
  const before = conditionLines(condition).slice(0, line);
  const offset = before.reduce((sum, each) => sum + each.length + 1, index);
  return new ConditionRejected(condition, refusal, { file, ...value.placeAt(offset) });
}

function isSamePath(a: ReadonlyArray<string | number>, b: ReadonlyArray<string | number>): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
