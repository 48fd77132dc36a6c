/** No text of messages/reasons.md is left that no place in the code asks for (the other way round: report/words.test.ts). */
import { expect } from 'chai';
import ts from 'typescript';
import { disableModes, enableModes } from '../../../lib/model/modes.js';
import { listFiles, readText } from './project.ts';

const keys = [...readText('messages/reasons.md').matchAll(/^# (.+)$/gm)].map(([, key = '']) => key);

/** Texts that are not asked for by a call of `refuse`: unchanged users, and what SQL or Salesforce refuses. */
const otherwise = [
  ...['detail', 'frozen', 'frozenLacking', 'frozenOtherProfile', 'inactive', 'lacking', 'otherProfile'].map(
    (text) => `ALREADY_HAS_USER.${text}`,
  ),
  ...[...disableModes, 'inactive'].map((text) => `ALREADY_DISABLED.${text}`),
  ...enableModes.map((mode) => `ALREADY_ENABLED.${mode}`),
  'DUPLICATE_CONTACT.detail',
  'DUPLICATE_USER.detail',
  'PORTAL_ADMINISTRATOR.detail',
  'DUPLICATE_USERNAME_IN_PLAN.detail',
  'USERNAME_TAKEN.detail',
  ...['detail', 'inPlan'].flatMap((text) => [`NICKNAME_TAKEN.${text}`, `FEDERATION_ID_TAKEN.${text}`]),
];

/** The keys that `refuse('REASON', tokens, 'text')` asks for; `detail` where it names no text. */
function requestsOf(source: string): string[] {
  const requests: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'refuse') {
      const [reason, , text] = node.arguments;
      const name = text === undefined ? 'detail' : ts.isStringLiteral(text) ? text.text : text.getText();
      if (reason !== undefined && ts.isStringLiteral(reason)) requests.push(`${reason.text}.${name}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.ESNext, true));
  return requests;
}

describe('the table of reasons', () => {
  const requests = listFiles('src', '.ts').flatMap((path) => requestsOf(readText(path)));

  it('has no text that nothing asks for', () => {
    const asked = new Set([...requests, ...otherwise]);
    expect(requests.length).to.be.above(15);
    expect(keys.filter((key) => !key.endsWith('.advice') && !asked.has(key))).to.deep.equal([]);
    expect(keys).to.include.members(otherwise);
  });

  it('planted requests are found', () => {
    const found = requestsOf("refuse('A'); refuse('B', ['x'], 'low'); other('C');");
    expect(found).to.deep.equal(['A.detail', 'B.low']);
  });
});
