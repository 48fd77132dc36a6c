/** Templates are read as written or refused with the place of the fault, and never make half a value. */
import { expect } from 'chai';
import fc from 'fast-check';
import { RunFault } from '../../../lib/model/faults.js';
import { parseTemplate, renderTemplate, type Template } from '../../../lib/operations/templates.js';

function parsed(source: string): Template {
  return parseTemplate('--set Alias', source);
}

/** What is wrong with a template, as the key of its text and the facts that are its own. */
function faultOf(source: string): unknown {
  try {
    return parsed(source);
  } catch (error) {
    if (!(error instanceof RunFault)) throw error;
    const { flag, template, ...facts } = error.facts;
    expect({ flag, template }).to.deep.equal({ flag: '--set Alias', template: source });
    return { fault: error.key, ...facts };
  }
}

function render(source: string, contact: Record<string, string | null> = {}): unknown {
  return renderTemplate(parsed(source), (field) => contact[field] ?? null);
}

describe('templates', () => {
  it('take fields, related fields, filters, literals and spaces inside the braces', () => {
    const contact = { FirstName: 'Zoë', 'Account.Name': 'Acme', External_Key__c: 'K-1' };
    expect(render('{ FirstName | initial }.{Account.Name}+{External_Key__c}@x', contact)).to.deep.equal({
      value: 'z.Acme+K-1@x',
    });
    expect(parsed('{A}{B.C__r.D|slug}x').fields).to.deep.equal(['A', 'B.C__r.D']);
    expect(render('')).to.deep.equal({ value: '' });
  });

  const faults: ReadonlyArray<readonly [source: string, fault: Record<string, unknown>]> = [
    ['{', { fault: 'badTemplate.unbalancedBrace', position: 1 }],
    ['ab}', { fault: 'badTemplate.unbalancedBrace', position: 3 }],
    ['a{b', { fault: 'badTemplate.unbalancedBrace', position: 2 }],
    ['{{a}', { fault: 'badTemplate.unbalancedBrace', position: 4 }],
    ['{a{b}}', { fault: 'badTemplate.unbalancedBrace', position: 1 }],
    ['x{}', { fault: 'badTemplate.emptyField', position: 2 }],
    ['xy{ |slug}', { fault: 'badTemplate.emptyField', position: 3 }],
    ['{First Name}', { fault: 'badTemplate.badField', field: 'First Name' }],
    ['{A..B}', { fault: 'badTemplate.badField', field: 'A..B' }],
    ['{A;DROP}', { fault: 'badTemplate.badField', field: 'A;DROP' }],
    ['{A|lower}', { fault: 'badTemplate.unknownFilter', filter: 'lower', filters: 'slug, initial' }],
    ['{A|}', { fault: 'badTemplate.unknownFilter', filter: '', filters: 'slug, initial' }],
    ['{A|slug|initial}', { fault: 'badTemplate.unknownFilter', filter: 'slug|initial', filters: 'slug, initial' }],
    ['{A|constructor}', { fault: 'badTemplate.unknownFilter', filter: 'constructor', filters: 'slug, initial' }],
  ];
  for (const [source, fault] of faults) {
    it(`refuse ${source} as ${String(fault['fault'])}`, () => {
      expect(faultOf(source)).to.deep.equal(fault);
    });
  }

  it('have every literal text, its braces doubled, stand for itself', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('{', '}', 'a', '|') }));
    fc.assert(
      fc.property(text, (literal) => {
        expect(render(literal.replace(/[{}]/g, '$&$&'))).to.deep.equal({ value: literal });
      }),
    );
  });

  it('put any value of a field in as it is, between literals', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        expect(render('<{F}>{{}}', { F: value })).to.deep.equal({ value: `<${value}>{}` });
      }),
    );
  });

  it('name the first field that is empty instead of making half a value', () => {
    expect(render('{A}{B}{C}', { A: 'a', B: null, C: '' })).to.deep.equal({ emptyField: 'B' });
    expect(render('x{A}', { A: '' })).to.deep.equal({ emptyField: 'A' });
    expect(render('{A|slug}@x', { A: '!!! ' })).to.deep.equal({ emptyField: 'A' });
    expect(render('{A|initial}', { A: '  ' })).to.deep.equal({ emptyField: 'A' });
  });

  const slugs = [
    ["O'Brien-Müller", 'o-brien-muller'],
    ['  Dr. José  ', 'dr-jose'],
    ['Łódź', 'łodz'],
    ['山田', '山田'],
    ['ليلى', 'ليلى'],
    ['a_b', 'a-b'],
  ] as const;
  for (const [name, slug] of slugs) {
    it(`make "${slug}" of "${name}"`, () => {
      expect(render('{N|slug}', { N: name })).to.deep.equal({ value: slug });
    });
  }

  it('make slugs without spaces, capitals or hyphens at the ends, of any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const slug = render('{N|slug}', { N: name }) as { value?: string };
        if (slug.value === undefined) return;
        expect(slug.value)
          .to.match(/^[\p{L}\p{M}\p{N}]/u)
          .and.not.match(/\s|--|-$/);
      }),
    );
  });

  it('take a whole character for the initial, without its accent', () => {
    expect(render('{N|initial}', { N: 'Émile' })).to.deep.equal({ value: 'e' });
    expect(render('{N|initial}', { N: '𝒜da' })).to.deep.equal({ value: '𝒜' });
    expect(render('{N|initial}', { N: ' bob' })).to.deep.equal({ value: 'b' });
  });
});
