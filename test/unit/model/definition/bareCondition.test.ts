/** What is a bare condition means the same in brackets; what it looks at is known by name. */
import { isQueryValid, parseQuery } from '@jetstreamapp/soql-parser-js';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  anyOf,
  conditionAmong,
  faultsOfCondition,
  recordsReached,
} from '../../../../lib/model/definition/bareCondition.js';

const id = '003000000000001AAA';
const ids = [id];

function faultsIn(condition: string): string[] {
  return faultsOfCondition(condition).map(({ key, word, offset }) =>
    [offset, key.replace('condition.', ''), ...(word === undefined ? [] : [word])].join(' '),
  );
}

const bare = [
  "Account.Type = 'Partner' AND Portal_Access__c = true",
  "(A = 1 OR B = 2) AND (NOT (C LIKE 'x%'))",
  "Name = 'ORDER BY x LIMIT 5) OR (FOR UPDATE'",
  String.raw`Name = 'O\'Neill LIMIT 1' AND Title = 'a\\'`,
  'Id IN (SELECT ContactId FROM Opportunity WHERE Amount > 5 ORDER BY Id) AND Limit__c = 5',
  'LastModifiedDate = LAST_N_DAYS:30 AND For__c = null AND Group__c = 1 AND Account.With__c = 1',
  "Languages__c INCLUDES ('en;fr', 'de')",
];

const refused: ReadonlyArray<readonly [condition: string, faults: readonly string[]]> = [
  ['A = 1 LIMIT 5', ['6 clause LIMIT']],
  ['A = 1\nlimit\t5 offset 3', ['6 clause LIMIT', '14 clause OFFSET']],
  ["Name = 'x'LIMIT 5", ['10 clause LIMIT']],
  ['A = 5LIMIT 5', ['5 clause LIMIT']],
  ['(A = 1 LIMIT 5)', ['7 clause LIMIT']],
  ['A = 1 ORDER BY B', ['6 clause ORDER']],
  ['A = 1 GROUP BY B HAVING COUNT(Id) > 1', ['6 clause GROUP', '17 clause HAVING']],
  ['A = 1 FOR VIEW', ['6 clause FOR']],
  ['A = 1 WITH SECURITY_ENFORCED', ['6 clause WITH']],
  ['A = 1 ALL ROWS', ['6 clause ALL ROWS']],
  ['A = 1 UPDATE TRACKING', ['6 clause UPDATE']],
  ['WHERE A = 1', ['0 clause WHERE']],
  ['SELECT Id FROM Contact WHERE A = 1', ['0 clause SELECT', '10 clause FROM', '23 clause WHERE']],
  ['A = 1) OR (B = 2', ['5 closingBracket', '10 openBracket']],
  ['(A = 1', ['0 openBracket']],
  ["Name = 'x", ['7 openQuote']],
  [String.raw`Name = 'x\' OR A = 1`, ['7 openQuote']],
  ['Id IN (SELECT ContactId FROM Case LIMIT 5)', ['34 limitInside LIMIT']],
  ['Id IN (SELECT ContactId FROM Case WHERE (A = 1) OFFSET 5)', ['48 limitInside OFFSET']],
  ['Id IN (SELECT ContactId FROM Case) LIMIT 5', ['35 clause LIMIT']],
];

describe('a bare condition', () => {
  for (const condition of bare) {
    it(`is: ${condition}`, () => {
      expect(faultsIn(condition)).to.deep.equal([]);
    });
  }
  for (const [condition, faults] of refused) {
    it(`is not: ${condition.replaceAll(/\s/g, ' ')}`, () => {
      expect(faultsIn(condition)).to.deep.equal(faults);
      expect(() => conditionAmong(condition, ids)).to.throw();
    });
  }

  it('is combined with Ids only', () => {
    expect(() => conditionAmong('A = 1', ["x') OR (A = 2"])).to.throw();
  });

  it('has no parentheses around a sub-select, which Salesforce takes at the top level only, but around OR', () => {
    const sub = 'AccountId IN (SELECT Id FROM Account) AND (A = 1 OR B = 2)';
    expect(conditionAmong(sub, ids)).to.equal(`${sub} AND Id IN ('${id}')`);
    expect(conditionAmong(`${sub} OR C = 'x'`, ids)).to.equal(`(${sub} OR C = 'x') AND Id IN ('${id}')`);
    expect(conditionAmong("C = 'SELECT'", ids)).to.equal(`(C = 'SELECT') AND Id IN ('${id}')`);
  });

  it('narrows to the IDs, whatever it is made of', () => {
    const words = fc.constantFrom(
      ..."A = 1|AND|OR|NOT|(|)|B__c != null|Name LIKE 'x%'|LIMIT 5|ORDER BY A|FOR VIEW|ALL ROWS|OFFSET 1|WITH USER_MODE".split(
        '|',
      ),
      ...[
        "'",
        String.raw`\'`,
        String.raw`'\\'`,
        'Id IN (SELECT ContactId FROM Case',
        'WHERE',
        'Id IN (',
        '\n',
        "''",
        ',',
      ],
    );
    const conditions = fc
      .array(words, { minLength: 1, maxLength: 9 })
      .map((each) => each.join(' '))
      .filter((condition) => faultsOfCondition(condition).length === 0);
    fc.assert(
      fc.property(conditions, (condition) => {
        const soql = `SELECT Id FROM Contact WHERE ${conditionAmong(condition, ids)}`;
        // What Salesforce would refuse does no harm.
        if (!isQueryValid(soql)) return;
        const {
          where,
          limit,
          orderBy,
          offset,
          for: locked,
          withClause,
        } = { withClause: undefined, ...parseQuery(soql) };
        expect([limit, orderBy, offset, locked, withClause]).to.deep.equal(Array(5).fill(undefined));
        const top = topOf(where);
        // This parser takes two conditions with nothing between them; Salesforce does not.
        if (top.joined.includes(undefined)) return;
        expect(top).to.deep.equal({ depth: 0, joined: [], field: 'Id', values: [`'${id}'`] });
      }),
      { numRuns: 500 },
    );
  });
});

