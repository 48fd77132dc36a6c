/** The figures as the tables of docs/performance.md, each under the name of its place there. */
import type { Figures } from './figures.ts';
import type { ReadingFigures } from './growth.ts';
import { spreads, titleOf, ways, type Family } from './scheduleWays.ts';

export function tablesOf(figures: Figures): Readonly<Record<string, string>> {
  return {
    machine: `Measured on: ${figures.machine}.`,
    startup: startupTable(figures),
    plan: planTable(figures),
    apply: runTable(figures.apply),
    disable: runTable(figures.disable),
    list: listTable(figures),
    sync: syncTable(figures),
    upload: uploadTable(figures),
    roleBased: scheduleTable(figures, 'roleBased'),
    highVolume: scheduleTable(figures, 'highVolume'),
  };
}

/** Puts each table between the comments `<!-- name -->` and `<!-- /name -->` of the page. */
export function pageWith(page: string, tables: Readonly<Record<string, string>>): string {
  return page.replace(
    /(<!-- ([\w-]+) -->\n).*?(<!-- \/\2 -->)/gs,
    (_, open: string, name: string, close: string) => `${open}\n${tables[name] ?? ''}\n\n${close}`,
  );
}

function startupTable({ startup = {} }: Figures): string {
  const rows = Object.entries(startup).map(([name, { wall, cpu }]) => [
    name,
    wall.toFixed(2),
    cpu === undefined ? '' : cpu.toFixed(2),
  ]);
  return table(['until there is text on the screen', 'seconds', 'of them processor'], rows);
}

function planTable({ plan = {}, emptyPeakBytes }: Figures): string {
  const rows = Object.entries(plan).map(([contacts, { seconds, cpuSeconds, floor, peakBytes, calls, folderBytes }]) => [
    count(contacts),
    time(seconds),
    time(cpuSeconds),
    count(Number(contacts) / seconds),
    ...(floor === undefined
      ? ['', '', '']
      : [time(floor.seconds), ratio(seconds, floor.seconds), ratio(cpuSeconds, floor.cpuSeconds)]),
    megabytes(peakBytes),
    count(calls),
    megabytes(folderBytes),
  ]);
  const empty = emptyPeakBytes === undefined ? '' : `\n\nMemory of an empty command: ${megabytes(emptyPeakBytes)}.`;
  const header = [
    'contacts',
    'time',
    'processor',
    'contacts a second',
    'floor',
    'times the floor',
    'times its processor',
    'memory',
    'API calls',
    'folder',
  ];
  return table(header, rows) + growthOfMemory('plan', plan) + empty;
}

function runTable(ofRuns: Figures['apply'] = {}): string {
  const rows = Object.entries(ofRuns).map(([number, figures]) => [
    count(number),
    time(figures.seconds),
    time(figures.applySeconds),
    time(figures.cpuSeconds),
    megabytes(figures.peakBytes),
    count(figures.calls),
    count(figures.reads),
    count(figures.jobs),
    ((figures.calls - figures.reads - figures.polls) / figures.jobs).toFixed(1),
    count(figures.polls),
    megabytes(figures.folderBytes),
  ]);
  const header = [
    'rows',
    'time',
    'of it applying',
    'processor',
    'memory',
    'API calls',
    'of them reads',
    'jobs',
    'calls a job',
    'polls',
    'folder',
  ];
  return table(header, rows) + growthOfMemory('run', ofRuns);
}

function syncTable({ sync = {} }: Figures): string {
  const rows = Object.entries(sync).flatMap(([contacts, { plan, run, leavers = 0 }]) => {
    const measured = [
      ['dry run that would create the others', plan] as const,
      ...(run === undefined ? [] : [[`run that freezes ${count(leavers)}`, run] as const]),
    ];
    return measured.map(([what, figures]) => [`${count(contacts)}, ${what}`, ...cellsOfReading(figures)]);
  });
  return table(['contacts', ...headsOfReading], rows);
}

/** Of a command that is measured by what it reads. */
const headsOfReading = ['time', 'processor', 'memory', 'reads', 'looks at running queries', 'folder'];

function cellsOfReading({ seconds, cpuSeconds, peakBytes, reads, looks, folderBytes }: ReadingFigures): string[] {
  return [time(seconds), time(cpuSeconds), megabytes(peakBytes), count(reads), count(looks), megabytes(folderBytes)];
}

function listTable({ list = {}, listWithSets = {} }: Figures): string {
  const rows = [
    ...Object.entries(list).map(([users, figures]) => [count(users), figures] as const),
    ...Object.entries(listWithSets).map(
      ([users, figures]) => [`${count(users)} with \`--permission-sets\``, figures] as const,
    ),
  ].map(([name, figures]) => [name, ...cellsOfReading(figures)]);
  return table(['users', ...headsOfReading], rows);
}

/** The largest run's memory against that of one ten times smaller. */
function growthOfMemory(what: string, figures: Readonly<Record<string, { readonly peakBytes: number }>>): string {
  const [large, small] = [figures['1000000'], figures['100000']];
  if (large === undefined || small === undefined) return '';
  return `\n\nMemory of a ${what} of 1,000,000 against 100,000: ${ratio(large.peakBytes, small.peakBytes)}.`;
}

function uploadTable({ upload = {} }: Figures): string {
  const rows = Object.entries(upload).map(
    ([batches, { rows: users, create, applying, canary, dataImport, orgCpu }]) => [
      batches,
      count(users),
      time(create),
      time(applying),
      time(canary),
      time(dataImport),
      ratio(applying - canary, dataImport),
      ratio(create - canary, dataImport),
      `${((orgCpu / users) * 1000).toFixed(2)} ms`,
    ],
  );
  const header = [
    'batches that the org works at a time',
    'users',
    'whole `create`',
    'of it applying',
    'of that the test row',
    '`sf data import bulk`',
    'applying, without the test row',
    'whole, without the test row',
    'processor time of the org for a user',
  ];
  return table(header, rows);
}

function scheduleTable({ schedule }: Figures, family: Family): string {
  const rows = spreads.flatMap((spread) =>
    ways.flatMap((way) => {
      const outcome = schedule?.outcomes[`${family}/${spread}/${way}`];
      if (schedule === undefined || outcome === undefined) return [];
      const { minutes, lockFailures, first } = outcome;
      return [[`${titleOf(spread, schedule.contacts)}: ${way}`, minutes.toFixed(1), count(lockFailures), count(first)]];
    }),
  );
  const header = [
    'contacts over accounts: what is sent',
    'minutes',
    'rows refused for a lock',
    'users after the first pass',
  ];
  return table(header, rows);
}

function table(header: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  // The first column is words, the others are numbers.
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map(line).join('\n');
}

function count(value: number | string): string {
  return Math.round(Number(value)).toLocaleString('en-US');
}

function time(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}

function ratio(value: number, of: number): string {
  return `${(value / of).toFixed(2)}×`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
