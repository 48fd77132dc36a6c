/** A page of ours in a real browser: what a person sees of it, does with it, and gets from it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { openBrowser } from './browser.ts';

export class OpenPage {
  /** Errors, and whatever it asks of anything else. */
  readonly troubles: string[] = [];
  page: Page;
  private readonly browser: Browser;
  private readonly folder: string;

  private constructor(browser: Browser, page: Page, folder: string) {
    this.browser = browser;
    this.page = page;
    this.folder = folder;
    this.watch(page);
  }

  /** @returns undefined where there is no browser */
  static async inBrowser(): Promise<OpenPage | undefined> {
    const folder = mkdtempSync(join(tmpdir(), 'portal-users-page-'));
    const browser = await openBrowser(folder);
    return browser && new OpenPage(browser, await browser.newPage(), folder);
  }

  async close(): Promise<void> {
    await this.browser.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async open(html: string): Promise<void> {
    this.troubles.length = 0;
    await this.page.setViewport({ width: 1200, height: 900 });
    writeFileSync(join(this.folder, 'report.html'), html);
    await this.page.goto(pathToFileURL(join(this.folder, 'report.html')).href);
  }

  /** Goes on in a browser of another language. */
  async speak(locale: string): Promise<void> {
    this.page = await this.browser.newPage();
    this.watch(this.page);
    await (await this.page.createCDPSession()).send('Emulation.setLocaleOverride', { locale });
  }

  async texts(selector: string): Promise<string[]> {
    return this.page.$$eval(selector, (found) => found.map((element) => element.textContent.trim()));
  }

  /** All that can be read. */
  async visibleText(): Promise<string> {
    return this.page.$eval('body', (body) => body.innerText);
  }

  async search(words: string): Promise<void> {
    await this.page.$eval('#search', (input) => ((input as HTMLInputElement).value = ''));
    await this.page.type('#search', words);
    if (words === '') await this.page.$eval('#search', (input) => input.dispatchEvent(new Event('input')));
  }

  /** What a click of the button saves. */
  async saved(button: string): Promise<string> {
    const before = new Set(readdirSync(this.folder));
    await this.page.click(button);
    for (let tries = 0; tries < 200; tries++) {
      const file = readdirSync(this.folder).find((name) => !before.has(name) && !name.endsWith('.crdownload'));
      // The browser may make the file before it moves what it has saved there.
      const text = file === undefined ? '' : readFileSync(join(this.folder, file), 'utf8');
      if (file !== undefined && text !== '') {
        rmSync(join(this.folder, file));
        return text;
      }
      await sleep(20);
    }
    throw new Error(`${button} saves nothing`);
  }

  async printedPages(): Promise<number> {
    const pdf = Buffer.from(await this.page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
    return [...pdf.matchAll(/\/Type\s*\/Page\b/gu)].length;
  }

  /** What axe-core finds wrong, in light and in dark. */
  async barriers(): Promise<string[]> {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    const found: string[] = [];
    for (const value of ['light', 'dark']) {
      await this.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await this.page.evaluate(axe);
      const ids = await this.page.evaluate(async () => {
        type Axe = { run(): Promise<{ violations: Array<{ id: string; nodes: Array<{ html: string }> }> }> };
        const { violations } = await (window as unknown as { axe: Axe }).axe.run();
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
      });
      found.push(...ids.map((id) => `${value}: ${id}`));
    }
    return found;
  }

  private watch(page: Page): void {
    page.on('pageerror', (error) => this.troubles.push(String(error)));
    page.on('console', (message) => this.troubles.push(message.text()));
    page.on('request', (request) => {
      if (!/^(?:file|blob):/u.test(request.url())) this.troubles.push(request.url());
    });
  }
}
