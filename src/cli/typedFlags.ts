/** The flags of a new run as they were typed. Its run.db keeps them, so that a resume can print the command once more, too. */
import type { DatabaseSync } from 'node:sqlite';
import { readMetaList, writeMeta } from '../store/meta.js';
import type { RawFlag } from './screen.js';

/** A flag that is on or off has no value. */
export type TypedFlag = { readonly name: string; readonly value?: string };

/**
 * A dry run is to be applied, no printed command says how its result is to be written, what --flags-dir gave is part of it, and the
 * org, which may be a token, is said last.
 */
const untold = ['dry-run', 'json', 'flags-dir', 'target-org'];

/** @param given as they were typed, and as they were understood */
export function typedFlags(given: {
  readonly raw: readonly RawFlag[];
  readonly flags: Readonly<Record<string, unknown>>;
}): TypedFlag[] {
  return given.raw.flatMap(({ flag: name, input: value }) => {
    if (name === undefined || untold.includes(name)) return [];
    return [typeof given.flags[name] === 'boolean' ? { name } : { name, value }];
  });
}

export function writeTypedFlags(db: DatabaseSync, typed: readonly TypedFlag[]): void {
  const texts = typed.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
  writeMeta(db, { typedFlags: JSON.stringify(texts) });
}

/** None of a run of an earlier version. @throws RunFault runDamaged */
export function readTypedFlags(db: DatabaseSync): TypedFlag[] {
  return readMetaList(db, 'typedFlags').map((text) => {
    const end = text.indexOf('=');
    return end < 0 ? { name: text } : { name: text.slice(0, end), value: text.slice(end + 1) };
  });
}
