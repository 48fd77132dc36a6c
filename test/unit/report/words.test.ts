/** Every code that the source can give has its words (their places: contracts/facts.test.ts). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { contactRefusals, unchangedReasons, userRefusals } from '../../../lib/model/reasons.js';
import { operationNames } from '../../../lib/model/result.js';
import { namedAdvices } from '../../../lib/model/rowErrors.js';
import { rowAdvice } from '../../../lib/report/texts.js';

const root = join(import.meta.dirname, '..', '..', '..');

/** Key → text of a file of messages. */
function messagesOf(name: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, 'messages', `${name}.md`), 'utf8');
  const parts = text.split(/^# +(.*)$/m).slice(1);
  return new Map(
    parts.flatMap((part, index) => (index % 2 === 0 ? [[part.trim(), (parts[index + 1] ?? '').trim()]] : [])),
  );
}

/** The codes that have an advice. */
function codesOf(name: string): string[] {
  return [...messagesOf(name).keys()].flatMap((key) => /^advice\.([A-Z][A-Z_]+)$/.exec(key)?.[1] ?? []);
}

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
    const forms = /\[[^|\]]*\|[^|\]]*\]/g;
    for (const name of names) {
      for (const [key, text] of messagesOf(name)) {
        const found = [...text.matchAll(forms)];
        if (found.length === 0) continue;
        for (const { index } of found) {
          // What stands in quotes is a name.
          const [last = 'nothing'] = /"?%(s|\{\w+\})(?!.*%(s|\{))/s.exec(text.slice(0, index)) ?? [];
          expect(last, `${name}: ${key}`).to.match(/^%/);
        }
        expect(name.startsWith('portal.') || /\.(actions|advice)$/.test(key), `${name}: ${key}`).to.equal(false);
      }
    }
  });

  it('of row errors: each code with an advice of its own is one that Salesforce has, and the general ones exist', () => {
    const rowErrors = messagesOf('rowErrors');
    const named = [...namedAdvices, 'other'];
    for (const key of [...named.map((name) => `advice.${name}`), 'org.other'])
      expect(rowErrors.has(key), key).to.equal(true);
    const isCode = (name: string): boolean => /^[A-Z][A-Z_]+$/.test(name);
    const words = [...rowErrors.keys()]
      .filter((key) => key.startsWith('advice.'))
      .map((key) => key.split('.').slice(1));
    expect(words.filter(([name = '']) => isCode(name)).length).to.be.above(5);
    for (const [name = '', operation, ...rest] of words) {
      expect(isCode(name) || named.includes(name), name).to.equal(true);
      if (operation !== undefined) expect(operationNames, name).to.include(operation);
      expect(rest).to.deep.equal([]);
    }
  });

  it('of row errors: a sync is told keys of its definition, no flags and no files', () => {
    for (const name of [...namedAdvices, ...codesOf('rowErrors')]) {
      const text = rowAdvice(name, 'sync');
      // What only a disable, an enable or an invite can meet.
      if (!['NOT_CUT_OFF'].includes(name)) expect(text, name).not.to.match(/--[a-z]|the file\b|column Email/);
    }
  });
});
