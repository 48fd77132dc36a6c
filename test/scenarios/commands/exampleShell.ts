/** A shell for the examples of the docs: their `sf` is logged in to a simulated org; logins are only noted. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import type { Script } from '../../unit/contracts/docExamples.ts';
import { isNotedOnly } from '../../unit/contracts/hostCommands.ts';
import type { PortalOrg } from './portalOrg.ts';
import { environmentOf, finished, newFolder, type CallOptions, type Sf, type SfAnswer } from './sfCall.ts';

/** One call of `sf` by a script. */
export type SfCall = { readonly args: readonly string[]; readonly code: number };

/**
 * Stands for `sf`: leaves its call in a folder, tells this process which one, and gives the answer from there. As sf itself,
 * a command that does not ask for stdin leaves it to the rest of the script. By bash alone, as another Node takes twenty
 * times as long to start.
 */
function exampleSf(port: number): string {
  return `call=$(mktemp -d)
printf '%s\\0' "$@" > "$call/args"
env -0 > "$call/env"
pwd > "$call/cwd"
for word in "$@"; do if [ "$word" = - ]; then cat > "$call/stdin"; fi; done
exec 3<> /dev/tcp/127.0.0.1/${port}
echo "$call" >&3
read -r code <&3
cat "$call/stdout"
cat "$call/stderr" >&2
rm -r "$call"
exit "$code"`;
}

/** What pipelines give to a script, by name; nothing of it may be seen in a command line or on the screen. */
export const secrets = { SF_JWT_KEY: 'secret-key', RUN_FOLDER_KEY: 'secret-of-the-run-folder' };

/** In place of openssl: takes and gives files as they are. */
const copies = 'while [ $# -gt 0 ]; do case "$1" in -in) cat "$2" ;; -out) cat > "$2" ;; esac; shift; done';

function isInstalled(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** The run folders of the docs, by the time at which they were made and the operation. */
const folderInDocs = /portal-users\/(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ-(\w+))/g;

export class ExampleShell {
  readonly portal: PortalOrg;
  private readonly programs: string;
  private readonly sf: Sf;
  private readonly server: Server;
  private calls: SfCall[] = [];

  private constructor(portal: PortalOrg, programs: string, sf: Sf) {
    this.portal = portal;
    this.programs = programs;
    this.sf = sf;
    this.server = createServer({ allowHalfOpen: true }, (socket) => void this.answer(socket));
  }

  /** @param sf runs what the scripts call */
  static async open(portal: PortalOrg, sf: Sf): Promise<ExampleShell> {
    const shell = new ExampleShell(portal, await newFolder('programs'), sf);
    shell.server.listen(0, '127.0.0.1');
    await once(shell.server, 'listening');
    const { port } = shell.server.address() as AddressInfo;
    shell.program('sf', exampleSf(port), 'bash');
    // What the pipelines of the docs call besides.
    shell.program('npm', ':');
    shell.program('sleep', ':');
    if (!isInstalled('jq')) shell.program('jq', 'cat');
    if (!isInstalled('openssl')) shell.program('openssl', copies);
    shell.nameOrg('portal', 'my-org', 'my-sandbox', 'prod');
    return shell;
  }

  async close(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }

  private program(name: string, body: string, shell = 'sh'): void {
    writeFileSync(join(this.programs, name), `#!/usr/bin/env ${shell}\n${body}\n`);
    chmodSync(join(this.programs, name), 0o755);
  }

  /** The login of the test has the alias `portal`; the docs have others for the same org. */
  private nameOrg(...names: readonly string[]): void {
    const file = join(this.portal.home, '.sfdx', 'alias.json');
    const { orgs } = JSON.parse(readFileSync(file, 'utf8')) as { orgs: Record<string, string> };
    const username = orgs['portal'] ?? '';
    writeFileSync(file, JSON.stringify({ orgs: Object.fromEntries(names.map((name) => [name, username])) }));
  }

  /** What would log in or install is noted only. */
  private async answer(socket: Socket): Promise<void> {
    const [line] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
    const folder = line.trim();
    const { args, ...options } = this.callIn(folder);
    const answer = isNotedOnly(args)
      ? { stdout: '', stderr: '', code: 0 }
      : // A call that fails to answer is a failure of the script.
        await this.sf(args, options).catch((error: unknown) => ({
          stdout: '',
          stderr: error instanceof Error ? String(error.stack) : String(error),
          code: 255,
        }));
    const { code = 1, stdout, stderr } = answer;
    this.calls.push({ args, code });
    writeFileSync(join(folder, 'stdout'), stdout);
    writeFileSync(join(folder, 'stderr'), stderr);
    socket.end(`${String(code)}\n`);
  }

  private callIn(folder: string): CallOptions & { readonly args: readonly string[] } {
    const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const [args = [], variables = []] = ['args', 'env'].map((name) => text(name).split('\0').slice(0, -1));
    const env = Object.fromEntries(
      variables.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
    );
    const stdin = existsSync(join(folder, 'stdin')) ? text('stdin') : '';
    return { args, env, stdin, home: this.portal.home, cwd: text('cwd').slice(0, -1) };
  }

  /** @returns what it printed, and the calls of sf that it made */
  async run(script: Script): Promise<SfAnswer & { readonly sfCalls: readonly SfCall[] }> {
    this.linkRunFolder(script.text);
    this.calls = [];
    const { home, cwd } = this.portal;
    const variables = environmentOf({ home }, '');
    // GitHub runs a step with `bash -e`; any shell has to do for the others.
    const file = join(this.programs, 'example.sh');
    writeFileSync(file, script.text);
    const child = spawn('bash', ['-e', file], {
      cwd,
      env: {
        ...variables,
        PATH: [this.programs, dirname(process.execPath), variables['PATH'] ?? ''].join(delimiter),
        GITHUB_STEP_SUMMARY: join(cwd, 'step-summary.md'),
        SF_CLIENT_ID: 'client',
        SF_USERNAME: 'robot@acme.example',
        ...secrets,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end();
    const answer = await finished(child);
    return { ...answer, sfCalls: this.calls };
  }

  /** Gives the newest run of an operation the name that the docs use, when they use it first. */
  private linkRunFolder(text: string): void {
    for (const [, name = '', operation = ''] of text.matchAll(folderInDocs)) {
      const named = join(this.portal.cwd, 'portal-users', name);
      const newest = this.newestRun(operation);
      if (!existsSync(named) && newest !== undefined) symlinkSync(newest, named, 'junction');
    }
  }

  /** The folder of the newest run of `create` or another operation. */
  newestRun(operation: string): string | undefined {
    const folder = join(this.portal.cwd, 'portal-users');
    if (!existsSync(folder)) return undefined;
    const runs = readdirSync(folder, { withFileTypes: true }).filter(
      (entry) => entry.isDirectory() && entry.name.includes(`-${operation}`),
    );
    const newest = runs
      .map(({ name }) => name)
      .sort()
      .at(-1);
    return newest === undefined ? undefined : join(folder, newest);
  }

  file(name: string, text: string): void {
    mkdirSync(dirname(join(this.portal.cwd, name)), { recursive: true });
    writeFileSync(join(this.portal.cwd, name), text);
  }
}
