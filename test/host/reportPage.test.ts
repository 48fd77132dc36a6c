/** report.html in a real browser: what it says, what it does, and that no text of an org is anything but text. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { ListResult } from '../../lib/model/access/userList.js';
import type { PersonState } from '../../lib/model/pageData.js';
import type { PageContent } from '../../lib/report/page/pageContent.js';
import { reportPage } from '../../lib/report/page/reportPage.js';
import { PortalOrg } from '../scenarios/commands/portalOrg.ts';
import { OpenPage } from './openPage.ts';

const hostile = [
  '<script>window.ran = true</script>',
  '</script><img src=x onerror="window.ran = true">',
  '${window.ran = true} "q" \'a\' &amp; <!--',
  'مرحبا بالعالم \u202e txt.exe',
  '=HYPERLINK("http://evil.example")',
  'W'.repeat(80),
  'José Álvarez',
];

/** A page, and what it was made of. */
type Sample = {
  readonly html: string;
  readonly headline: string;
  /** By the label of the state. */
  readonly counts: ReadonlyArray<readonly [label: string, amount: number]>;
  /** Numbers that stand beside them. */
  readonly further: readonly number[];
  /** In their order. */
  readonly names: readonly string[];
  /** Of each row, in the order of the names. */
  readonly ids: readonly string[];
  /** All that names somebody. */
  readonly naming: readonly string[];
};

const runCounts = { Done: 240, Failed: 3, Refused: 7 };

function runContent(people: number): PageContent {
  const stateOf = (n: number): PersonState => (n < 3 ? 'failed' : n < 10 ? 'refused' : 'succeeded');
  const hostileText = (n: number): string => hostile[n % hostile.length] ?? '';
  const rows = Array.from({ length: people }, (_, n) => [
    stateOf(n),
    `${hostileText(n)} ${String(n)}`,
    n < 10 ? `-2+3 of ${hostileText(n)}` : '',
    `003${String(n).padStart(15, '0')}`,
  ]);
  const count = (state: PersonState): number => rows.filter(([each]) => each === state).length;
  const labels = { succeeded: 'Done', failed: 'Failed', refused: 'Refused' } as const;
  const command = `sf portal users create --where "Name = '<script>'"`;
  return {
    title: 'Create portal users',
    headline: `${hostileText(0)} users were created`,
    isProduction: true,
    facts: [
      { label: 'Org', value: hostileText(1), isName: false },
      { label: 'User', value: 'wanda.worker@acme.example', isName: true },
    ],
    outcome: 'Outcome',
    counts: (['succeeded', 'failed', 'refused'] as const).map((state) => ({
      state,
      label: labels[state],
      amount: count(state),
    })),
    further: [],
    notes: [
      { kind: 'decision', text: hostileText(0), advice: `${hostileText(1)}: ${command}` },
      { kind: 'warning', text: hostileText(2), advice: undefined },
      { kind: 'fact', text: "wanda.worker@acme.example can't see it.", advice: 'Ask wanda.worker@acme.example.' },
    ],
    next: [{ text: 'Undo this run:', command }],
    reasons: [
      {
        state: 'refused',
        label: 'Refused',
        code: 'NO_EMAIL',
        text: 'no email address',
        quote: `${hostileText(6)} has none`,
        advice: `Fill it in: ${command}`,
        count: 7,
        people: hostile,
      },
    ],
    figures: [
      {
        heading: 'Steps',
        name: 'Step',
        heads: ['Done', 'Failed'],
        rows: [
          {
            kind: 'item',
            name: hostileText(2),
            bar: {
              shares: [
                { className: 'succeeded', amount: 99_999 },
                { className: 'failed', amount: 1 },
              ],
              title: `${hostileText(2)}: 99,999 done, 1 failed`,
            },
            cells: ['99,999', '1'],
          },
        ],
        note: hostileText(4),
      },
    ],
    jobs: [
      { from: 0, to: 1000, isFailed: false, title: hostileText(0) },
      { from: 500, to: 1500, isFailed: true, title: hostileText(1) },
    ],
    people: 'People',
    columns: [
      { key: 'state', label: 'State', isName: false },
      { key: 'name', label: 'Name', isName: true },
      { key: 'detail', label: 'Detail', isName: true },
      { key: 'contactId', label: 'ContactId', isName: false },
    ],
    rows,
    total: people,
    fileName: 'a-run',
  };
}

async function runSample(): Promise<Sample> {
  const content = runContent(250);
  return {
    html: [...reportPage(content)].join(''),
    headline: content.headline,
    counts: Object.entries(runCounts),
    further: [],
    names: content.rows.map(([, name = '']) => name),
    ids: content.rows.map(([, , , id = '']) => id),
    naming: ['José', 'مرحبا', 'WWWW', 'wanda.worker'],
  };
}

