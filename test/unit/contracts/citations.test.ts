/** What comments and papers cite can be read: it is public or in this repository, and its heading exists. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { listFiles, readText, root } from './project.ts';

const papers = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'oxlint.config.ts', 'package.json'];
const folders = ['src', 'test', 'docs', 'messages', 'bin', 'schemas', '.github'];
const endings = ['.ts', '.js', '.md', '.json', '.yml'];

/** Written so that this file does not name what it forbids. */
const unreadable: readonly RegExp[] = [
  /(?<!RFC \d+ )\u00a7/,
  /salesforce[-]wire|facts[-]2026|plugin[-]conventions|codebases[-]to-learn/,
  /\b(portal-users|peers|house)[.]md\b/,
  /\bDESIG[N]\b/,
  /\bshared[/](reference|fixtures|cases|hooks)|\breference[/][\w-]+[.]md/,
  /\bfixtures[,] [\w-]+[.]json\b/,
  /\bthe[ ]references (could|can|do|say)\b/i,
];

function unreadableIn(path: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      unreadable.some((form) => form.test(line)) ? [`${path}:${String(index + 1)}: ${line.trim()}`] : [],
    );
}

/** As GitHub makes them, near enough for plain titles. */
function anchorsOf(page: string): string[] {
  return [...readText(page).matchAll(/^#+ +(.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** Files of src/ and test/ that a text names, but for those that a test makes up. */
function goneFiles(path: string, text: string): string[] {
  const named = [...text.matchAll(/(?<![\w/])(?:src|test)\/[\w/.-]+\.ts\b/g)].map(([file]) => file);
  return named.filter((file) => !existsSync(join(root, file))).map((file) => `${path}: ${file}`);
}

/** Pages of docs/ that a text names, and their headings: `docs/x.md#one, #two`, also over the end of a line. */
function brokenCitations(path: string, text: string): string[] {
  const flat = text.replace(/\n\s*(\*|\/\/) /g, ' ');
  const cited = [...flat.matchAll(/\bdocs\/([\w-]+\.md)((?:(?:,| and)? ?#[\w-]+)*)/g)];
  return cited.flatMap(([, page = '', headings = '']) => {
    const file = `docs/${page}`;
    if (!existsSync(join(root, file))) return [`${path}: ${file}`];
    const known = anchorsOf(file);
    const anchors = [...headings.matchAll(/#([\w-]+)/g)].map(([, anchor = '']) => anchor);
    return anchors.filter((anchor) => !known.includes(anchor)).map((anchor) => `${path}: ${file}#${anchor}`);
  });
}

describe('citations', () => {
  const files = [
    ...papers,
    ...folders.flatMap((folder) => endings.flatMap((ending) => listFiles(folder, ending))),
  ].filter((path) => path !== 'test/unit/contracts/citations.test.ts');

  it('name no document that a reader cannot have', () => {
    expect(files.length).to.be.greaterThan(200);
    expect(files.flatMap((path) => unreadableIn(path, readText(path)))).to.deep.equal([]);
  });

  it('lead to pages and headings that exist', () => {
    expect(files.flatMap((path) => brokenCitations(path, readText(path)))).to.deep.equal([]);
  });

  it('name files that exist', () => {
    const written = files.filter((path) => !path.startsWith('test/unit/contracts/'));
    expect(written.flatMap((path) => goneFiles(path, readText(path)))).to.deep.equal([]);
    expect(goneFiles('x.ts', 'as src/model/ids.ts and src/model/no-such.ts know it')).to.have.length(1);
  });

  it('facts about Salesforce say how sure they are', () => {
    const [, facts = ''] = /^(## Objects$.*)^## Recordings$/ms.exec(readText('docs/salesforce-facts.md')) ?? [];
    const lines = facts.split('\n').filter((line) => line.startsWith('- '));
    expect(lines.length).to.be.greaterThan(100);
    expect(
      lines.filter((line) => !/\*(Settled|Likely|Weak|\[Unproven\]\(unproven\.md)[^*]*\.\*$/.test(line)),
    ).to.deep.equal([]);
  });

  const planted: readonly string[] = [
    '(portal-users \u00a713)',
    '(\u00a78, unproven)',
    'the table of DESIG\u004e.md',
    '(fixtures\u002c limits-v50.json)',
    'what the\u0020references could not prove',
  ];
  for (const text of planted) {
    it(`a planted fault is found: ${text}`, () => {
      expect(unreadableIn('x.ts', text)).to.have.length(1);
    });
  }

  it('what is public or ours is not found', () => {
    expect(unreadableIn('x.ts', 'RFC 6749 \u00a75.2; article 000384961; docs/salesforce-facts.md#locks')).to.deep.equal(
      [],
    );
    expect(brokenCitations('x.ts', '(docs/salesforce-facts.md#portal-roles,\n * #locks)')).to.deep.equal([]);
    expect(brokenCitations('x.ts', '(docs/salesforce-facts.md#portal-roles,\n * #no-such)')).to.have.length(1);
    expect(brokenCitations('x.ts', '(docs/no-such.md)')).to.have.length(1);
  });
});
