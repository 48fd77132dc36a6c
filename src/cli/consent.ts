/** Questions on a terminal. */
import { createInterface } from 'node:readline';
import { widthOf, wrapLine } from './wrapLine.js';

export type Consent = 'yes' | 'no' | 'interrupted';

type TypedLine = { readonly line: string } | 'interrupted';

/** How long nothing comes before all that was typed ahead has come. */
const quietMs = 100;
const ctrlC = '\u0003';

/** Long enough to read the plan and to look at its files; an unanswered question must not hold a run for days. */
const answerWithinMs = 600_000;

/** Keys come one by one, and Ctrl-C as one of them, from where there is setRawMode. */
type TypedInput = NodeJS.ReadableStream & { setRawMode?: (isRaw: boolean) => unknown };

type Terminal = {
  readonly input: TypedInput;
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
  // What a pipe holds was not typed.
  const early = input.setRawMode === undefined ? undefined : await ignoreTyped(input, signal);
  if (early !== undefined) return early;
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

/**
 * What was typed while the plan was made answers no question that nobody had seen yet. The terminal keeps it until somebody
 * reads it, an unfinished line only until keys come one by one.
 * @returns what ends the question before it is asked
 */
async function ignoreTyped(input: TypedInput, signal: AbortSignal): Promise<TypedLine | undefined> {
  input.setRawMode?.(true);
  return new Promise((resolve) => {
    const settle = (answer?: TypedLine): void => {
      clearTimeout(quiet);
      signal.removeEventListener('abort', interrupt);
      input.removeListener('data', ignore).removeListener('end', refuse).pause();
      input.setRawMode?.(false);
      resolve(answer);
    };
    const interrupt = (): void => {
      settle('interrupted');
    };
    const refuse = (): void => {
      settle({ line: '' });
    };
    const quiet = setTimeout(settle, quietMs);
    const ignore = (typed: Buffer | string): void => {
      if (String(typed).includes(ctrlC)) interrupt();
      else quiet.refresh();
    };
    signal.addEventListener('abort', interrupt);
    // The question for a mode has paused it, and then listening alone starts nothing.
    input.on('data', ignore).once('end', refuse).resume();
  });
}
