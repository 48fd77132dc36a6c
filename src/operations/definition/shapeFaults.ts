/** What is wrong with the shape of a definition file, in our words: what zod finds, at its place in the file. */
import type { z } from 'zod';
import type { DefinitionFault, DefinitionFaultKey } from '../../model/definition/definitionFaults.js';
import type { Facts } from '../../model/facts.js';
import { nearestNames } from '../../preflight/names.js';
import { definitionShape, isNeeded, keysAt, type ShapedDefinition } from './definitionShape.js';
import type { FilePath, FileTree, FileValue } from './definitionYaml.js';

type Issue = z.core.$ZodIssue;

/** @returns no definition where there are faults */
export function shapeDefinition(tree: FileTree): {
  readonly shaped: ShapedDefinition | undefined;
  readonly faults: readonly DefinitionFault[];
} {
  const { data, error } = definitionShape.safeParse(tree.root, { reportInput: true });
  const values = new Map(tree.values.map((each) => [pathKey(each.path), each]));
  return { shaped: data, faults: (error?.issues ?? []).flatMap((issue) => faultsOfIssue(issue, values)) };
}

function pathKey(path: FilePath): string {
  return JSON.stringify(path);
}

type Values = ReadonlyMap<string, FileValue>;

function faultsOfIssue(issue: Issue, values: Values): DefinitionFault[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.flatMap((key) => {
      const found = values.get(pathKey([...path, key]));
      return found === undefined ? [] : [unknownKey(key, path, found)];
    });
  const found = values.get(pathKey(path));
  const key = keyAt(path);
  if (found !== undefined) return wrongValue(issue, found, key);
  const parent = values.get(pathKey(path.slice(0, -1)));
  return parent === undefined ? [] : [{ key: 'missingKey', facts: { key }, place: parent.keyPlace }];
}

function unknownKey(key: string, path: FilePath, { keyPlace: place }: FileValue): DefinitionFault {
  const known = keysAt(path);
  const [near] = nearestNames(key, known);
  return near === undefined
    ? { key: 'unknownKey', facts: { key, keys: known.join(', ') }, place }
    : { key: 'unknownKey.near', facts: { key, near }, place };
}

/** What is wrong with a value, without its place. */
type Wrong = { readonly key: DefinitionFaultKey; readonly facts: Facts };

function wrongValue(issue: Issue, found: FileValue, key: string): DefinitionFault[] {
  if (issue.code === 'invalid_key') return [{ key: 'badField', facts: { field: key }, place: found.keyPlace }];
  // An alias, which is a fault of its own.
  if (found.value === undefined) return [];
  return [{ ...wrongOf(issue, found, key), place: found.place }];
}

function wrongOf(issue: Issue, { value, path, isInBraces }: FileValue, key: string): Wrong {
  if (value === null || (typeof value === 'string' && value.trim() === '')) {
    return path.length === 0 ? { key: 'notAMap', facts: {} } : { key: noValueKey(path, key), facts: { key } };
  }
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, isInBraces, path, key);
    case 'invalid_value':
      return wrongChoice(issue.values.map(String), value, key);
    case 'invalid_format':
      return wrongOrg(typeof value === 'string' ? value : '');
    case 'too_small':
    case 'too_big':
      return issue.origin === 'array' ? { key: 'emptyList', facts: { key } } : wrongNumber(key);
    default:
      throw new Error(`The shape of a definition has no such fault: ${issue.code}`);
  }
}

function noValueKey(path: FilePath, key: string): DefinitionFaultKey {
  if (path.length === 1 && isNeeded(path, key)) return 'noValue.needed';
  return path[0] === 'groups' && path.length === 3 && isNeeded(path, key) ? 'noValue.ofGroup' : 'noValue';
}

function wrongType(expected: string, isInBraces: boolean, path: FilePath, key: string): Wrong {
  switch (expected) {
    case 'string':
      return { key: isInBraces ? 'expected.quotes' : 'expected.text', facts: { key } };
    case 'boolean':
      return { key: 'expected.boolean', facts: { key } };
    case 'array':
      return { key: 'expected.list', facts: { key } };
    case 'object':
    case 'record':
      return path.length === 0 ? { key: 'notAMap', facts: {} } : { key: 'expected.map', facts: { key } };
    default:
      return wrongNumber(key);
  }
}

function wrongNumber(key: string): Wrong {
  return { key: key === 'takeAwayShare' ? 'expected.share' : 'expected.number', facts: { key } };
}

function wrongChoice(choices: readonly string[], value: unknown, key: string): Wrong {
  const [near] = typeof value === 'string' ? nearestNames(value, choices) : [];
  return near === undefined
    ? { key: 'expected.choice', facts: { key, choices: choices.join(', ') } }
    : { key: 'expected.choice.near', facts: { key, value: String(value), near } };
}

/** A text that is no org; other texts that are not blank have no format. */
function wrongOrg(value: string): Wrong {
  const isNear = nearestNames(value, ['sandboxes']).length > 0;
  return isNear
    ? { key: 'expected.org.near', facts: { value, near: 'sandboxes' } }
    : { key: 'expected.org', facts: { value } };
}

/** The last key of a path: with the line it says enough. */
function keyAt(path: FilePath): string {
  return path.findLast((part) => typeof part === 'string') ?? '';
}
