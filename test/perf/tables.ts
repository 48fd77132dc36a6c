/** The figures as the tables of docs/performance.md, each under the name of its place there. */
import type { Figures } from './figures.ts';
import type { Startup } from './startup.ts';

export function tablesOf({ machine, startup }: Figures): Readonly<Record<string, string>> {
  return {
    machine: `Measured on: ${machine}.`,
    ...(startup === undefined ? {} : { startup: startupTable(startup) }),
  };
}

/** Puts each table between the comments `<!-- name -->` and `<!-- /name -->` of the page; the others stay. */
export function pageWith(page: string, tables: Readonly<Record<string, string>>): string {
  return page.replace(
    /(<!-- ([\w-]+) -->\n)(.*?)(<!-- \/\2 -->)/gs,
    (whole, open: string, name: string, _: string, close: string) =>
      tables[name] === undefined ? whole : `${open}\n${tables[name]}\n\n${close}`,
  );
}

function startupTable(startup: Startup): string {
  const seconds = (value: number | undefined): string => value?.toFixed(2) ?? '';
  const rows = Object.entries(startup).map(([name, { wall, cpu }]) => [name, seconds(wall), seconds(cpu)]);
  return table(['until there is text on the screen', 'seconds', 'of them processor'], rows);
}

function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  // The first column is words, the others are numbers.
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map(line).join('\n');
}
