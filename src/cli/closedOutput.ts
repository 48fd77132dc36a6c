/**
 * Outputs that take nothing any more: the reader of a pipe has ended (EPIPE), the window of a terminal is shut (EIO), the disk of a
 * file is full (ENOSPC, EDQUOT).
 */
import { codeOfError } from '../model/faults.js';

/**
 * From now on, to the end of the process, a closed output ends nothing: what is under way in the org has to be recorded,
 * even if nobody sees it. Existing listeners (oclif's throws at everything but EPIPE) hear of all other errors.
 * @param closed called each time a write to stdout finds it closed
 */
export function outliveOutputs(closed: () => void): void {
  for (const output of [process.stdout, process.stderr]) {
    const listeners = output.rawListeners('error');
    output.removeAllListeners('error').on('error', (error: Error) => {
      if (isClosed(error)) {
        if (output === process.stdout) closed();
        return;
      }
      if (listeners.length === 0) throw error;
      for (const listener of listeners) Reflect.apply(listener, output, [error]);
    });
  }
}

function isClosed(error: Error): boolean {
  return ['EPIPE', 'EIO', 'ENOSPC', 'EDQUOT'].includes(codeOfError(error) ?? '');
}
