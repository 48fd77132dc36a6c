// What report.html does in a browser: its table is searched, sorted, paged, printed and saved. It loads nothing, and every
// text of the org is put in as text.
// @ts-check
'use strict';
{
  /** @typedef {{ key: string, label: string, isName: boolean }} Column */
  /** @type {{ columns: Column[], rows: string[][], states: Record<string, string>, texts: Record<string, string>, fileName: string }} */
  const data = JSON.parse(byId('data').textContent ?? '');
  const { columns, rows, states, texts } = data;
  const rowsOnPage = 100;
  /** Characters of a text that stands in one line: a date. */
  const longestUnbroken = 12;
  const stateColumn = 0;

  let shown = rows;
  let page = 0;
  /** @type {{ column: number, isDescending: boolean } | undefined} */
  let order;

  /** Lower case, without accents: "jose" finds names that have some. */
  const plain = (/** @type {string} */ text) =>
    text
      .normalize('NFD')
      .replace(/\p{Diacritic}/gu, '')
      .toLowerCase();
  const haystacks = rows.map((row) =>
    plain(row.map((cell, n) => (n === stateColumn ? stateText(cell) : cell)).join('\n')),
  );

  const search = /** @type {HTMLInputElement} */ (byId('search'));
  const state = /** @type {HTMLSelectElement} */ (byId('state'));
  /** A page that was saved without names has none to hide. */
  const names = /** @type {HTMLInputElement | null} */ (document.getElementById('hide-names'));
  const heads = document.querySelectorAll('#rows th');
  const body = /** @type {HTMLTableSectionElement} */ (byId('rows').querySelector('tbody'));

  search.addEventListener('input', choose);
  state.addEventListener('change', choose);
  names?.addEventListener('change', () => document.body.classList.toggle('without-names', names.checked));
  byId('previous').addEventListener('click', () => turnTo(page - 1));
  byId('next').addEventListener('click', () => turnTo(page + 1));
  byId('save-excel').addEventListener('click', () => save(csvText(), `${data.fileName}.csv`, 'text/csv'));
  document
    .getElementById('save-without-names')
    ?.addEventListener('click', () => save(pageWithoutNames(), `${data.fileName}-without-names.html`, 'text/html'));
  for (const button of document.querySelectorAll('#rows th button')) {
    button.addEventListener('click', () => sortBy(Number(/** @type {HTMLElement} */ (button).dataset['column'])));
  }
  // Paper has no pages to turn.
  window.addEventListener('beforeprint', () => show(shown));
  window.addEventListener('afterprint', () => turnTo(page));
  choose();

  /** @returns {HTMLElement} */
  function byId(/** @type {string} */ id) {
    const element = document.getElementById(id);
    if (element === null) throw new Error(`there is no #${id}`);
    return element;
  }

  function stateText(/** @type {string} */ code) {
    return states[code] ?? code;
  }

  function choose() {
    const words = plain(search.value).split(/\s+/u).filter(Boolean);
    shown = rows.filter((row, n) => {
      const isState = state.value === '' || row[stateColumn] === state.value;
      return isState && words.every((word) => haystacks[n]?.includes(word));
    });
    if (order !== undefined) shown = sorted(shown, order);
    turnTo(0);
  }

  /** @param {string[][]} list @param {{ column: number, isDescending: boolean }} by */
  function sorted(list, by) {
    const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
    const way = by.isDescending ? -1 : 1;
    return [...list].sort((a, b) => way * collator.compare(a[by.column] ?? '', b[by.column] ?? ''));
  }

  function sortBy(/** @type {number} */ column) {
    order = { column, isDescending: order?.column === column && !order.isDescending };
    for (const [n, head] of heads.entries()) {
      if (n === column) head.setAttribute('aria-sort', order.isDescending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
    choose();
  }

  function turnTo(/** @type {number} */ number) {
    const pages = Math.max(1, Math.ceil(shown.length / rowsOnPage));
    page = Math.min(Math.max(0, number), pages - 1);
    const first = page * rowsOnPage;
    show(shown.slice(first, first + rowsOnPage));
    byId('rows').parentElement?.scrollTo({ top: 0 });
    const figures = [shown.length === 0 ? 0 : first + 1, Math.min(first + rowsOnPage, shown.length), shown.length];
    byId('position').textContent = fill(texts['position'] ?? '', figures);
    for (const [id, isEnd] of [
      ['previous', page === 0],
      ['next', page === pages - 1],
    ]) {
      /** @type {HTMLButtonElement} */ (byId(String(id))).disabled = Boolean(isEnd);
    }
  }

  /** `{0}`, `{1}` … of a text. @param {string} text @param {number[]} figures */
  function fill(text, figures) {
    return text.replace(/\{(\d)\}/gu, (_, n) => (figures[Number(n)] ?? 0).toLocaleString('en-US'));
  }

  function show(/** @type {string[][]} */ list) {
    const fragment = document.createDocumentFragment();
    for (const row of list) {
      const line = document.createElement('tr');
      for (const [n, column] of columns.entries()) {
        const cell = line.insertCell();
        const text = row[n] ?? '';
        if (n === stateColumn) cell.textContent = stateText(text);
        else cell.append(breakable(text));
        // Right-to-left names do not turn the cell's neighbors around.
        cell.dir = 'auto';
        cell.className = n === stateColumn ? `state is-${text}` : (heads[n]?.className ?? '');
        if (text.length <= longestUnbroken) cell.classList.add('unbroken');
        cell.dataset['label'] = column.label;
      }
      fragment.append(line);
    }
    body.replaceChildren(fragment);
  }

  /** A code may be broken at its underscores, and a username at its dots. */
  function breakable(/** @type {string} */ text) {
    const parts = text.split(/(?<=[_@.])/u);
    if (parts.length === 1) return text;
    const words = document.createElement('span');
    words.append(...parts.flatMap((part) => [part, document.createElement('wbr')]));
    return words;
  }

  /** For a spreadsheet in the language of this browser: those who use a decimal comma separate cells by semicolons. */
  function csvText() {
    const separator = (1.5).toLocaleString().includes(',') ? ';' : ',';
    const visible = columns.map((column, n) => ({ ...column, n })).filter(({ isName }) => !(isName && names?.checked));
    const lines = [
      visible.map(({ label }) => label),
      ...shown.map((row) => visible.map(({ n }) => (n === stateColumn ? stateText(row[n] ?? '') : (row[n] ?? '')))),
    ];
    return `\u{FEFF}${lines.map((line) => line.map((cell) => csvCell(cell)).join(separator)).join('\r\n')}\r\n`;
  }

  /** A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, "CSV Injection"). */
  function csvCell(/** @type {string} */ cell) {
    const safe = /^[=+\-@\t\r]/u.test(cell) ? `'${cell}` : cell;
    return `"${safe.replaceAll('"', '""')}"`;
  }

  /** This page as it came, without what names somebody. */
  function pageWithoutNames() {
    const copy = /** @type {HTMLElement} */ (document.documentElement.cloneNode(true));
    for (const element of copy.querySelectorAll('[data-names]')) element.remove();
    const kept = columns.map((column, n) => ({ column, n })).filter(({ column }) => !column.isName);
    const without = {
      ...data,
      columns: kept.map(({ column }) => column),
      rows: rows.map((row) => kept.map(({ n }) => row[n] ?? '')),
    };
    const script = copy.querySelector('#data');
    if (script !== null) script.textContent = JSON.stringify(without).replaceAll('<', '\\u003c');
    for (const [n, head] of [...copy.querySelectorAll('#rows th')].entries()) {
      head.removeAttribute('aria-sort');
      if (columns[n]?.isName) head.remove();
    }
    for (const [n, button] of copy.querySelectorAll('#rows th button').entries()) {
      /** @type {HTMLElement} */ (button).dataset['column'] = String(n);
    }
    copy.querySelector('#rows tbody')?.replaceChildren();
    copy.querySelector('#search')?.removeAttribute('value');
    copy.querySelector('body')?.classList.remove('without-names');
    return `<!doctype html>\n${copy.outerHTML}\n`;
  }

  /** @param {string} text @param {string} fileName @param {string} type */
  function save(text, fileName, type) {
    const link = document.createElement('a');
    const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    link.href = address;
    link.download = fileName;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}
