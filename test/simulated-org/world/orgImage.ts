/** An org with its world as a value, with which other orgs of the process begin. */
import { SimulatedOrg as AnyOrg } from '../simulatedOrg.ts';
import type { SimulatedOrgOptions as AnyOrgOptions } from '../simulatedOrg.ts';
import { customFields } from './customFields.ts';
import { readWorld } from './readWorld.ts';
import type { World } from './seed.ts';

export type OrgImage = {
  readonly records: Uint8Array;
  readonly world: World;
  /** Milliseconds that its clock is ahead of the machine's. */
  readonly ahead: number;
  readonly portalAdministrators: ReadonlySet<string>;
  readonly usernamesElsewhere: ReadonlySet<string>;
};

/** Jobs, sessions, and switches that somebody else has turned are not part of it. */
export function imageOf(org: AnyOrg & { readonly world: World | undefined }): OrgImage {
  const { portalAdministrators, usernamesElsewhere } = org.switches.users;
  const ahead = org.clock.now() - Date.now();
  return {
    records: org.store.image(),
    world: org.world ?? readWorld(org),
    ahead,
    portalAdministrators: new Set(portalAdministrators),
    usernamesElsewhere: new Set(usernamesElsewhere),
  };
}

export async function startOnImage(options: AnyOrgOptions, image: OrgImage): Promise<AnyOrg & { world: World }> {
  const org = await AnyOrg.start({ ...options, fields: customFields, image: image.records });
  org.clock.advance(Math.max(0, image.ahead));
  for (const id of image.portalAdministrators) org.switches.users.portalAdministrators.add(id);
  for (const name of image.usernamesElsewhere) org.switches.users.usernamesElsewhere.add(name);
  return Object.assign(org, { world: image.world });
}
