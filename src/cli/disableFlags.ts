/** The flags of `disable` that say whom it selects, and whom never. */
import { Messages } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { daysFlag, fileFlag, inactiveForFlag, protectFlag, whereFlag } from './flags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.disable');

const atLeastOne = ['where', 'file', 'inactive-for', 'never-logged-in', 'from-run'];

export const disableFlags = {
  where: whereFlag({ atLeastOne, exclusive: ['file', 'from-run'] }),
  file: fileFlag({ atLeastOne, exclusive: ['where', 'from-run'] }),
  'inactive-for': inactiveForFlag({ atLeastOne }),
  'never-logged-in': daysFlag({
    summary: messages.getMessage('flags.never-logged-in.summary'),
    description: messages.getMessage('flags.never-logged-in.description'),
    atLeastOne,
    helpGroup: 'SELECTION',
  }),
  'from-run': Flags.directory({
    summary: messages.getMessage('flags.from-run.summary'),
    description: messages.getMessage('flags.from-run.description'),
    atLeastOne,
    exclusive: ['where', 'file', 'inactive-for', 'never-logged-in'],
    helpGroup: 'SELECTION',
  }),
  protect: protectFlag,
  'release-licenses': Flags.boolean({
    summary: messages.getMessage('flags.release-licenses.summary'),
    description: messages.getMessage('flags.release-licenses.description'),
  }),
};
