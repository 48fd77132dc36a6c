import { Messages } from '@salesforce/core';
import { Flags, SfCommand } from '@salesforce/sf-plugins-core';
import { mailSyncFlags, maxTakeAwayFlag, orgFlags, protectFlagSaying, readFlags } from '../../../cli/flags.js';
import { exitCodesSection, orgSections } from '../../../cli/helpSections.js';
import type { RunResult } from '../../../model/result.js';

Messages.importMessagesDirectoryFromMetaUrl(import.meta.url);
const messages = Messages.loadMessages('sf-portal-users', 'portal.users.sync');

export type PortalUsersSyncResult = RunResult;

export default class PortalUsersSync extends SfCommand<PortalUsersSyncResult> {
  public static override readonly summary = messages.getMessage('summary');
  public static override readonly description = messages.getMessage('description');
  // A list would lose the indentation of its items, and the help that of a description.
  public static override readonly examples = [
    ...messages.getMessages('examples'),
    messages.getMessage('exampleDefinition'),
  ];
  public static override readonly envVariablesSection = orgSections.env;
  public static override readonly configurationVariablesSection = orgSections.config;
  public static override readonly errorCodes = exitCodesSection;

  public static override readonly flags = {
    ...orgFlags,
    'definition-file': Flags.file({
      char: 'f',
      summary: messages.getMessage('flags.definition-file.summary'),
      description: messages.getMessage('flags.definition-file.description'),
      helpValue: '<yaml or json>',
      required: true,
    }),
    ...mailSyncFlags,
    'max-take-away': maxTakeAwayFlag({
      summary: messages.getMessage('flags.max-take-away.summary'),
      description: messages.getMessage('flags.max-take-away.description'),
    }),
    protect: protectFlagSaying(
      messages.getMessage('flags.protect.summary'),
      messages.getMessage('flags.protect.description'),
    ),
  };

  public async run(): Promise<PortalUsersSyncResult> {
    const parsed = await readFlags(this.parse(PortalUsersSync));
    const { operationCommand } = await import('../../../cli/commandRun.js');
    const { beginSync } = await import('../../../operations/sync/beginSync.js');
    const { flags } = parsed;
    return operationCommand(this, parsed, 'sync', (asked) =>
      beginSync({
        ...asked,
        definitionFile: flags['definition-file'],
        protect: flags.protect ?? [],
        maxTakeAway: flags['max-take-away'],
      }),
    );
  }
}
