/** Start-up: the help of `create` and the first line of a run, side by side with a command that does nothing in the same host. */
import { mainSelection, PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { linkPlugins } from '../host/sfHost.ts';
import { newFolder, repository } from '../scenarios/commands/sfCall.ts';
import { emptyCommand, makeEmptyPlugin } from './emptyPlugin.ts';
import { firstText, type FirstText } from './firstText.ts';

const create = ['portal', 'users', 'create'];

/** Each of ours follows the empty command's. */
const commands: ReadonlyArray<readonly [name: string, args: readonly string[]]> = [
  ['`--help` of an empty command', [...emptyCommand, '--help']],
  ['`--help` of `create`', [...create, '--help']],
  ['first line of an empty command', emptyCommand],
  ['first line of a run of `create`', [...create, ...mainSelection, '--target-org', 'portal', '--dry-run']],
];

export type Startup = Readonly<Record<string, FirstText>>;

/** Medians of some rounds. The commands take turns, so that whatever else the machine does meets all of them. */
export async function measureStartup(rounds: number): Promise<Startup> {
  const plugin = await newFolder('empty');
  makeEmptyPlugin(plugin);
  const dataDir = await linkPlugins(repository, plugin);
  const portal = await PortalOrg.start({ world: { customerContacts: 10 } });
  const measured = commands.map(([name, args]) => ({ name, args, times: [] as FirstText[] }));
  // The first round fills the caches of the disk, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const { args, times } of measured) {
      const time = await firstText(args, { home: portal.home, cwd: portal.cwd, dataDir });
      if (round > 0) times.push(time);
    }
  }
  await portal.stop();
  return Object.fromEntries(measured.map(({ name, times }) => [name, medians(times)]));
}

function medians(times: readonly FirstText[]): FirstText {
  const cpu = times.flatMap((time) => time.cpu ?? []);
  return { wall: median(times.map(({ wall }) => wall)), cpu: cpu.length === 0 ? undefined : median(cpu) };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
