/** The question which mode of `disable` is meant. */
import { disableModes, type DisableMode } from '../model/modes.js';
import { faultError } from '../report/faults.js';
import type { Screen } from '../report/screen.js';
import { modeLines, sharedText } from '../report/texts.js';
import { askLine } from './consent.js';
import { canAsk } from './screen.js';

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
    const mode = disableModes.find((each) => each === answer.line.toLowerCase());
    if (mode !== undefined || answer.line === '') return mode;
    question = sharedText('prompt.modeAgain', answer.line, names);
  }
}
