/** Texts for people are in plain American English: words and turns that a reader stumbles over are found here. */
import { expect } from 'chai';
import ts from 'typescript';
import { listFiles, readText } from './project.ts';

/** What is not said, and what is said instead. */
const list: ReadonlyArray<readonly [found: RegExp, instead: string]> = [
  [/\bshall\b/i, 'must, should or will'],
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bseats?\b/i, 'license'],
  [/\bpassed over\b/i, 'ignored'],
  [/\bas wanted\b/i, 'as requested'],
  [/\bmay do\b/i, 'may be enough'],
  [/\bnothing is to be done\b/i, 'there is nothing to do'],
  [/\bwhoever\b/i, 'users who …'],
  [/\b(is|are) left out\b/i, 'say what leaves it out'],
  [/\b(is|are) there\b(?! (\S+ )*\S+\?)/i, 'there is, or exists'],
  [/(^|[.;|] |: )who (?!is who)[a-z]/i, 'users who …'],
  [
    /\b(cancell(ed|ing)|colours?|behaviours?|licences?|whilst|(organ|recogn|summar)is(e[sd]?|ing))\b/i,
    'American spelling',
  ],
];

/** What isn't said to people who read a screen, a guide, or a schema; comments can still speak of it. */
const listForPeople: ReadonlyArray<readonly [found: RegExp, instead: string]> = [
  [/(?<![.{])\bmails?\b(?! servers?)/i, 'email'],
  [/\bIds\b/, 'IDs'],
  [/\b(external|federation|record|user|org) id(s|\b)/, 'ID'],
  [/\bsub-selects?\b/i, 'subquery'],
  [/\bgo(es)? on\b/i, 'continue'],
  [/\btaken up again\b/i, 'continued'],
  [/\bin place of\b/i, 'instead of'],
  [/(?<!there )\bare no [a-z]+s\b/i, "aren't …"],
  [/\b(is|are|was|were) (told|said)\b/i, 'say who says it'],
  [/\bof wh(om|ich) nobody\b/i, 'nobody knows whether …'],
  [/\bwhat became of\b/i, 'the outcome'],
  [/\bat the most\b/i, 'at most'],
  [/\bnobody knows what\b/i, 'the outcome is unknown'],
  [/\bneeds a yes\b/i, 'needs your confirmation'],
];

/** A text and where it stands. */
type Text = { readonly at: string; readonly text: string };

function faultsIn({ at, text }: Text, words = list): string[] {
  return words.flatMap(([found, instead]) => {
    const match = found.exec(withoutQuestions(text));
    return match === null ? [] : [`${at}: "${match[0].trim()}" (${instead}): ${text.trim()}`];
  });
}

/** Asking who does something is no fault. */
function withoutQuestions(text: string): string {
  return text.replace(/\b(who|is there|are there)\b[^.?]*\?/gi, '');
}

/** The paragraphs of a page, code blocks and code spans apart. */
function textsOfPage(path: string): Text[] {
  const lines = readText(path)
    .replace(/^```.*?^```$/gms, (block) => block.replace(/.+/g, ''))
    .replaceAll(/`[^`\n]*`/g, '`code`')
    .split('\n');
  return lines.map((text, index) => ({ at: `${path}:${String(index + 1)}`, text: text.replace(/^[-*#\s\d.|]+/, '') }));
}

const sql = /^\s*(SELECT|INSERT|CREATE|UPDATE|DELETE|WITH|WHERE|FROM)\b/;

/** Column names of SQL are no texts. */
function isText({ text }: ts.StringLiteralLike): boolean {
  return text.includes(' ') && !sql.test(text);
}

/** Other texts of a test are input, or what the org and the plugin answer. */
function isTitle({ parent }: ts.StringLiteralLike): boolean {
  return ts.isCallExpression(parent) && /^(describe|it)\b/.test(parent.expression.getText());
}

/** Comments and texts of a source file. */
function textsOfSource(path: string, source: string, isSaid = isText): Text[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.ESNext, true);
  const texts: Text[] = [];
  const add = (position: number, text: string): void => {
    const line = file.getLineAndCharacterOfPosition(position).line + 1;
    texts.push({ at: `${path}:${String(line)}`, text });
  };
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(source, node.pos) ?? [])
      add(pos, commentText(source, pos, end));
    if (ts.isStringLiteralLike(node) && isSaid(node)) add(node.pos, node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...new Map(texts.map((each) => [each.at + each.text, each])).values()];
}

function commentText(source: string, pos: number, end: number): string {
  return source
    .slice(pos, end)
    .replaceAll(/^\s*\*\s?|^\/\*\*?\s?|\*\/$|^\/\/\s?/gm, '')
    .replaceAll(/`[^`\n]*`/g, '`code`')
    .replaceAll(/\s+/g, ' ');
}

/** The descriptions of a JSON schema. */
function textsOfSchema(path: string): Text[] {
  return [...readText(path).matchAll(/"description": "([^"]+)"/g)].map(([, text = '']) => ({ at: path, text }));
}

describe('language', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'SKILL.md',
    'test/simulated-org/README.md',
  ];
  const texts = new Map<string, Text[]>([
    ['pages', [...pages, ...listFiles('docs', '.md')].flatMap(textsOfPage)],
    ['messages', listFiles('messages', '.md').flatMap(textsOfPage)],
    ['schemas', listFiles('schemas', '.json').flatMap(textsOfSchema)],
    ['sources', listFiles('src', '.ts').flatMap((path) => textsOfSource(path, readText(path)))],
    ['tests', listFiles('test', '.ts').flatMap((path) => textsOfSource(path, readText(path), isTitle))],
  ]);

  for (const [name, each] of texts) {
    it(`${name} are in plain English`, () => {
      expect(each.length).to.be.greaterThan(10);
      const words = name === 'sources' || name === 'tests' ? list : [...list, ...listForPeople];
      expect(each.flatMap((text) => faultsIn(text, words))).to.deep.equal([]);
    });
  }

  it('planted faults are found', () => {
    const planted = [
      'It shall work.',
      'No seat is left.',
      'Done. Who is inactive stays.',
      'Such rows are left out.',
      'It was cancelled.',
    ];
    for (const text of planted) expect(faultsIn({ at: 'x', text }), text).to.have.length(1);
    expect(
      textsOfSource('x.ts', '/** Mend\n * it. */\nconst a = 1; // a seat\n').flatMap((each) => faultsIn(each)),
    ).to.have.length(1);
    const forPeople = ['It sends mails.', 'The Ids are gone.', 'Such columns are no fields.', 'Ten at the most.'];
    for (const text of forPeople) expect(faultsIn({ at: 'x', text }, listForPeople), text).to.have.length(1);
    expect(textsOfSource('x.ts', "f('no seat is left');").flatMap((each) => faultsIn(each))).to.have.length(1);
    const test = "it('needs a seat', () => f('no seat is left'));";
    expect(textsOfSource('x.ts', test, isTitle).flatMap((each) => faultsIn(each))).to.have.length(1);
  });

  it('questions and plain texts are no faults', () => {
    const plain = [
      'Who gets a user?',
      'Users who left are frozen.',
      'Is there another one?',
      'There is nothing to do.',
      'There are no mistakes in emails with IDs.',
    ];
    for (const text of plain) expect(faultsIn({ at: 'x', text }, [...list, ...listForPeople]), text).to.have.length(0);
  });
});
