/** The modes of `disable` and `enable` in words, and the question which one is meant. */
import { disableModes, type DisableMode, type Mode } from '../model/modes.js';
import { askLine } from '../cli/consent.js';
import { faultError } from './faults.js';
import { canAsk, type Screen } from '../cli/screen.js';
import { sharedText } from './texts.js';

/** What a mode does to login, license, contact, username, shares and follows, and whether it can be undone. */
export function modeLines(mode: Mode): string[] {
  return ['', ...sharedText(`mode.${mode}.effects`).split('\n'), ''];
}

/**
 * There is no default: what is meant has to be said.
 * @returns undefined where there is nobody to ask, or no answer
 * @throws SfError interrupted, at Ctrl-C
 */
export async function askMode(screen: Screen): Promise<DisableMode | undefined> {
  if (!canAsk(screen.json)) return undefined;
  for (const mode of disableModes) for (const line of modeLines(mode)) screen.note(line);
  const names = disableModes.join(', ');
  const terminal = { input: process.stdin, output: process.stderr, signal: new AbortController().signal };
  let question = sharedText('prompt.mode', names);
  for (;;) {
    const answer = await askLine(question, terminal);
    if (answer === 'interrupted') throw faultError('interrupted', {});
    const wanted = answer === 'none' ? '' : answer.line.trim();
    const mode = disableModes.find((each) => each === wanted.toLowerCase());
    if (mode !== undefined || wanted === '') return mode;
    question = sharedText('prompt.modeAgain', wanted, names);
  }
}
