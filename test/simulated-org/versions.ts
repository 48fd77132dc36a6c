/** The versions of the API this org serves. */

/** The newest is Summer '26. Three releases a year, going back. */
const newest = 67;
/** Older ones are retired since Summer '25 (article 000354473). */
const oldest = 31;
const seasons = ['Spring', 'Summer', 'Winter'] as const;

export const apiVersions: readonly string[] = Array.from(
  { length: newest - oldest + 1 },
  (_, index) => `${oldest + index}.0`,
);

export function isServed(version: string): boolean {
  return apiVersions.includes(version);
}

/** REST answers "410: GONE" (the same article). */
export function isRetired(version: string): boolean {
  return Number(version) < oldest;
}

/** `GET /services/data`: ascending, all values text. */
export function versionList(): Array<{ label: string; url: string; version: string }> {
  return apiVersions.map((version) => ({
    label: releaseName(Number.parseInt(version, 10)),
    url: `/services/data/v${version}`,
    version,
  }));
}

function releaseName(version: number): string {
  // 67 is Summer '26, so that 66 is Spring '26 and 65 Winter '26.
  const index = version - 65;
  const season = seasons[(((index - 1) % 3) + 3) % 3] ?? 'Winter';
  return `${season} '${26 + Math.floor(index / 3)}`;
}
