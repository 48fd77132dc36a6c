/** Keeps what others wrote from steering the terminal. */

/** Control characters but tab and line feed (C0, DEL, C1), and those that turn the direction of what follows. */
const steering = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A text from an org, a file or a run folder as it may be shown: an escape sequence in a name could hide lines of a plan, or
 * have the terminal type something.
 */
export function printable(text: string): string {
  return text.replace(steering, '\ufffd');
}
