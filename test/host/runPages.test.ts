/** report.html of real runs in a real browser: each operation's page says the numbers of its result, and everybody can use it. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { personStates, type PersonState } from '../../lib/model/pageData.js';
import { among, makeUsers } from '../scenarios/changeLab.ts';
import { mainProfile, RunLab, type Run } from '../scenarios/runLab.ts';
import { active, SyncLab } from '../scenarios/sync/syncLab.ts';
import { validationRule } from '../simulated-org/dml/automation.ts';
import { OpenPage } from './openPage.ts';

/** Runs in this order, each on what those before it have left: a run that failed in part, one that has everything done, plans. */
async function makeRuns(lab: RunLab): Promise<ReadonlyArray<readonly [of: string, run: Run]>> {
  const [unlucky] = lab.freeContacts();
  lab.org.rules.automation.add(
    validationRule('User', ({ record }) => record['ContactId'] === unlucky?.Id, 'Not "this" <one>.'),
  );
  const plan = await lab.create({ dryRun: true });
  const create = await lab.create({ permissionSets: ['Portal_Documents'] });
  const disable = await lab.change({ mode: 'freeze', fromRun: create.folder, releaseLicenses: false });
  const enable = await lab.change({ operation: 'enable', mode: undefined, fromRun: disable.folder });
  const invite = await lab.invite({ where: among(makeUsers(lab, mainProfile, 3)) });
  const sync = await SyncLab.ofAll(lab).sync(active, { dryRun: true });
  return Object.entries({ plan, create, disable, enable, invite, sync });
}

describe('report.html of real runs in a browser', () => {
  let browser: OpenPage;
  let lab: RunLab;
  let runs: ReadonlyArray<readonly [of: string, run: Run]>;
  let close = (): Promise<void> => Promise.resolve();

  before(async function () {
    const opened = await OpenPage.inBrowser();
    if (opened === undefined) this.skip();
    browser = opened;
    lab = await RunLab.start();
    close = async () => {
      await opened.close();
      await lab.stop();
    };
    runs = await makeRuns(lab);
  });
  after(() => close());

  /** How many people the table has in a state. */
  const inState = async (state: PersonState): Promise<number> => {
    await browser.page.select('#state', state);
    const [position = ''] = await browser.texts('#position');
    return Number(/ of ([\d,]+)$/u.exec(position)?.[1]?.replaceAll(',', ''));
  };

  it('says the numbers of the result, above the table and in it, has no barriers, and loads nothing', async () => {
    const seen = new Set<PersonState>();
    for (const [of, { result }] of runs) {
      await browser.open(readFileSync(result.files.report, 'utf8'));
      const shown = ['succeeded', 'pending', 'failed', 'unknown', 'refused', 'unchanged'] as const;
      const amounts = shown.map((state) => result.counts[state]).filter((amount) => amount > 0);
      expect(await browser.texts('.counts dd'), of).to.deep.equal(
        amounts.map((amount) => amount.toLocaleString('en-US')),
      );
      for (const state of personStates.filter((each) => result.counts[each] > 0)) {
        expect(await inState(state), `${of}: ${state}`).to.equal(result.counts[state]);
        seen.add(state);
      }
      const text = await browser.visibleText();
      for (const command of result.next) expect(text, of).to.include(command);
      expect(await browser.barriers(), of).to.deep.equal([]);
      expect(browser.troubles, of).to.deep.equal([]);
    }
    expect([...seen]).to.include.members(['succeeded', 'pending', 'failed', 'refused', 'unchanged']);
  });

  it('can be read in windows of usual widths: no word of a command is broken, and Detail is in sight', async () => {
    let details = 0;
    for (const [of, { result }] of runs) {
      await browser.open(readFileSync(result.files.report, 'utf8'));
      for (const width of [1000, 1280, 1920]) {
        const where = `${of} at ${String(width)}`;
        await browser.page.setViewport({ width, height: 900 });
        const broken = await browser.page.$$eval('pre', brokenWords);
        expect(broken, where).to.deep.equal([]);
        const ends = await browser.page.$$eval('#rows thead th', detailEnds);
        details += ends.length;
        for (const [detail, table] of ends) expect(detail, where).to.be.at.most(table);
        expect(await browser.page.evaluate(() => document.documentElement.scrollWidth), where).to.be.at.most(width);
      }
    }
    expect(details).to.be.above(0);
  });
});

/** Words that don't stand in one line. */
function brokenWords(commands: Element[]): string[] {
  return commands.flatMap((command) => {
    const texts = document.createTreeWalker(command, NodeFilter.SHOW_TEXT);
    const broken: string[] = [];
    for (let text = texts.nextNode(); text !== null; text = texts.nextNode()) {
      for (const { 0: word, index } of (text.textContent ?? '').matchAll(/\S+/gu)) {
        const range = document.createRange();
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (range.getClientRects().length > 1) broken.push(word);
      }
    }
    return broken;
  });
}

/** Where the column ends, and where what can be seen of the table does. */
function detailEnds(heads: Element[]): Array<[column: number, table: number]> {
  const end = document.querySelector('.people-table .scroll')?.getBoundingClientRect().right ?? NaN;
  const details = heads.filter((head) => head.textContent.trim() === 'Detail');
  return details.map((head) => [head.getBoundingClientRect().right, end]);
}
