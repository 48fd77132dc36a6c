/** The words of the files of a run. */
import type { ExportTexts } from '../model/fileTexts.js';
import { guardsInWords } from './guardTexts.js';
import { nextCommands } from './next/nextCommands.js';
import { runPage } from './page/runPage.js';
import { runSummary } from './summary/runSummary.js';
import { reasonAdvice, reasonDetail, rowAdvice, sharedText } from './texts.js';

/** The words of the files of a run. @param targetOrg for the commands in the advice */
export function exportTexts(targetOrg: string): ExportTexts {
  return {
    detail: reasonDetail,
    advice: (reason, ids) => inOneLine(reasonAdvice(reason, targetOrg, ids)),
    rowAdvice: (...row) => inOneLine(rowAdvice(...row)),
    oldUser: (userId, { held, ending, licenses, wasInactive }) =>
      [
        ...(held.length === 0 ? [] : [sharedText('createAgain.stillHeld', userId, held.join(', '))]),
        ...(ending.length === 0 ? [] : [sharedText('createAgain.ending', userId, ending.join(', '))]),
        ...(licenses.length === 0 ? [] : [sharedText('createAgain.licenses', userId, licenses.join(', '))]),
        ...(wasInactive ? [sharedText('createAgain.wasInactive', userId)] : []),
      ].join(' '),
    guards: (findings, isSync) => guardsInWords(findings, targetOrg, isSync),
    next: (record, outlook) => nextCommands(record, outlook, targetOrg),
    summary: (result, facts) => runSummary(result, facts, targetOrg),
    page: (result, data, next) => runPage({ result, data, next }, targetOrg),
  };
}

/** A cell of a spreadsheet shows one line. */
function inOneLine(advice: string): string {
  return advice.replaceAll('\n', ' ');
}
