/**
 * What a definition file may hold. schemas/portal-users.schema.json is the same for editors; a test keeps both equal. What a
 * single value must be beyond its type is in definitionRules.ts.
 */
import { z } from 'zod';
import { defaultLimits } from '../../model/definition/definition.js';
import type { FilePath } from './definitionYaml.js';

/** A text that is not only blanks. */
const text = z.string().regex(/\S/);
const texts = z.array(text);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const group = z.strictObject({
  name: text,
  contacts: text,
  profile: text,
  portalRole: z.enum(['Executive', 'Manager', 'Worker']).optional(),
  username: text.default('{Email}'),
  set: z.record(z.string().regex(/^\w+$/), text).default({}),
  inactive: z.boolean().default(false),
  permissionSets: texts.default([]),
  mayBeEmpty: z.boolean().default(false),
});

const leavers = z.strictObject({
  action: z.enum(['report', 'freeze']).default('report'),
  deactivateAfterDays: count.optional(),
  releaseLicenses: z.boolean().default(false),
});

const limits = z.strictObject({
  create: count.default(defaultLimits.create),
  activate: count.default(defaultLimits.activate),
  change: count.default(defaultLimits.change),
  takeAway: count.default(defaultLimits.takeAway),
  takeAwayShare: z.number().min(0).max(1).default(defaultLimits.takeAwayShare),
});

export const definitionShape = z.strictObject({
  orgs: z.array(z.string().regex(/^(sandboxes|00D[A-Za-z0-9]{12}([A-Z0-5]{3})?)$/)).min(1),
  syncUser: text.optional(),
  groups: z.array(group).min(1),
  governs: text.optional(),
  formerProfiles: texts.default([]),
  leavers: leavers.prefault({}),
  returners: z.enum(['report', 'activate']).default('report'),
  profile: z.enum(['report', 'change', 'upgrade']).default('report'),
  permissionSets: z.enum(['add', 'exact']).default('add'),
  protect: texts.default([]),
  limits: limits.prefault({}),
  /** For editors, which find the schema of a JSON file by it. */
  $schema: text.optional(),
});

export type ShapedDefinition = z.output<typeof definitionShape>;

/** The keys that the map at a place of the file may have. */
export function keysAt(path: FilePath): string[] {
  return Object.keys(mapAt(path).shape);
}

/** Whether a file has to have a key. @param path of its value */
export function isNeeded(path: FilePath, key: string): boolean {
  const shape: Readonly<Record<string, z.ZodType>> = mapAt(path.length > 1 ? path : []).shape;
  return shape[key]?.safeParse(undefined).success === false;
}

function mapAt([first]: FilePath): typeof definitionShape | typeof group | typeof leavers | typeof limits {
  const maps = { groups: group, leavers, limits };
  return first === 'groups' || first === 'leavers' || first === 'limits' ? maps[first] : definitionShape;
}
