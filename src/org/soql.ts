/** Pure helpers to write SOQL: quoting, URL encoding, IN lists of bounded length. */

/** Besides `\` and `'`, which follow a backslash as they are. */
const escapes: Readonly<Record<string, string>> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' };

/** A SOQL string literal, quotes included. Source: SOQL reference "Quoted String Escape Sequences". */
export function quoteSoql(value: string): string {
  return `'${value.replace(/[\\'\n\r\t\b\f]/gu, (character) => `\\${escapes[character] ?? character}`)}'`;
}

/** A dateTime literal: UTC, without fractions of a second. @param time milliseconds */
export function soqlTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/**
 * SOQL as it stands in the `q` parameter of a URL: blanks as `+` and commas as they are, to save room; quotes encoded,
 * since a URL parser would do so anyway, and lengthen what we have measured.
 */
export function encodeSoql(soql: string): string {
  return encodeURIComponent(soql.toWellFormed()).replace(/%20/gu, '+').replace(/%2C/gu, ',').replace(/'/gu, '%27');
}

/**
 * Packs values into as few IN lists as fit.
 * @param values each is quoted; duplicates are sent once
 * @param room the greatest URL-encoded length of one list in bytes, brackets included; a single value that is longer
 * still gets a list of its own
 * @param isNumeric the values are numbers, and not quoted @returns lists with brackets: `('a','b')`; none for no values
 */
export function inClauses(values: readonly string[], room: number, isNumeric = false): string[] {
  const clauses: string[] = [];
  let quoted: string[] = [];
  let length = 2;
  const close = (): void => {
    if (quoted.length > 0) clauses.push(`(${quoted.join(',')})`);
    quoted = [];
    length = 2;
  };
  for (const value of new Set(values)) {
    const literal = isNumeric ? String(Number(value)) : quoteSoql(value);
    const added = encodeSoql(literal).length;
    if (quoted.length > 0 && length + 1 + added > room) close();
    length += added + (quoted.length > 0 ? 1 : 0);
    quoted.push(literal);
  }
  close();
  return clauses;
}
