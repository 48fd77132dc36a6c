/** summary.md is GitHub Flavored Markdown whatever its texts hold, and names nobody; read by a parser of Markdown. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { lexer, walkTokens, type Token, type Tokens } from 'marked';
import type { SummaryFacts } from '../../../../lib/model/fileTexts.js';
import type { RunResult } from '../../../../lib/model/result.js';
import { runSummary } from '../../../../lib/report/summary/runSummary.js';
import { mainProfile, RunLab } from '../../../scenarios/runLab.ts';
import { planOfReadme, resultOfReadme } from '../screens/runViews.ts';

const facts: SummaryFacts = {
  plannedAt: '2026-11-29T10:00:00.000Z',
  condition: "Account.Type = 'Customer' AND Email != 'jo|e@acme.example' LIMIT 10",
  fromRun: undefined,
  inactiveSince: undefined,
  neverLoggedInSince: undefined,
  end: { end: 'planned' },
  next: [],
};

function allTokens(text: string): Token[] {
  const found: Token[] = [];
  void walkTokens(lexer(text), (token) => {
    found.push(token);
  });
  return found;
}

const isTable = (token: Token): token is Tokens.Table => token.type === 'table';
const isCode = (token: Token): token is Tokens.Codespan => token.type === 'codespan';

/** One title, tables as wide as their heads, no markup but ours, commands in code. @returns the words of the title */
function expectMarkdown(text: string): string {
  const tokens = allTokens(text);
  const [title, ...others] = tokens.filter((token): token is Tokens.Heading => token.type === 'heading');
  expect(others).to.deep.equal([]);
  for (const table of tokens.filter(isTable)) {
    for (const row of table.rows) expect(row.length).to.equal(table.header.length);
  }
  // A row that its table does not take is a paragraph.
  for (const token of tokens) if (token.type === 'paragraph') expect(token.raw).not.to.match(/^\|/);
  for (const token of tokens.filter(({ type }) => type === 'html')) expect(token.raw).to.equal('<br>');
  for (const type of ['em', 'link', 'image', 'del']) {
    const found = tokens.filter((token) => token.type === type).map(({ raw }) => raw);
    // An address links itself.
    expect(found.filter((raw) => !raw.includes('@'))).to.deep.equal([]);
  }
  for (const token of tokens) {
    if (token.type === 'text' && !('tokens' in token)) expect(token.raw).not.to.match(/sf [a-z]+ .*--/);
  }
  return title?.text ?? '';
}

describe('summary.md', () => {
  it('tells where, who, when, what was selected, what is to be decided, and why records were refused', async () => {
    const lab = await RunLab.start();
    const { result } = await lab.create({ profile: mainProfile, dryRun: true, allowWelcomeEmails: false });
    const text = readFileSync(result.files.summary, 'utf8');
    await lab.stop();
    const create = result.counts.planned;
    expect(expectMarkdown(text)).to.equal(`${create} users to create in lab (production): nothing is written yet`);
    expect(text)
      .to.match(/^- Org: lab \(production\), 00D\w{15}$/m)
      .and.to.match(/^- By: \S+@\S+$/m)
      .and.to.match(/^- Plan made: \d{4}-\d\d-\d\d \d\d:\d\d UTC$/m)
      .and.to.match(/^- Selected: \d+ records by a condition$/m)
      .and.to.match(/^- Condition: `.*'…'.*`$/m)
      .and.to.match(/^\*\*To be decided before the plan is applied\*\*\n\n- Salesforce would send/m)
      .and.to.include('To agree: `--allow-welcome-emails`');
    const codes = allTokens(text).filter(isCode);
    for (const reason of Object.keys(result.refusedByReason)) expect(codes.map((it) => it.text)).to.include(reason);
    expect(codes.filter((it) => it.text.startsWith('sf '))).not.to.deep.equal([]);
  });

  it('says that and why a run has stopped, without what Salesforce quotes', () => {
    const stopped: RunResult = {
      ...resultOfReadme(),
      counts: { ...resultOfReadme().counts, succeeded: 0, created: 0, failed: 1, pending: 188 },
    };
    const message = "portal user already exists for 'Bob Nomail' <bob@acme.example> on 003000000000001AAA";
    const text = runSummary(stopped, { ...facts, end: { end: 'org', code: 'X_Y', message } }, 'acme');
    expect(expectMarkdown(text)).to.equal('0 of 189 done in acme (production), and 188 not finished');
    expect(text).to.match(
      /^> Stopped, because Salesforce would refuse every row for the same reason: X\\_Y: portal user/m,
    );
    expect(text).not.to.match(/Bob|bob@|003000000000001AAA|jo\|e/);
    const declined = runSummary(planOfReadme(), { ...facts, end: { end: 'declined' } }, 'acme');
    expect(declined).to.match(/^> You answered no\. Nothing was changed\.$/m);
    const underway = runSummary({ ...stopped, state: 'running' }, { ...facts, end: undefined }, 'acme');
    expect(underway).to.match(/^> The run is under way, or its process was killed\./m);
  });

  it('ends with the commands that go on with the run, but for those with a condition', () => {
    const next = [
      { purpose: 'retryRefused', command: `sf portal users disable --file /r --protect "Name = 'Bob'"` },
      { purpose: 'undo', command: 'sf portal users enable --from-run /r --allow-welcome-emails' },
    ] as const;
    const text = runSummary(resultOfReadme(), { ...facts, next }, 'acme');
    expect(text).to.match(
      /\n\n\*\*What to do next\*\*\n\n- Undo this run \(this may send welcome emails\):\n {2}```sh\n {2}sf portal users enable [^\n]*\n {2}```\n$/,
    );
    const [block] = allTokens(text).filter((token): token is Tokens.Code => token.type === 'code');
    expect(block).to.include({ lang: 'sh', text: next[1].command });
    expect(text).not.to.include('Bob');
    expect(runSummary(resultOfReadme(), facts, 'acme')).not.to.include('What to do next');
  });

  it('shows markup in the names of an org as it is', () => {
    const odd = '*A* _b_ `c` | <i>d</i> [e](f) ~~g~~ &amp; \\|';
    const plan: RunResult = {
      ...planOfReadme(),
      licenses: [{ name: odd, total: 500, used: 29, needed: 189 }],
      guards: [
        { code: 'x', kind: 'warning', message: `About ${odd}`, advice: `See ${odd}:\nsf org open --path "a|b"` },
      ],
      failedByCode: { 'A|B`C': 1 },
    };
    const text = runSummary(plan, { ...facts, condition: "Name = 'x' AND F__c = `|` " }, 'a|*b*`c`');
    expect(expectMarkdown(text)).to.match(/^189 users to create in /);
    const codes = allTokens(text).filter(isCode);
    expect(codes.map((it) => it.text)).to.include('A|B`C');
    const [block] = allTokens(text).filter((token): token is Tokens.Code => token.type === 'code');
    expect(block).to.include({ lang: 'sh', text: 'sf org open --path "a|b"' });
  });
});
