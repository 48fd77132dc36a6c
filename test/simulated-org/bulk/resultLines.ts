/** The lines of a large result as bytes, with the place of each: a page is cut out without a look at the others. */

const linesPerBlock = 2000;

export class ResultLines {
  private readonly blocks: Buffer[] = [];
  /** Where each line of each block ends. */
  private readonly ends: number[][] = [];
  private texts: string[] = [];

  get count(): number {
    return this.blocks.length * linesPerBlock + this.texts.length;
  }

  /** @param line with its line end */
  add(line: string): void {
    this.texts.push(line);
    if (this.texts.length < linesPerBlock) return;
    this.blocks.push(Buffer.from(this.texts.join('')));
    let end = 0;
    this.ends.push(this.texts.map((text) => (end += Buffer.byteLength(text))));
    this.texts = [];
  }

  /** From a line up to another, which is left out. */
  slice(from: number, until: number): Buffer {
    const parts: Buffer[] = [];
    for (let block = Math.floor(from / linesPerBlock); block * linesPerBlock < until; block += 1) {
      const first = block * linesPerBlock;
      parts.push(this.part(block, Math.max(0, from - first), Math.min(linesPerBlock, until - first)));
    }
    return Buffer.concat(parts);
  }

  private part(block: number, from: number, until: number): Buffer {
    const bytes = this.blocks[block];
    const ends = this.ends[block];
    if (bytes === undefined || ends === undefined) return Buffer.from(this.texts.slice(from, until).join(''));
    return bytes.subarray(from === 0 ? 0 : ends[from - 1], ends[until - 1]);
  }
}