/** A real list of people with such names. */
async function listSample(): Promise<Sample> {
  const portal = await PortalOrg.start({ world: { large: { contacts: 1, users: 250 } } });
  const { store, clock } = portal.org;
  for (const [n, { Id, ContactId }] of store.find('User').entries()) {
    if (ContactId == null) continue;
    const LastName = `${hostile[n % hostile.length] ?? ''} ${String(n)}`;
    const LastLoginDate = n % 3 === 0 ? null : new Date(clock.now() - n * 86_400_000).toISOString();
    store.update('User', Id, { FirstName: null, LastName, IsActive: n % 5 !== 0, LastLoginDate });
    for (const login of store.find('UserLogin', { UserId: Id }))
      store.update('UserLogin', login.Id, { IsFrozen: n % 4 === 0 });
  }
  const { result } = await portal.json<ListResult>(['list']);
  await portal.stop();
  const { summary, users, files } = result;
  expect(users.some(({ name }) => name.startsWith('José'))).to.equal(true);
  return {
    html: readFileSync(files.report, 'utf8'),
    headline: `${String(summary.users)} portal users`,
    counts: [
      ['Active', summary.active ?? NaN],
      ['Frozen', summary.frozen ?? NaN],
      ['Inactive', summary.inactive],
    ],
    further: [summary.neverLoggedIn ?? NaN, summary.idle ?? NaN],
    names: users.map(({ name }) => name),
    ids: users.map(({ id }) => id),
    naming: ['José', 'مرحبا', 'WWWW', summary.username, ...users.map(({ username }) => username)],
  };
}

const samples = { 'a run': runSample, 'a list': listSample };

