/** The flags of `list` that say which users it reads, and what of them. */
import { Messages } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { listStatuses } from '../model/access/userList.js';
import { daysFlag } from './flags.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.list');

export const listFlags = {
  where: Flags.string({
    summary: messages.getMessage('flags.where.summary'),
    description: messages.getMessage('flags.where.description'),
    helpValue: '<condition>',
  }),
  profile: Flags.string({ summary: messages.getMessage('flags.profile.summary'), helpValue: '<name or ID>' }),
  'inactive-for': daysFlag({
    summary: messages.getMessage('flags.inactive-for.summary'),
    description: messages.getMessage('flags.inactive-for.description'),
  }),
  'never-logged-in': daysFlag({ summary: messages.getMessage('flags.never-logged-in.summary') }),
  // A user who is frozen is of neither status.
  frozen: Flags.boolean({ summary: messages.getMessage('flags.frozen.summary'), exclusive: ['status'] }),
  status: Flags.option({
    summary: messages.getMessage('flags.status.summary'),
    options: listStatuses,
    default: 'all',
  })(),
  'permission-sets': Flags.boolean({ summary: messages.getMessage('flags.permission-sets.summary') }),
  'definition-file': Flags.string({
    summary: messages.getMessage('flags.definition-file.summary'),
    description: messages.getMessage('flags.definition-file.description'),
    helpValue: '<path>',
    // Not `exclusive`: the usage line would say that its filters exclude each other, too.
    relationships: [{ type: 'none', flags: ['where', 'inactive-for', 'never-logged-in', 'frozen'] }],
  }),
};
