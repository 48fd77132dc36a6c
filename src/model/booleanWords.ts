/** The words for yes and no that people and their tools write: Data Loader's BooleanConverter takes these. */

const words: ReadonlyMap<string, boolean> = new Map([
  ...['true', 'yes', 'y', 'on', '1'].map((word) => [word, true] as const),
  ...['false', 'no', 'n', 'off', '0'].map((word) => [word, false] as const),
]);

/** Without regard to case and white space; undefined for anything else. */
export function readBoolean(text: string): boolean | undefined {
  return words.get(text.trim().toLowerCase());
}

export function wordsFor(value: boolean): string[] {
  return [...words].flatMap(([word, each]) => (each === value ? [word] : []));
}
