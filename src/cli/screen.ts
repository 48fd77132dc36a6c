/** The screen of a command: where its words go, and how wide it is. */
import path from 'node:path';
import { isatty } from 'node:tty';
import { stripVTControlCharacters, styleText } from 'node:util';
import { SfError, type Org } from '@salesforce/core';
import { operationRules } from '../model/result.js';
import type { Screen, Warning } from '../report/screen.js';
import { canRedraw, LiveLine } from './liveLine.js';
import { isCommand, widthOf, wrapLine } from './wrapLine.js';
import { writeNow } from './writeNow.js';

/** The screen of a process that may end at once. */
export type CommandScreen = Screen & {
  /** Says why the process ends right after: with --json the one document, else words on stderr. */
  readonly lastWords: (error: SfError) => void;
};

/** A terminal = stdin and stderr are TTYs. Only there is a question asked, on stderr: with --json, too. */
export function canAsk(): boolean {
  return isatty(0) && isatty(2);
}

/**
 * The screen of a command.
 * @param raw the flags as they were typed: printed commands name the org as the person does
 * @param org whose username is taken where the org was not typed, or as an access token, which is never printed
 */
export function screenOf(
  command: CommandOutput,
  raw: readonly RawFlag[],
  org: Pick<Org, 'getUsername'>,
): CommandScreen {
  const typed = raw.find(({ flag }) => flag === 'target-org')?.input;
  const json = command.jsonEnabled();
  const warnings: Warning[] = [];
  const live = new LiveLine(process.stderr);
  const note = (line: string): void => {
    live.clear();
    const text = fitLine(line, process.stderr);
    if (!json) command.logToStderr(text);
    // sf keeps its stderr quiet then; whoever is asked has to see what for.
    else if (canAsk()) process.stderr.write(`${text}\n`);
  };
  return {
    log: (line) => {
      live.clear();
      command.log(fitLine(line, process.stdout));
    },
    note,
    warn: (warning) => {
      warnings.push(warning);
      live.clear();
      command.warn(json ? warning : fitWarning(warning));
      // It stands in the document, too late for the question.
      if (json) for (const line of ['', `Warning: ${warning.message}`, ...(warning.actions ?? [])]) note(line);
    },
    draw: canRedraw(process.stderr.isTTY, process.env)
      ? (line) => {
          if (line === undefined) live.clear();
          else live.draw(colored(line, process.stderr));
        }
      : undefined,
    lastWords: (error) => {
      live.clear();
      const document = errorDocument(error, command.constructor.name, warnings);
      if (json) writeNow(1, `${JSON.stringify(document, undefined, 2)}\n`);
      else
        for (const text of [error.message, ...(error.actions ?? [])]) for (const line of text.split('\n')) note(line);
    },
    json,
    verbose: raw.some(({ flag }) => flag === 'verbose'),
    columns: widthOf(process.stdout),
    dialogColumns: widthOf(process.stderr),
    targetOrg: nameOfOrg(typed, org.getUsername()),
  };
}

/** As it was typed; never a token, which can stand in its place, and which is then the username of the login, too. */
function nameOfOrg(...names: ReadonlyArray<string | undefined>): string {
  return names.find((name) => name !== undefined && !name.includes('!')) ?? '<org>';
}

/** Breaks the words of an error at words, as sf prints them whole; a document has them as they are. */
export function fitError(error: unknown, { json }: Pick<Screen, 'json'>): unknown {
  if (!canAsk()) sayYes(error);
  if (!(error instanceof Error) || json) return error;
  // sf begins the first line with it.
  error.message = fitBehind(`Error (${'code' in error ? String(error.code) : error.name}): `, error.message);
  if (error instanceof SfError && error.actions !== undefined) error.actions = error.actions.map(fitAction);
  return error;
}

const needsYes = Object.entries(operationRules).flatMap(([name, { needsConsent }]) => (needsConsent ? [name] : []));
/** A command, up to its org, that would ask. */
const asking = new RegExp(
  `^( *sf portal users (?:resume|${needsYes.join('|')}) (?!.*--(?:no-prompt|dry-run)\\b).*?)(?= --target-org|$)`,
  'gmu',
);

/** Where nobody can be asked, the command that helps has to say yes. */
function sayYes(error: unknown): void {
  if (!(error instanceof SfError) || error.actions === undefined) return;
  error.actions = error.actions.map((action) => action.replace(asking, '$1 --no-prompt'));
}

function fitWarning(warning: Warning): Warning {
  const { message, actions } = warning;
  return {
    ...warning,
    message: fitBehind('Warning: ', message),
    ...(actions === undefined ? {} : { actions: actions.map(fitAction) }),
  };
}

function fitBehind(prefix: string, text: string): string {
  return fitLines(prefix + text).slice(prefix.length);
}

function fitLines(text: string): string {
  const width = widthOf(process.stderr);
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

/** sf prints what to do in dim letters, which SGR 0 ends: a command is to be read, and copied. */
function fitAction(text: string): string {
  const lines = text.split('\n').map((line) => {
    if (!isCommand(line)) return fitLines(line);
    return styleText('reset', fitLines(`  ${withoutCwd(line.trim())}`), { stream: process.stderr });
  });
  return lines.join('\n');
}

/** People who read a command are in the folder from which it is given: paths below it are short. */
function withoutCwd(command: string): string {
  const folder = process.cwd() + path.sep;
  return command.replaceAll(/(--[a-z-]+ "?)(\S+)/g, (argument, flag: string, value: string) =>
    value.startsWith(folder) ? flag + value.slice(folder.length) : argument,
  );
}

/** A line as a stream can show it: its width, its colors. */
export function fitLine(line: string, output: NodeJS.WriteStream): string {
  return wrapLine(colored(line, output), widthOf(output));
}

/** Without colors where the stream has none, or nobody wants them (NO_COLOR, FORCE_COLOR): the platform knows. */
function colored(line: string, stream: NodeJS.WriteStream): string {
  const hasColors = styleText('bold', '-', { stream }) !== '-';
  return hasColors ? line : stripVTControlCharacters(line);
}

/** What sf prints for an error with --json; it can't do so itself where the process ends at once. */
function errorDocument(error: SfError, commandName: string, warnings: readonly Warning[]): object {
  const status = error.exitCode;
  const result = 'result' in error ? error.result : undefined;
  return { ...error.toObject(), context: commandName, warnings, code: String(status), status, commandName, result };
}

export type RawFlag = { readonly flag?: string; readonly input: string };

/** What the screen needs of a command. */
export type CommandOutput = {
  log(line: string): void;
  logToStderr(line: string): void;
  warn(warning: Warning): unknown;
  jsonEnabled(): boolean;
};
