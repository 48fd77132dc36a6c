/** A shell for the examples of the docs: their `sf` is the real host, logged in to a simulated org; logins are only noted. */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Script } from '../unit/contracts/docExamples.ts';
import type { PortalOrg } from './portalOrg.ts';
import { finished, newFolder, sfEnvironment, sfScript, type SfAnswer } from './sfHost.ts';

/** One call of `sf` by a script. */
export type SfCall = { readonly args: readonly string[]; readonly code: number };

/** What pipelines give to a script, by name; nothing of it may be seen in a command line or on the screen. */
export const secrets = { SFDX_AUTH_URL: 'force://PlatformCLI::5Aep-secret@acme.example', SF_JWT_KEY: 'secret-key' };

/** When the runs of the docs were started. */
const timeInDocs = '2026-11-22T15-30-12Z';

export class ExampleShell {
  readonly portal: PortalOrg;
  private readonly programs: string;
  private readonly calls: string;

  private constructor(portal: PortalOrg, programs: string) {
    this.portal = portal;
    this.programs = programs;
    this.calls = join(programs, 'calls.jsonl');
  }

  static async open(portal: PortalOrg): Promise<ExampleShell> {
    const shell = new ExampleShell(portal, await newFolder('programs'));
    shell.program('sf', `exec "${process.execPath}" "${join(import.meta.dirname, 'exampleSf.ts')}" "$@"`);
    // What the pipelines of the docs call besides.
    shell.program('npm', ':');
    shell.program('sleep', ':');
    shell.nameOrg('portal', 'my-org', 'my-sandbox', 'prod');
    return shell;
  }

  private program(name: string, body: string): void {
    writeFileSync(join(this.programs, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(this.programs, name), 0o755);
  }

  /** The login of the test has the alias `portal`; the docs have others for the same org. */
  private nameOrg(...names: readonly string[]): void {
    const file = join(this.portal.home, '.sfdx', 'alias.json');
    const { orgs } = JSON.parse(readFileSync(file, 'utf8')) as { orgs: Record<string, string> };
    const username = orgs['portal'] ?? '';
    writeFileSync(file, JSON.stringify({ orgs: Object.fromEntries(names.map((name) => [name, username])) }));
  }

  /** @returns what it printed, and the calls of sf that it made */
  async run(script: Script): Promise<SfAnswer & { readonly sfCalls: readonly SfCall[] }> {
    this.linkRunFolder(script.text);
    writeFileSync(this.calls, '');
    const home = await sfEnvironment({ home: this.portal.home });
    // GitHub runs a step with `bash -e`; any shell has to do for the others.
    const file = join(this.programs, 'example.sh');
    writeFileSync(file, script.text);
    const child = spawn('bash', ['-e', file, ...script.args], {
      cwd: this.portal.cwd,
      env: {
        ...home,
        PATH: [this.programs, dirname(process.execPath), home['PATH'] ?? ''].join(delimiter),
        EXAMPLE_CALLS: this.calls,
        EXAMPLE_HOST: sfScript,
        GITHUB_STEP_SUMMARY: join(this.portal.cwd, 'step-summary.md'),
        SF_CLIENT_ID: 'client',
        SF_USERNAME: 'robot@acme.example',
        ...secrets,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end();
    const answer = await finished(child);
    const lines = readFileSync(this.calls, 'utf8').split('\n');
    return { ...answer, sfCalls: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as SfCall) };
  }

  /** Gives the newest run of an operation the name that the docs use. */
  private linkRunFolder(text: string): void {
    for (const [, name = '', operation = ''] of text.matchAll(new RegExp(`(${timeInDocs}-(\\w+))`, 'g'))) {
      const named = join(this.portal.cwd, 'portal-users', name);
      const newest = this.newestRun(operation);
      if (!existsSync(named) && newest !== undefined) symlinkSync(newest, named, 'junction');
    }
  }

  /** The folder of the newest run of `create` or another operation. */
  newestRun(operation: string): string | undefined {
    const folder = join(this.portal.cwd, 'portal-users');
    if (!existsSync(folder)) return undefined;
    const runs = readdirSync(folder).filter((name) => name.includes(`-${operation}`) && !name.startsWith(timeInDocs));
    const newest = runs.sort().at(-1);
    return newest === undefined ? undefined : join(folder, newest);
  }

  file(name: string, text: string): void {
    mkdirSync(dirname(join(this.portal.cwd, name)), { recursive: true });
    writeFileSync(join(this.portal.cwd, name), text);
  }
}
