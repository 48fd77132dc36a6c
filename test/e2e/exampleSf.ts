/** Stands for `sf` in the examples: calls the host, notes the call; what would log in or install is noted only. */
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { isNotedOnly } from '../unit/contracts/hostCommands.ts';

const args = process.argv.slice(2);
const { EXAMPLE_CALLS: calls = '', EXAMPLE_HOST: host = '' } = process.env;
const code = isNotedOnly(args) ? 0 : (spawnSync(process.execPath, [host, ...args], { stdio: 'inherit' }).status ?? 1);
appendFileSync(calls, `${JSON.stringify({ args, code })}\n`);
process.exitCode = code;
