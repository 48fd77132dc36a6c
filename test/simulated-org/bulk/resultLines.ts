/** The lines of a large result as bytes: a page is cut out without a look at the others. */

const linesPerBlock = 2000;

type Block = { readonly bytes: Buffer; readonly lengths: readonly number[] };

export class ResultLines {
  private readonly blocks: Block[] = [];
  private texts: string[] = [];

  get count(): number {
    return this.blocks.length * linesPerBlock + this.texts.length;
  }

  /** @param line with its line end */
  add(line: string): void {
    this.texts.push(line);
    if (this.texts.length < linesPerBlock) return;
    this.blocks.push({ bytes: Buffer.from(this.texts.join('')), lengths: this.texts.map((text) => text.length) });
    this.texts = [];
  }

  /** From a line up to another, without that one. */
  slice(from: number, until: number): Buffer {
    const parts: Buffer[] = [];
    for (let number = Math.floor(from / linesPerBlock); number * linesPerBlock < until; number += 1) {
      const first = number * linesPerBlock;
      parts.push(this.part(this.blocks[number], Math.max(0, from - first), Math.min(linesPerBlock, until - first)));
    }
    return Buffer.concat(parts);
  }

  private part(block: Block | undefined, from: number, until: number): Buffer {
    if (block === undefined) return Buffer.from(this.texts.slice(from, until).join(''));
    if (from === 0 && until === linesPerBlock) return block.bytes;
    const start = sum(block.lengths.slice(0, from));
    return Buffer.from(block.bytes.toString().slice(start, start + sum(block.lengths.slice(from, until))));
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
