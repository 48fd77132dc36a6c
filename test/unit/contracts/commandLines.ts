/** Lines with commands, as docs and messages have them. */
import { argumentsOf, commandPaths, idOf, loadCommand, parseArguments, wordsOf } from './commandClasses.ts';
import { hostProblem } from './hostCommands.ts';

/** The path of our command that a line calls; undefined where it calls none. */
export function calledBy(line: string): string | undefined {
  return commandPaths.find((path) => argumentsOf(line, idOf(path)) !== undefined);
}

/** The command's arguments; what a shell would do with the rest of the line (`|| code=$?`) is not part of them. */
function argvOf(line: string, path: string): string[] {
  const argv = argumentsOf(line, idOf(path)) ?? [];
  const end = argv.findIndex((word) => /^(\|\|?|&&|;|>{1,2})$/.test(word));
  // Every sf command has --json; oclif adds it when a command runs.
  return (end < 0 ? argv : argv.slice(0, end)).filter((word) => word !== '--json');
}

/** What is wrong with a command line; undefined where it is right, or calls something else than sf. */
export async function problemWith(line: string): Promise<string | undefined> {
  if (!/\bsf portal users\b/.test(line)) {
    const [, call] = /(?:^|[|;&] *)sf ([a-z].*)$/.exec(line) ?? [];
    return call === undefined ? undefined : hostProblem(wordsOf(call));
  }
  const path = calledBy(line);
  if (path === undefined) return `no such command: ${line}`;
  try {
    await parseArguments(await loadCommand(path), argvOf(line, path));
    return undefined;
  } catch (error) {
    return `${line}: ${String(error)}`;
  }
}
