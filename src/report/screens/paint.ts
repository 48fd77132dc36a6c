/** What colors mean. Whether a stream has colors is the screen's to know (src/cli/screen.ts), which takes them away. */
import { styleText } from 'node:util';

const always = { validateStream: false };

/** Done, or to be added. */
export function good(text: string): string {
  return styleText('green', text, always);
}

/** To be looked at: for marks alone, as yellow letters are hard to read on white. */
export function caution(text: string): string {
  return styleText('yellow', text, always);
}

/** Failed, or not to be undone. */
export function bad(text: string): string {
  return styleText('red', text, always);
}

/** Numbers, headings and questions. */
export function strong(text: string): string {
  return styleText('bold', text, always);
}

/** What can be left unread; never a command. */
export function quiet(text: string): string {
  return styleText('dim', text, always);
}
