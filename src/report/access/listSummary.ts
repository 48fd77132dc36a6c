/** summary.md of a list: the table and what has to be known; no personal data. */
import type { ListResult } from '../../model/access/userList.js';
import { accessTable, listWord } from './accessTable.js';
import { listNotes } from './listNotes.js';

export function listSummary(result: ListResult): string {
  const { summary } = result;
  const { name, heads, rows } = accessTable(summary);
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [
    `# ${listWord('title')}`,
    '',
    listWord('file.users', { users: summary.users, orgId: summary.orgId, asOf: summary.asOf }),
    '',
    line([name, ...heads]),
    line(['---', ...heads.map(() => '---:')]),
    ...rows.map((row) => line([row.kind === 'profile' ? `— ${row.name}` : row.name, ...row.cells])),
    '',
    listWord(summary.neverLoggedIn === undefined ? 'legend' : 'legend.logins'),
    ...listNotes(result).flatMap((note) => ['', note]),
    '',
  ].join('\n');
}

/** A name of the org must not end its cell, nor be markup. */
function cell(text: string): string {
  return text.replace(/[\\|<>[\]*_`]/gu, (character) => `\\${character}`).replace(/\s+/gu, ' ');
}
