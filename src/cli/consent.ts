/** Questions on a terminal. */
import { createInterface } from 'node:readline';
import { widthOf, wrapLine } from './wrapLine.js';

export type Consent = 'yes' | 'no' | 'interrupted';

type TypedLine = { readonly line: string } | 'interrupted';

/** Long enough to read the plan and to look at its files; an unanswered question must not hold a run for days. */
const answerWithinMs = 600_000;

type Terminal = {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream & Parameters<typeof widthOf>[0];
  /** Ends the question from outside. */
  readonly signal: AbortSignal;
};

/**
 * The question before the first write. Only `y` or `yes` is a yes: an empty line, the end of the input and ten minutes of
 * silence are a no.
 * @param wanted what has to be typed instead of y, for what can't be undone
 */
export async function askConsent(question: string, terminal: Terminal, wanted?: string): Promise<Consent> {
  const answer = await askLine(wanted === undefined ? `${question} (y/N)` : question, terminal);
  if (answer === 'interrupted') return answer;
  // A number is shown with separators, and may be typed with them.
  const isYes = wanted === undefined ? /^y(es)?$/i.test(answer.line) : answer.line.replaceAll(',', '') === wanted;
  return isYes ? 'yes' : 'no';
}

/**
 * One line of an answer, trimmed; empty at the end of the input and after ten minutes of silence. Ctrl-C interrupts.
 * Not sf's own prompt, which writes to stdout, where the question may go to a file unseen, and takes the end of the
 * input for an interruption.
 */
async function askLine(question: string, { input, output, signal }: Terminal): Promise<TypedLine> {
  if (signal.aborted) return 'interrupted';
  const lines = createInterface({ input, output });
  return new Promise((resolve) => {
    const settle = (answer: TypedLine): void => {
      clearTimeout(patience);
      signal.removeEventListener('abort', interrupt);
      lines.removeListener('close', refuse).close();
      resolve(answer);
    };
    // Somebody who did not press Enter is still on the line of the question.
    const leave = (answer: TypedLine) => (): void => {
      output.write('\n');
      settle(answer);
    };
    const interrupt = leave('interrupted');
    const refuse = leave({ line: '' });
    const patience = setTimeout(refuse, answerWithinMs);
    signal.addEventListener('abort', interrupt);
    lines.once('line', (line) => {
      settle({ line: line.trim() });
    });
    lines.once('SIGINT', interrupt);
    lines.once('close', refuse);
    lines.setPrompt(`${wrapLine(question, widthOf(output))} `);
    lines.prompt();
  });
}
