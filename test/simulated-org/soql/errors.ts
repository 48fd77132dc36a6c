/** Salesforce's refusals of a query, with the excerpt of its text and the caret below the place. */
import { ApiError } from '../contracts.ts';

/** Where in the SOQL text something stands; undefined when nobody can tell. */
export type Place = { readonly soql: string; readonly offset: number | undefined };

/** `\n<excerpt>\n   ^\nERROR at Row:1:Column:8\n<text>`, as recorded. */
export function queryError(code: string, place: Place, text: string): ApiError {
  return new ApiError(400, code, place.offset === undefined ? text : `${pointAt(place.soql, place.offset)}\n${text}`);
}

export function malformed(place: Place, text: string): ApiError {
  return queryError('MALFORMED_QUERY', place, text);
}

/** How much of a long query the excerpt shows; recorded only for queries that fit as a whole. */
const before = 60;
const after = 60;

function pointAt(soql: string, offset: number): string {
  const lineStart = soql.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = soql.indexOf('\n', offset);
  const row = soql.slice(0, lineStart).split('\n').length;
  const line = soql.slice(lineStart, lineEnd < 0 ? soql.length : lineEnd);
  const column = offset - lineStart;
  const start = line.length <= before + after ? 0 : wordStart(line, Math.max(0, column - before));
  const end = line.length <= before + after ? line.length : Math.min(line.length, column + after);
  return `\n${line.slice(start, end)}\n${' '.repeat(column - start)}^\nERROR at Row:${row}:Column:${column + 1}`;
}

function wordStart(line: string, from: number): number {
  const space = line.indexOf(' ', from);
  return from === 0 || space < 0 || space - from > 20 ? from : space + 1;
}

export const noSuchColumn = (column: string, entity: string): string =>
  `No such column '${column}' on entity '${entity}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;

export const noSuchObject = (name: string): string =>
  `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;

export const noSuchRelation = (name: string): string =>
  `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`;
