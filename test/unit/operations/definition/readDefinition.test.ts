/** The definition file of sync: every text ends in a definition or in a list of places with what is wrong there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { readDefinition } from '../../../../lib/operations/definition/readDefinition.js';
import { defaultLimits } from '../../../../lib/model/definition/definition.js';
import { RunFault } from '../../../../lib/model/faults.js';
import { definitionOf, faultsIn, shortest } from './definitions.ts';

const whole = `# yaml-language-server: $schema=https://unpkg.com/sf-portal-users/schemas/portal-users.schema.json
orgs: [00D000000000062EAA, sandboxes]
syncUser: portal-sync@acme.example
groups:
  - name: Partners
    contacts: "Account.Type = 'Partner' AND Portal_Access__c = true"
    profile: Acme Partner
    portalRole: Worker
    username: "{Email}.partner"
    set: { TimeZoneSidKey: Europe/Paris, FederationIdentifier: "{Key__c}" }
    inactive: true
    permissionSets: [Portal_Documents]
    mayBeEmpty: true
  - name: Customers
    contacts: Account.Type = 'Customer'
    profile: 00e000000000abcAAA
governs: Profile.Name LIKE 'Acme%'
formerProfiles: [Acme Old]
leavers: { action: freeze, deactivateAfterDays: 30, releaseLicenses: true }
returners: activate
profile: upgrade
permissionSets: exact
protect: ["Email LIKE '%@acme.example'"]
limits: { create: 1, activate: 2, change: 3, takeAway: 0, takeAwayShare: 0.25 }
`;

describe('readDefinition', () => {
  const folder = mkdtempSync(join(tmpdir(), 'definition-'));

  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('understands every key', () => {
    expect(definitionOf(whole)).to.deep.equal({
      orgs: [{ orgId: '00D000000000062EAA' }, 'sandboxes'],
      syncUser: 'portal-sync@acme.example',
      groups: [
        {
          name: 'Partners',
          contacts: "Account.Type = 'Partner' AND Portal_Access__c = true",
          profile: 'Acme Partner',
          portalRole: 'Worker',
          username: '{Email}.partner',
          set: ['TimeZoneSidKey=Europe/Paris', 'FederationIdentifier={Key__c}'],
          inactive: true,
          permissionSets: ['Portal_Documents'],
          mayBeEmpty: true,
        },
        {
          name: 'Customers',
          contacts: "Account.Type = 'Customer'",
          profile: '00e000000000abcAAA',
          portalRole: undefined,
          username: '{Email}',
          set: [],
          inactive: false,
          permissionSets: [],
          mayBeEmpty: false,
        },
      ],
      governs: "Profile.Name LIKE 'Acme%'",
      formerProfiles: ['Acme Old'],
      leavers: { action: 'freeze', deactivateAfterDays: 30, releaseLicenses: true },
      returners: 'activate',
      profile: 'upgrade',
      permissionSets: 'exact',
      protect: ["Email LIKE '%@acme.example'"],
      limits: { create: 1, activate: 2, change: 3, takeAway: 0, takeAwayShare: 0.25 },
    });
  });

  it('does nothing that is not asked for: what is absent is a report, and the limits are those of the design', () => {
    const { leavers, returners, profile, permissionSets, limits, governs } = definitionOf(shortest);
    expect({ leavers, returners, profile, permissionSets, governs }).to.deep.equal({
      leavers: { action: 'report', deactivateAfterDays: undefined, releaseLicenses: false },
      returners: 'report',
      profile: 'report',
      permissionSets: 'add',
      governs: undefined,
    });
    expect(limits).to.deep.equal(defaultLimits);
    expect(defaultLimits).to.deep.equal({ create: 500, activate: 50, change: 50, takeAway: 50, takeAwayShare: 0.1 });
  });

  it('reads the same from JSON, with CRLF, and behind a BOM', async () => {
    const definition = definitionOf(whole);
    const json = JSON.stringify({
      orgs: ['sandboxes'],
      groups: [{ name: 'All', contacts: 'A__c = true', profile: 'Acme' }],
    });
    expect(definitionOf(json)).to.deep.equal(definitionOf(shortest));
    expect(definitionOf(JSON.stringify(JSON.parse(json), null, '\t'))).to.deep.equal(definitionOf(shortest));
    const path = join(folder, 'access.yaml');
    writeFileSync(path, `\ufeff${whole.replaceAll('\n', '\r\n')}`);
    const read = await readDefinition(path);
    expect(read.definition).to.deep.equal(definition);
    // The text is what stands in the file: a plan is compared with it.
    expect(read.text).to.equal(whole.replaceAll('\n', '\r\n'));
  });

  it('ignores the address of the schema, by which editors know a JSON file', () => {
    const schema = '"$schema": "https://unpkg.com/sf-portal-users/schemas/portal-users.schema.json"';
    const rest = '"orgs": ["sandboxes"], "groups": [{ "name": "All", "contacts": "A__c = true", "profile": "Acme" }]';
    expect(definitionOf(`{ ${schema}, ${rest} }`)).to.deep.equal(definitionOf(shortest));
    expect(faultsIn(`{ "$schema": 7, ${rest} }`)).to.deep.equal(['1:14 expected.text $schema']);
  });

  it('names all faults at once, each at its place', () => {
    const faulty = `orgs: [sandbox, 00D000000000062eaa]
grups: []
groups:
  - name: Partners
    contacts: Name = 'x' LIMIT 5
    profile: 2024
    portalRole: worker
    username: {Email}
    inactive: yes
    permissionSets: Portal_Documents
  - name: partners
    contacts:
    set: { Time Zone: x, Title: "{LastName" }
limits: { create: -1, takeAwayShare: 2 }
returners: activate
leavers: { releaseLicenses: true }
`;
    expect(faultsIn(faulty)).to.deep.equal([
      '1:8 expected.org.near sandbox sandboxes',
      '1:17 expected.org 00D000000000062eaa',
      '2:1 unknownKey.near grups groups',
      '5:26 condition.clause contacts LIMIT',
      '6:14 expected.text profile',
      '7:17 expected.choice.near portalRole worker Worker',
      '8:15 expected.quotes username',
      '9:15 expected.boolean inactive',
      '10:21 expected.list permissionSets',
      '11:5 missingKey profile',
      '11:11 twice name partners',
      '12:5 noValue.ofGroup contacts',
      '13:12 badField Time Zone',
      '13:33 badTemplate',
      '14:19 expected.number create',
      '14:38 expected.share takeAwayShare',
      '15:12 missingSyncUser',
      '16:29 releaseWithoutDeactivation',
    ]);
  });

  const refused: ReadonlyArray<readonly [what: string, text: string, faults: readonly string[]]> = [
    ['nothing', '', ['1:1 notAMap']],
    ['a comment', '# later\n', ['1:1 notAMap']],
    ['a text', 'orgs', ['1:1 notAMap']],
    ['a list', '- orgs', ['1:1 notAMap']],
    ['no groups', 'orgs: []\ngroups: []\n', ['1:7 emptyList orgs', '2:9 emptyList groups']],
    ['a key twice', `${shortest}orgs: [sandboxes]\n`, ['3:1 keyTwice orgs']],
    ['a key for the prototype', `${shortest}__proto__: {}\n`, [`3:1 unknownKey __proto__ ${rootKeys()}`]],
    ['a field for the prototype', shortest.replace('}]', ', set: { __proto__: x } }]'), ['2:69 badField __proto__']],
    ['a list as a key', `${shortest}? [a]\n: b\n`, ['3:3 syntax With stringKeys, all keys must be strings']],
    ['an anchor', `${shortest}formerProfiles: [&a x, *a]\n`, ['3:21 alias', '3:24 alias']],
    ['a tag', `${shortest}syncUser: !!str x\n`, ['3:17 tag']],
    ['a second document', `${shortest}---\n${shortest}`, ['3:1 secondDocument']],
    ['another YAML', `%YAML 1.1\n---\n${shortest}`, ['1:1 directive']],
    ['a tab', shortest.replace('[{', '\n\t- {').replace('}]', '}'), ['3:1 syntax.tab']],
    ['what never ends', `${shortest}governs: "Name = 'x'`, ['3:21 syntax Missing closing "quote']],
    ['many levels', '['.repeat(5000), ['1:806 tooDeep']],
    ['many levels of blocks', '- '.repeat(50_000), ['1:2047 tooDeep']],
    ['a number for a text', shortest.replace('Acme', '00e000000000001'), ['2:55 expected.text profile']],
    ['a fraction of users', `${shortest}limits: { create: 1.5 }\n`, ['3:19 expected.number create']],
    ['an endless number', `${shortest}limits: { create: .inf }\n`, ['3:19 expected.number create']],
    ['blanks', shortest.replace('Acme', '"  "'), ['2:55 noValue.ofGroup profile']],
    ['a former profile in use', `${shortest}formerProfiles: [acme]\n`, ['3:18 formerIsCurrent acme']],
    [
      'an org twice',
      shortest.replace('sandboxes', '00D000000000062, 00D000000000062EAA'),
      ['1:25 twice orgs 00D000000000062EAA'],
    ],
  ];
  for (const [what, text, faults] of refused) {
    it(`refuses ${what}`, () => {
      // How deep the parser goes depends on the machine.
      const found = faultsIn(text).map((fault) => (fault.endsWith('tooDeep') ? 'tooDeep' : fault));
      expect(found).to.deep.equal(faults.map((fault) => (fault.endsWith('tooDeep') ? 'tooDeep' : fault)));
    });
  }

  it('refuses characters that reviewers see in another order, or not at all', () => {
    const named = (name: string): string[] => faultsIn(shortest.replace('Acme', name));
    expect(named('Ac\u202eme')).to.deep.equal(['2:57 hiddenCharacter U+202E']);
    expect(named('Ac\u200bme')).to.deep.equal(['2:57 hiddenCharacter U+200B']);
    for (const hidden of ['\u00ad', '\u034f', '\u2028', '\u3164', '\u{e0041}'])
      expect(named(`Ac${hidden}me`).join(), encodeURIComponent(hidden)).to.match(/hiddenCharacter U\+/);
    expect(named('Acme \u{1f469}\u200d\u{1f4bb}\ufe0f')).to.deep.equal([]);
    expect(named('"Ac\\u202eme"')).to.deep.equal(['2:55 hiddenCharacter U+202E']);
    expect(named('"Ac\\ud800"')).to.deep.equal(['2:55 hiddenCharacter U+D800']);
    expect(named('Zoë 漢字 👩‍👩‍👧')).to.deep.equal([]);
  });

  it('says what keeps a file from being read', async () => {
    const write = (name: string, content: string | Buffer): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    mkdirSync(join(folder, 'folder'));
    const cases: ReadonlyArray<readonly [path: string, key: string]> = [
      [join(folder, 'none.yaml'), 'definitionFile.missing'],
      [join(folder, 'folder'), 'definitionFile.folder'],
      [write('large.yaml', '#'.repeat(256 * 1024 + 1)), 'definitionFile.tooLarge'],
      [write('latin1.yaml', Buffer.from('orgs: []\n# Zoë\n', 'latin1')), 'definitionFile.notUtf8'],
      [write('utf16.yaml', Buffer.from(`\ufeff${shortest}`, 'utf16le')), 'definitionFile.notUtf8'],
    ];
    for (const [path, key] of cases) {
      const fault = await readDefinition(path).catch((error: unknown) => error);
      expect(fault, key).to.be.instanceOf(RunFault);
      expect(fault).to.include({ key });
    }
  });

  it('never crashes: any text ends in a definition or in faults', () => {
    const pieces = fc.constantFrom(
      ...whole.split(/(\s+|[[\]{}:,"'])/),
      ...[
        '&a',
        '*a',
        '!!str',
        '---',
        '%',
        '\t',
        '\r',
        '? ',
        '|',
        '>',
        '<<: ',
        '"\\u0000"',
        '__proto__',
        '{',
        '((',
        "'",
      ],
    );
    const texts = fc.oneof(
      fc.array(pieces, { maxLength: 80 }).map((each) => each.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        faultsIn(text);
      }),
      { numRuns: 400 },
    );
  });

  it('never crashes: any value in the place of another ends in faults at that place, or is one that fits', () => {
    const lines = whole.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 2), fc.json({ maxDepth: 2 }), (index, json) => {
        const line = lines[index] ?? '';
        fc.pre(/^\s*-? ?\w+: /.test(line));
        const changed = lines
          .with(
            index,
            line.replace(/: .*/s, () => `: ${json}`),
          )
          .join('\n');
        for (const fault of faultsIn(changed)) expect(fault).to.match(/^\d+:\d+ [a-zA-Z.]+/);
      }),
      { numRuns: 400 },
    );
  });
});

function rootKeys(): string {
  return 'orgs, syncUser, groups, governs, formerProfiles, leavers, returners, profile, permissionSets, protect, limits, $schema';
}
