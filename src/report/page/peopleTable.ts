/** The table of report.html: its frame and its rows; templates/report.js fills the one with the others. */
import { markup, jsonInHtml, type Html } from './html.js';
import type { PageColumn, PageContent } from './pageContent.js';
import { scrollable, section, word } from './sections.js';

export function peopleTable({ people, columns, rows, total, counts }: PageContent): Html {
  if (rows.length === 0) return markup``;
  const heads = columns.map(
    (column, n) =>
      markup`<th scope="col" class="${classOf(column)}">
        <button type="button" data-column="${String(n)}">${column.label}</button>
      </th>`,
  );
  const states = counts
    .filter(({ amount }) => amount > 0)
    .map(({ state, label }) => markup`<option value="${state}">${label}</option>`);
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
    <button id="save-excel" type="button">${word('saveForExcel')}</button>
    <button id="save-without-names" type="button" data-names>${word('saveWithoutNames')}</button>
    <label class="check" data-names><input id="hide-names" type="checkbox" /> ${word('hideNames')}</label>
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
  return section(people, markup`${note}${tools}${scrollable(people, table)}${pages}`, 'long people-table');
}

/** Of a column's head, and of its cells. */
function classOf({ key, isName }: PageColumn): string {
  if (key === 'detail') return 'name detail';
  if (isName) return 'name';
  return /id$/iu.test(key) ? 'id' : '';
}

/** Rows in a piece of the data. */
const rowsPerPiece = 500;

/** The data of the table as JSON, piece by piece: with 20,000 rows it is many megabytes. */
export function* tableData({ columns, rows, fileName, counts }: PageContent): Generator<string> {
  const states = Object.fromEntries(counts.map(({ state, label }) => [state, label]));
  const head = jsonInHtml({ columns, states, texts: { position: word('position') }, fileName, rows: [] }).text;
  yield head.slice(0, -']}'.length);
  for (let n = 0; n < rows.length; n += rowsPerPiece) {
    const piece = jsonInHtml(rows.slice(n, n + rowsPerPiece)).text.slice(1, -1);
    yield n === 0 ? piece : `,${piece}`;
  }
  yield ']}';
}
