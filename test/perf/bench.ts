/**
 * Measures the plugin and writes the figures into docs/performance.md. Every part keeps its figures, so one of them can be
 * measured again while the others stay.
 *
 *     npm run bench                       all of it, hours
 *     npm run bench -- startup
 *     npm run bench -- plan apply 100k    parts at a size
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkPlugins } from '../host/sfHost.ts';
import { newFolder, repository } from '../scenarios/commands/sfCall.ts';
import { emptyCommand, makeEmptyPlugin } from './emptyPlugin.ts';
import { readFigures, writeFigures, type Figures } from './figures.ts';
import { measureApply, measureDisable, measureList, measurePlan, measureSync } from './growth.ts';
import { measuredRun } from './measuredRun.ts';
import { schedulePicture } from './schedulePicture.ts';
import { families, spreads, ways, type Family, type Spread, type Way } from './scheduleWays.ts';
import { measureStartup } from './startup.ts';
import { pageWith, tablesOf } from './tables.ts';
import { measureUpload } from './upload.ts';

const picture = join(repository, 'docs', 'schedule.svg');
const page = join(repository, 'docs', 'performance.md');
const allSizes = [1000, 10_000, 100_000, 1_000_000];

const parts: Readonly<Record<string, (sizes: readonly number[]) => Promise<void>>> = {
  startup: async () => keep({ startup: await measureStartup(15) }),
  async plan(sizes) {
    keep({ emptyPeakBytes: await emptyPeakBytes() });
    for (const size of sizes) await keepOne('plan', size, () => measurePlan(size));
  },
  async apply(sizes) {
    for (const size of sizes) await keepOne('apply', size, () => measureApply(size));
  },
  async disable(sizes) {
    for (const size of sizes) await keepOne('disable', size, () => measureDisable(size));
  },
  async list(sizes) {
    for (const size of sizes) {
      await keepOne('list', size, () => measureList(size, false));
      await keepOne('listWithSets', size, () => measureList(size, true));
    }
  },
  async sync(sizes) {
    for (const size of sizes) await keepOne('sync', size, () => measureSync(size));
  },
  async upload(sizes) {
    // More than that would take hours of the org's own time.
    const users = sizes === allSizes ? 100_000 : Math.max(...sizes);
    for (const batches of [4, 10]) await keepOne('upload', batches, () => measureUpload(users, batches));
  },
  async schedule(sizes) {
    // More batches than the org works at a time tell nothing new.
    const contacts = sizes === allSizes ? 40_000 : Math.max(...sizes);
    for (const family of families)
      for (const spread of spreads) for (const way of ways) await keepOutcome(contacts, family, spread, way);
  },
};

const words = process.argv.slice(2);
const sizes = words.flatMap((word) => sizeOf(word) ?? []);
const asked = words.filter((word) => sizeOf(word) === undefined);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  await measure(sizes.length === 0 ? allSizes : sizes);
  process.stdout.write(`\n${name}\n\n${tablesOf(readFigures())[name] ?? ''}\n\n`);
}

/** `100k`, `1m`, `2500` */
function sizeOf(word: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+)([km]?)$/i.exec(word) ?? [];
  if (digits === undefined) return undefined;
  return Number(digits) * ({ k: 1000, m: 1_000_000 }[unit.toLowerCase()] ?? 1);
}

async function keepOne<Part extends 'plan' | 'apply' | 'disable' | 'list' | 'listWithSets' | 'sync' | 'upload'>(
  part: Part,
  number: number,
  measure: () => Promise<NonNullable<Figures[Part]>[string]>,
): Promise<void> {
  process.stdout.write(`${part} ${number.toLocaleString('en-US')} … `);
  const figures = await measure();
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  keep({ [part]: { ...readFigures()[part], [number]: figures } });
}

async function keepOutcome(contacts: number, family: Family, spread: Spread, way: Way): Promise<void> {
  const name = `${family}/${spread}/${way}`;
  process.stdout.write(`schedule ${name} … `);
  // Loads the plugin into this process, which no other part should wait for.
  const { simulate } = await import('./schedule.ts');
  const outcome = await simulate(spread, family, way, contacts);
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
  const { schedule } = readFigures();
  const others = schedule?.contacts === contacts ? schedule.outcomes : {};
  keep({ schedule: { contacts, outcomes: { ...others, [name]: outcome } } });
}

/** At once: what comes next may fail, or be stopped. */
function keep(figures: Partial<Figures>): void {
  const all = { ...readFigures(), ...figures };
  writeFigures(all);
  writeFileSync(page, pageWith(readFileSync(page, 'utf8'), tablesOf(all)));
  if (all.schedule !== undefined) writeFileSync(picture, schedulePicture(all.schedule));
}

async function emptyPeakBytes(): Promise<number> {
  const plugin = await newFolder('empty');
  makeEmptyPlugin(plugin);
  const { peakBytes } = await measuredRun(emptyCommand, {
    home: await newFolder('home'),
    dataDir: await linkPlugins(plugin),
  });
  return peakBytes;
}
