/** report.html in a real browser: what it says, what it does, and that no text of an org is anything but text. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'puppeteer-core';
import type { PersonState } from '../../lib/model/pageData.js';
import type { PageContent } from '../../lib/report/page/pageContent.js';
import { reportPage } from '../../lib/report/page/reportPage.js';
import { openBrowser } from './browser.ts';

const hostile = [
  '<script>window.ran = true</script>',
  '</script><img src=x onerror="window.ran = true">',
  '${window.ran = true} "q" \'a\' &amp; <!--',
  'مرحبا بالعالم \u202e txt.exe',
  '=HYPERLINK("http://evil.example")',
  'W'.repeat(80),
  'José Álvarez',
];
const columns = [
  { key: 'state', label: 'State', isName: false },
  { key: 'name', label: 'Name', isName: true },
  { key: 'detail', label: 'Detail', isName: true },
  { key: 'contactId', label: 'ContactId', isName: false },
];

function content(people: number): PageContent {
  const stateOf = (n: number): PersonState => (n < 3 ? 'failed' : n < 10 ? 'refused' : 'succeeded');
  const rows = Array.from({ length: people }, (_, n) => [
    stateOf(n),
    `${hostile[n % hostile.length] ?? ''} ${String(n)}`,
    n < 10 ? `-2+3 of ${hostile[n % hostile.length] ?? ''}` : '',
    `003${String(n).padStart(15, '0')}`,
  ]);
  const count = (state: PersonState): number => rows.filter(([each]) => each === state).length;
  return {
    title: 'Create portal users',
    headline: `${hostile[0] ?? ''} users were created`,
    isProduction: true,
    facts: [['Org', hostile[1] ?? '']],
    counts: (['succeeded', 'failed', 'refused'] as const).map((state) => [state, count(state)]),
    notes: hostile,
    licenses: [{ name: hostile[2] ?? '', total: 500, before: 29, after: 215 }],
    reasons: [
      {
        state: 'refused',
        code: 'NO_EMAIL',
        text: 'no email address',
        advice: 'Fill it in.',
        count: 7,
        people: hostile,
      },
    ],
    jobs: [{ from: 0, to: 1000, isFailed: false, title: hostile[0] ?? '' }],
    next: [`sf portal users create --where "Name = '<script>'"`],
    columns,
    rows,
    total: people,
    fileName: 'a-run',
  };
}

describe('report.html in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portal-users-page-'));
  let browser: Browser | undefined;
  let page: Page;
  const troubles: string[] = [];

  const open = async (text: string): Promise<void> => {
    writeFileSync(join(folder, 'report.html'), text);
    await page.goto(pathToFileURL(join(folder, 'report.html')).href);
  };
  const texts = (selector: string): Promise<string[]> =>
    page.$$eval(selector, (found) => found.map((element) => element.textContent.trim()));
  const names = (): Promise<string[]> => texts('#rows tbody td.name:nth-child(2)');
  const type = async (words: string): Promise<void> => {
    await page.$eval('#search', (input) => ((input as HTMLInputElement).value = ''));
    await page.type('#search', words);
  };
  /** What a click of the button saves. */
  const saved = async (button: string): Promise<string> => {
    const before = new Set(readdirSync(folder));
    await page.click(button);
    for (let tries = 0; tries < 200; tries++) {
      const file = readdirSync(folder).find((name) => !before.has(name) && !name.endsWith('.crdownload'));
      if (file !== undefined) {
        const text = readFileSync(join(folder, file), 'utf8');
        rmSync(join(folder, file));
        return text;
      }
      await sleep(20);
    }
    throw new Error(`${button} saves nothing`);
  };

  before(async function () {
    browser = await openBrowser(folder);
    // Outside CI, a machine without a browser says so.
    if (browser === undefined) this.skip();
    page = await browser.newPage();
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => troubles.push(message.text()));
    page.on('request', (request) => {
      if (!/^(?:file|blob):/u.test(request.url())) troubles.push(request.url());
    });
  });
  beforeEach(async () => {
    troubles.length = 0;
    await page.setViewport({ width: 1200, height: 900 });
    await open(reportPage(content(250)));
  });
  afterEach(() => {
    expect(troubles).to.deep.equal([]);
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows every text as text, runs nothing of it and loads nothing', async () => {
    expect(await page.evaluate(() => 'ran' in window)).to.equal(false);
    expect(await texts('h1')).to.deep.equal([`${hostile[0] ?? ''} users were created`]);
    expect((await names()).slice(0, 7)).to.deep.equal(hostile.map((name, n) => `${name} ${String(n)}`));
    expect(await page.$$eval('img, iframe, link, script[src]', (found) => found.length)).to.equal(0);
  });

  it('forbids by its policy whatever is not part of it', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      return 'ran' in window;
    });
    expect(ran).to.equal(false);
    expect(troubles.join()).to.contain('Content Security Policy');
    troubles.length = 0;
  });

  it('says the numbers that it was given', async () => {
    expect(await texts('.counts dd')).to.deep.equal(['240', '3', '7']);
    expect(await page.$eval('.bar', (bar) => bar.getAttribute('aria-label'))).to.equal(
      'Done: 240, Failed: 3, Refused: 7',
    );
  });

  it('finds people, whatever the case and the accents, and shows those in one state', async () => {
    await type('jose');
    expect(await names()).to.deep.equal(
      Array.from({ length: 250 }, (_, n) => n)
        .filter((n) => n % 7 === 6)
        .map((n) => `José Álvarez ${String(n)}`)
        .slice(0, 100),
    );
    await type('');
    await page.select('#state', 'failed');
    expect(await texts('#rows tbody td:first-child')).to.deep.equal(['Failed', 'Failed', 'Failed']);
    expect(await texts('#position')).to.deep.equal(['1 to 3 of 3']);
  });

  it('sorts by a column, both ways, and says so', async () => {
    await page.select('#state', 'refused');
    await page.focus('th button[data-column="3"]');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect(await page.$eval('#rows th:nth-child(4)', (head) => head.getAttribute('aria-sort'))).to.equal('descending');
    expect((await texts('#rows tbody td.id'))[0]).to.equal('003000000000000009');
  });

  it('turns pages', async () => {
    await page.click('#next');
    await page.click('#next');
    expect(await texts('#position')).to.deep.equal(['201 to 250 of 250']);
    expect(await page.$eval('#next', (button) => (button as HTMLButtonElement).disabled)).to.equal(true);
  });

  it('hides names', async () => {
    await page.click('#hide-names');
    expect(await page.$$eval('#rows .name', (cells) => cells.filter((cell) => cell.checkVisibility()).length)).to.equal(
      0,
    );
  });

  it('saves what is shown for Excel: with a mark for UTF-8, and no cell that is a formula', async () => {
    await page.select('#state', 'refused');
    const text = await saved('#save-excel');
    expect(text.startsWith('\u{FEFF}')).to.equal(true);
    const rows: string[][] = parse(text, { bom: true });
    expect(rows[0]).to.deep.equal(['State', 'Name', 'Detail', 'ContactId']);
    expect(rows).to.have.length(8);
    expect(rows[2]?.[1]).to.equal(`'=HYPERLINK("http://evil.example") 4`);
    expect(rows.slice(1).every(([, , detail]) => detail?.startsWith("'-2+3"))).to.equal(true);
  });

  it('separates cells by semicolons where numbers have a decimal comma', async () => {
    const german = await browser?.newPage();
    if (german === undefined) throw new Error('no browser');
    await (await german.createCDPSession()).send('Emulation.setLocaleOverride', { locale: 'de-DE' });
    page = german;
    await open(reportPage(content(5)));
    expect((await saved('#save-excel')).split('\r\n')[0]).to.equal('\u{FEFF}"State";"Name";"Detail";"ContactId"');
  });

  it('saves a page that holds no names and works like this one', async () => {
    const text = await saved('#save-without-names');
    // The notes of this test are hostile texts as well, not names of people.
    const [data = ''] = /<script type="application\/json"[^]*?<\/script>/u.exec(text) ?? [];
    for (const name of ['José', 'evil.example', 'مرحبا']) expect(data).to.not.contain(name);
    expect(text).to.not.contain(' data-names');
    await open(text);
    expect(await texts('#rows th')).to.deep.equal(['State', 'ContactId']);
    expect((await texts('#rows tbody td.id')).length).to.equal(100);
  });

  it('fits a phone without scrolling sideways', async () => {
    await page.setViewport({ width: 360, height: 740, isMobile: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(360);
  });

  it('prints all people', async () => {
    await page.emulateMediaType('print');
    const pdf = Buffer.from(await page.pdf({ format: 'A4' })).toString('latin1');
    const pages = Number(/\/Type\s*\/Pages[^>]*\/Count (\d+)/u.exec(pdf)?.[1] ?? /\/Count (\d+)/u.exec(pdf)?.[1]);
    expect(pages).to.be.at.least(5);
    await page.emulateMediaType('screen');
    expect((await names()).length).to.equal(100);
  });

  it('has nothing that axe-core finds, in light and in dark', async () => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const value of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { violations } = await (
          window as unknown as { axe: { run(): Promise<{ violations: Array<{ id: string }> }> } }
        ).axe.run();
        return violations.map(({ id }) => id);
      });
      expect(found).to.deep.equal([]);
    }
  });

  it('opens with 20,000 people', async () => {
    await open(reportPage(content(20_000)));
    expect(await texts('#position')).to.deep.equal(['1 to 100 of 20,000']);
  });
});
