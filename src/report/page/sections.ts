/** The parts of report.html above its table, from top to bottom. */
import { addressLike } from '../../model/privacy/maskedText.js';
import { fill } from '../texts.js';
import { bar, timeline } from './charts.js';
import { markup, type Html } from './html.js';
import type { FigureRow, PageContent, PageFigures, PageNote, PageReason } from './pageContent.js';

export function word(key: string, facts: Record<string, string | number> = {}): string {
  return fill('reportPage', key, facts);
}

/** `2026-11-29 10:58 UTC`. @param iso a time in UTC */
export function timeText(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

export function section(heading: string, body: Html, className = ''): Html {
  return markup`<section class="${className}">
    <h2>${heading}</h2>
    ${body}
  </section>`;
}

/** Scrolls sideways by itself, also by the keyboard. @param name for those who can't see it */
export function scrollable(name: string, table: Html): Html {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${name}">${table}</div>`;
}

/** Of an element that names somebody, or may: nothing of it is in a page that is saved without names. */
function names(isName: boolean): Html {
  return isName ? markup` data-names` : markup``;
}

export function header({
  title,
  headline,
  isProduction,
  facts,
}: Pick<PageContent, 'title' | 'headline' | 'isProduction' | 'facts'>): Html {
  const kind = isProduction ? 'production' : 'sandbox';
  const list = facts.map(
    ({ label, value, id, isName }) =>
      markup`<div${names(isName)}>
        <dt>${label}</dt>
        <dd>${value}${id === undefined ? undefined : markup` <span class="whole">(${id})</span>`}</dd>
      </div>`,
  );
  return markup`<header>
    <p class="eyebrow">${title} <span class="badge ${kind}">${word(kind)}</span></p>
    <h1>${headline}</h1>
    <dl class="facts">
      ${list}
    </dl>
  </header>`;
}

type Outcome = Pick<PageContent, 'outcome' | 'counts' | 'further' | 'notes'>;

export function outcomeBar({ outcome: heading, counts, further, notes }: Outcome): Html {
  const inWords = counts.map(({ label, amount }) => `${label}: ${amount.toLocaleString('en-US')}`);
  const shares = counts.map(({ state, amount }) => ({ className: state, amount }));
  const parts = counts.map(({ state, label, amount }) => countItem(dot(state), label, amount));
  const others = further.map(({ label, amount }) => countItem(markup``, label, amount));
  const list = notes.map(noteItem);
  const remarks = notes.length === 0 ? markup`` : markup`<ul class="notes">${list}</ul>`;
  return section(
    heading,
    markup`${bar(shares, inWords.join(', '))}
      <dl class="counts">${parts}${others}</dl>
      ${remarks}`,
  );
}

function countItem(mark: Html, label: string, amount: number): Html {
  return markup`<div>
    <dt>${mark}${label}</dt>
    <dd>${amount}</dd>
  </div>`;
}

function dot(state: string): Html {
  return markup`<svg class="dot" viewBox="0 0 10 10" aria-hidden="true"><circle class="${state}" cx="5" cy="5" r="5" /></svg>`;
}

function noteItem({ kind, text, advice }: PageNote): Html {
  return markup`<li class="is-${kind}">
    <p>${namesApart(text)}</p>
    ${adviceHtml(advice)}
  </li>`;
}

/** The username of who runs this, or the address of a sender, names somebody. */
function namesApart(text: string): Html {
  const named = text.match(addressLike) ?? [];
  return markup`${text.split(addressLike).map((words, n) => markup`${unbroken(words, flag)}${nameIn(named[n])}`)}`;
}

const flag = /(--[a-z][a-z-]*)/u;

/** What is found stays in one line; a browser breaks words at their hyphens. @param found in a group */
function unbroken(text: string, found: RegExp): Html {
  return markup`${text.split(found).map((part, n) => (n % 2 === 0 ? markup`${part}` : markup`<span class="whole">${part}</span>`))}`;
}

/** It names files of this machine, and so perhaps somebody. */
function commandHtml(command: string): Html {
  return markup`<pre data-names>${unbroken(command, /(\S+)/u)}</pre>`;
}

function nameIn(name: string | undefined): Html | undefined {
  return name === undefined ? undefined : markup`<span class="who"><span data-names>${name}</span></span>`;
}

/** Commands stand on lines of their own. */
function adviceHtml(advice: string | undefined): Html {
  const lines = (advice ?? '').split(/\n|(?<=:) (?=sf [a-z])/u).filter((line) => line.trim() !== '');
  return markup`${lines.map((line) => (/^\s*sf [a-z]/u.test(line) ? commandHtml(line.trim()) : markup`<p class="advice">${namesApart(line)}</p>`))}`;
}

export function nextSteps({ next }: Pick<PageContent, 'next'>): Html {
  if (next.length === 0) return markup``;
  const steps = next.map(
    ({ text, command }) =>
      markup`<p>${text}</p>
        ${commandHtml(command)}`,
  );
  return section(word('heading.next'), markup`${steps}`, 'next');
}

export function reasons({ reasons: all }: PageContent): Html {
  if (all.length === 0) return markup``;
  return section(word('heading.reasons'), markup`<ul class="reasons">${all.map(reasonItem)}</ul>`, 'long');
}

function reasonItem({ state, label, code, text, quote, advice, count, people }: PageReason): Html {
  const more = count - people.length;
  const who = [...people, ...(more > 0 && people.length > 0 ? [word('more', { more })] : [])].join(', ');
  const words = text === undefined ? markup`` : markup`<strong>${text}</strong>`;
  const said = quote === undefined ? markup`` : markup`<p data-names>${quote}</p>`;
  const whom = people.length === 0 ? markup`` : markup`<p class="people" data-names>${who}</p>`;
  return markup`<li>
    <span class="figure">${count}</span>
    <div>
      <p><span class="state is-${state}">${label}</span> ${words} <span class="code">${code}</span></p>
      ${said}${whom}${adviceHtml(advice)}
    </div>
  </li>`;
}

export function figures({ figures: tables }: PageContent): Html {
  return markup`${tables.map(figureTable)}`;
}

function figureTable({ heading, name, heads, rows, note }: PageFigures): Html {
  const hasBars = rows.some((row) => row.bar !== undefined);
  const barHead = hasBars ? markup`<td class="picture"></td>` : markup``;
  const table = markup`<table class="figures">
    <thead>
      <tr>
        <th scope="col">${name}</th>
        ${barHead}${heads.map((head) => markup`<th scope="col" class="number">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => figureRow(row, hasBars))}
    </tbody>
  </table>`;
  const remark = note === undefined ? markup`` : markup`<p class="note">${note}</p>`;
  return section(heading, markup`${scrollable(heading, table)}${remark}`);
}

function figureRow({ kind, name, bar: picture, cells }: FigureRow, hasBars: boolean): Html {
  const drawn = picture === undefined ? markup`` : bar(picture.shares, picture.title);
  const barCell = hasBars ? markup`<td class="picture">${drawn}</td>` : markup``;
  return markup`<tr class="is-${kind}">
    <th scope="row">${name}</th>
    ${barCell}${cells.map((cell) => markup`<td class="number${cell === '0' ? ' zero' : ''}">${cell}</td>`)}
  </tr>`;
}

/** The last jobs of a run that has many. */
const mostJobs = 200;

export function jobs({ jobs: all }: PageContent): Html {
  if (all.length === 0) return markup``;
  const shown = all.slice(-mostJobs);
  const items = shown.map(({ title }) => markup`<li>${title}</li>`);
  const picture = timeline(shown, word('jobsInWords', { jobs: all.length }));
  const [first, last] = [Math.min(...shown.map(({ from }) => from)), Math.max(...shown.map(({ to }) => to))];
  return section(
    word('heading.jobs', { jobs: all.length }),
    markup`${picture}
      <p class="axis"><span>${clockTime(first)}</span><span>${clockTime(last)}</span></p>
      <details>
        <summary>${word('jobsAsText')}</summary>
        <ol>${items}</ol>
      </details>`,
  );
}

/** `10:58:07 UTC` */
function clockTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 19)} UTC`;
}
