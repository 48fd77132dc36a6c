/** The modes of `disable` and `enable` in words. */
import type { Mode } from '../model/modes.js';
import { sharedText } from './texts.js';

/** What a mode does to login, license, contact, username, shares and follows, and whether it can be undone. */
export function modeLines(mode: Mode): string[] {
  return ['', ...sharedText(`mode.${mode}.effects`).split('\n'), ''];
}
