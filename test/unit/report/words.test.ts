/** Every code that the source can give has its words (their places: contracts/facts.test.ts). */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { contactRefusals, unchangedReasons, userRefusals } from '../../../lib/model/reasons.js';
import { textAdvices } from '../../../lib/model/rowErrors.js';

const root = join(import.meta.dirname, '..', '..', '..');

/** Key → text of a file of messages. */
function messagesOf(name: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, 'messages', `${name}.md`), 'utf8');
  const parts = text.split(/^# +(.*)$/m).slice(1);
  return new Map(
    parts.flatMap((part, index) => (index % 2 === 0 ? [[part.trim(), (parts[index + 1] ?? '').trim()]] : [])),
  );
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
    const forms = /\[[^|\]]*\|[^|\]]*\]/;
    for (const name of names) {
      for (const [key, text] of messagesOf(name)) {
        if (!forms.test(text)) continue;
        expect(text.slice(0, text.search(forms)), `${name}: ${key}`).to.match(/%s|%\{/);
        expect(name.startsWith('portal.') || /\.(actions|advice)$/.test(key), `${name}: ${key}`).to.equal(false);
      }
    }
  });

  it('of row errors: each code with an advice of its own is one that Salesforce has, and the general ones are there', () => {
    const rowErrors = messagesOf('rowErrors');
    for (const key of [
      'advice.again',
      'advice.other',
      'advice.usernameInOrg',
      'advice.usernameEverywhere',
      'org.gate',
      'org.access',
      'org.features',
      'org.job',
      'org.other',
    ])
      expect(rowErrors.has(key), key).to.equal(true);
    for (const name of textAdvices) expect(rowErrors.has(`advice.${name}`), name).to.equal(true);
    const specific = [...rowErrors.keys()].filter((key) => /^advice\.[A-Z]/.test(key));
    expect(specific.length).to.be.above(5);
    for (const key of specific) expect(key).to.match(/^advice\.[A-Z][A-Z_]+$/);
  });
});
