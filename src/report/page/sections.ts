/** The parts of report.html, from top to bottom. */
import { fill } from '../texts.js';
import { bar, timeline } from './charts.js';
import { markup, jsonInHtml, type Html } from './html.js';
import type { PageContent } from './pageContent.js';

export function word(key: string, facts: Record<string, string | number> = {}): string {
  return fill('reportPage', key, facts);
}

function section(heading: string, body: Html, className = ''): Html {
  return markup`<section class="${className}">
    <h2>${heading}</h2>
    ${body}
  </section>`;
}

/** Scrolls sideways by itself, also by the keyboard. @param name for those who can't see it */
function scrollable(name: string, table: Html): Html {
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="${name}">${table}</div>`;
}

export function factList({ facts, isProduction }: PageContent): Html {
  const kind = isProduction ? 'production' : 'sandbox';
  const list = facts.map(
    ([label, value]) =>
      markup`<div>
        <dt>${label}</dt>
        <dd>${value}</dd>
      </div>`,
  );
  return markup`<p><span class="badge ${kind}">${word(kind)}</span></p>
    <dl class="facts">${list}</dl>`;
}

export function outcomeBar({ counts, notes }: PageContent): Html {
  const inWords = counts.map(([state, amount]) => `${word(`state.${state}`)}: ${amount.toLocaleString('en-US')}`);
  const shares = counts.map(([className, amount]) => ({ className, amount }));
  const items = counts.map(
    ([state, amount]) =>
      markup`<div>
        <dt>
          <svg viewBox="0 0 10 10" aria-hidden="true"><circle class="${state}" cx="5" cy="5" r="5" /></svg
          >${word(`state.${state}`)}
        </dt>
        <dd>${amount}</dd>
      </div>`,
  );
  const list = notes.map((note) => markup`<p>${note}</p>`);
  return section(
    word('heading.outcome'),
    markup`${bar(shares, inWords.join(', '))}
      <dl class="counts">${items}</dl>
      ${list}`,
  );
}

export function nextSteps({ next }: PageContent): Html {
  if (next.length === 0) return markup``;
  const steps = next.map((command) => markup`<pre>${command}</pre>`);
  return section(word('heading.next'), markup`${steps}`);
}

export function reasons({ reasons: all }: PageContent): Html {
  if (all.length === 0) return markup``;
  const items = all.map(({ state, code, text, advice, count, people: names }) => {
    const more = count - names.length;
    const who = [...names, ...(more > 0 && names.length > 0 ? [word('more', { more })] : [])].join(', ');
    const whoLine = names.length === 0 ? markup`` : markup`<p class="people" data-names>${who}</p>`;
    return markup`<li>
      <span class="figure">${count}</span>
      <div>
        <p>
          <span class="state is-${state}">${word(`state.${state}`)}</span> ${text} <span class="code">${code}</span>
        </p>
        ${whoLine}
        <p class="advice">${advice}</p>
      </div>
    </li>`;
  });
  return section(
    word('heading.reasons'),
    markup`<ul class="reasons">
      ${items}
    </ul>`,
    'long',
  );
}

export function licenses({ licenses: all }: PageContent): Html {
  if (all.length === 0) return markup``;
  const rows = all.map(({ name, total, before, after }) => {
    const least = Math.min(before, after);
    const shares = [
      { className: 'taken', amount: least },
      { className: 'added', amount: Math.abs(after - before) },
      { className: 'rest', amount: Math.max(0, total - Math.max(before, after)) },
    ];
    const of = total < 0 ? word('unlimited') : total.toLocaleString('en-US');
    const title = word('licenseBar', { license: name, before, after, of });
    return markup`<tr>
      <td class="license">${name}</td>
      <td>${bar(shares, title)}</td>
      <td class="number">${before}</td>
      <td class="number">${after}</td>
      <td class="number">${of}</td>
    </tr>`;
  });
  const heads = ['license', 'share', 'before', 'after', 'total'].map((key, n) => {
    const className = n > 1 ? 'number' : '';
    return markup`<th scope="col" class="${className}">${word(`column.${key}`)}</th>`;
  });
  const table = markup`<table>
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
  return section(word('heading.licenses'), scrollable(word('heading.licenses'), table));
}

/** The last jobs of a run that has many. */
const mostJobs = 200;

export function jobs({ jobs: all }: PageContent): Html {
  if (all.length === 0) return markup``;
  const shown = all.slice(-mostJobs);
  return section(
    word('heading.jobs', { jobs: all.length }),
    timeline(shown, word('jobsInWords', { jobs: all.length })),
  );
}

export function people({ columns, rows, total, counts }: PageContent): Html {
  if (rows.length === 0) return markup``;
  const heads = columns.map(({ label, isName }, n) => {
    const className = isName ? 'name' : '';
    return markup`<th scope="col" class="${className}">
      <button type="button" data-column="${String(n)}">${label}</button>
    </th>`;
  });
  const states = counts.map(([state]) => markup`<option value="${state}">${word(`state.${state}`)}</option>`);
  const note =
    rows.length < total ? markup`<p class="note">${word('truncated', { rows: rows.length, total })}</p>` : markup``;
  const tools = markup`<div class="tools">
    <label class="search">${word('search')}<input id="search" type="search" autocomplete="off" /></label>
    <label
      >${word('filter')}<select id="state">
        <option value="">${word('all')}</option>
        ${states}
      </select></label
    >
    <label class="check"><input id="hide-names" type="checkbox" /> ${word('hideNames')}</label>
    <button id="save-excel" type="button">${word('saveForExcel')}</button>
    <button id="save-without-names" type="button">${word('saveWithoutNames')}</button>
  </div>`;
  const table = markup`<table id="rows">
    <thead>
      <tr>
        ${heads}
      </tr>
    </thead>
    <tbody></tbody>
  </table>`;
  const pages = markup`<div class="pages">
    <button id="previous" type="button">${word('previous')}</button><span id="position" role="status"></span
    ><button id="next" type="button">${word('next')}</button>
  </div>`;
  return section(
    word('heading.people'),
    markup`${note}${tools}${scrollable(word('heading.people'), table)}${pages}`,
    'long',
  );
}

export function tableData({ columns, rows, fileName, counts }: PageContent): Html {
  const states = Object.fromEntries(counts.map(([state]) => [state, word(`state.${state}`)]));
  return jsonInHtml({ columns, rows, states, texts: { position: word('position') }, fileName });
}
