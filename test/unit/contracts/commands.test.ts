/** Each command keeps the conventions of the sf family, and its examples are commands that work. */
import { expect } from 'chai';
import {
  argumentsOf,
  commandPaths,
  idOf,
  loadCommand,
  parseArguments,
  readExample,
  showsFile,
  wordsOf,
  type CommandClass,
  type Example,
} from './commandClasses.ts';
import { listFiles } from './project.ts';

const isOneSentence = (text: string): boolean => /^[A-Z"`-][^\n]*\.$/.test(text) && !/[.!?] [A-Z]/.test(text);

/** What oclif's parser says against arguments; empty if it takes them. */
async function problemWith(command: CommandClass, argv: readonly string[]): Promise<string> {
  try {
    await parseArguments(command, argv);
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('commands', () => {
  it('exist, one for each source', () => {
    expect(commandPaths).to.have.length(listFiles('src/commands', '.ts').length).and.not.have.length(0);
  });

  for (const path of commandPaths) {
    const id = idOf(path);
    describe(id, () => {
      let command: CommandClass;
      let flags: Array<[string, CommandClass['flags'][string]]>;
      let examples: Example[];

      before(async () => {
        command = await loadCommand(path);
        flags = Object.entries(command.flags);
        const commandLines = (command.examples ?? []).map(String).filter((example) => !showsFile(example));
        examples = commandLines.map((example) => readExample(example, id));
      });

      it('has a summary of one short sentence, and a description', () => {
        expect(command.summary).to.satisfy((text: string) => isOneSentence(text) && text.length <= 80);
        expect(command.description).to.be.a('string').and.match(/\S/);
        expect(command.description?.trim()).not.to.equal(command.summary?.trim());
      });

      it('has flags in kebab case, each with a summary that ends with a full stop', () => {
        for (const [name, flag] of flags) {
          expect(name).to.match(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
          // sf's own flag has a text of its own.
          if (name !== 'api-version')
            expect(flag.summary, name)
              .to.be.a('string')
              .and.match(/^\S[^\n]*\.$/);
        }
      });

      it('has no short letter twice, and never -h', () => {
        const letters = Object.values({ ...command.baseFlags, ...command.flags }).flatMap(({ char }) => char ?? []);
        expect(letters).to.deep.equal([...new Set(letters)]);
        expect(letters).not.to.include('h');
      });

      it('has --target-org with -o, --api-version, and no --json or --flags-dir of its own', () => {
        const own = command.flags;
        // It calls no org.
        if (id === 'portal users runs') return;
        expect(own['target-org']).to.include({ char: 'o', required: true });
        // A run goes on with the version that made its jobs.
        if (id !== 'portal users resume') expect(own).to.have.property('api-version');
        expect(flags.filter(([name, { char }]) => char === 'o' && name !== 'target-org')).to.deep.equal([]);
        // SfCommand's own flags may be inherited; other objects under these names would be ours.
        for (const name of ['json', 'flags-dir'])
          expect(own[name] ?? command.baseFlags[name]).to.equal(command.baseFlags[name]);
        expect(command.enableJsonFlag).not.to.equal(false);
      });

      it('names only flags that exist in its relations', () => {
        const names = Object.keys(command.flags);
        for (const [name, flag] of flags) {
          const related = (flag.relationships ?? []).flatMap((relation) => relation.flags);
          const lists = [flag.dependsOn, flag.exclusive, flag.exactlyOne, flag.atLeastOne, flag.combinable, related];
          const named = lists
            .flatMap((list) => list ?? [])
            .map((other) => (typeof other === 'string' ? other : other.name));
          expect(names, name).to.include.members(named);
        }
      });

      it('has help that the host makes from the manifest, without loading the command and its libraries', () => {
        for (const [name, flag] of flags) expect('defaultHelp' in flag, name).to.equal(false);
      });

      it('tells its exit codes', () => {
        expect(command.errorCodes?.header).to.equal('ERROR CODES');
        expect(command.errorCodes?.body).to.be.an('array').and.not.have.length(0);
      });

      it('tells the environment variables that it obeys', () => {
        expect(command.envVariablesSection?.header).to.equal('ENVIRONMENT VARIABLES');
        const names = (command.envVariablesSection?.body ?? []).map(({ name }) => name);
        expect(names).to.include.members(['NO_COLOR', 'FORCE_COLOR']);
        expect(names.includes('SF_TARGET_ORG')).to.equal('target-org' in command.flags);
        expect(names.includes('HTTPS_PROXY')).to.equal('target-org' in command.flags);
        expect(names.includes('SF_ORG_API_VERSION')).to.equal('api-version' in command.flags);
      });

      it('has examples: a sentence with a colon, and below it a command with long flags', () => {
        expect(examples).not.to.have.length(0);
        for (const { sentence, lines } of examples) {
          expect(sentence).to.match(/^[A-Z][^\n]*:$/);
          expect(lines, sentence).not.to.have.length(0);
          expect(
            lines.flatMap(wordsOf).filter((word) => /^-[a-z]/.test(word)),
            sentence,
          ).to.deep.equal([]);
        }
        expect(examples.flatMap(({ lines }) => lines).some((line) => argumentsOf(line, id) !== undefined)).to.equal(
          true,
        );
      });

      it('has examples that parse', async () => {
        for (const line of examples.flatMap(({ lines }) => lines)) {
          // A line may also call another command of ours, and pipe to or from one that is not ours.
          const called = commandPaths.find((other) => argumentsOf(line, idOf(other)) !== undefined);
          expect(called, line).not.to.equal(undefined);
          if (called === undefined) continue;
          expect(await problemWith(await loadCommand(called), argumentsOf(line, idOf(called)) ?? []), line).to.equal(
            '',
          );
        }
      });

      it('has no flag that it does not have: a wrong example would be found', async () => {
        expect(await problemWith(command, ['--no-such-flag', 'x'])).to.include('--no-such-flag');
      });
    });
  }

  it('words are read as a shell reads them', () => {
    expect(wordsOf(`cat a.csv | sf x --where "A = 'b c'" --set 'X={Y}' --z=\\"q --u "{Email}.uat"`)).to.deep.equal([
      'cat',
      'a.csv',
      '|',
      'sf',
      'x',
      '--where',
      "A = 'b c'",
      '--set',
      'X={Y}',
      '--z=\\"q',
      '--u',
      '{Email}.uat',
    ]);
    expect(argumentsOf('cat a | sf portal users create --file - | jq .', 'portal users create')).to.deep.equal([
      '--file',
      '-',
    ]);
    expect(argumentsOf('sf data query', 'portal users create')).to.equal(undefined);
  });
});