/** The last operand of a condition, which is at the top level where the brackets before it are closed, and what joins it to others but AND. */
function topOf(where: unknown): Record<string, unknown> & { readonly joined: readonly unknown[] } {
  let depth = 0;
  const joined: unknown[] = [];
  let node: Record<string, unknown> | undefined = isRecord(where) ? where : undefined;
  for (;;) {
    const left = isRecord(node?.['left']) ? node['left'] : {};
    depth += Number(left['openParen'] ?? 0) - Number(left['closeParen'] ?? 0);
    const right = node?.['right'];
    if (!isRecord(right)) return { depth, joined, field: left['field'], values: left['value'] };
    const operator = node?.['operator'];
    if (depth === 0 && operator !== 'AND' && left['operator'] !== undefined) joined.push(operator);
    node = right;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

describe('conditions that are asked together', () => {
  it('are one where that may be, and stay bare', () => {
    const sub = 'Id IN (SELECT ContactId FROM Case)';
    const joined = anyOf(['A = 1 OR B = 2', sub, "C = 'select'"], 1000);
    expect(joined).to.deep.equal(["(A = 1 OR B = 2) OR (C = 'select')", sub]);
    for (const condition of joined) expect(faultsOfCondition(condition)).to.deep.equal([]);
  });

  it('are parted where they would be too long, and none is lost', () => {
    const all = Array.from({ length: 50 }, (_, n) => `Name = '${'x'.repeat(90)}${String(n)}'`);
    const joined = anyOf(all, 1000);
    for (const condition of joined) expect(condition.length).to.be.at.most(1000);
    for (const condition of all) expect(joined.filter((each) => each.includes(`(${condition})`))).to.have.length(1);
    expect(anyOf([], 1000)).to.deep.equal([]);
  });
});

describe('the records that a condition looks at', () => {
  const named = (condition: string): string[] =>
    recordsReached(condition, 'Contact').map(({ object, relationships }) => [object, ...relationships].join('.'));

  const cases: ReadonlyArray<readonly [condition: string, names: readonly string[]]> = [
    ['A = 1', ['Contact']],
    ["Account.Parent.Type = 'x' AND Contact.Name = 'y.z'", ['Contact', 'Contact.Account', 'Contact.Account.Parent']],
    [
      'Id IN (SELECT ContactId FROM Case WHERE (Asset.A__c = 1)) AND Owner.Name = null',
      ['Case', 'Case.Asset', 'Contact', 'Contact.Owner'],
    ],
    ["Id IN (SELECT c__c FROM Seat__c s WHERE s.Plan__r.Name = '(FROM x)')", ['Seat__c', 'Seat__c.Plan__r', 'Contact']],
    [
      'Id IN (SELECT Deal__r.Contact__c FROM Share__c AS s) OR Id NOT IN (select ContactId from case)',
      ['Share__c', 'Share__c.Deal__r', 'case', 'Contact'],
    ],
    [
      'A IN (SELECT B FROM C WHERE D IN (SELECT E FROM F WHERE G.H = 1) AND I.J = 1)',
      ['F', 'F.G', 'C', 'C.I', 'Contact'],
    ],
    ['account.A = 1 OR Account.A = 2', ['Contact', 'Contact.account']],
  ];
  for (const [condition, names] of cases) {
    it(condition, () => {
      expect(faultsIn(condition)).to.deep.equal([]);
      expect(named(condition)).to.have.members(names);
    });
  }
});
