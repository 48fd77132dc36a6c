/** What the host itself costs: a plugin with one command that does nothing, with this repository's packages. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../scenarios/commands/sfCall.ts';

const description = {
  name: 'sf-empty-plugin',
  version: '1.0.0',
  type: 'module',
  files: ['/lib', '/oclif.manifest.json'],
  oclif: { commands: './lib/commands', bin: 'sf', topicSeparator: ' ' },
};

const command = `import { SfCommand } from '@salesforce/sf-plugins-core';

export default class Nothing extends SfCommand {
  static summary = 'Do nothing.';
  static flags = {};

  async run() {
    await this.parse(Nothing);
    this.log('Nothing.');
  }
}
`;

export const emptyCommand = ['nothing'];

/** Makes the plugin in a new folder. */
export function makeEmptyPlugin(folder: string): void {
  mkdirSync(join(folder, 'lib', 'commands'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify(description));
  writeFileSync(join(folder, 'lib', 'commands', 'nothing.js'), command);
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const oclif = join(repository, 'node_modules', 'oclif', 'bin', 'run.js');
  execFileSync(process.execPath, [oclif, 'manifest'], { cwd: folder, stdio: 'pipe' });
}
