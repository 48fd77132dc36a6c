/** Writes to an open file, pipe or terminal before the process ends. */
import { writeSync } from 'node:fs';
import { codeOfError } from '../model/faults.js';

/** A reader that takes nothing for so long is not waited for. */
const patienceMs = 2_000;

/**
 * Returns when all is written, so that the process may end right after. A pipe that is full is waited for (EAGAIN); one
 * that nobody reads any more (EPIPE, EIO) gets nothing, as nobody would see it.
 */
export function writeNow(fileDescriptor: number, text: string): void {
  let rest = Buffer.from(text);
  const end = Date.now() + patienceMs;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fileDescriptor, rest));
    } catch (error) {
      if (!isFull(error) || Date.now() > end) return;
      pause(5);
    }
  }
}

function isFull(error: unknown): boolean {
  return codeOfError(error) === 'EAGAIN';
}

/** Holds the whole process: it has nothing else to do any more. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
