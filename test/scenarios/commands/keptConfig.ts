/** What the host reads on each start, three times over: the list of all commands of all its plugins. Here it is read once. */
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@oclif/core/config';
import { repository, sfModule } from './sfCall.ts';

type ConfigClass = { readonly prototype: Config; load(options?: unknown): Promise<Config> };

/** For the host's own @oclif/core, and for the one that this plugin has. All plugins are linked by then. */
export function keepConfigs(): void {
  for (const from of [sfModule, join(repository, 'package.json')]) {
    const { Config } = createRequire(from)('@oclif/core/config') as { readonly Config: ConfigClass };
    keepConfig(Config);
  }
}

/** Each call gets an object of its own, with the folders of its own home, and its own commands and topics: help renames them. */
function keepConfig(Config: ConfigClass): void {
  const load = Config.load.bind(Config);
  let first: Promise<Config> | undefined;
  Config.load = async (options) => {
    first ??= load(options);
    const { home, cacheDir, configDir, ...kept } = await first;
    const own = (folder: string): string => folder.replace(home, homedir());
    const folders = { home: homedir(), cacheDir: own(cacheDir), configDir: own(configDir) };
    const config = Object.create(Config.prototype) as Config;
    for (const [name, value] of Object.entries<unknown>(kept))
      Object.assign(config, { [name]: isRecords(value) ? copied(value) : value });
    return Object.assign(config, folders);
  };
}

/** Commands and topics by their names; plugins are of a class. */
function isRecords(value: unknown): value is ReadonlyMap<string, object> {
  return value instanceof Map && [...value.values()].every((one) => Object.getPrototypeOf(one) === Object.prototype);
}

function copied(records: ReadonlyMap<string, object>): Map<string, object> {
  return new Map([...records].map(([name, record]) => [name, { ...record }]));
}
