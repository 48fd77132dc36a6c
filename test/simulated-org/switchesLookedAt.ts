/** Which switches a piece of work looks at: when it is done again with the same values there, it comes out the same. */
import { isDeepStrictEqual } from 'node:util';
import type { Switches } from './switches.ts';

/** By the place of the switch: `personAccounts`, or `users.customerRoles`. */
export type FoundSwitches = ReadonlyMap<string, unknown>;

export function areSame(switches: Switches, found: FoundSwitches): boolean {
  return isDeepStrictEqual(valuesOf(switches, found.keys()), found);
}

export function valuesOf(switches: Switches, places: Iterable<string>): Map<string, unknown> {
  const all = new Map(
    Object.entries(switches).flatMap(([name, value]): Array<[string, unknown]> =>
      isGroup(value)
        ? Object.entries(value).map(([inner, one]): [string, unknown] => [`${name}.${inner}`, one])
        : [[name, value]],
    ),
  );
  return new Map(Array.from(places, (place) => [place, all.get(place)]));
}

type Kept<T> = { readonly found: FoundSwitches; readonly value: T };

/** Made once for all orgs whose switches are the same where `make` looks. */
export class KeptBySwitches<T> {
  private readonly kept = new Map<string, Array<Kept<T>>>();

  get(key: string, switches: Switches, make: () => T): T {
    const known = this.kept.get(key) ?? [];
    const same = known.find(({ found }) => areSame(switches, found));
    if (same !== undefined) return same.value;
    const made: T[] = [];
    const places = lookingAt(switches, () => made.push(make()));
    const [value] = made;
    if (value === undefined) throw new Error(`Nothing was made of ${key}`);
    this.kept.set(key, [...known, { found: structuredClone(valuesOf(switches, places)), value }]);
    return value;
  }
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
