/** The question which mode of `disable` is meant. */
import { disableModes, type DisableMode } from '../model/modes.js';
import { effectPairs } from '../report/screens/factLines.js';
import { faultError } from '../report/faults.js';
import { labelled } from '../report/screens/layout.js';
import { sharedText } from '../report/texts.js';
import { canAsk } from './screen.js';

/**
 * There is no default: what is meant has to be said. Chosen by the arrow keys, with the effects of each mode below the list.
 * @returns undefined where there is nobody to ask
 * @throws SfError interrupted, at Ctrl-C
 */
export async function askMode(): Promise<DisableMode | undefined> {
  if (!canAsk()) return undefined;
  const { default: select } = await import('@inquirer/select');
  const choices = disableModes.map((mode) => ({
    value: mode,
    name: sharedText(`mode.${mode}.choice`),
    short: mode,
    description: labelled(effectPairs(mode)).join('\n'),
  }));
  try {
    return await select({ message: sharedText('prompt.mode'), choices, loop: false }, { output: process.stderr });
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw faultError('interrupted', {});
    throw error;
  }
}
