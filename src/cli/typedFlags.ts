/** The flags of a new run as they were typed. */
import type { TypedFlag } from '../model/fileTexts.js';
import type { RawFlag } from './screen.js';

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
