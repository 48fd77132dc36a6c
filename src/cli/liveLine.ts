/** The last line of a terminal, which is drawn again and again. */
import { clearLine, cursorTo } from 'node:readline';

/** The log of a pipeline keeps every line that was ever drawn, also where it gives the command a terminal. */
export function canRedraw(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  const isCi = !['', '0', 'false'].includes(env['CI'] ?? '');
  return isTerminal && !isCi && env['TERM'] !== 'dumb';
}

export class LiveLine {
  private readonly output: NodeJS.WritableStream;
  private isDrawn = false;

  public constructor(output: NodeJS.WritableStream) {
    this.output = output;
  }

  /** @param line no longer than the terminal is wide */
  public draw(line: string): void {
    this.clear();
    this.output.write(line);
    this.isDrawn = true;
  }

  /** Before anything else is written. */
  public clear(): void {
    if (!this.isDrawn) return;
    cursorTo(this.output, 0);
    clearLine(this.output, 0);
    this.isDrawn = false;
  }
}
