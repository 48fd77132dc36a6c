/** The flags of `create` that say what its users get. */
import { Messages } from '@salesforce/core';
import { Flags } from '@salesforce/sf-plugins-core';
import { defaultUsername } from '../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.create');

export const newUserFlags = {
  profile: Flags.string({
    summary: messages.getMessage('flags.profile.summary'),
    description: messages.getMessage('flags.profile.description'),
    helpValue: '<name or ID>',
  }),
  username: Flags.string({
    summary: messages.getMessage('flags.username.summary'),
    description: messages.getMessage('flags.username.description'),
    helpValue: '<template>',
    default: defaultUsername,
  }),
  set: Flags.string({
    summary: messages.getMessage('flags.set.summary'),
    description: messages.getMessage('flags.set.description'),
    helpValue: '<Field=template>',
    multiple: true,
  }),
  'portal-role': Flags.option({
    summary: messages.getMessage('flags.portal-role.summary'),
    description: messages.getMessage('flags.portal-role.description'),
    options: ['Executive', 'Manager', 'Worker'] as const,
  })(),
  'permission-set': Flags.string({
    summary: messages.getMessage('flags.permission-set.summary'),
    description: messages.getMessage('flags.permission-set.description'),
    helpValue: '<name>',
    multiple: true,
  }),
  inactive: Flags.boolean({ summary: messages.getMessage('flags.inactive.summary') }),
};
