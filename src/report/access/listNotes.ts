/** What has to be known of a list, and what can be done next: sentences and commands. */
import { newDays, type ListResult } from '../../model/access/userList.js';
import { listWord } from './accessTable.js';

/** Whom the list leaves out, and what can't be seen. */
export function listNotes({ summary }: ListResult): string[] {
  const { unseen, notPortalUsers, username } = summary;
  return [
    ...(notPortalUsers > 0 ? [listWord('notPortalUsers', { users: notPortalUsers })] : []),
    ...unseen.map((fact) => listWord(`unseen.${fact}`, { username })),
  ];
}

type NextStep = { readonly text: string; readonly command: string };

export function nextStepsOfList(result: ListResult, targetOrg: string): NextStep[] {
  return [...inviteStep(result, targetOrg), ...freezeStep(result, targetOrg)];
}

/** A condition, as those who were created these days are not to be disturbed. */
function inviteStep({ summary: { invitable = 0 } }: ListResult, targetOrg: string): NextStep[] {
  if (invitable === 0) return [];
  const command = listWord('next.invite.command', { days: newDays, targetOrg });
  return [{ text: listWord('next.invite', { users: invitable, days: newDays }), command }];
}

/** Frozen are those who can log in and no longer do; users.csv says who they are, whatever chose them. */
function freezeStep({ summary: { idle = 0, unseen }, files }: ListResult, targetOrg: string): NextStep[] {
  if (idle === 0 || unseen.includes('frozen')) return [];
  const command = listWord('next.freeze.command', { file: files.users, targetOrg });
  return [{ text: listWord('next.freeze', { users: idle }), command }];
}
