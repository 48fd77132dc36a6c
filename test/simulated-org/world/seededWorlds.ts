/**
 * Worlds that were seeded in this process, with which other orgs of it begin: the rules that make a world take longer than a
 * copy. Switches decide what is seeded, but seeding looks at few of them, and the rest may differ.
 */
import { switchesWith, type SwitchChanges } from '../switches.ts';
import { areSame, valuesOf, type FoundSwitches } from '../switchesLookedAt.ts';
import type { OrgImage } from './orgImage.ts';

type Seeded = { readonly found: FoundSwitches; readonly image: OrgImage };

const seeded = new Map<string, Seeded[]>();
/** One after another, so that two orgs of a kind don't both make its world. */
let last: Promise<unknown> = Promise.resolve();

/** @param make seeds an org with these switches, and tells which of them it looked at */
export function seededWorld(
  kind: string,
  changes: SwitchChanges | undefined,
  make: () => Promise<{ readonly image: OrgImage; readonly lookedAt: ReadonlySet<string> }>,
): Promise<OrgImage> {
  const find = async (): Promise<OrgImage> => {
    const switches = switchesWith(changes);
    const known = seeded.get(kind) ?? [];
    const same = known.find(({ found }) => areSame(switches, found));
    if (same !== undefined) return same.image;
    const { image, lookedAt } = await make();
    seeded.set(kind, [...known, { found: valuesOf(switches, lookedAt), image }]);
    return image;
  };
  const finding = last.then(find, find);
  last = finding;
  return finding;
}
