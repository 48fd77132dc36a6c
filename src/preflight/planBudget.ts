/** How the steps of a plan will be written, and so what they take of the day's allowance. */
import type { DatabaseSync } from 'node:sqlite';
import { mostByCollections, type RowsByWay } from '../engine/jobSize.js';
import { kindsOf } from '../kinds/kinds.js';
import { countToSend } from '../store/queries/counts.js';

/** Few rows of what collections take go by collections, everything else by jobs. */
export function rowsByWay(db: DatabaseSync): RowsByWay {
  const byKind = new Map(kindsOf(db).map((kind) => [kind.name, kind]));
  const ways = { highVolume: 0, roleBased: 0, byCollections: 0 };
  for (const { kind, family, rows } of countToSend(db)) {
    const isFew = byKind.get(kind)?.takesCollections === true && rows <= mostByCollections;
    ways[isFew ? 'byCollections' : family] += rows;
  }
  return ways;
}
