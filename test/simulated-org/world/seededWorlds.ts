/**
 * Worlds that were seeded in this process, with which other orgs of it begin: the rules that make a world take longer than a
 * copy. Switches decide what is seeded, but seeding looks at few of them, and the rest may differ.
 */
import { isDeepStrictEqual } from 'node:util';
import { switchesWith, type SwitchChanges, type Switches } from '../switches.ts';
import type { OrgImage } from './orgImage.ts';

/** What seeding found at the places that it looked at: `personAccounts`, or `users.customerRoles`. */
type Found = ReadonlyMap<string, unknown>;

type Seeded = { readonly found: Found; readonly image: OrgImage };

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
    const same = known.find(({ found }) => isDeepStrictEqual(valuesOf(switches, found.keys()), found));
    if (same !== undefined) return same.image;
    const { image, lookedAt } = await make();
    seeded.set(kind, [...known, { found: valuesOf(switches, lookedAt), image }]);
    return image;
  };
  const finding = last.then(find, find);
  last = finding;
  return finding;
}

function valuesOf(switches: Switches, places: Iterable<string>): Map<string, unknown> {
  const all = new Map(
    Object.entries(switches).flatMap(([name, value]): Array<[string, unknown]> =>
      isGroup(value)
        ? Object.entries(value).map(([inner, one]): [string, unknown] => [`${name}.${inner}`, one])
        : [[name, value]],
    ),
  );
  return new Map(Array.from(places, (place) => [place, all.get(place)]));
}

/** Tells which switches `work` looks at. A switch that it turns is no longer what the next org's is. */
export function lookingAt(switches: Switches, work: () => void): Set<string> {
  const places = new Set<string>();
  const restore = [
    ...Object.entries(switches).flatMap(([name, group]) => (isGroup(group) ? watch(group, `${name}.`, places) : [])),
    watch(switches, '', places),
  ];
  try {
    work();
  } finally {
    for (const undo of restore) undo();
  }
  return places;
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** @returns what makes them plain values again */
function watch(values: object, prefix: string, places: Set<string>): () => void {
  const before = Object.getOwnPropertyDescriptors(values);
  for (const [name, value] of Object.entries(values)) {
    const get = (): unknown => {
      if (!isGroup(value)) places.add(prefix + name);
      return value;
    };
    // Without a setter, seeding that turns a switch throws.
    Object.defineProperty(values, name, { configurable: true, enumerable: true, get });
  }
  return () => Object.defineProperties(values, before);
}