for (const [kind, make] of Object.entries(samples)) {
  describe(`report.html of ${kind} in a browser`, () => {
    let browser: OpenPage;
    let close = (): Promise<void> => Promise.resolve();
    let sample: Sample;

    before(async function () {
      const opened = await OpenPage.inBrowser();
      // Outside CI, a machine without a browser says so.
      if (opened === undefined) this.skip();
      browser = opened;
      close = () => opened.close();
      sample = await make();
    });
    beforeEach(() => browser.open(sample.html));
    afterEach(() => {
      expect(browser.troubles).to.deep.equal([]);
    });
    after(() => close());

    const names = (): Promise<string[]> => browser.texts('#rows tbody td.name:nth-child(2)');
    const sum = (): number => sample.counts.reduce((all, [, amount]) => all + amount, 0);

    it('shows every text as text, runs nothing of it and loads nothing', async () => {
      expect(await browser.page.evaluate(() => 'ran' in window)).to.equal(false);
      expect(await browser.texts('h1')).to.deep.equal([sample.headline]);
      expect(await names()).to.deep.equal(sample.names.slice(0, 100).map((name) => name.trim()));
      expect(await browser.page.$$eval('img, iframe, link, script[src]', (found) => found.length)).to.equal(0);
    });

    it('says the numbers of the JSON', async () => {
      const amounts = sample.counts.map(([, amount]) => String(amount));
      expect(await browser.texts('.counts dd')).to.deep.equal([...amounts, ...sample.further.map(String)]);
      expect(await browser.page.$eval('.bar', (bar) => bar.getAttribute('aria-label'))).to.equal(
        sample.counts.map(([label, amount]) => `${label}: ${String(amount)}`).join(', '),
      );
      expect(await browser.texts('#position')).to.deep.equal([`1 to 100 of ${String(sum())}`]);
    });

    it('finds people, whatever the case and the accents, and shows those in one state', async () => {
      await browser.search('jose');
      const found = sample.names.filter((name) => name.startsWith('José'));
      expect(await names()).to.deep.equal(found);
      await browser.search('');
      for (const [label, amount] of sample.counts) {
        const state = await browser.page.$$eval(
          '#state option',
          (all, text) => all.find((option) => option.textContent === text)?.value ?? '',
          label,
        );
        await browser.page.select('#state', state);
        expect(new Set(await browser.texts('#rows tbody td:first-child'))).to.deep.equal(new Set([label]));
        expect((await browser.texts('#position'))[0]).to.match(new RegExp(` of ${String(amount)}$`, 'u'));
      }
    });

    it('sorts by a column by the keyboard, both ways, and says so', async () => {
      const columns = await browser.texts('#rows th');
      const last = String(columns.length - 1);
      await browser.page.focus(`th button[data-column="${last}"]`);
      const byNumbers = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
      const ids = sample.ids.toSorted((one, other) => byNumbers.compare(one, other));
      for (const [order, first] of [
        ['ascending', ids.slice(0, 5)],
        ['descending', ids.slice(-5).reverse()],
      ] as const) {
        await browser.page.keyboard.press('Enter');
        expect(await browser.page.$eval('#rows th:last-child', (head) => head.ariaSort)).to.equal(order);
        expect((await browser.texts('#rows tbody td:last-child')).slice(0, 5)).to.deep.equal(first);
      }
    });

    it('turns pages', async () => {
      await browser.page.click('#next');
      await browser.page.click('#next');
      expect(await browser.texts('#position')).to.deep.equal([`201 to ${String(sum())} of ${String(sum())}`]);
      expect(await browser.page.$eval('#next', (button) => (button as HTMLButtonElement).disabled)).to.equal(true);
    });

    it('hides names', async () => {
      const isVisible = (cells: Element[]): boolean[] => cells.map((cell) => cell.checkVisibility());
      expect(await browser.page.$$eval('#rows .name', isVisible)).to.include(true);
      await browser.page.click('#hide-names');
      expect(await browser.page.$$eval('#rows .name', isVisible)).to.not.include(true);
      const text = await browser.visibleText();
      for (const name of sample.naming) expect(text).to.not.include(name);
    });

    it('saves what is shown for Excel: with a mark for UTF-8, and no cell that is a formula', async () => {
      await browser.search('evil.example');
      const text = await browser.saved('#save-excel');
      expect(text.startsWith('\u{FEFF}')).to.equal(true);
      const [heads = [], ...rows]: string[][] = parse(text, { bom: true });
      expect(heads).to.deep.equal(await browser.texts('#rows th'));
      const found = sample.names.filter((name) => name.includes('evil.example'));
      expect(rows.map(([, name]) => name)).to.deep.equal(
        found.map((name) => (name.startsWith('=') ? `'${name}` : name)),
      );
      expect(rows.flat().filter((cell) => /^[=+\-@]/u.test(cell))).to.deep.equal([]);
    });

    it('saves a page that holds no names and works like this one', async () => {
      const text = await browser.saved('#save-without-names');
      for (const name of sample.naming) expect(text).to.not.include(name);
      expect(text).to.not.include('<pre');
      await browser.open(text);
      expect(await browser.texts('#rows th'))
        .to.include('State')
        .and.not.include('Name');
      expect(await browser.texts('#rows tbody td:last-child')).to.deep.equal(sample.ids.slice(0, 100));
      expect(await browser.texts('.counts dd')).to.include(String(sample.counts[0]?.[1]));
      await browser.page.click('th button[data-column="0"]');
    });

    it('fits a phone without scrolling sideways', async () => {
      await browser.page.setViewport({ width: 360, height: 740, isMobile: true });
      expect(await browser.page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(360);
    });

    it('prints all people', async () => {
      const printed = new Promise<string>((resolve) => {
        void browser.page.exposeFunction(`printed${kind.replace(' ', '')}`, resolve);
      });
      await browser.page.evaluate(
        (name) => {
          window.addEventListener('beforeprint', () => {
            const rows = document.querySelectorAll('#rows tbody tr').length;
            (window as unknown as Record<string, (rows: string) => void>)[name]?.(String(rows));
          });
        },
        `printed${kind.replace(' ', '')}`,
      );
      expect(await browser.printedPages()).to.be.at.least(5);
      expect(await printed).to.equal(String(sum()));
      expect((await names()).length).to.equal(100);
    });

    it('has nothing that axe-core finds, in light and in dark', async () => {
      expect(await browser.barriers()).to.deep.equal([]);
    });
  });
}

describe('report.html', () => {
  let browser: OpenPage;
  let close = (): Promise<void> => Promise.resolve();
  before(async function () {
    const opened = await OpenPage.inBrowser();
    if (opened === undefined) this.skip();
    browser = opened;
    close = () => opened.close();
  });
  after(() => close());

  it('forbids by its policy whatever is not part of it', async () => {
    await browser.open([...reportPage(runContent(5))].join(''));
    const ran = await browser.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      return 'ran' in window;
    });
    expect(ran).to.equal(false);
    expect(browser.troubles.join()).to.contain('Content Security Policy');
  });

  it('opens with 20,000 people', async () => {
    await browser.open([...reportPage(runContent(20_000))].join(''));
    expect(await browser.texts('#position')).to.deep.equal(['1 to 100 of 20,000']);
    expect(browser.troubles).to.deep.equal([]);
  });

  it('separates cells by semicolons where numbers have a decimal comma', async () => {
    await browser.speak('de-DE');
    await browser.open([...reportPage(runContent(5))].join(''));
    expect((await browser.saved('#save-excel')).split('\r\n')[0]).to.equal(
      '\u{FEFF}"State";"Name";"Detail";"ContactId"',
    );
  });
});
