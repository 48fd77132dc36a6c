/** The flags of the command that began a run: commands that are printed later repeat them. */
import type { DatabaseSync } from 'node:sqlite';
import type { TypedFlag } from '../model/fileTexts.js';
import { readMetaList } from './meta.js';

/** @returns the value of `typedFlags` */
export function typedFlagsText(typed: readonly TypedFlag[]): string {
  return JSON.stringify(typed.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)));
}

/** @throws RunFault runDamaged */
export function readTypedFlags(db: DatabaseSync): TypedFlag[] {
  return readMetaList(db, 'typedFlags').map((text) => {
    const end = text.indexOf('=');
    return end < 0 ? { name: text } : { name: text.slice(0, end), value: text.slice(end + 1) };
  });
}
