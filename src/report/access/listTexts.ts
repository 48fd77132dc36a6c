/** The words of the files of a list. */
import type { ListTexts } from '../../model/access/userList.js';
import { reportPage } from '../page/reportPage.js';
import { firstDefinitionText } from './firstDefinition.js';
import { listPage } from './listPage.js';
import { listSummary } from './listSummary.js';

/** @param targetOrg for the commands */
export function listTexts(targetOrg: string): ListTexts {
  return {
    summary: listSummary,
    page: (result, users) => reportPage(listPage(result, users, targetOrg)),
    definition: firstDefinitionText,
  };
}
