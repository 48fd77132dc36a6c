/** What is said last reaches a slow reader whole, and no reader at all ends nothing. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';

const file = join(import.meta.dirname, '..', '..', '..', 'lib', 'cli', 'writeNow.js');

/** Writes a megabyte to its stdout, much more than a pipe holds, and leaves at once. */
const script = `
  import { writeNow } from ${JSON.stringify(file)};
  process.stdout.write('');
  writeNow(1, 'x'.repeat(1_000_000));
  process.exit(130);`;

describe('writeNow', () => {
  it('waits for a reader that is slow', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await sleep(500);
    let length = 0;
    child.stdout.on('data', (chunk: Buffer) => (length += chunk.length));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, length]).to.deep.equal([130, 1_000_000]);
  });

  it('does not mind a reader that is gone', async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.destroy();
    expect(await new Promise((resolve) => child.once('close', resolve))).to.equal(130);
  });
});
