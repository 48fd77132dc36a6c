/** Every code that the source can give has its words, with as many places as there are facts to fill them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { contactRefusals, unchangedReasons, userRefusals } from '../../../lib/model/reasons.js';

const root = join(import.meta.dirname, '..', '..', '..');

/** Key → text of a file of messages. */
function messagesOf(name: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, 'messages', `${name}.md`), 'utf8');
  const parts = text.split(/^# +(.*)$/m).slice(1);
  return new Map(
    parts.flatMap((part, index) => (index % 2 === 0 ? [[part.trim(), (parts[index + 1] ?? '').trim()]] : [])),
  );
}

const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(root, 'src', name), 'utf8'));

/** What a pattern finds in all sources; its first groups. */
function found(pattern: RegExp): string[][] {
  const all = sources.flatMap((source) => [...source.matchAll(pattern)].map((match) => match.slice(1)));
  expect(all, String(pattern)).not.to.have.length(0);
  return all;
}

const codesOf = (pattern: RegExp): string[] => [...new Set(found(pattern).map(([code = '']) => code))];

describe('the words', () => {
  it('of reasons: each has a detail and an advice, and no other reason has any', () => {
    const keys = [...messagesOf('reasons').keys()];
    const reasons: string[] = [...new Set([...unchangedReasons, ...contactRefusals, ...userRefusals])];
    expect([...new Set(keys.map((key) => key.split('.')[0]))].sort()).to.deep.equal([...reasons].sort());
    for (const reason of reasons) {
      expect(keys, reason).to.include(`${reason}.advice`);
      expect(keys.filter((key) => key.startsWith(`${reason}.`)).length, reason).to.be.at.least(2);
    }
  });

  it('of refusals: each variant that the source refuses with is there', () => {
    const reasons = messagesOf('reasons');
    const calls = sources.flatMap((source) => argumentsOf(source, 'refuse'));
    expect(calls.length).to.be.above(15);
    for (const [reason = '', tokens = '[]', variant = "'detail'"] of calls) {
      if (!reason.startsWith("'")) continue;
      const key = `${reason.slice(1, -1)}.${variant.replace(/'/g, '')}`;
      expect(reasons.has(key), key).to.equal(true);
      // As many facts as places, where they are written out.
      if (!tokens.startsWith('[') || tokens.includes('...')) continue;
      const facts = splitTop(tokens.slice(1, -1)).length;
      expect((reasons.get(key) ?? '').split('%s').length - 1, key).to.equal(facts);
    }
  });

  it('of advice: commands name only placeholders that are filled', () => {
    for (const [key, text] of messagesOf('reasons')) {
      if (!key.endsWith('.advice')) continue;
      const left = [...text.matchAll(/<([^>]+)>/g)].map(([, name]) => name);
      // What only the person knows stays: <address>, <Field>, <value>.
      const allowed = [
        'org',
        'ContactId',
        'AccountId',
        'UserId',
        'refused.csv',
        'run folder',
        '001…',
        '005…',
        'address',
        'Field',
        'value',
      ];
      for (const name of left) expect(allowed, key).to.include(name);
    }
  });

  it('with two forms of a word: each follows a number, and stands only where numbers are filled in', () => {
    const names = readdirSync(join(root, 'messages')).map((name) => name.replace(/\.md$/, ''));
    const forms = /\[[^|\]]*\|[^|\]]*\]/;
    for (const name of names) {
      for (const [key, text] of messagesOf(name)) {
        if (!forms.test(text)) continue;
        expect(text.slice(0, text.search(forms)), `${name}: ${key}`).to.include('%s');
        expect(name.startsWith('portal.') || /\.(actions|advice)$/.test(key), `${name}: ${key}`).to.equal(false);
      }
    }
  });

  it('of guards: each has a sentence and an advice', () => {
    const guards = messagesOf('guards');
    for (const guard of codesOf(/fail\('(\w+)'/g).concat(codesOf(/guard: '(\w+)'/g))) {
      expect(guards.has(guard), guard).to.equal(true);
      expect(guards.has(`${guard}.advice`), guard).to.equal(true);
    }
  });

  it('of checks: each outcome has a sentence, and an advice unless it passed', () => {
    const checks = messagesOf('checks');
    const outcomes = found(/outcome\('(\w+)', '(pass|warn|fail)', '(\w+)'/g);
    expect(outcomes.length).to.be.above(8);
    for (const [name = '', status, text = ''] of outcomes) {
      expect(checks.has(`${name}.${text}`), `${name}.${text}`).to.equal(true);
      if (status !== 'pass') expect(checks.has(`${name}.${text}.advice`), `${name}.${text}.advice`).to.equal(true);
    }
  });

  it('of faults: each code and variant that is thrown has a sentence', () => {
    const faults = messagesOf('faults');
    const thrown = sources.flatMap((source) => argumentsOf(source, 'RunFault'));
    expect(thrown.length).to.be.above(15);
    for (const [code = '', , variant] of thrown) {
      if (!code.startsWith("'")) continue;
      const name = code.slice(1, -1);
      if (variant === undefined) expect(faults.has(name), name).to.equal(true);
      else if (variant.startsWith("'"))
        expect(faults.has(`${name}.${variant.slice(1, -1)}`), `${name}.${variant}`).to.equal(true);
      else
        expect(
          [...faults.keys()].some((key) => key.startsWith(`${name}.`)),
          name,
        ).to.equal(true);
    }
    for (const code of codesOf(/: '(org[A-Z]\w+)',/g)) expect(faults.has(code), code).to.equal(true);
  });

  it('of row errors: each code with an advice of its own is one that Salesforce has, and the general ones are there', () => {
    const rowErrors = messagesOf('rowErrors');
    for (const key of [
      'advice.again',
      'advice.other',
      'org.gate',
      'org.access',
      'org.features',
      'org.job',
      'org.other',
    ])
      expect(rowErrors.has(key), key).to.equal(true);
    const specific = [...rowErrors.keys()].filter((key) => /^advice\.[A-Z]/.test(key));
    expect(specific.length).to.be.above(5);
    for (const key of specific) expect(key).to.match(/^advice\.[A-Z][A-Z_]+$/);
  });
});

/** The arguments of each call of a function, as they are written. */
function argumentsOf(source: string, name: string): string[][] {
  return [...source.matchAll(new RegExp(`(?<!function )\\b${name}\\(`, 'g'))].map((match) => {
    const start = match.index + match[0].length;
    let depth = 1;
    let end = start;
    for (; depth > 0 && end < source.length; end++) {
      if ('([{'.includes(source[end] ?? ' ')) depth += 1;
      if (')]}'.includes(source[end] ?? ' ')) depth -= 1;
    }
    return splitTop(source.slice(start, end - 1));
  });
}

/** Splits at commas outside brackets and quotes. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let part = '';
  for (const sign of text) {
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if ('\'"`'.includes(sign)) quote = sign;
    else if ('([{'.includes(sign)) depth += 1;
    else if (')]}'.includes(sign)) depth -= 1;
    if (sign === ',' && depth === 0 && quote === '') {
      parts.push(part.trim());
      part = '';
    } else part += sign;
  }
  return [...parts, part.trim()].filter((each) => each !== '');
}
