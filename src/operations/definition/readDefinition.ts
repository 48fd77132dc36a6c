/** Reads the definition file of `sync`, YAML or JSON, and says everything that is wrong with it at once. */
import type { AllowedOrg, Definition, DefinitionFile, Group } from '../../model/definition/definition.js';
import { DefinitionRejected } from '../../model/definition/definitionFaults.js';
import { ruleFaults } from './definitionRules.js';
import type { ShapedDefinition } from './definitionShape.js';
import { readDefinitionText } from './definitionText.js';
import { readYaml } from './definitionYaml.js';
import { shapeDefinition } from './shapeFaults.js';

/** @throws RunFault definitionFile; DefinitionRejected */
export async function readDefinition(path: string): Promise<DefinitionFile> {
  const text = await readDefinitionText(path);
  return { definition: parseDefinition(text, path), text, file: path };
}

/** @param file that has the text, for the fault @throws DefinitionRejected */
export function parseDefinition(text: string, file: string): Definition {
  const { tree, faults } = readYaml(text);
  if (tree === undefined) throw new DefinitionRejected(file, faults);
  const { shaped, faults: ofShape } = shapeDefinition(tree);
  const all = [...faults, ...ofShape, ...ruleFaults(tree)];
  if (shaped === undefined || all.length > 0) throw new DefinitionRejected(file, all);
  return definitionOf(shaped);
}

function definitionOf(shaped: ShapedDefinition): Definition {
  const { orgs, groups, leavers, formerProfiles, returners, profile, permissionSets, protect, limits } = shaped;
  return {
    orgs: orgs.map((org): AllowedOrg => (org === 'sandboxes' ? org : { orgId: org })),
    syncUser: shaped.syncUser,
    groups: groups.map(groupOf),
    governs: shaped.governs,
    leavers: { ...leavers, deactivateAfterDays: leavers.deactivateAfterDays },
    formerProfiles,
    returners,
    profile,
    permissionSets,
    protect,
    limits,
  };
}

function groupOf({ set, portalRole, ...group }: ShapedDefinition['groups'][number]): Group {
  return { ...group, portalRole, set: Object.entries(set).map(([field, template]) => `${field}=${template}`) };
}
