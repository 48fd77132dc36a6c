/** The org of this project's tests: the simulated org with the custom fields and the records of our world. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SimulatedOrg as AnyOrg } from '../simulatedOrg.ts';
import type { SimulatedOrgOptions as AnyOrgOptions } from '../simulatedOrg.ts';
import type { FieldDefinition } from '../schema/types.ts';
import { customFields } from './customFields.ts';
import { imageOf, startOnImage, type OrgImage } from './orgImage.ts';
import { readWorld } from './readWorld.ts';
import { seedWorld } from './seed.ts';
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

const made = new Map<string, Promise<OrgImage>>();

/** A world of a kind is made once for all orgs of a process, as the rules that make it take longer than a copy. */
async function onImage(options: AnyOrgOptions, wanted: WorldOptions | undefined): Promise<SimulatedOrg> {
  // Switches decide what is seeded.
  if (options.switches !== undefined) return startSeeded(options, wanted);
  const kind = JSON.stringify(wanted ?? {});
  const making = made.get(kind) ?? make(wanted);
  made.set(kind, making);
  return startOnImage(options, await making);
}

async function make(wanted: WorldOptions | undefined): Promise<OrgImage> {
  const org = await startSeeded({}, wanted);
  const image = imageOf(org);
  await org.stop();
  return image;
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
