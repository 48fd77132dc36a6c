/**
 * Draws docs/pictures/: the screens of a real run in a terminal of tmux, on the simulated org. By hand, after a change of the
 * screens: `npm run pictures`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SimulatedOrg } from '../simulated-org/world/simulatedOrg.ts';
import { mainProfile, mainSegment } from '../simulated-org/world/seed.ts';
import { terminalPicture } from './terminalPicture.ts';

const root = join(import.meta.dirname, '..', '..');
const sf = `${process.execPath} ${join(root, 'node_modules', '@salesforce', 'cli', 'bin', 'run.js')}`;
const columns = 110;
// Short, as it is in the commands that are printed.
const home = await mkdtemp('/tmp/p-');
const socket = join(home, 'tmux');
// Rows take their time, as in a real org, so that there is progress to be seen.
const org = await SimulatedOrg.start({ world: { customerContacts: 440 }, switches: { bulk: { msPerRow: 40 } } });
const create = `sf portal users create -o acme-prod --where "${mainSegment}" --profile "${mainProfile}"`;

try {
  await open();
  await type(`${create} --output-dir first`);
  await until('(y/N)');
  await draw('plan', 'Plan for');
  await type('n');
  await until('apply it later');
  await draw('cancel', 'Create \\d+ users');
  await type(`clear; ${create} --output-dir march`);
  // The screen before it ends in a question, too, and what is typed before this one answers nothing.
  await until('march[^]*(y/N)');
  await type('y');
  await until('about .* left');
  await draw('progress', 'Create \\d+ users');
  await until('Undo this run');
  await draw('result', '✔');
  await type(`clear; ${create.replace('Account.Type =', 'Account.Typ =')}`);
  await until('Error');
  await sleep(500);
  await draw('error', 'Error');
} finally {
  try {
    tmux('kill-server');
  } catch {
    // It may never have begun.
  }
  await org.stop();
  await rm(home, { recursive: true, force: true });
}

function tmux(...args: readonly string[]): string {
  const env = { ...process.env, HOME: home, SF_ACCESS_TOKEN: org.accessToken, SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' };
  return execFileSync('tmux', ['-S', socket, ...args], { encoding: 'utf8', env });
}

/** A shell with the plugin linked and an org logged in. */
async function open(): Promise<void> {
  tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'screen', '-x', String(columns), '-y', '34', 'sh');
  await type(
    `export PS1='$ ' NO_UPDATE_NOTIFIER=1 SF_AUTOUPDATE_DISABLE=true SF_SKIP_NEW_VERSION_CHECK=true; cd ${home}`,
  );
  await type(`sf() { ${sf} "$@"; }`);
  await type(`sf plugins link ${root} --no-install`);
  await type(`sf org login access-token --instance-url ${org.url} --no-prompt --alias acme-prod; echo logged-in`);
  await until('^logged-in');
  await type('clear');
}

async function type(line: string): Promise<void> {
  tmux('send-keys', '-t', 'screen', line, 'Enter');
  await sleep(300);
}

async function until(text: string): Promise<void> {
  const wanted = new RegExp(text.replaceAll('(y/N)', '\\(y/N\\)'), 'm');
  for (let tries = 0; !wanted.test(tmux('capture-pane', '-t', 'screen', '-p')); tries++) {
    if (tries > 600) throw new Error(`"${text}" is not on the screen:\n${tmux('capture-pane', '-t', 'screen', '-p')}`);
    await sleep(100);
  }
}

/** @param first a text in the first line that is drawn */
async function draw(name: string, first: string): Promise<void> {
  const plain = tmux('capture-pane', '-t', 'screen', '-p').trimEnd().split('\n');
  const colored = tmux('capture-pane', '-t', 'screen', '-p', '-e').split('\n').slice(0, plain.length);
  const begin = Math.max(
    0,
    plain.findLastIndex((line) => new RegExp(first).test(line)),
  );
  const lines = colored.slice(begin).map((line) => line.replaceAll(home, '~'));
  const end = lines.findIndex((line) => /^\$ ?$/.test(line));
  await writeFile(
    join(root, 'docs', 'pictures', `${name}.svg`),
    terminalPicture(end < 0 ? lines : lines.slice(0, end), columns),
  );
}
