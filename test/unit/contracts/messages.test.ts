/** Each text that the code asks for is in messages/, and each text in messages/ is asked for. */
import { expect } from 'chai';
import ts from 'typescript';
import { listFiles, readPackageJson, readText } from './project.ts';

/** What a source file asks of a bundle: a key, or where the key is put together, the pattern that it has. */
type Request = {
  readonly bundle: string;
  readonly pattern: RegExp;
  readonly literal: string | undefined;
  readonly at: string;
};

const methods = ['getMessage', 'getMessages', 'createError', 'createWarning', 'createInfo'];
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The keys of a bundle, in their order, repeated ones too. Any line that begins with `#` begins a message. */
function keysOf(text: string): string[] {
  return [...text.matchAll(/^#+ *(.*)$/gm)].map(([, key]) => key?.trim() ?? '');
}

function textsOf(text: string): string[] {
  return text.split(/^#.*$/m).slice(1);
}

function patternOf(key: ts.Expression): Pick<Request, 'pattern' | 'literal'> {
  if (ts.isStringLiteralLike(key)) return { pattern: new RegExp(`^${escape(key.text)}$`), literal: key.text };
  if (!ts.isTemplateExpression(key)) return { pattern: /^/, literal: undefined };
  const spans = key.templateSpans.map((span) => `.+${escape(span.literal.text)}`).join('');
  return { pattern: new RegExp(`^${escape(key.head.text)}${spans}$`), literal: undefined };
}

/** `a ? 'x' : 'y'` asks for both. */
function choicesOf(key: ts.Expression): ts.Expression[] {
  return ts.isConditionalExpression(key) ? [...choicesOf(key.whenTrue), ...choicesOf(key.whenFalse)] : [key];
}

/** The one function that asks on behalf of others: their calls count. */
function isSharedText(node: ts.Node): boolean {
  return ts.findAncestor(node, (it) => ts.isFunctionDeclaration(it) && it.name?.text === 'sharedText') !== undefined;
}

/** All requests of a source. A bundle that is handed on whole counts as asked for every key. */
function requestsOf(path: string, text: string): Request[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const bundles = new Map<string, string>();
  const requests: Request[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      const [, bundle] =
        /^Messages\.loadMessages\(\s*'[^']+',\s*'([^']+)',?\s*\)$/.exec(node.initializer.getText()) ?? [];
      if (bundle !== undefined) {
        bundles.set(node.name.text, bundle);
        return;
      }
    } else if (ts.isCallExpression(node) && node.expression.getText() === 'sharedText' && node.arguments[0]) {
      for (const key of choicesOf(node.arguments[0]))
        requests.push({ ...patternOf(key), bundle: 'shared', at: `${path}:${String(node.pos)}` });
    } else if (ts.isIdentifier(node) && bundles.has(node.text) && !isSharedText(node)) {
      const { parent } = node;
      const call = parent.parent;
      const isRequest =
        ts.isPropertyAccessExpression(parent) && methods.includes(parent.name.text) && ts.isCallExpression(call);
      const key = isRequest ? call.arguments[0] : undefined;
      const found = key === undefined ? { pattern: /^/, literal: undefined } : patternOf(key);
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      requests.push({ ...found, bundle: bundles.get(node.text) ?? '', at: `${path}:${line}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return requests;
}

/** Requests that no key of their bundle answers, and keys that no request asks for. */
function faultsOf(requests: readonly Request[], bundles: ReadonlyMap<string, readonly string[]>): string[] {
  const missing = requests
    .filter(({ bundle, pattern }) => bundles.get(bundle)?.some((key) => pattern.test(key)) !== true)
    .map(({ bundle, literal, pattern, at }) => `${at}: ${bundle}.md has no "${literal ?? pattern.source}"`);
  const unused = [...bundles].flatMap(([bundle, keys]) =>
    keys
      .filter((key) => !requests.some((it) => it.bundle === bundle && it.pattern.test(key.replace(/\.actions$/, ''))))
      .filter((key) => !requests.some((it) => it.bundle === bundle && it.pattern.test(key)))
      .map((key) => `${bundle}.md: nothing asks for "${key}"`),
  );
  return [...missing, ...unused];
}

describe('messages', () => {
  const texts = new Map(
    listFiles('messages', '.md').map((path) => [path.slice('messages/'.length, -'.md'.length), readText(path)]),
  );
  const sources = listFiles('src', '.ts').map((path) => ({ path, text: readText(path) }));

  it('has each text that is asked for, and no other', () => {
    const requests = sources.flatMap(({ path, text }) => requestsOf(path, text));
    expect(requests).not.to.have.length(0);
    expect(faultsOf(requests, new Map([...texts].map(([bundle, text]) => [bundle, keysOf(text)])))).to.deep.equal([]);
  });

  it('loads bundles under the name of the package, by literals that this test can read', () => {
    const { name } = readPackageJson();
    for (const { path, text } of sources) {
      for (const [call = ''] of text.matchAll(/Messages\.load\w*\([^)]*\)/g))
        expect(call.replace(/\s+/g, ' '), path).to.match(
          new RegExp(`^Messages\\.loadMessages\\( ?'${name}', '[\\w.]+',? ?\\)$`),
        );
    }
  });

  for (const [bundle, text] of texts) {
    it(`${bundle}.md has no key twice, no empty text, and errors whose names differ`, () => {
      const keys = keysOf(text);
      expect(keys).to.deep.equal([...new Set(keys)]);
      expect(textsOf(text).every((it) => it.trim() !== '')).to.equal(true);
      const errors = keys
        .filter((key) => key.startsWith('error.') && !key.endsWith('.actions'))
        .map((key) => key.split('.').at(-1));
      expect(errors).to.deep.equal([...new Set(errors)]);
    });

    it(`${bundle}.md has actions only for messages that exist`, () => {
      const keys = keysOf(text);
      const orphans = keys.filter(
        (key) => key.endsWith('.actions') && !keys.includes(key.slice(0, -'.actions'.length)),
      );
      expect(orphans).to.deep.equal([]);
    });
  }

  it('planted faults are found', () => {
    const source = [
      "const messages = Messages.loadMessages('p', 'b');",
      "messages.getMessage('here'); messages.createError('gone'); messages.getMessage(`reason.${code}.text`);",
    ].join('\n');
    const requests = requestsOf('a.ts', source);
    const bundles = new Map([['b', ['here', 'here.actions', 'idle', 'reason.X.text', 'reason.X.advice']]]);
    expect(faultsOf(requests, bundles)).to.deep.equal([
      'a.ts:2: b.md has no "gone"',
      'b.md: nothing asks for "idle"',
      'b.md: nothing asks for "reason.X.advice"',
    ]);
  });
});
