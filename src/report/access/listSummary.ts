/** summary.md of a list: the table and what has to be known; no personal data. */
import type { ListResult } from '../../model/access/userList.js';
import { accessTable, listWord } from './accessTable.js';
import { listNotes } from './listNotes.js';
import { orgName } from '../screens/runView.js';
import { markdownTable, markdownText } from '../summary/markdown.js';

export function listSummary(result: ListResult): string {
  const { summary } = result;
  const { name, heads, rows, legend } = accessTable(summary);
  return [
    `# ${listWord('file.users', {
      users: summary.users,
      org: orgName(summary.isSandbox ? 'sandbox' : 'production', summary.orgId),
      asOf: summary.asOf,
    })}`,
    '',
    ...markdownTable(
      [[name, 'left'], ...heads.map((head) => [head, 'right'] as const)],
      rows.map((row) => [row.kind === 'profile' ? `— ${row.name}` : row.name, ...row.cells].map(markdownText)),
    ),
    '',
    legend,
    ...listNotes(result).flatMap((note) => ['', note]),
    '',
  ].join('\n');
}
