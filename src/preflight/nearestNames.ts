/** "Did you mean": the names nearest to one that is unknown. */
import { distance } from 'fastest-levenshtein';

/** At most three of the candidates, nearest first; none when all are too far away to be a typo. */
export function nearestNames(name: string, candidates: Iterable<string>): string[] {
  const limit = Math.max(2, Math.floor(name.length / 3));
  return [...new Set(candidates)]
    .map((candidate) => ({ candidate, distance: distanceBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter((near) => near.distance <= limit)
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map((near) => near.candidate);
}

/** A name that holds the other counts as near, however long the rest is: "Customer" finds "Acme Customer Portal". */
function distanceBetween(a: string, b: string): number {
  const holds = a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a));
  return holds && a !== b ? 1 : distance(a, b);
}
