/** Everything that is generated and committed is what the sources generate now. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Plugin } from '@oclif/core';
import { expect } from 'chai';
import { createGenerator } from 'ts-json-schema-generator';
import { listFiles, readText, root } from './project.ts';

const dev = join('bin', 'dev.js');
const oclif = join('node_modules', 'oclif', 'bin', 'run.js');

/** Runs a Node script in the project; resolves with what it prints. */
async function run(script: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', SF_DISABLE_LOG_FILE: 'true', NODE_NO_WARNINGS: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { cwd: root, env });
  return stdout.replaceAll('\r\n', '\n');
}

/** @param command the file of its class */
function schemaOf(command: string): string {
  const name = command.slice('src/commands/'.length, -'.ts'.length).replaceAll('/', '-');
  return `schemas/${name}.json`;
}

function parse(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe('generated files are current', () => {
  const folder = mkdtempSync(join(tmpdir(), 'generated-'));

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('oclif.manifest.json (npm run build makes it)', async () => {
    const plugin = new Plugin({
      errorOnManifestCreate: true,
      ignoreManifest: true,
      respectNoCacheDefault: true,
      root,
      type: 'core',
    });
    await plugin.load();
    expect(Object.keys(plugin.manifest.commands)).not.to.have.length(0);
    const manifest: unknown = JSON.parse(JSON.stringify(plugin.manifest));
    expect(parse(join(root, 'oclif.manifest.json'))).to.deep.equal(manifest);
  });

  it('command-snapshot.json (bin/dev.js snapshot:generate)', async () => {
    const file = join(folder, 'command-snapshot.json');
    await run(dev, 'snapshot:generate', '--filepath', file);
    expect(parse(join(root, 'command-snapshot.json'))).to.deep.equal(parse(file));
  });

  // As schema:generate makes them, which reads all types anew for each command.
  it('schemas/ (bin/dev.js schema:generate), one for each command and no other', () => {
    const commands = listFiles('src/commands', '.ts');
    const committed = listFiles('schemas', '.json').filter((path) => !path.endsWith('.schema.json'));
    expect(committed).to.deep.equal(commands.map((path) => schemaOf(path)));
    const generator = createGenerator({ path: join(root, 'src', 'commands', '**', '*.ts'), skipTypeCheck: true });
    for (const path of commands) {
      const [, type = ''] = /async run\(\): Promise<(\w+)>/.exec(readText(path)) ?? [];
      const generated: unknown = JSON.parse(JSON.stringify(generator.createSchema(type)));
      expect(parse(join(root, schemaOf(path))), path).to.deep.equal(generated);
    }
  });

  it('the commands in README.md (oclif readme)', async () => {
    const readme = (await run(oclif, 'readme', '--dry-run')).replace(/^replacing <!-- .*\n/gm, '');
    expect(readText('README.md').trim()).to.equal(readme.trim());
    expect(readme).to.include('<!-- commands -->\n').and.include('<!-- commandsstop -->');
  });
});
