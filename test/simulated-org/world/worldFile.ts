/** Large worlds are made once and kept as files in the machine's folder for temporary things; each org works on a copy. */
import { createHash } from 'node:crypto';
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorldOptions } from './worldOrg.ts';

/** Smaller worlds are made faster than a file is copied. */
const smallestKept = 50_000;
const keptDays = 2;

export function isKept(world: WorldOptions): boolean {
  return (world.large?.contacts ?? 0) >= smallestKept;
}

/** Writes the world to a file. */
type Build = (file: string) => Promise<void>;

/** A copy of this world for one org alone, made by `build` if there is none yet; the caller deletes the folder that it is in. */
export async function copyOfWorld(world: WorldOptions, build: Build): Promise<string> {
  const kept = await keptFile(world, build);
  const copy = join(mkdtempSync(join(tmpdir(), 'simulated-org-')), 'org.sqlite');
  copyFileSync(kept, copy, constants.COPYFILE_FICLONE);
  return copy;
}

async function keptFile(world: WorldOptions, build: Build): Promise<string> {
  const folder = join(tmpdir(), 'simulated-org-worlds');
  mkdirSync(folder, { recursive: true });
  forgetUnused(folder);
  const file = join(folder, `${fingerprint(world)}.sqlite`);
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`;
    await build(draft);
    renameSync(draft, file);
  }
  const now = new Date();
  utimesSync(file, now, now);
  return file;
}

/** A world of a million is a gigabyte: those that nobody asks for any more go. */
function forgetUnused(folder: string): void {
  const oldest = Date.now() - keptDays * 86_400_000;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    if ((statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? oldest) < oldest) rmSync(file, { force: true });
  }
}

/** Of all that decides what is in the file: the wish, the generator and the schema. */
function fingerprint(world: WorldOptions): string {
  const hash = createHash('sha256').update(JSON.stringify(world));
  const root = join(import.meta.dirname, '..');
  const sources = ['world', 'schema'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => join(folder, name)),
  );
  for (const source of [...sources, 'bootstrap.ts', 'ids.ts', 'random.ts', 'store.ts'])
    hash.update(readFileSync(join(root, source)));
  return hash.digest('hex').slice(0, 16);
}
