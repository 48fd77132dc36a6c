/** The org of this project's tests: the simulated org with the custom fields and the records of our world. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SimulatedOrg as AnyOrg } from '../simulatedOrg.ts';
import type { SimulatedOrgOptions as AnyOrgOptions } from '../simulatedOrg.ts';
import type { FieldDefinition } from '../schema/types.ts';
import { lookingAt } from '../switchesLookedAt.ts';
import { customFields } from './customFields.ts';
import { imageOf, startOnImage, type OrgImage } from './orgImage.ts';
import { readWorld } from './readWorld.ts';
import { seedWorld } from './seed.ts';
import { seededWorld } from './seededWorlds.ts';
import type { World } from './seed.ts';
import { copyOfWorld, isKept } from './worldFile.ts';
import type { WorldOptions } from './worldOrg.ts';

export type SimulatedOrgOptions = Omit<AnyOrgOptions, 'fields' | 'objects' | 'seed' | 'image'> & {
  /** Custom fields of User besides those of the world. */
  readonly userFields?: readonly FieldDefinition[];
  /** The seeded world; `'none'` leaves only the organization and its administrator, with our custom fields. */
  readonly world?: WorldOptions | 'none';
  /** In place of a new world: that of another org, with all that has become of it. */
  readonly image?: OrgImage;
};

export type SimulatedOrg = AnyOrg & {
  /** What was seeded, by name; undefined with `world: 'none'`. */
  readonly world: World | undefined;
};

/** Started as the simulated org itself is, so that tests need not know which of the two they have. */
export const SimulatedOrg = {
  async start({ world, image, userFields = [], ...options }: SimulatedOrgOptions = {}): Promise<SimulatedOrg> {
    if (image !== undefined) return startOnImage(options, image);
    const fields = { ...customFields, User: [...(customFields['User'] ?? []), ...userFields] };
    if (world === 'none') return Object.assign(await AnyOrg.start({ ...options, fields }), { world: undefined });
    if (userFields.length > 0) return startSeeded(options, world, fields);
    if (options.file !== undefined) return startSeeded(options, world);
    return world !== undefined && isKept(world) ? onCopy(options, world) : onImage(options, world);
  },
};

async function startSeeded(
  options: AnyOrgOptions,
  wanted: WorldOptions | undefined,
  fields = customFields,
): Promise<SimulatedOrg> {
  const seeded: { world?: World } = {};
  const seed = (org: AnyOrg): void => {
    seeded.world = seedWorld(org, wanted);
  };
  const org = await AnyOrg.start({ ...options, fields, seed });
  return Object.assign(org, { world: seeded.world ?? readWorld(org) });
}

async function onImage(options: AnyOrgOptions, wanted: WorldOptions | undefined): Promise<SimulatedOrg> {
  const { switches } = options;
  const image = await seededWorld(JSON.stringify(wanted ?? {}), switches, () => make(switches, wanted));
  return startOnImage(options, image);
}

async function make(
  switches: AnyOrgOptions['switches'],
  wanted: WorldOptions | undefined,
): Promise<{ image: OrgImage; lookedAt: Set<string> }> {
  const made: { world?: World; lookedAt?: Set<string> } = {};
  const seed = (org: AnyOrg): void => {
    made.lookedAt = lookingAt(org.switches, () => {
      made.world = seedWorld(org, wanted);
    });
  };
  const org = await AnyOrg.start({ ...(switches === undefined ? {} : { switches }), fields: customFields, seed });
  const image = imageOf(Object.assign(org, { world: made.world }));
  await org.stop();
  return { image, lookedAt: made.lookedAt ?? new Set() };
}

async function onCopy(options: AnyOrgOptions, wanted: WorldOptions): Promise<SimulatedOrg> {
  const file = await copyOfWorld(wanted, async (draft) => {
    const org = await startSeeded({}, wanted);
    org.store.saveTo(draft);
    await org.stop();
  });
  const org = await startSeeded({ ...options, file }, wanted);
  // The open file lives on without a name, and is gone for certain when the process ends. (Windows keeps the name.)
  rmSync(dirname(file), { recursive: true, force: true });
  return org;
}
