/**
 * Measures the plugin and writes the figures into docs/performance.md: `npm run bench [-- part…]`. Every part keeps its
 * figures, so one can be measured again while the others stay.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../e2e/sfHost.ts';
import { readFigures, writeFigures, type Figures } from './figures.ts';
import { measureStartup } from './startup.ts';
import { pageWith, tablesOf } from './tables.ts';

const parts: Readonly<Record<string, (figures: Figures) => Promise<Figures>>> = {
  startup: async (figures) => ({ ...figures, startup: await measureStartup(15) }),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0)
  throw new Error(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);

const page = join(repository, 'docs', 'performance.md');
for (const [name, measure] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stdout.write(`${name} …\n`);
  const figures = await measure(readFigures());
  writeFigures(figures);
  writeFileSync(page, pageWith(readFileSync(page, 'utf8'), tablesOf(figures)));
  process.stdout.write(`${tablesOf(figures)[name] ?? ''}\n`);
}
