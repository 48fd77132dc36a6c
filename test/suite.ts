/**
 * `npm test`, when all is compiled: every check, those that need no mocha beside it.
 *
 * `node test/suite.ts` runs all, `node test/suite.ts mocha` only what is named, `--keep` keeps the times of the files in
 * test/durations.json. The output of a check is shown when it has ended; mocha's comes first, as it goes on.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fastScratch } from './scratch.ts';
import type { FileTime } from './timing.ts';

const root = join(import.meta.dirname, '..');
const durations = join(import.meta.dirname, 'durations.json');
const times = join(root, 'coverage', 'test-times.jsonl');
/** Node keeps there what it has compiled, for all processes of the suite. */
const compiled = join(root, 'node_modules', '.cache', 'compiled');
/** Some tests wait for a process or for the clock, so more of them than cores. */
const workers = 3;

type Check = { readonly name: string; readonly args: readonly string[] };
type End = { readonly name: string; readonly code: number | null; readonly seconds: number; readonly output: string };

const typeScript = '{src,test}/**/*.ts';
const script = (...path: readonly string[]): string => join('node_modules', ...path);

/** Longest first. `schema:compare` would only repeat what test/unit/contracts/generated.test.ts compares. */
const checks: readonly Check[] = [
  { name: 'oxlint', args: [script('oxlint', 'bin', 'oxlint'), 'src', 'bin', 'test', 'oxlint.config.ts'] },
  { name: 'types', args: [script('@typescript', 'native', 'bin', 'tsc'), '-p', 'test'] },
  {
    name: 'command reference',
    args: [
      join('bin', 'dev.js'),
      'commandreference:generate',
      '--error-on-warnings',
      '--output-dir',
      join('coverage', 'command-reference'),
    ],
  },
  { name: 'deprecation policy', args: [join('bin', 'dev.js'), 'snapshot:compare'] },
  {
    name: 'oxfmt',
    args: [script('oxfmt', 'bin', 'oxfmt'), '--check', typeScript, 'bin/*.js', 'oxlint.config.ts'],
  },
];

const mocha: Check = {
  name: 'mocha',
  args: [script('mocha', 'bin', 'mocha.js'), '--jobs', String(workers), ...longestFirst()],
};

const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const isWanted = ({ name }: Check): boolean => wanted.length === 0 || wanted.includes(name);

mkdirSync(join(root, 'coverage'), { recursive: true });
rmSync(times, { force: true });
const began = performance.now();
const [shown, others] = await Promise.all([
  Promise.all([mocha].filter(isWanted).map((check) => run(check, 'inherit'))),
  oneByOne(checks.filter(isWanted)),
]);
const ends = [...shown, ...others];
for (const end of ends) tell(end);
if (ends.some(({ name }) => name === mocha.name)) tellParts();
process.stdout.write(`\nAll: ${secondsSince(began).toFixed(0)} s\n`);
process.exitCode = ends.some(({ code }) => code !== 0) ? 1 : 0;

async function oneByOne(list: readonly Check[]): Promise<End[]> {
  const done: End[] = [];
  for (const check of list) done.push(await run(check, 'pipe'));
  return done;
}

async function run({ name, args }: Check, output: 'inherit' | 'pipe'): Promise<End> {
  const start = performance.now();
  const env = { ...process.env, ...fastScratch(), TEST_TIMES: times, NODE_COMPILE_CACHE: compiled };
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', output, output] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const printed = await Promise.all([read(child.stdout), read(child.stderr)]);
  const [code] = await closed;
  return { name, code, seconds: secondsSince(start), output: printed.join('') };
}

async function read(stream: Readable | null): Promise<string> {
  return stream === null ? '' : text(stream);
}

function tell({ name, code, seconds, output }: End): void {
  process.stdout.write(`\n${code === 0 ? 'passed' : 'FAILED'}  ${name}  ${seconds.toFixed(0)} s\n`);
  if (code !== 0) process.stdout.write(output);
}

/** What the parts of the suite take, of all workers together, and the files that take longest. */
function tellParts(): void {
  const files = fileTimes().sort((one, other) => other.seconds - one.seconds);
  const parts = Map.groupBy(files, ({ file }) =>
    file
      .split('/')
      .slice(0, file.startsWith('host') ? 1 : 2)
      .join('/'),
  );
  const sums = [...parts].map(([part, of]) => ({
    part,
    seconds: of.reduce((sum, { seconds }) => sum + seconds, 0),
    cpuSeconds: of.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  }));
  for (const { part, seconds, cpuSeconds } of sums.toSorted((one, other) => other.seconds - one.seconds))
    process.stdout.write(
      `${seconds.toFixed(1).padStart(9)} s, ${cpuSeconds.toFixed(1)} s of them processor  ${part}\n`,
    );
  if (!process.argv.includes('--keep')) return;
  const kept = files.filter(({ seconds }) => seconds >= 1).map(({ file, seconds }) => [file, Math.ceil(seconds)]);
  writeFileSync(durations, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`);
}

function fileTimes(): FileTime[] {
  const lines = readFileSync(times, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as FileTime);
}

/** So that all workers are busy until the end. What is not known is short. */
function longestFirst(): string[] {
  const known = JSON.parse(readFileSync(durations, 'utf8')) as Readonly<Record<string, number>>;
  return globSync('**/*.test.ts', { cwd: import.meta.dirname })
    .map((path) => path.split(sep).join('/'))
    .sort()
    .sort((one, other) => (known[other] ?? 0) - (known[one] ?? 0))
    .map((file) => `test/${file}`);
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
