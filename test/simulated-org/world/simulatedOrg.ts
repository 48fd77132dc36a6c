/** The org of this project's tests: the simulated org with the custom fields and the records of our world. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { SimulatedOrg as AnyOrg } from '../simulatedOrg.ts';
import type { SimulatedOrgOptions as AnyOrgOptions } from '../simulatedOrg.ts';
import type { FieldDefinition } from '../schema/types.ts';
import { customFields } from './customFields.ts';
import { readWorld } from './readWorld.ts';
import { seedWorld } from './seed.ts';
import type { World } from './seed.ts';
import { copyOfWorld, isKept } from './worldFile.ts';
import type { WorldOptions } from './worldOrg.ts';

export type SimulatedOrgOptions = Omit<AnyOrgOptions, 'fields' | 'objects' | 'seed'> & {
  /** Custom fields of User besides those of the world. */
  readonly userFields?: readonly FieldDefinition[];
  /** The seeded world; `'none'` leaves only the organization and its administrator, with our custom fields. */
  readonly world?: WorldOptions | 'none';
};

export type SimulatedOrg = AnyOrg & {
  /** What was seeded, by name; undefined with `world: 'none'`. */
  readonly world: World | undefined;
};

/** Started as the simulated org itself is, so that tests need not know which of the two they have. */
export const SimulatedOrg = {
  async start({ world, userFields = [], ...options }: SimulatedOrgOptions = {}): Promise<SimulatedOrg> {
    const fields = { ...customFields, User: [...(customFields['User'] ?? []), ...userFields] };
    if (world === 'none') return Object.assign(await AnyOrg.start({ ...options, fields }), { world: undefined });
    if (userFields.length > 0) return startSeeded(options, world, fields);
    return world !== undefined && options.file === undefined && isKept(world)
      ? onCopy(options, world)
      : startSeeded(options, world);
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
