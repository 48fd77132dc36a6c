/** The text of a cell as it counts. */

/** How exports keep a spreadsheet from reading a text as a number: `="00712"`. */
const keptAsText = /^="([^"]*)"$/;

/** Marks without a width or a direction of their own: zero width spaces and joiners, direction marks, soft hyphens. */
const invisible = '\\u00AD\\u061C\\u180E\\u200B-\\u200F\\u202A-\\u202E\\u2060-\\u2064\\u2066-\\u2069\\uFEFF';
const edges = new RegExp(`^[\\s${invisible}]+|[\\s${invisible}]+$`, 'gu');

/**
 * Without white space around it, as Salesforce does, and without the invisible characters that come along when a value is
 * copied from a web page or an email: nobody can see them, and no record is found by a key that has one. `="00712"` is 00712.
 */
export function cellText(cell: string): string {
  return cell.replace(edges, '').replace(keptAsText, '$1');
}
