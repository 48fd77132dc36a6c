/** Each place (`%{name}`) of a text in messages/ is filled by a fact of its key, each fact has a place, and no key is idle. */
import { expect } from 'chai';
import type { FactTable } from '../../../lib/model/facts.js';
import { definitionFacts } from '../../../lib/model/definition/definitionFaults.js';
import { faultFacts } from '../../../lib/model/faults.js';
import { inputFileFacts } from '../../../lib/model/inputFileError.js';
import { reasonFacts } from '../../../lib/model/reasons.js';
import { checkFacts } from '../../../lib/model/checkOutcome.js';
import { guardFacts } from '../../../lib/model/guards.js';
import { noticeFacts } from '../../../lib/report/faults.js';
import { cureFacts } from '../../../lib/report/rejectedCondition.js';
import { listFiles, readText } from './project.ts';

type Family = {
  readonly table: FactTable;
  /** What the report adds: the key of a text, or `*`, to names. */
  readonly added?: Readonly<Record<string, readonly string[]>>;
  /** Texts beside those of the table. */
  readonly others?: readonly string[];
  /** Each text has one below it, with this end: what to do. */
  readonly needs?: (key: string) => boolean;
};

const families: Readonly<Record<string, Family>> = {
  faults: {
    table: { ...faultFacts, ...noticeFacts },
    // The words of the reason that the rows would have.
    added: {
      badSetValue: ['why'],
      conditionRejected: ['excerpt'],
      'conditionRejected.file': ['excerpt'],
      definitionRejected: ['list'],
    },
  },
  conditions: { table: cureFacts },
  definition: { table: definitionFacts },
  // Advice has placeholders of its own (<ContactId>), which the files fill by row.
  reasons: { table: reasonFacts },
  checks: { table: checkFacts },
  guards: {
    table: guardFacts,
    needs: () => true,
  },
  inputFile: { table: inputFileFacts, others: ['actions'] },
};

/** Key → text, in their order. */
function textsOf(markdown: string): ReadonlyMap<string, string> {
  const parts = markdown.split(/^# +(.*)$/m).slice(1);
  return new Map(parts.flatMap((part, index) => (index % 2 === 0 ? [[part.trim(), parts[index + 1] ?? '']] : [])));
}

const adviceEnd = /(^|\.)(actions|advice|adviceForSync|short)$/;
const placesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(/%\{(\w+)\}/g)].map(([, name = '']) => name)),
];

/** What is wrong between the texts of a file and the table of their facts. */
function faultsOf(texts: ReadonlyMap<string, string>, { table, added = {}, others = [], needs }: Family): string[] {
  const faults: string[] = [];
  const said = new Map<string, Set<string>>();
  for (const [key, text] of texts) {
    const owner = key.replace(adviceEnd, '');
    const isAdvice = adviceEnd.test(key);
    // The advice of a reason is for all its texts.
    const isShared = isAdvice && !(owner in table) && Object.keys(table).some((each) => each.startsWith(`${owner}.`));
    const facts = table[owner];
    if (facts === undefined && !isShared && !others.includes(key)) faults.push(`no facts for ${key}`);
    if (text.includes('%s')) faults.push(`a place without a name in ${key}`);
    const known = [...(facts ?? []), ...(added[key] ?? []), ...(isAdvice ? (added['*.advice'] ?? []) : [])];
    for (const place of placesOf(text)) {
      if (!known.includes(place)) faults.push(`%{${place}} in ${key} is no fact`);
      said.set(owner, (said.get(owner) ?? new Set()).add(place));
    }
  }
  for (const [key, facts] of Object.entries(table)) {
    if (!texts.has(key)) faults.push(`no text for ${key}`);
    if (needs?.(key) === true && !texts.has(`${key}.advice`)) faults.push(`no advice for ${key}`);
    for (const fact of facts) if (said.get(key)?.has(fact) !== true) faults.push(`${fact} of ${key} has no place`);
  }
  return faults;
}

describe('facts', () => {
  for (const [bundle, family] of Object.entries(families)) {
    it(`of ${bundle}: each has its place, and each place its fact`, () => {
      expect(faultsOf(textsOf(readText(`messages/${bundle}.md`)), family)).to.deep.equal([]);
    });
  }

  it('planted faults are found', () => {
    const family: Family = { table: { a: ['x', 'y'], 'b.c': [], d: [] }, needs: (key) => key === 'd' };
    const texts = textsOf('# a\n\n%{x} %{z}\n\n# a.actions\n\n- %{q}\n\n# b.advice\n\n%s\n\n# b.c\n\nc\n\n# e\n\ne\n');
    expect(faultsOf(texts, family)).to.deep.equal([
      '%{z} in a is no fact',
      '%{q} in a.actions is no fact',
      'a place without a name in b.advice',
      'no facts for e',
      'y of a has no place',
      'no text for d',
      'no advice for d',
    ]);
  });

  it('checks that fail or warn say what to do', () => {
    const texts = textsOf(readText('messages/checks.md'));
    const source = listFiles('src/preflight', '.ts').map(readText).join('\n');
    const told = [...source.matchAll(/outcome\('(?:warn|fail)', '([\w.]+)'/g)].map(([, key = '']) => key);
    expect(told.length).to.be.above(8);
    for (const key of told) expect(texts.has(`${key}.advice`), key).to.equal(true);
  });
});

/** Keys that the source does not write out, with the expression that makes them. */
const made: ReadonlyArray<readonly [pattern: RegExp, expression: string]> = [
  [/^(apiCalls|bulkBatches)\.(unknown|pass|none)$/, '`${name}.'],
  [/^(CONTACT|USER)_NOT_FOUND\.(detail|emptyKey)$/, '`${notFound}.'],
  [/^modeNeeded\.(disable|enable)$/, '`modeNeeded.'],
  [/^notACreateRun\.(disable|enable|invite)$/, '`notACreateRun.'],
  [/^notADisableRun\.(create|enable|invite)$/, '`notADisableRun.'],
  [/^syncAgain\.(enable|freeze|deactivate|disable-portal)$/, '`syncAgain.'],
  [/^PORTAL_ADMINISTRATOR\.detail$/, '`${outcome.reason}.detail`'],
];

describe('the keys of the tables', () => {
  /** Everything but the tables themselves, where a key stands before a colon. */
  const source = listFiles('src', '.ts')
    .map((path) => readText(path).replace(/^ {2}('[\w.-]+'|\w+): \[.*\],$/gm, ''))
    .join('\n');

  for (const [bundle, { table }] of Object.entries(families)) {
    it(`of ${bundle} are all used`, () => {
      const idle = Object.keys(table).filter(
        (key) =>
          !source.includes(`'${key}'`) &&
          !made.some(([pattern, expression]) => pattern.test(key) && source.includes(expression)),
      );
      expect(idle).to.deep.equal([]);
    });
  }
});
