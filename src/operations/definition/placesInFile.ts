/** What the org does not accept of a definition: where in the file it stands. */
import type { DefinitionFile } from '../../model/definition/definition.js';
import { DefinitionRejected, type DefinitionFault } from '../../model/definition/definitionFaults.js';
import { conditionLines, ConditionRejected, type RunFault } from '../../model/faults.js';
import { readYaml, type FilePath, type FileValue } from './definitionYaml.js';

type SourceFile = Pick<DefinitionFile, 'text' | 'file'>;

/** A value that is wrong in this org, by what leads to it, in the words of the flag of `create` that is the same. */
export type UnfitValue = { readonly path: FilePath; readonly ofFlag: RunFault };

/** @throws DefinitionRejected where there are any, with all of them */
export function rejectUnfit(unfit: readonly UnfitValue[], { text, file }: SourceFile): void {
  if (unfit.length === 0) return;
  const values = readYaml(text).tree?.values ?? [];
  throw new DefinitionRejected(
    file,
    unfit.map(({ path, ofFlag }): DefinitionFault => ({
      ofFlag,
      place: placeOfUnfit(ofFlag, nearestOf(path, values)),
    })),
  );
}

/** The value, or what it would be in: the file may leave out what has a default. */
function nearestOf(path: FilePath, values: readonly FileValue[]): FileValue | undefined {
  return values.findLast((value) => isSamePath(value.path, path.slice(0, value.path.length)));
}

function placeOfUnfit({ code }: RunFault, value: FileValue | undefined): DefinitionFault['place'] {
  if (value === undefined) return { line: 1, column: 1 };
  return code === 'unknownField' || code === 'notCreateable' ? value.keyPlace : value.place;
}

/** @returns the error with its place in the file, if it is about a condition of it; any other error as it is */
export function conditionInFile(error: unknown, source: SourceFile): unknown {
  return error instanceof ConditionRejected ? rejectedInFile([error], source) : error;
}

/**
 * @param rejected conditions, at least one
 * @returns an only one with its place, where the file has it; several as faults of the file
 */
export function rejectedInFile(
  rejected: readonly ConditionRejected[],
  { text, file }: SourceFile,
): ConditionRejected | DefinitionRejected | undefined {
  const values = readYaml(text).tree?.values ?? [];
  const placed = rejected.map((ofFlag) => ({ ofFlag, place: placeOfRejected(ofFlag, values) }));
  const [only, ...others] = placed;
  if (others.length > 0) {
    return new DefinitionRejected(
      file,
      placed.map(({ ofFlag, place = { line: 1, column: 1 } }) => ({ ofFlag, place })),
    );
  }
  if (only?.place === undefined) return only?.ofFlag;
  return new ConditionRejected(only.ofFlag.condition, only.ofFlag.refusal, { file, ...only.place });
}

function placeOfRejected(
  { condition, refusal }: ConditionRejected,
  values: readonly FileValue[],
): DefinitionFault['place'] | undefined {
  const value = values.find(({ path }) => isSamePath(path, condition.path ?? []));
  if (condition.path === undefined || value === undefined) return undefined;
  const { line, index } = refusal.place ?? { line: 0, index: 0 };
  // A line break in a text of the file is one character.
  const before = conditionLines(condition).slice(0, line);
  return value.placeAt(before.reduce((sum, each) => sum + each.length + 1, index));
}

function isSamePath(a: FilePath, b: FilePath): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
