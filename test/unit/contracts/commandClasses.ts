/** Loads the compiled command classes and reads their examples, for the contract tests. */
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { Flags, Parser } from '@oclif/core';
import { listFiles, root } from './project.ts';

type ParserInput = NonNullable<Parameters<typeof Parser.parse>[1]>;
export type CommandFlags = NonNullable<ParserInput['flags']>;

type HelpSection = {
  readonly header: string;
  readonly body: ReadonlyArray<{ readonly name: string; readonly description: string }>;
};

export type CommandClass = {
  readonly summary?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly flags: CommandFlags;
  readonly baseFlags: CommandFlags;
  readonly args?: ParserInput['args'];
  readonly strict?: boolean;
  readonly enableJsonFlag?: boolean;
  readonly errorCodes?: HelpSection;
  readonly envVariablesSection?: HelpSection;
};

/** The compiled commands, as paths from the root. */
export const commandPaths: readonly string[] = listFiles('lib/commands', '.js');

/** A command's id with spaces: `portal users create`. */
export function idOf(path: string): string {
  return path.slice('lib/commands/'.length, -'.js'.length).replaceAll('/', ' ');
}

export async function loadCommand(path: string): Promise<CommandClass> {
  const module = (await import(pathToFileURL(join(root, path)).href)) as { default: CommandClass };
  return module.default;
}

export type Example = { readonly sentence: string; readonly lines: readonly string[] };

/** An example's first line, and the command lines below it (a line that ends in a backslash goes on). */
export function readExample(text: string, id: string): Example {
  const [sentence = '', ...lines] = text
    .replaceAll('<%= config.bin %>', 'sf')
    .replaceAll('<%= command.id %>', id)
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim().replace(/^\$ /, ''))
    .filter((line) => line !== '');
  return { sentence, lines };
}

/** Whether an example shows a file below its sentence: one that keeps its indentation, which commands don't have. */
export function showsFile(text: string): boolean {
  return /\n +\S/.test(text) && !text.includes('<%= command.id %>');
}

/** The words of a command line of a POSIX shell, without its quotes; a pipe is the word `|`. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const match of line.matchAll(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\|])+|\|/g)) {
    words.push(
      match[0].replace(
        /"((?:\\.|[^"\\])*)"|'([^']*)'/g,
        (_, double?: string, single?: string) => single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? '',
      ),
    );
  }
  return words;
}

/** The arguments that an example's line gives to the command, or undefined where the line does not call it. */
export function argumentsOf(line: string, id: string): string[] | undefined {
  const words = wordsOf(line);
  const call = ['sf', ...id.split(' ')];
  const start = words.findIndex((_, index) => call.every((word, offset) => words[index + offset] === word));
  if (start < 0) return undefined;
  const rest = words.slice(start + call.length);
  const pipe = rest.indexOf('|');
  return pipe < 0 ? rest : rest.slice(0, pipe);
}

/** Parses arguments as oclif does; only the org is not looked for, and files need not exist. */
export async function parseArguments(command: CommandClass, argv: readonly string[]): Promise<void> {
  const plain: CommandFlags = { 'target-org': Flags.string({ char: 'o' }), 'api-version': Flags.string() };
  const inherited: CommandFlags = { json: Flags.boolean() };
  const own = Object.entries({ ...inherited, ...command.baseFlags, ...command.flags }).map(([name, flag]) => [
    name,
    plain[name] ?? ('exists' in flag ? { ...flag, exists: false } : flag),
  ]);
  const flags = Object.fromEntries(own) as CommandFlags;
  await Parser.parse([...argv], { flags, args: command.args ?? {}, strict: command.strict !== false });
}
