/** The table of reasons in code, the texts in messages/reasons.md and the places that refuse say the same. */
import { expect } from 'chai';
import ts from 'typescript';
import { refusalReasons, unchangedReasons } from '../../../lib/plan/reasons.js';
import { listFiles, readText } from './project.ts';

const keys = [...readText('messages/reasons.md').matchAll(/^# (.+)$/gm)].map(([, key = '']) => key);

/** Texts that are not asked for by a call of `refuse`: users who are there, and what SQL refuses (planRecords.ts). */
const otherwise = [
  ...['detail', 'frozen', 'frozenOtherProfile', 'inactive', 'otherProfile'].map((text) => `ALREADY_HAS_USER.${text}`),
  'DUPLICATE_CONTACT.detail',
  'DUPLICATE_USERNAME_IN_PLAN.detail',
  'USERNAME_TAKEN.detail',
  ...['detail', 'inPlan'].flatMap((text) => [`NICKNAME_TAKEN.${text}`, `FEDERATION_ID_TAKEN.${text}`]),
];

/** `detail` where a call names no text; a name that is put together stands for all that end like it. */
function textOf(argument: ts.Expression | undefined): RegExp {
  if (argument === undefined) return /^detail$/;
  if (ts.isStringLiteral(argument)) return new RegExp(`^${argument.text}$`);
  const tail = ts.isTemplateExpression(argument) ? (argument.templateSpans.at(-1)?.literal.text ?? '') : '';
  return new RegExp(`^\\w+${tail}$`);
}

/** What `refuse('REASON', tokens, 'text')` asks for. */
function requestsOf(source: string): Array<{ reason: string; text: RegExp }> {
  const requests: Array<{ reason: string; text: RegExp }> = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'refuse') {
      const [reason, , text] = node.arguments;
      if (reason !== undefined && ts.isStringLiteral(reason)) {
        requests.push({ reason: reason.text, text: textOf(text) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.ESNext, true));
  return requests;
}

describe('the table of reasons', () => {
  const requests = listFiles('src', '.ts').flatMap((path) => requestsOf(readText(path)));

  it('has advice and details for each reason, and for no other', () => {
    const reasons = [...unchangedReasons, ...refusalReasons];
    expect(new Set(keys.map((key) => key.split('.')[0]))).to.deep.equal(new Set(reasons));
    for (const reason of reasons) {
      expect(keys, reason).to.include(`${reason}.advice`);
      expect(keys.filter((key) => key.startsWith(`${reason}.`)).length, reason).to.be.at.least(2);
    }
  });

  it('has each text that a refusal asks for', () => {
    expect(requests.length).to.be.above(15);
    for (const { reason, text } of requests) {
      const texts = keys.filter((key) => key.startsWith(`${reason}.`)).map((key) => key.split('.')[1] ?? '');
      expect(
        texts.some((each) => text.test(each)),
        `${reason} ${String(text)}`,
      ).to.equal(true);
    }
  });

  it('has no text that nothing asks for', () => {
    const asked = (key: string): boolean => {
      const [reason, text = ''] = key.split('.');
      return otherwise.includes(key) || requests.some((it) => it.reason === reason && it.text.test(text));
    };
    expect(keys.filter((key) => !key.endsWith('.advice') && !asked(key))).to.deep.equal([]);
    expect(keys).to.include.members(otherwise);
  });

  it('planted requests are found', () => {
    const found = requestsOf("refuse('A'); refuse('B', ['x'], 'low'); refuse('C', [], `${text}Near`); other('D');");
    expect(found.map(({ reason, text }) => `${reason} ${text.source}`)).to.deep.equal([
      'A ^detail$',
      'B ^low$',
      'C ^\\w+Near$',
    ]);
  });
});
