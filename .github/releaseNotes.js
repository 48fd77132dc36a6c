/** Prints the section of a version in CHANGELOG.md: `node .github/releaseNotes.js 0.1.0`. Fails where there is none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const [version = ''] = process.argv.slice(2);
const changelog = readFileSync(join(import.meta.dirname, '..', 'CHANGELOG.md'), 'utf8').replaceAll('\r\n', '\n');
const sections = changelog.split(/^## /m);
const section = sections.find((each) => each.startsWith(`[${version}]`));
const notes = section?.slice(section.indexOf('\n')).trim() ?? '';
if (notes === '') {
  process.stderr.write(`CHANGELOG.md has nothing about version ${version}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${notes}\n`);
}
