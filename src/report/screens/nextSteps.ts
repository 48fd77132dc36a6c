/** The last block of a screen: what to do after a run, each command on a line of its own. */
import type { NextCommand, RunResult } from '../../model/result.js';
import { strong } from './paint.js';
import { sharedText } from '../texts.js';

/** Go on, repeat what failed, let people in, take it back. */
export function nextLines(next: readonly NextCommand[], result: RunResult): string[] {
  const isBack = ({ purpose }: NextCommand): boolean => purpose === 'undo' || purpose === 'createAgain';
  const lines = [
    ...commandLines(next.filter((each) => !isBack(each))),
    ...waysIn(result).map((text) => `  ${text}`),
    ...commandLines(next.filter(isBack)),
  ];
  return lines.length === 0 ? [] : ['', strong(sharedText('next.title')), ...lines];
}

function commandLines(next: readonly NextCommand[]): string[] {
  return next.flatMap(({ purpose, command }) => [`  ${sharedText(`next.${purpose}`)}`, `    ${command}`]);
}

/** How new users get in. */
function waysIn({ counts, licenses, welcomeEmails }: RunResult): string[] {
  // Only active users take a license; others have their command above.
  if (counts.created === 0 || licenses.length === 0) return [];
  return [sharedText(welcomeEmails.possible > 0 ? 'next.welcome' : 'next.noPassword')];
}
