/** The question before the first write, on a terminal. */
import { createInterface } from 'node:readline';

export type Consent = 'yes' | 'no' | 'interrupted';

/** Long enough to read the plan and to look at its files; an unanswered question shall not hold a run for days. */
const patienceMs = 600_000;

type Terminal = {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Ends the question from outside. */
  readonly signal: AbortSignal;
};

/**
 * Only `y` or `yes` is a yes: an empty line, the end of the input and ten minutes of silence are a no. Ctrl-C interrupts.
 * Not sf's own prompt, which writes to stdout, where the question may go to a file unseen, and takes the end of the
 * input for an interruption.
 */
export async function askConsent(question: string, { input, output, signal }: Terminal): Promise<Consent> {
  if (signal.aborted) return 'interrupted';
  const lines = createInterface({ input, output });
  return new Promise((resolve) => {
    const settle = (consent: Consent): void => {
      clearTimeout(patience);
      signal.removeEventListener('abort', interrupt);
      lines.removeListener('close', refuse).close();
      resolve(consent);
    };
    // Who did not press Enter still stands behind the question.
    const interrupt = (): void => {
      output.write('\n');
      settle('interrupted');
    };
    const refuse = (): void => {
      output.write('\n');
      settle('no');
    };
    const patience = setTimeout(refuse, patienceMs);
    signal.addEventListener('abort', interrupt);
    lines.once('line', (line) => {
      settle(/^y(es)?$/i.test(line.trim()) ? 'yes' : 'no');
    });
    lines.once('SIGINT', interrupt);
    lines.once('close', refuse);
    lines.setPrompt(`${question} (y/N) `);
    lines.prompt();
  });
}
