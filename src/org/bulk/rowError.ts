/** Takes the `sf__Error` cell of a Bulk API result apart. */

export type RowError = { code: string; message: string; fields: string[] };

/**
 * Splits `CODE:message:Field1, Field2 --`, with or without fields. The message may hold colons, commas and line breaks.
 * A text without a code has the code `UNKNOWN`. What stands after the last colon counts as fields only if every part of
 * it looks like an API name.
 * Source: Bulk API 2.0 guide "Get Job Failed Record Results"; forms seen: docs/salesforce-facts.md#bulk-csv.
 */
export function parseRowError(sfError: string): RowError {
  const code = /^\s*([A-Z][A-Z0-9_]*):/u.exec(sfError);
  const rest = code === null ? sfError.trim() : sfError.slice(code[0].length);
  const body = rest.replace(/\s*--\s*$/u, '');
  const name = code?.[1] ?? 'UNKNOWN';
  const colon = body.lastIndexOf(':');
  const isClosed = body.length < rest.length;
  if (!isClosed || colon < 0) return { code: name, message: body.trim(), fields: [] };
  const fields = namedFields(body.slice(colon + 1));
  return fields === undefined
    ? { code: name, message: body.trim(), fields: [] }
    : { code: name, message: body.slice(0, colon).trim(), fields };
}

/** The names in a list such as `Email, Custom__c`; none for a blank; undefined if it is something else. */
function namedFields(list: string): string[] | undefined {
  if (list.trim() === '') return [];
  const names = list.split(',').map((name) => name.trim());
  return names.every((name) => /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/u.test(name)) ? names : undefined;
}
