/** Commands of the Salesforce CLI itself that our docs use. */
import { join } from 'node:path';
import { Config } from '@oclif/core';
import { root } from './project.ts';

/** They would reach the world outside, so examples with them are checked by their flags only. */
const notedOnly = ['org login web', 'org login jwt', 'plugins install', 'plugins trust allowlist add', 'plugins link'];

export function isNotedOnly(args: readonly string[]): boolean {
  const call = `${args.join(' ')} `;
  return notedOnly.some((command) => call.startsWith(`${command} `));
}

let loaded: Promise<Config> | undefined;

/** The host of node_modules, by the manifests of its plugins. */
async function host(): Promise<Config> {
  loaded ??= Config.load(join(root, 'node_modules', '@salesforce', 'cli'));
  return loaded;
}

/** Flags of the host's commands that are checked only. */
export async function hostFlags(): Promise<string[]> {
  const config = await host();
  return notedOnly.flatMap((command) => Object.keys(config.findCommand(command.replaceAll(' ', ':'))?.flags ?? {}));
}

/** What is wrong with the words of a call of the host, without `sf`; undefined where nothing is. */
export async function hostProblem(words: readonly string[]): Promise<string | undefined> {
  const config = await host();
  const length = [4, 3, 2, 1].find((count) => config.findCommand(words.slice(0, count).join(':')) !== undefined);
  const command = config.findCommand(words.slice(0, length ?? 0).join(':'));
  if (command === undefined) return `no such command: sf ${words.join(' ')}`;
  const flags = Object.entries(command.flags);
  const given = words.slice(length).flatMap((word) => /^--?([a-z][a-z-]*)/.exec(word)?.[1] ?? []);
  const unknown = given.filter((name) => !flags.some(([long, { char }]) => name === long || name === char));
  const missing = flags.filter(
    ([long, flag]) => flag.required === true && !given.some((name) => name === long || name === flag.char),
  );
  return unknown.length + missing.length === 0
    ? undefined
    : `sf ${words.join(' ')}: unknown flags: ${unknown.join()}; missing flags: ${missing.map(([long]) => long).join()}`;
}
