/**
 * What a definition file must be beyond its shape. Each rule looks at the values of the file as far as they are what they should
 * be, so that all faults are found at once.
 */
import { faultsOfCondition } from '../../model/definition/bareCondition.js';
import type { DefinitionFault } from '../../model/definition/definitionFaults.js';
import { RunFault } from '../../model/faults.js';
import { idKey, isSalesforceId } from '../../model/ids.js';
import { parseTemplate } from '../templates.js';
import type { FilePath, FileTree, FileValue } from './definitionYaml.js';

/** A value of the file that is a text. */
type FileText = FileValue & { readonly value: string };
type Rule = (file: FileTexts) => DefinitionFault[];

/** Finds values by their paths, in which `*` stands for any key or index. */
class FileTexts {
  private readonly values: readonly FileValue[];

  public constructor({ values }: FileTree) {
    this.values = values;
  }

  public of(...pattern: string[]): FileText[] {
    return this.at(...pattern).filter(isText);
  }

  public at(...pattern: string[]): FileValue[] {
    return this.values.filter(({ path }) => matches(path, pattern));
  }
}

function matches(path: FilePath, pattern: readonly string[]): boolean {
  return path.length === pattern.length && pattern.every((part, index) => part === '*' || part === path[index]);
}

function isText(value: FileValue): value is FileText {
  return typeof value.value === 'string';
}

/** Faults of single values and of values together, in no order. */
export function ruleFaults(tree: FileTree): DefinitionFault[] {
  const file = new FileTexts(tree);
  return rules.flatMap((rule) => rule(file));
}

const rules: readonly Rule[] = [
  (file) =>
    [...file.of('groups', '*', 'contacts'), ...file.of('governs'), ...file.of('protect', '*')].flatMap(conditionFaults),
  (file) => [...file.of('groups', '*', 'username'), ...file.of('groups', '*', 'set', '*')].flatMap(templateFaults),
  (file) => file.of('orgs', '*').filter(isBadOrgId).map(badOrgId),
  (file) => [
    ...twice(file.of('groups', '*', 'name')),
    ...twice(file.of('orgs', '*'), idKey),
    ...twice(file.of('formerProfiles', '*')),
    ...twice(file.of('protect', '*'), (condition) => condition.trim()),
    ...byGroup(file.of('groups', '*', 'permissionSets', '*')).flatMap((each) => twice(each)),
    ...byGroup(file.at('groups', '*', 'set', '*')).flatMap(fieldsTwice),
  ],
  syncUserFaults,
  formerFaults,
  releaseFaults,
];

function conditionFaults(text: FileText): DefinitionFault[] {
  return faultsOfCondition(text.value).map(({ key, word, offset }) => ({
    key,
    facts: { key: nameOf(text), ...(word === undefined ? {} : { word }) },
    place: text.placeAt(offset),
  }));
}

function templateFaults(text: FileText): DefinitionFault[] {
  try {
    parseTemplate(nameOf(text), text.value);
    return [];
  } catch (error) {
    if (!(error instanceof RunFault)) throw error;
    return [{ ofFlag: error, place: text.place }];
  }
}

/** An Id of an org by its form, but not by its checksum: its case was changed, or a character is wrong. */
function isBadOrgId({ value }: FileText): boolean {
  return /^00D[A-Za-z0-9]{12}([A-Z0-5]{3})?$/.test(value) && !isSalesforceId(value);
}

function badOrgId({ value, place }: FileText): DefinitionFault {
  return { key: 'expected.org', facts: { value }, place };
}

/** Those that are the same as one before. */
function twice(texts: readonly FileText[], sameAs = lowerCase): DefinitionFault[] {
  const seen = new Set<string>();
  return texts.flatMap((text) => {
    const same = sameAs(text.value);
    if (!seen.has(same)) {
      seen.add(same);
      return [];
    }
    return [{ key: 'twice', facts: { key: nameOf(text), value: text.value }, place: text.place }];
  });
}

function fieldsTwice(values: readonly FileValue[]): DefinitionFault[] {
  const names = values.map((value) => ({ ...value, path: ['set'], value: nameOf(value), place: value.keyPlace }));
  return twice(names);
}

function byGroup<Value extends FileValue>(values: readonly Value[]): Value[][] {
  return [...Map.groupBy(values, ({ path }) => path[1]).values()];
}

function lowerCase(value: string): string {
  return value.trim().toLowerCase();
}

/** Frozen users are known as those of sync by who froze them. */
function syncUserFaults(file: FileTexts): DefinitionFault[] {
  const actions = [
    ...file.of('leavers', 'action'),
    ...file.of('returners'),
    ...file.of('profile'),
    ...file.of('permissionSets'),
  ];
  const acting = actions.find(({ value }) => ['freeze', 'activate', 'change', 'upgrade', 'exact'].includes(value));
  if (acting === undefined || file.at('syncUser').length > 0) return [];
  return [{ key: 'missingSyncUser', facts: {}, place: acting.place }];
}

function formerFaults(file: FileTexts): DefinitionFault[] {
  const profiles = new Set(file.of('groups', '*', 'profile').map(({ value }) => lowerCase(value)));
  return file
    .of('formerProfiles', '*')
    .filter(({ value }) => profiles.has(lowerCase(value)))
    .map(({ value, place }) => ({ key: 'formerIsCurrent', facts: { profile: value }, place }));
}

/** Licenses are released with the deactivation. */
function releaseFaults(file: FileTexts): DefinitionFault[] {
  if (file.at('leavers', 'deactivateAfterDays').length > 0) return [];
  return file
    .at('leavers', 'releaseLicenses')
    .filter(({ value }) => value === true)
    .map(({ place }) => ({ key: 'releaseWithoutDeactivation', facts: {}, place }));
}

/** The key that has the value, or the list that it is in. */
function nameOf({ path }: FileValue): string {
  return path.findLast((part) => typeof part === 'string') ?? '';
}
