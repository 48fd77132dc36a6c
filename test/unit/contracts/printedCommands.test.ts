/** Commands that are printed work as they are printed: each has a line of its own, and flags that exist and fit together. */
import { expect } from 'chai';
import { problemWith } from './commandLines.ts';
import { listFiles, readText } from './project.ts';

/** What fills the places that are no single word. */
const filled: ReadonlyArray<readonly [place: RegExp, value: string]> = [
  [/%\{flags\}/g, '--max-users 2 --allow-welcome-emails'],
  [/%\{(planned|maxUsers)\}/g, '2'],
  [/%\{\w+\}|%s/g, 'x'],
];

const command = /(?<![\w"])sf (?:[a-z]+ )+--.*/;

/** The commands of a text. In a sentence quotation marks stand around those that are only named. */
function commandsOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => command.exec(line)?.[0] ?? [])
    .map((found) => filled.reduce((it, [place, value]) => it.replace(place, value), found));
}

/** Lines that hold a command, but not alone: people copy whole lines. */
function amongWords(text: string): string[] {
  return text.split('\n').filter((line) => (command.exec(line)?.index ?? 0) > line.length - line.trimStart().length);
}

describe('printed commands', () => {
  for (const path of listFiles('messages', '.md')) {
    const commands = commandsOf(readText(path));
    if (commands.length === 0) continue;
    it(`of ${path} have a line of their own, and parse`, async () => {
      expect(amongWords(readText(path))).to.deep.equal([]);
      const problems = await Promise.all(commands.map(problemWith));
      expect(problems.filter((problem) => problem !== undefined)).to.deep.equal([]);
    });
  }

  it('planted faults are found', async () => {
    const text = [
      'Do: sf portal users create --where x --target-org %{org}. Or not.',
      'sf portal users enable --from-run x --inactive --target-org y',
      '- sf portal users resume --target-org y',
      'sf org list limits --nope',
      'sf portal users check --target-org x. See: sf portal users check --target-org x',
      'sf portal users resume --run-dir "%{folder}" %{flags} --target-org %s',
    ].join('\n');
    const problems = await Promise.all(commandsOf(text).map(problemWith));
    expect(problems.map((problem) => problem !== undefined)).to.deep.equal([true, true, true, true, true, false]);
    expect(amongWords(text).map((line) => line.slice(0, 3))).to.deep.equal(['Do:', '- s']);
    expect(amongWords('Do:\n  sf org list limits --json')).to.deep.equal([]);
  });
});
