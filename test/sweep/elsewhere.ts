/** Pieces of a sweep, each in a process of its own: faults that strike a process must not meet. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { patience } from './patience.ts';
import { failedTable, type Sweep, type Table } from './table.ts';
import { runLanes } from './lanes.ts';

/**
 * @param worker the file of this folder that carries out a piece, which is its argument (`carryOut`)
 * @param title of the piece
 */
export function sweepElsewhere(worker: string, pieces: readonly string[], title: string): Sweep {
  return (tell) =>
    runLanes(pieces, async (piece) => {
      tell(await tableOf(worker, piece, `${title}: ${piece}`));
    });
}

/** A process that fails, or that not even time-outs get through to, is a failure of its piece only. */
async function tableOf(worker: string, piece: string, title: string): Promise<Table> {
  const args = [join(import.meta.dirname, worker), piece];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { maxBuffer: 100_000_000 }, (error, stdout, stderr) => {
      clearTimeout(silence);
      const failed = (): Table =>
        failedTable(`${title}. Broken off`, `${error?.message ?? ''}\n${stderr.slice(-1_000)}`);
      resolve(error === null ? (JSON.parse(stdout) as Table) : failed());
    });
    const silence = setTimeout(() => child.kill('SIGKILL'), 2 * patience);
    child.stderr?.on('data', () => silence.refresh());
  });
}

/**
 * What such a process does: prints the table of its piece as JSON, and what it tries to the standard error.
 * @throws where there is no such piece
 */
export async function carryOut<Piece>(
  pieces: readonly Piece[],
  nameOf: (piece: Piece) => string,
  sweep: (piece: Piece, tell: (name: string) => void) => Promise<Table>,
): Promise<void> {
  const piece = pieces.find((each) => nameOf(each) === process.argv[2]);
  if (piece === undefined) throw new Error('no such piece');
  const table = await sweep(piece, (name) => void process.stderr.write(`${name}\n`));
  // Connections to orgs that are gone would keep the process.
  process.stdout.write(JSON.stringify(table), () => process.exit());
}
