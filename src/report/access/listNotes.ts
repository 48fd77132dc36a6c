/** What has to be known of a list, and what can be done next: sentences and commands. */
import type { ListResult } from '../../model/access/userList.js';
import { listWord } from './accessTable.js';

/** Whom the list leaves out, and what can't be seen. */
export function listNotes({ summary }: ListResult): string[] {
  const { unseen, notPortalUsers, username } = summary;
  return [
    ...(notPortalUsers > 0 ? [listWord('notPortalUsers', { users: notPortalUsers })] : []),
    ...unseen.map((fact) => listWord(`unseen.${fact}`, { username })),
  ];
}

export type NextStep = { readonly text: string; readonly command: string };

/** Frozen are those who can log in and no longer do; users.csv says who they are, whatever chose them. */
export function nextStepsOfList({ summary: { idle = 0, unseen }, files }: ListResult, targetOrg: string): NextStep[] {
  if (idle === 0 || unseen.includes('frozen')) return [];
  const command = listWord('next.freeze.command', { file: files.users, targetOrg });
  return [{ text: listWord('next.freeze', { users: idle }), command }];
}
